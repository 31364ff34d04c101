// Makes a cgroup of the lab's in each hierarchy that its limits need, v1 or v2, and writes the limits.
// Never writes to a group of the host: a controller that the host has not enabled is said to be missing.
import { basename, dirname, join } from 'node:path';
import type { HostFs } from '../../host/fs.ts';
import { controlFile, type FileField, V1_CONTROLLER } from '../../kernel/cgroup/files.ts';
import type { Hierarchy } from '../../model/types.ts';
import { UserError } from '../../text/errors.ts';
import { type Lang, say } from '../../text/lang.ts';
import { shellWords } from '../argv.ts';
import {
  type GroupObstacle,
  hierarchiesOf,
  isLabCgroupPath,
  labCgroup,
  makeGroup,
  removeGroup,
  writeControl,
} from '../cgroupfs.ts';
import type { Identity } from '../ledger.ts';
import { CLEANUP, ERRORS, NOTES, PLANS } from '../messages.ts';
import { familyOf } from '../process.ts';
import { errnoOf, reasonOf } from '../state-dir.ts';
import { isWithin } from '../tree.ts';
import type { Leftover } from '../types.ts';
import {
  type Acting,
  claimName,
  MADE,
  type MadeBy,
  NOTHING_TO_SAY,
  note,
  type OperationKind,
  type OperationOf,
  type Undoing,
  type Undone,
} from './operation.ts';

/** Where no limit is asked for, the groups are there to be looked at. */
const SHOWN_CONTROLLERS = ['memory', 'pids', 'cpu'];

interface Limit {
  readonly controller: string;
  readonly key: string;
  readonly value: string;
}

type Act =
  | { readonly act: 'make'; readonly path: string }
  /** `own`: a plain copy of the parent's setting, which v1's cpuset needs before a process may enter. */
  | { readonly act: 'write'; readonly file: string; readonly value: string };

interface Scheme {
  /** The groups that processes join. */
  readonly leaves: readonly string[];
  readonly acts: readonly Act[];
  readonly missing: readonly { readonly controller: string; readonly reason: string }[];
}

function limitsOf(lang: Lang, limits: Readonly<Record<string, string>>): readonly Limit[] {
  return Object.entries(limits).map(([name, value]) => {
    const [controller = '', key = ''] = name.split('.', 2);
    if (controlFile(controller, key)?.kind !== 'limit') {
      throw new UserError(say(lang, ERRORS.unknownLimit, { key: name }));
    }
    return { controller, key, value };
  });
}

interface Home {
  readonly hierarchy: Hierarchy;
  readonly field: FileField | null;
}

/** The hierarchy that a controller is in and may be used in, or why there is none. */
function homeOf(
  fs: HostFs,
  lang: Lang,
  hierarchies: readonly Hierarchy[],
  controller: string,
  key: string | null,
): Home | string {
  const row = key === null ? undefined : controlFile(controller, key);
  const v1Name = row?.v1?.controller ?? V1_CONTROLLER[controller] ?? controller;
  const v1 = hierarchies.find(({ version, controllers }) => version === 1 && controllers.includes(v1Name));
  if (v1 !== undefined) return { hierarchy: v1, field: row?.v1 ?? null };
  const v2 = hierarchies.find(({ version }) => version === 2);
  if (v2 === undefined || (!v2.controllers.includes(controller) && row?.v2?.core !== true)) {
    return say(lang, NOTES.notMounted);
  }
  const file = `${v2.mountPoint}/cgroup.subtree_control`;
  const enabled = fs.readText(file);
  if (row?.v2?.core !== true && !(enabled.ok && enabled.value.trim().split(' ').includes(controller))) {
    return say(lang, NOTES.notEnabled, { file });
  }
  return { hierarchy: v2, field: row?.v2 ?? null };
}

/** The text to write: some files hold several values, of which this is one. */
function textFor(field: FileField, version: 1 | 2, limit: Limit, before: string): string {
  const value = version === 1 && limit.value === 'max' && limit.controller !== 'pids' ? '-1' : limit.value;
  if (field.field !== undefined) return `${field.field} ${value}`;
  if (field.index === undefined) return value;
  const words = before.trim().split(' ');
  words[field.index] = value;
  return words.join(' ');
}

/** v1 is asked to freeze in another file than the one that says that it was asked (freezer-subsystem.rst). */
function writtenAs(field: FileField): { file: string; words?: Readonly<Record<string, string>> } {
  if (field.file !== 'freezer.self_freezing') return { file: field.file };
  return { file: 'freezer.state', words: { '0': 'THAWED', '1': 'FROZEN' } };
}

/** cpu.max before anything has been written to it (cgroup-v2.rst). */
const DEFAULTS: Readonly<Record<string, string>> = { 'cpu.max': 'max 100000' };

/** `before`: groups that will have been made when this is done. */
function schemeOf(lab: Acting, operation: OperationOf<'cgroup'>, before: readonly string[] = []): Scheme {
  const { fs, lang } = lab;
  const limits = limitsOf(lang, operation.limits);
  const hierarchies = hierarchiesOf(fs);
  const missing: { controller: string; reason: string }[] = [];
  const tops = new Map<string, { hierarchy: Hierarchy; controllers: Set<string> }>();
  const writes: Act[] = [];
  const written = new Map<string, string>();
  const wanted: readonly { controller: string; limit: Limit | null }[] =
    limits.length > 0
      ? limits.map((limit) => ({ controller: limit.controller, limit }))
      : SHOWN_CONTROLLERS.map((controller) => ({ controller, limit: null }));

  for (const { controller, limit } of wanted) {
    const home = homeOf(fs, lang, hierarchies, controller, limit?.key ?? null);
    if (typeof home === 'string') {
      missing.push({ controller, reason: home });
      continue;
    }
    const { hierarchy, field } = home;
    const top = join(hierarchy.mountPoint, labCgroup(lab.id));
    const known = tops.get(top) ?? { hierarchy, controllers: new Set<string>() };
    tops.set(top, known);
    if (field?.core !== true) known.controllers.add(controller);
    if (limit === null) continue;
    if (field === null) {
      missing.push({
        controller: `${controller}.${limit.key}`,
        reason: say(lang, NOTES.notInVersion, { version: hierarchy.version }),
      });
      continue;
    }
    const { file: name, words } = writtenAs(field);
    const file = join(top, operation.name, name);
    const text =
      words?.[limit.value] ??
      textFor(field, hierarchy.version, limit, written.get(file) ?? DEFAULTS[field.file] ?? '');
    written.set(file, text);
    writes.push({ act: 'write', file, value: text });
  }

  const isThere = (top: string): boolean => fs.stat(top).ok || before.some((leaf) => dirname(leaf) === top);
  const makes = [...tops].flatMap(([top, { hierarchy, controllers }]) =>
    makesOf(fs, top, join(top, operation.name), hierarchy, controllers, isThere(top)),
  );
  return {
    leaves: [...tops.keys()].map((top) => join(top, operation.name)),
    acts: [...makes, ...writes],
    missing,
  };
}

/** The groups of operations that were planned before this one and are not made yet. */
function plannedBefore({ planned, groups }: Acting, name: string): readonly string[] {
  const all = [...planned.groups];
  const own = all.findIndex(([other]) => other === name);
  return all
    .slice(0, own < 0 ? all.length : own)
    .filter(([other]) => !groups.has(other))
    .flatMap(([, leaves]) => leaves);
}

function makesOf(
  fs: HostFs,
  top: string,
  leaf: string,
  hierarchy: Hierarchy,
  controllers: ReadonlySet<string>,
  topIsThere: boolean,
): readonly Act[] {
  const cpuset = hierarchy.version === 1 && controllers.has('cpuset');
  const inherit = (group: string): Act[] =>
    ['cpuset.cpus', 'cpuset.mems'].flatMap((file) => {
      const text = cpuset ? fs.readText(`${hierarchy.mountPoint}/${file}`) : null;
      return text?.ok ? [{ act: 'write', file: `${group}/${file}`, value: text.value.trim() }] : [];
    });
  const enable = [...controllers].map((controller) => `+${controller}`).join(' ');
  return [
    ...(topIsThere ? [] : [{ act: 'make', path: top } as const, ...inherit(top)]),
    ...(hierarchy.version === 2 && enable !== ''
      ? [{ act: 'write', file: `${top}/cgroup.subtree_control`, value: enable } as const]
      : []),
    { act: 'make', path: leaf },
    ...inherit(leaf),
  ];
}

function shellOf(act: Act): string {
  return act.act === 'make'
    ? shellWords(['mkdir', act.path])
    : `${shellWords(['echo', act.value])} > ${shellWords([act.file])}`;
}

/** The lab's top group of a hierarchy exists already when a second group is made: it must be the lab's own. */
function isOwnTop(lab: Acting, path: string): boolean {
  const stat = lab.fs.stat(path);
  return lab.ledger
    .entries()
    .some(
      ({ made, identity, undone }) =>
        made.op === 'cgroup' &&
        made.path === path &&
        !undone &&
        stat.ok &&
        identity !== null &&
        'ino' in identity &&
        identity.ino === stat.value.ino,
    );
}

function make(lab: Acting, path: string): void {
  const exists = () => new UserError(say(lab.lang, ERRORS.exists, { path }), { exitCode: 3 });
  if (lab.fs.stat(path).ok) throw exists();
  const n = lab.ledger.intend({ op: 'cgroup', path });
  try {
    makeGroup(path);
  } catch (error) {
    // It is not there, or another's: the rollback must not look at it.
    lab.ledger.undone(n);
    if (errnoOf(error) === 'EEXIST') throw exists();
    throw new UserError(say(lab.lang, ERRORS.cannotMake, { path, reason: reasonOf(error, lab.lang) }), {
      exitCode: 3,
      cause: error,
    });
  }
  const stat = lab.fs.stat(path);
  if (stat.ok) lab.ledger.done(n, { dev: stat.value.dev, ino: stat.value.ino });
}

/** A hierarchy that lets nothing be made, as in a container: a lesson that needs one says so in its requirements. */
function isClosedTo(error: unknown): error is UserError {
  return error instanceof UserError && ['EACCES', 'EPERM', 'EROFS'].includes(errnoOf(error.cause) ?? '');
}

function write(lab: Acting, file: string, value: string): void {
  try {
    writeControl(file, value);
  } catch (error) {
    throw new UserError(
      say(lab.lang, ERRORS.limitRefused, { file, value, reason: reasonOf(error, lab.lang) }),
      { exitCode: 3, cause: error },
    );
  }
}

function reasonFor(obstacle: GroupObstacle, lang: Lang): string {
  if (obstacle.kind === 'refused') {
    return say(lang, CLEANUP.stillThere, { reason: reasonOf(obstacle.error, lang) });
  }
  const { kind, process } = obstacle;
  if (kind === 'older') return say(lang, CLEANUP.olderThanLab, { pid: process.pid });
  if (kind === 'visitor') return say(lang, CLEANUP.notStartedByLab, { pid: process.pid });
  return say(lang, kind === 'own' ? CLEANUP.ownAncestor : CLEANUP.stillRuns);
}

async function undo(made: MadeBy<'cgroup'>, identity: Identity | null, undoing: Undoing): Promise<Undone> {
  const { lab, fs, lang, since, sameBoot } = undoing;
  const leftover = (reason: string): Leftover => ({
    kind: 'cgroup',
    lab,
    what: made.path,
    proof: shellWords(['ls', '-ldi', made.path]),
    live: false,
    reason,
  });
  const stat = fs.stat(made.path);
  if (!stat.ok && stat.why === 'gone') return NOTHING_TO_SAY;
  if (!sameBoot) return { outcome: 'refused', leftover: leftover(say(lang, CLEANUP.otherBoot)) };
  if (!isLabCgroupPath(fs, made.path, lab)) {
    return { outcome: 'refused', leftover: leftover(say(lang, CLEANUP.notOurs)) };
  }
  const known = identity !== null && 'ino' in identity ? identity : null;
  if (stat.ok && known !== null && (known.ino !== stat.value.ino || known.dev !== stat.value.dev)) {
    return {
      outcome: 'refused',
      leftover: leftover(say(lang, CLEANUP.otherIdentity, { found: stat.value.ino, expected: known.ino })),
    };
  }
  const family = undoing.family ?? familyOf(fs, lab, since, []);
  const obstacle = await removeGroup(fs, made.path, since, family);
  if (obstacle !== null) {
    const outcome = ['older', 'own', 'visitor'].includes(obstacle.kind) ? 'refused' : 'left';
    return { outcome, leftover: leftover(reasonFor(obstacle, lang)) };
  }
  return { outcome: 'undone', said: [say(lang, CLEANUP.cgroupRemoved, { path: made.path })] };
}

export const cgroup: OperationKind<OperationOf<'cgroup'>, MadeBy<'cgroup'>> = {
  plan(operation, lab) {
    const privileged = true;
    if (lab.mode === 'rootless') {
      return {
        shell: `# ${say(lab.lang, NOTES.cgroupSkipped, { name: operation.name })}`,
        touches: say(lab.lang, PLANS.cgroupNone),
        undo: say(lab.lang, PLANS.nothingToUndo),
        privileged,
      };
    }
    const scheme = schemeOf(lab, operation, plannedBefore(lab, operation.name));
    lab.planned.groups.set(operation.name, scheme.leaves);
    return {
      shell: [
        ...scheme.missing.map((lack) => `# ${say(lab.lang, NOTES.controllerMissing, lack)}`),
        ...scheme.acts.map(shellOf),
      ].join('\n'),
      touches: say(lab.lang, PLANS.cgroupTouches, {
        paths: scheme.leaves.join(', ') || say(lab.lang, ERRORS.none),
      }),
      undo: say(lab.lang, PLANS.cgroupUndo),
      privileged,
    };
  },

  perform(operation, lab, doing) {
    return Promise.resolve().then(() => {
      claimName(lab, ERRORS.kindCgroup, operation.name, lab.groups);
      if (lab.mode === 'rootless') {
        lab.groups.set(operation.name, []);
        note(doing, say(lab.lang, NOTES.cgroupSkipped, { name: operation.name }));
        return { ...MADE, output: [] };
      }
      const { leaves, acts, missing } = schemeOf(lab, operation);
      for (const lack of missing) note(doing, say(lab.lang, NOTES.controllerMissing, lack));
      for (const leaf of leaves) {
        const top = join(leaf, '..');
        if (lab.fs.stat(top).ok && !isOwnTop(lab, top)) {
          throw new UserError(say(lab.lang, ERRORS.exists, { path: top }), { exitCode: 3 });
        }
      }
      const refused: string[] = [];
      for (const act of acts) {
        const target = act.act === 'make' ? act.path : act.file;
        if (refused.some((top) => isWithin(target, top))) continue;
        try {
          if (act.act === 'make') make(lab, target);
          else write(lab, target, act.value);
        } catch (error) {
          if (!isClosedTo(error) || basename(target) !== labCgroup(lab.id)) throw error;
          refused.push(target);
          const reason = reasonOf(error.cause, lab.lang);
          note(doing, say(lab.lang, NOTES.cgroupRefused, { path: dirname(target), reason }));
        }
      }
      const made = leaves.filter((leaf) => !refused.some((top) => isWithin(leaf, top)));
      lab.groups.set(operation.name, made);
      for (const path of made) note(doing, say(lab.lang, NOTES.cgroupMade, { path }));
      return { ...MADE, output: [] };
    });
  },

  undo,
};
