// Writes the uid_map and gid_map of an actor's user namespace, from outside (user_namespaces(7)). Decides no ids: see ids.ts.
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import { dyingWithUs, shellWords, unknownPid } from '../argv.ts';
import { type Ids, idsFor, mapText } from '../ids.ts';
import { isAlive } from '../process.ts';
import { errnoOf, reasonOf } from '../state-dir.ts';
import type { OutputLine } from '../types.ts';
import { findProgram } from '../userland.ts';
import { runCommand } from './command.ts';
import { ID_MAP_ERRORS, ID_MAP_NOTES, ID_MAP_PLANS } from './id-map-messages.ts';
import {
  type Acting,
  type Doing,
  type LiveActor,
  MADE,
  type MadeBy,
  note,
  type OperationKind,
  type OperationOf,
} from './operation.ts';
import { livingActor } from './run.ts';
import { undoProcesses } from './undo-processes.ts';

const MAPS = ['uid', 'gid'] as const;

function idsOf(lab: Acting, { ids }: OperationOf<'id-map'>): Ids {
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  return idsFor(lab, ids, findProgram, own);
}

/** The argument list of newuidmap(1) or newgidmap(1). */
function toolArgv(ids: Ids, which: 'uid' | 'gid', pid: string): readonly string[] {
  return [ids.tools?.[which] ?? '', pid, ...mapText(ids[which]).split(/\s/)];
}

/** What is written, in this order: setgroups first where gid_map needs it. */
function writesOf(ids: Ids): readonly { readonly file: string; readonly text: string }[] {
  return [
    ...(ids.deny ? [{ file: 'setgroups', text: 'deny' }] : []),
    ...MAPS.map((which) => ({ file: `${which}_map`, text: mapText(ids[which]) })),
  ];
}

function shellOf(ids: Ids, pid: string): string {
  if (ids.tools !== null) return MAPS.map((which) => shellWords(toolArgv(ids, which, pid))).join('\n');
  return writesOf(ids)
    .map(({ file, text }) => `${shellWords(['echo', text])} > ${shellWords([`/proc/${pid}/${file}`])}`)
    .join('\n');
}

/** Throws a UserError where there is no map to write, or one that is written. */
function mustBeOpen(lab: Acting, actor: LiveActor): void {
  const { name } = actor;
  if (!actor.namespaces.includes('user')) {
    throw new UserError(say(lab.lang, ID_MAP_ERRORS.noUser, { name }));
  }
  const path = `/proc/${actor.pid}/uid_map`;
  const text = lab.fs.readText(path);
  if (text.ok && text.value.trim() !== '') {
    throw new UserError(say(lab.lang, ID_MAP_ERRORS.written, { name, path }), {
      hint: say(lab.lang, ID_MAP_ERRORS.writtenHint),
    });
  }
}

/** One write(2), as the kernel wants it; through a descriptor that is this very process' as long as it is held. */
function write(lab: Acting, actor: LiveActor, file: string, text: string): void {
  const path = `/proc/${actor.pid}/${file}`;
  let fd: number | null = null;
  try {
    fd = openSync(path, constants.O_WRONLY);
    if (isAlive(lab.fs, actor)) writeSync(fd, `${text}\n`);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    throw new UserError(
      say(lab.lang, ID_MAP_ERRORS.refused, { path, map: text, reason: reasonOf(error, lab.lang) }),
      { exitCode: 3, cause: error },
    );
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function writeAll(lab: Acting, actor: LiveActor, ids: Ids, of: string): void {
  const n = lab.ledger.intend({ op: 'id-map', of });
  for (const { file, text } of writesOf(ids)) write(lab, actor, file, text);
  const stat = lab.fs.stat(`/proc/${actor.pid}/ns/user`);
  if (stat.ok) lab.ledger.done(n, { dev: stat.value.dev, ino: stat.value.ino });
}

async function runTools(
  lab: Acting,
  actor: LiveActor,
  ids: Ids,
  doing: Doing,
  of: string,
): Promise<OutputLine[]> {
  const output: OutputLine[] = [];
  for (const which of MAPS) {
    const argv = toolArgv(ids, which, String(actor.pid));
    const ran = await runCommand(lab, doing, { op: 'id-map', of }, dyingWithUs(argv));
    output.push(...ran.output);
    if (ran.asExpected) continue;
    const path = `/proc/${actor.pid}/${which}_map`;
    const reason = ran.output.find(({ stream }) => stream === 'stderr')?.text ?? String(ran.exit);
    throw new UserError(say(lab.lang, ID_MAP_ERRORS.refused, { path, map: mapText(ids[which]), reason }), {
      exitCode: 3,
    });
  }
  return output;
}

export const idMap: OperationKind<OperationOf<'id-map'>, MadeBy<'id-map'>> = {
  plan(operation, lab) {
    const { of: name } = operation;
    return {
      shell: shellOf(idsOf(lab, operation), String(lab.actors.get(name)?.pid ?? unknownPid(name))),
      touches: say(lab.lang, ID_MAP_PLANS.touches, { name }),
      undo: say(lab.lang, ID_MAP_PLANS.undo, { name }),
      privileged: lab.mode === 'root',
    };
  },

  async perform(operation, lab, doing) {
    const { of: name } = operation;
    const actor = livingActor(lab, name);
    mustBeOpen(lab, actor);
    const ids = idsOf(lab, operation);
    const output: OutputLine[] = [];
    if (ids.tools === null) writeAll(lab, actor, ids, name);
    else output.push(...(await runTools(lab, actor, ids, doing, name)));
    if (ids.short) note(doing, say(lab.lang, ID_MAP_NOTES.one));
    for (const which of MAPS) {
      const map = mapText(ids[which]).replaceAll('\n', ', ');
      note(doing, say(lab.lang, ID_MAP_NOTES.mapped, { file: `${which}_map`, name, map }));
    }
    return { ...MADE, output };
  },

  undo: undoProcesses,
};
