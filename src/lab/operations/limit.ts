// Writes limits of a cgroup that the lab has made, in neutral names, v1 or v2; freezing and thawing are such limits (`freezer.freeze`).
// Makes no group. What a write does to those inside (a memory limit below what is used can kill) is the kernel's.
import { basename, dirname } from 'node:path';
import type { FileField } from '../../kernel/cgroup/files.ts';
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import { shellWords } from '../argv.ts';
import { isLabCgroupPath, writeControl } from '../cgroupfs.ts';
import { groundsOf } from '../delegation.ts';
import { directoryIn, homeOf, limitsOf, type Missing, writeOf } from '../limits.ts';
import { ERRORS, NOTES, PLANS } from '../messages.ts';
import { errnoOf, reasonOf } from '../state-dir.ts';
import { LIMITS } from './limits-messages.ts';
import {
  type Acting,
  MADE,
  type MadeBy,
  named,
  NOTHING_TO_SAY,
  note,
  type OperationKind,
  type OperationOf,
  type Undoing,
  type Undone,
} from './operation.ts';
import type { Identity } from '../ledger.ts';

interface Write {
  readonly file: string;
  readonly value: string;
  /** What the whole file says now, to be written back; null for one with a line per device, which is not taken back by its text. */
  readonly before: string | null;
}

interface Scheme {
  readonly writes: readonly Write[];
  readonly missing: readonly Missing[];
}

function isOneLine(field: FileField): boolean {
  return field.sum === undefined && field.field === undefined;
}

function schemeOf(lab: Acting, operation: OperationOf<'limit'>, directories: readonly string[]): Scheme {
  const { fs, lang } = lab;
  const writes: Write[] = [];
  const missing: Missing[] = [];
  const texts = new Map<string, string>();
  for (const limit of limitsOf(lang, operation.limits)) {
    const controller = `${limit.controller}.${limit.key}`;
    const home = homeOf(fs, lang, groundsOf(lab), limit.controller, limit.key);
    const directory = typeof home === 'string' ? null : directoryIn(directories, home);
    if (typeof home === 'string' || directory === null) {
      missing.push({ controller, reason: typeof home === 'string' ? home : say(lang, LIMITS.notHere) });
      continue;
    }
    const { field, ground } = home;
    const { version } = ground.hierarchy;
    if (field === null) {
      missing.push({ controller, reason: say(lang, NOTES.notInVersion, { version }) });
      continue;
    }
    const { file } = writeOf(directory, field, version, limit, undefined);
    const text = fs.readText(file);
    // A plan stands before the group is there.
    if (!text.ok && text.why === 'gone' && fs.stat(directory).ok) {
      missing.push({ controller, reason: say(lang, LIMITS.noFile, { file: basename(file) }) });
      continue;
    }
    const before = text.ok ? text.value.trim() : '';
    const { value } = writeOf(directory, field, version, limit, texts.get(file) ?? (before || undefined));
    texts.set(file, value);
    writes.push({ file, value, before: text.ok && isOneLine(field) ? before : null });
  }
  return { writes, missing };
}

function write(lab: Acting, { file, value, before }: Write): void {
  const n = lab.ledger.intend({ op: 'limit', file, before });
  try {
    writeControl(file, value);
  } catch (error) {
    lab.ledger.undone(n);
    throw new UserError(
      say(lab.lang, ERRORS.limitRefused, { file, value, reason: reasonOf(error, lab.lang) }),
      { exitCode: 3, cause: error },
    );
  }
  const stat = lab.fs.stat(dirname(file));
  if (stat.ok) lab.ledger.done(n, { dev: stat.value.dev, ino: stat.value.ino });
}

/**
 * Writes back what was there, where the group is still the one that was written to. That the kernel may refuse it (v1: a limit below what
 * is used now) leaves nothing behind: the group itself goes with the lab.
 */
function undo(made: MadeBy<'limit'>, identity: Identity | null, { fs, lab, sameBoot }: Undoing): Undone {
  const group = dirname(made.file);
  const stat = fs.stat(group);
  const known = identity !== null && 'ino' in identity ? identity : null;
  const same = stat.ok && (known === null || (known.ino === stat.value.ino && known.dev === stat.value.dev));
  if (made.before === null || !sameBoot || !same || !isLabCgroupPath(fs, group, lab)) return NOTHING_TO_SAY;
  try {
    writeControl(made.file, made.before);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
  return NOTHING_TO_SAY;
}

export const limit: OperationKind<OperationOf<'limit'>, MadeBy<'limit'>> = {
  plan(operation, lab) {
    const { cgroup: name } = operation;
    const directories = lab.groups.get(name) ?? lab.planned.groups.get(name) ?? [];
    const { writes, missing } = schemeOf(lab, operation, directories);
    return {
      shell: [
        ...missing.map(
          ({ controller, reason }) =>
            `# ${say(lab.lang, LIMITS.limitMissing, { limit: controller, reason })}`,
        ),
        ...writes.map(({ file, value }) => `${shellWords(['echo', value])} > ${shellWords([file])}`),
      ].join('\n'),
      touches: say(lab.lang, writes.length > 0 ? LIMITS.limitTouches : LIMITS.limitNone, { name }),
      undo: say(lab.lang, writes.length > 0 ? LIMITS.limitUndo : PLANS.nothingToUndo),
      privileged: lab.mode === 'root',
    };
  },

  perform(operation, lab, doing) {
    return Promise.resolve().then(() => {
      const directories = named(lab, ERRORS.kindCgroup, operation.cgroup, lab.groups);
      const { writes, missing } = schemeOf(lab, operation, directories);
      for (const { controller, reason } of missing) {
        note(doing, say(lab.lang, LIMITS.limitMissing, { limit: controller, reason }));
      }
      for (const one of writes) {
        write(lab, one);
        // What the kernel made of it: it rounds to pages.
        const now = lab.fs.readText(one.file);
        const value = now.ok ? now.value.trim() : one.value;
        note(doing, say(lab.lang, LIMITS.limitWritten, { file: one.file, value }));
      }
      return { ...MADE, output: [] };
    });
  },

  undo: (made, identity, undoing) => Promise.resolve(undo(made, identity, undoing)),
};
