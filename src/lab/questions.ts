// What can be asked of a lab's things, or of the host, and what is answered: plain JSON, so that a recording can keep it. Asks nothing.
import type { CapabilitySet } from '../kernel/capabilities.ts';
import type { Reading } from '../kernel/reading.ts';

/** A line of a pressure file (Documentation/accounting/psi.rst): percent of the last seconds, and microseconds in all. */
export interface PressureAnswer {
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
  readonly total: string;
}

/** One controller of one of the lab's cgroups, by the neutral names of kernel/cgroup/files.ts. Numbers are decimal strings; `max` is no limit. */
export interface GroupAnswer {
  readonly version: 1 | 2;
  /** The group's directory in the controller's tree. */
  readonly directory: string;
  /** Limits, usage and events of the group itself. What this version or kernel has not is `unsupported`. */
  readonly values: Readonly<Record<string, Reading<string>>>;
  /** The least limit of the group and its ancestors, and the directory's path of the one that sets it. */
  readonly effective: Readonly<Record<string, { readonly value: string; readonly setBy: string }>>;
  /** Absent where there is no such file (v1). */
  readonly pressure?: { readonly some: PressureAnswer; readonly full: PressureAnswer | null } | undefined;
  /** Ascending; none once they have ended, which the group outlives. */
  readonly procs: readonly number[];
}
import type { Mount } from '../kernel/proc/mountinfo.ts';
import type { Ids } from '../kernel/proc/status.ts';
import type { IdRange } from '../kernel/proc/uid-map.ts';

/** What proc_pid_status(5) tells of a process' credentials, in this program's user namespace. */
export interface StatusAnswer {
  readonly uids: Ids;
  readonly gids: Ids | null;
  readonly groups: readonly number[];
  /** Sixteen hexadecimal digits, as the kernel prints them; null where it prints none. */
  readonly capabilities: Readonly<Record<CapabilitySet, string | null>>;
  /** /proc/sys/kernel/cap_last_cap; null where it cannot be read. */
  readonly lastCapability: number | null;
  /** 0 off, 1 strict, 2 filter; null without seccomp(2). */
  readonly seccomp: number | null;
  readonly noNewPrivs: boolean | null;
}

/** The maps of a process' user namespace (user_namespaces(7)); a map that nobody has written has no ranges. */
export interface MapsAnswer {
  readonly uid: readonly IdRange[];
  readonly gid: readonly IdRange[];
  /** null where the kernel has no such file (before Linux 3.19). */
  readonly setgroups: 'allow' | 'deny' | null;
}

/** One line of mountinfo, without what names devices. */
export type MountSeen = Pick<
  Mount,
  'id' | 'parent' | 'root' | 'options' | 'propagation' | 'fstype' | 'source'
>;

export const FILE_KINDS = [
  'file',
  'directory',
  'link',
  'character-device',
  'block-device',
  'fifo',
  'socket',
] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** The last component of a path is not followed (lstat(2)). */
export type FileSeen =
  | { readonly path: string; readonly exists: false }
  | {
      readonly path: string;
      readonly exists: true;
      readonly kind: FileKind;
      /** Permissions in octal, `644`. */
      readonly mode: string;
      readonly uid: number;
      readonly gid: number;
      readonly dev: number;
      readonly ino: number;
      /** Of a device `major:minor`, of a link its target, else null. */
      readonly device: string | null;
      readonly target: string | null;
      /** The first lines of a regular file, 512 bytes at most; null where it is none or may not be read. */
      readonly text: string | null;
    };

/** As runtime.md, "State", has it, with `paused`, which runc adds; `gone`: the runtime knows no container of this id. */
export type ContainerStatus = 'created' | 'running' | 'paused' | 'stopped' | 'gone';

export interface ContainerAnswer {
  readonly status: ContainerStatus;
  /** The command that shows it. */
  readonly proof: string;
}

/** The answer to each kind of question. */
export interface Answers {
  /** What is mounted at one path, the lowest first; the last one is what is seen there. */
  readonly mounts: { readonly path: string; readonly mounts: readonly MountSeen[] };
  /** What is at one path. */
  readonly file: FileSeen;
  /** The host name in the actor's UTS namespace. */
  readonly hostname: string;
  readonly group: GroupAnswer;
  /** What the runtime says of a container of the lab's. */
  readonly container: ContainerAnswer;
  readonly status: StatusAnswer;
  readonly maps: MapsAnswer;
  /** A network interface in the actor's network namespace; null: there is none of this name. */
  readonly link: Link | null;
}

/** What ip-address(8) tells of one network interface. */
export interface Link {
  /** As the namespace has it. */
  readonly name: string;
  readonly ifindex: number;
  /** `veth`, `bridge`, …; `loopback` for lo, and null for what was not made by ip-link(8). */
  readonly kind: string | null;
  /** Administratively (IFF_UP of netdevice(7)). */
  readonly up: boolean;
  /** With the lengths of their prefixes; those that the kernel gives by itself for one link (fe80::) are left out. */
  readonly addresses: readonly string[];
  /** The bridge that it is a port of. */
  readonly master: string | null;
  /** The inode of the network namespace that the other end of a pair is in; null: not a pair, not asked for, or nobody can tell. */
  readonly peerNetns: number | null;
}

export type Ask = keyof Answers;

/**
 * `of` is an actor's name, or `host`; of a group its own name or that of an actor in it. Narrow on purpose: an answer may end in a recording,
 * and holds no more than what was asked for.
 */
export type Question =
  | { readonly ask: 'hostname'; readonly of: string }
  | { readonly ask: 'group'; readonly of: string; readonly controller: string }
  /** Of the host: this program's own. */
  | { readonly ask: 'status'; readonly of: string }
  | { readonly ask: 'maps'; readonly of: string }
  /** On the host: `lo`, or an interface that an operation made there. `peer` where its other end is asked for, which costs a look at all processes. */
  | { readonly ask: 'link'; readonly of: string; readonly name: string; readonly peer: boolean }
  | { readonly ask: 'mounts'; readonly of: string; readonly target: string }
  | { readonly ask: 'file'; readonly of: string; readonly path: string }
  | { readonly ask: 'container'; readonly of: string };

export type QuestionOf<K extends Ask> = Extract<Question, { ask: K }>;

/** True where only a living actor, or the host, can answer. A group outlives those who were in it. */
export function needsLife(question: Question): boolean {
  return question.ask !== 'group';
}

/** One text for each question: what a recording keeps its answer under. */
export function questionKey(question: Question): string {
  return Object.values(question).join(' ');
}
