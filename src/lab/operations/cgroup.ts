// Makes a cgroup of the lab's in each hierarchy that its limits need, v1 or v2, and writes the limits.
// Never writes to a group of the host: a controller that the host has not enabled is said to be missing.
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import { shellWords } from '../argv.ts';
import { labCgroup, makeGroup, writeControl } from '../cgroupfs.ts';
import { type Ground, groundsOf, WAITING_ROOM } from '../delegation.ts';
import { directoryIn, homeOf, type Limit, limitsOf, type Missing, writeOf } from '../limits.ts';
import { ERRORS, NOTES, PLANS } from '../messages.ts';
import { type Room, roomFor, takeRoom } from '../room.ts';
import { errnoOf, reasonOf } from '../state-dir.ts';
import { isWithin } from '../tree.ts';
import {
  type Acting,
  claimName,
  MADE,
  type MadeBy,
  named,
  note,
  type OperationKind,
  type OperationOf,
} from './operation.ts';
import { LIMITS } from './limits-messages.ts';
import { undoGroup } from './undo-group.ts';

/** Where no limit is asked for, the groups are there to be looked at. */
const SHOWN_CONTROLLERS = ['memory', 'pids', 'cpu'];

type Act =
  | { readonly act: 'make'; readonly path: string }
  /** `own`: a plain copy of the parent's setting, which v1's cpuset needs before a process may enter. */
  | { readonly act: 'write'; readonly file: string; readonly value: string }
  /** In a delegated group: the program itself makes room, so that the group can hand out its controllers. */
  | { readonly act: 'room'; readonly path: string; readonly room: Room; readonly enable: readonly string[] };

interface Scheme {
  /** The groups that processes join. */
  readonly leaves: readonly string[];
  readonly acts: readonly Act[];
  readonly missing: readonly Missing[];
}

/** The directories of the group that a new one is to be made in; null where it is to be the lab's top group. */
function parentsOf(lab: Acting, operation: OperationOf<'cgroup'>): readonly string[] | null {
  if (operation.in === undefined) return null;
  return lab.groups.get(operation.in) ?? lab.planned.groups.get(operation.in) ?? [];
}

/** What one tree gets: the group's directory, the one that it is in, the controllers. */
interface Part {
  readonly ground: Ground;
  readonly parent: string;
  readonly leaf: string;
  readonly controllers: Set<string>;
}

/** `before`: groups that will have been made when this is done. */
function schemeOf(lab: Acting, operation: OperationOf<'cgroup'>, before: readonly string[] = []): Scheme {
  const { fs, lang } = lab;
  const limits = limitsOf(lang, operation.limits);
  const grounds = groundsOf(lab);
  const parents = parentsOf(lab, operation);
  const missing: Missing[] = [];
  const parts = new Map<string, Part>();
  const writes: Act[] = [];
  const written = new Map<string, string>();
  const wanted: readonly { controller: string; limit: Limit | null }[] =
    limits.length > 0
      ? limits.map((limit) => ({ controller: limit.controller, limit }))
      : SHOWN_CONTROLLERS.map((controller) => ({ controller, limit: null }));

  for (const { controller, limit } of wanted) {
    const home = homeOf(fs, lang, grounds, controller, limit?.key ?? null);
    if (typeof home === 'string') {
      missing.push({ controller, reason: home });
      continue;
    }
    const { ground, field } = home;
    const parent = parents === null ? join(ground.base, labCgroup(lab.id)) : directoryIn(parents, home);
    if (parent === null) {
      missing.push({ controller, reason: say(lang, NOTES.notInParent, { name: operation.in ?? '' }) });
      continue;
    }
    const leaf = join(parent, operation.name);
    const part = parts.get(leaf) ?? { ground, parent, leaf, controllers: new Set<string>() };
    parts.set(leaf, part);
    if (field?.core !== true) part.controllers.add(controller);
    if (limit === null) continue;
    const { version } = ground.hierarchy;
    if (field === null) {
      const reason = say(lang, NOTES.notInVersion, { version });
      missing.push({ controller: `${controller}.${limit.key}`, reason });
      continue;
    }
    const { file } = writeOf(leaf, field, version, limit, undefined);
    const { value } = writeOf(leaf, field, version, limit, written.get(file));
    written.set(file, value);
    writes.push({ act: 'write', file, value });
  }

  const isThere = (top: string): boolean => fs.stat(top).ok || before.some((leaf) => dirname(leaf) === top);
  return {
    leaves: [...parts.keys()],
    acts: [...[...parts.values()].flatMap((part) => makesOf(lab, part, isThere)), ...writes],
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
  lab: Acting,
  { ground, parent, leaf, controllers }: Part,
  isThere: (top: string) => boolean,
): readonly Act[] {
  const { fs } = lab;
  const { hierarchy, base } = ground;
  const cpuset = hierarchy.version === 1 && controllers.has('cpuset');
  const inherit = (group: string): Act[] =>
    ['cpuset.cpus', 'cpuset.mems'].flatMap((file) => {
      const text = cpuset ? fs.readText(`${hierarchy.mountPoint}/${file}`) : null;
      return text?.ok ? [{ act: 'write', file: `${group}/${file}`, value: text.value.trim() }] : [];
    });
  const enable = [...controllers].map((controller) => `+${controller}`).join(' ');
  const isTop = dirname(parent) === base;
  return [
    ...(!isTop || isThere(parent) ? [] : [{ act: 'make', path: parent } as const, ...inherit(parent)]),
    ...(isTop && ground.delegated && !isThere(parent) ? roomOf(lab, base, parent) : []),
    ...(hierarchy.version === 2 && enable !== ''
      ? [{ act: 'write', file: `${parent}/cgroup.subtree_control`, value: enable } as const]
      : []),
    { act: 'make', path: leaf },
    ...inherit(leaf),
  ];
}

function roomOf({ fs, delegation }: Acting, base: string, top: string): readonly Act[] {
  return [
    { act: 'room', path: join(top, WAITING_ROOM), ...roomFor(fs, base, delegation?.controllers ?? []) },
  ];
}

function shellOf(act: Act): string {
  if (act.act === 'make') return shellWords(['mkdir', act.path]);
  if (act.act === 'write') return `${shellWords(['echo', act.value])} > ${shellWords([act.file])}`;
  const procs = shellWords([join(act.path, 'cgroup.procs')]);
  const enable = act.enable.map((name) => `+${name}`).join(' ');
  return [
    shellWords(['mkdir', act.path]),
    `for pid in $(cat ${shellWords([join(act.room.base, 'cgroup.procs')])}); do echo $pid > ${procs}; done`,
    ...(enable === ''
      ? []
      : [`${shellWords(['echo', enable])} > ${shellWords([join(act.room.base, 'cgroup.subtree_control')])}`]),
  ].join('\n');
}

/** The lab's top group of a hierarchy exists already when a second group is made: it must be the lab's own. */
export function isOwnTop(lab: Acting, path: string): boolean {
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

/** Makes one group of the lab's, in the ledger. Throws a UserError, with the kernel's reason as its cause. */
export function make(lab: Acting, path: string, room?: Room): void {
  const exists = () => new UserError(say(lab.lang, ERRORS.exists, { path }), { exitCode: 3 });
  if (lab.fs.stat(path).ok) throw exists();
  const n = lab.ledger.intend(
    room === undefined
      ? { op: 'cgroup', path }
      : { op: 'cgroup', path, room: { base: room.base, controllers: [...room.controllers] } },
  );
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
export function isClosedTo(error: unknown): error is UserError {
  return error instanceof UserError && ['EACCES', 'EPERM', 'EROFS'].includes(errnoOf(error.cause) ?? '');
}

/** A limit whose file this kernel has not. */
function isAbsent(error: unknown, act: Act): boolean {
  return error instanceof UserError && act.act === 'write' && errnoOf(error.cause) === 'ENOENT';
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

function perform(lab: Acting, act: Act): void {
  if (act.act === 'write') return write(lab, act.file, act.value);
  make(lab, act.path, act.act === 'room' ? act.room : undefined);
  if (act.act !== 'room') return;
  try {
    takeRoom(lab.fs, act.path, act.room.base, act.enable);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    const { lang } = lab;
    const values = { path: act.room.base, reason: reasonOf(error, lang) };
    throw new UserError(say(lang, ERRORS.noRoom, values), { exitCode: 3, cause: error });
  }
}

export const cgroup: OperationKind<OperationOf<'cgroup'>, MadeBy<'cgroup'>> = {
  plan(operation, lab) {
    const privileged = lab.mode === 'root' || lab.delegation === null;
    if (groundsOf(lab).length === 0) {
      lab.planned.groups.set(operation.name, []);
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
        ...scheme.missing.map((lack) => `# ${say(lab.lang, NOTES.controllerMissing, { ...lack })}`),
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
      if (operation.in !== undefined) named(lab, ERRORS.kindCgroup, operation.in, lab.groups);
      if (groundsOf(lab).length === 0) {
        lab.groups.set(operation.name, []);
        note(doing, say(lab.lang, NOTES.cgroupSkipped, { name: operation.name }));
        return { ...MADE, output: [] };
      }
      const { leaves, acts, missing } = schemeOf(lab, operation);
      for (const lack of missing) note(doing, say(lab.lang, NOTES.controllerMissing, { ...lack }));
      for (const { base } of groundsOf(lab)) {
        const top = join(base, labCgroup(lab.id));
        if (lab.fs.stat(top).ok && !isOwnTop(lab, top)) {
          throw new UserError(say(lab.lang, ERRORS.exists, { path: top }), { exitCode: 3 });
        }
      }
      const refused: string[] = [];
      for (const act of acts) {
        const target = act.act === 'write' ? act.file : act.path;
        if (refused.some((top) => isWithin(target, top))) continue;
        try {
          perform(lab, act);
        } catch (error) {
          // No swap in this kernel, or v1 without swapaccount=1: memory.memsw.* is not there.
          if (isAbsent(error, act)) {
            const file = basename(target);
            const reason = say(lab.lang, LIMITS.noFile, { file });
            note(doing, say(lab.lang, LIMITS.limitMissing, { limit: file, reason }));
            continue;
          }
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

  undo: undoGroup,
};
