// What every operation of the lab is made of, and what it gets to work with. No operation is here: see index.ts for the table.
import { join } from 'node:path';
import type { HostFs } from '../../host/fs.ts';
import type { Running } from '../../host/exec.ts';
import type { NsType } from '../../kernel/namespaces.ts';
import type { ProcessRef } from '../../model/types.ts';
import type { Family } from '../process.ts';
import { UserError } from '../../text/errors.ts';
import { type Lang, type Message, say } from '../../text/lang.ts';
import { unknownPid } from '../argv.ts';
import { type Delegation, delegationOf, groundsOf, isDelegation } from '../delegation.ts';
import type { Identity, Ledger, Made } from '../ledger.ts';
import { pathOfGroup } from '../limits.ts';
import { OTHER_ID } from '../ids.ts';
import { ERRORS } from '../messages.ts';
import { PINS } from './pin-messages.ts';
import { withValues } from '../placeholders.ts';
import { KINDS } from './runc-messages.ts';
import type {
  Actor,
  LabMode,
  Leftover,
  Operation,
  OperationPlan,
  OperationResult,
  OutputLine,
} from '../types.ts';

export interface LiveActor extends Actor {
  /** Its root directory on the host, where it has one of its own. */
  readonly root: string | undefined;
  /** The namespaces that one enters to be where it is: its own, and those of the actor that it was started inside. */
  readonly enter: readonly NsType[];
  /** The lab's cgroup directories that it is in. */
  readonly groups: readonly string[];
  /** What starts and holds it; of a container, what ends it when this program ends. */
  readonly running: Running;
  /** The id that it took before its namespaces were made, in root mode; who enters it takes it too. */
  readonly uid: number | undefined;
}

/** A bundle of the lab's. */
export interface Bundle {
  readonly directory: string;
  readonly namespaces: readonly NsType[];
}

/** A container that the lab has made by a runtime. */
export interface Container {
  readonly id: string;
  /** Number of its ledger entry. */
  readonly n: number;
}

/** A dockerd of the lab's. */
export interface Daemon {
  /** Where all of its data is. */
  readonly directory: string;
  /** PID 1 of its pid namespace. */
  readonly holder: ProcessRef;
}

/** What of an actor a plan can tell before it runs. */
export interface PlannedActor {
  readonly enter: readonly NsType[];
  readonly root: string | undefined;
  readonly groups: readonly string[];
  readonly uid: number | undefined;
}

/** A lab as its operations see it. The maps grow as operations make things. */
export interface Acting {
  readonly id: string;
  readonly mode: LabMode;
  readonly lang: Lang;
  readonly fs: HostFs;
  readonly ledger: Ledger;
  readonly actors: Map<string, LiveActor>;
  /** Name to directory. */
  readonly rootfs: Map<string, string>;
  /** Name to directory. */
  readonly directories: Map<string, string>;
  /** Rootless: the cgroup of our own that may be divided; null where there is none. */
  readonly delegation: Delegation | null;
  /** Name to directories, one in each hierarchy; empty where cgroups are left out (rootless without delegation). */
  readonly groups: Map<string, readonly string[]>;
  readonly bundles: Map<string, Bundle>;
  readonly containers: Map<string, Container>;
  readonly daemons: Map<string, Daemon>;
  /** Containers of those, by actor. */
  readonly docked: Map<string, { readonly daemon: Daemon }>;
  /** Name to the file that a namespace's is mounted on. */
  readonly pins: Map<string, string>;
  /** What lessons call an interface on the host to what it is called there. */
  readonly hostLinks: Map<string, string>;
  /** What was planned and is not made yet: the plans of a step's later operations stand on the earlier ones. */
  readonly planned: {
    readonly bundles: Map<string, Bundle>;
    /** Name of a dockerd to the directory of its data. */
    readonly daemons: Map<string, string>;
    readonly actors: Map<string, PlannedActor>;
    readonly groups: Map<string, readonly string[]>;
    /** Where a pin is, or is going to be, mounted; null for the host's mount namespace. */
    readonly pins: Map<string, { readonly pid: number | string; readonly user: boolean } | null>;
  };
}

/** An empty lab. */
export function newActing(lab: Pick<Acting, 'id' | 'mode' | 'lang' | 'fs' | 'ledger'>): Acting {
  const delegation = lab.mode === 'rootless' ? delegationOf(lab.fs) : null;
  return {
    ...lab,
    delegation: isDelegation(delegation) ? delegation : null,
    actors: new Map(),
    rootfs: new Map(),
    directories: new Map(),
    groups: new Map(),
    bundles: new Map(),
    containers: new Map(),
    daemons: new Map(),
    docked: new Map(),
    pins: new Map(),
    hostLinks: new Map(),
    planned: {
      actors: new Map(),
      groups: new Map(),
      bundles: new Map(),
      daemons: new Map(),
      pins: new Map(),
    },
  };
}

/** One call of `perform`. */
export interface Doing {
  readonly say: (line: OutputLine) => void;
  readonly signal: AbortSignal;
}

/** What an undo knows: the lab that made it may be that of a dead run. */
export interface Undoing {
  readonly lab: string;
  readonly directory: string;
  readonly fs: HostFs;
  readonly lang: Lang;
  /** starttime of the program that ran the lab: nothing of the lab's is older. */
  readonly since: number;
  /** False: the host has booted since, so that processes, cgroups and mounts of the lab are gone, and device numbers may differ. */
  readonly sameBoot: boolean;
  /** The lab's processes before any was killed; not given where nothing but the entries of one operation is undone. */
  readonly family?: Family | undefined;
}

export type Undone =
  | { readonly outcome: 'undone'; readonly said: readonly string[] }
  | { readonly outcome: 'refused' | 'left'; readonly leftover: Leftover };

export const NOTHING_TO_SAY: Undone = { outcome: 'undone', said: [] };

export type OperationOf<K extends Operation['op']> = Extract<Operation, { op: K }>;
export type MadeBy<K extends Operation['op']> = Extract<Made, { op: K }>;

/** One kind of operation. `undo` is found by the ledger entry's `op`, and is asked with what the entry holds. */
export interface OperationKind<O extends Operation = Operation, M extends Made = Made> {
  plan(operation: O, lab: Acting): OperationPlan;
  /** Writes its ledger entries and acts. What it throws leads to the undoing of the entries it has written. */
  perform(operation: O, lab: Acting, doing: Doing): Promise<OperationResult>;
  undo(made: M, identity: Identity | null, undoing: Undoing): Promise<Undone>;
}

/** The result of an operation that runs no command. */
export const MADE: Omit<OperationResult, 'output'> = { exit: null, asExpected: true };

export function note(doing: Doing, text: string): void {
  doing.say({ stream: 'note', text });
}

/** Throws a UserError where a name cannot be part of a path, or is taken. */
export function claimName(
  lab: Acting,
  kind: Message,
  name: string,
  taken: ReadonlyMap<string, unknown>,
): void {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name)) throw new UserError(say(lab.lang, ERRORS.badName, { name }));
  if (taken.has(name)) {
    throw new UserError(say(lab.lang, ERRORS.nameTaken, { kind: say(lab.lang, kind), name }));
  }
}

/** The named thing, or a UserError that says which there are. */
export function named<T>(lab: Acting, kind: Message, name: string, known: ReadonlyMap<string, T>): T {
  const found = known.get(name);
  if (found !== undefined) return found;
  const names = [...known.keys()].join(', ') || say(lab.lang, ERRORS.none);
  throw new UserError(say(lab.lang, ERRORS.unknownName, { kind: say(lab.lang, kind), name }), {
    hint: say(lab.lang, ERRORS.unknownNameHint, { names }),
  });
}

/** What a lab's directories, and its files for pins, are named after. */
export type DirectoryKind = 'rootfs' | 'dir' | 'bundle' | 'dockerd' | 'pin';

/** The directory, or file, of a thing of the lab's that is one: below the lab's own, named after its kind. */
export function directoryOf(lab: Acting, kind: DirectoryKind, name: string): string {
  return join(lab.ledger.directory, `${kind}-${name}`);
}

/** The id that a runtime knows a container of the lab's by. */
export function containerId(lab: { readonly id: string }, name: string): string {
  return `nscope-${lab.id}-${name}`;
}

/** The uid or gid, on the host, of a process whose user namespace has a `map` of its own. */
function outsideId(mode: LabMode, which: string): string {
  if (mode === 'root') return String(OTHER_ID);
  return String((which === 'uid' ? process.getuid : process.getgid)?.() ?? 0);
}

/** The command with values in the place of placeholders; an actor that is not there yet stays a shell variable. */
export function plannedCommand(lab: Acting, command: readonly string[]): readonly string[] {
  return withValues(command, (word, name, detail) => {
    if (word === 'pid') return String(lab.actors.get(name)?.pid ?? unknownPid(name));
    if (word === 'outside') return outsideId(lab.mode, name);
    if (word === 'container') return containerId(lab, name);
    if (word !== 'cgroup') return directoryOf(lab, word, name);
    const groups = lab.groups.get(name) ?? lab.planned.groups.get(name) ?? [];
    return pathOfGroup(lab, groundsOf(lab), groups, detail) ?? unknownPid(`${name}-cgroup`);
  });
}

/** The same for a command that is about to run: refuses an empty one, and what is not there. */
export function commandOf(lab: Acting, command: readonly string[]): readonly string[] {
  if (command.length === 0 || command[0] === '') throw new UserError(say(lab.lang, ERRORS.emptyCommand));
  return withValues(command, (word, name, detail) => {
    if (word === 'pid') return String(named(lab, ERRORS.kindActor, name, lab.actors).pid);
    if (word === 'container') return named(lab, KINDS.container, name, lab.containers).id;
    if (word === 'bundle') return named(lab, KINDS.bundle, name, lab.bundles).directory;
    if (word === 'outside') return outsideId(lab.mode, name);
    if (word === 'pin') return named(lab, PINS.kindPin, name, lab.pins);
    if (word === 'rootfs') return named(lab, ERRORS.kindRootfs, name, lab.rootfs);
    if (word === 'dir') return named(lab, ERRORS.kindDirectory, name, lab.directories);
    const groups = named(lab, ERRORS.kindCgroup, name, lab.groups);
    const path = pathOfGroup(lab, groundsOf(lab), groups, detail);
    if (path !== null) return path;
    throw new UserError(say(lab.lang, ERRORS.notInGroup, { name, what: detail }), { exitCode: 3 });
  });
}

/** The entry's processes; none where it holds another identity or none. */
export function processesOf(identity: Identity | null): readonly ProcessRef[] {
  return identity !== null && 'processes' in identity ? identity.processes : [];
}
