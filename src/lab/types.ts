// What the lab is to those who call it: operations, actors, what a ledger line holds. No code that acts is here.
import type { NsType } from '../kernel/namespaces.ts';
import type { Reading } from '../kernel/reading.ts';
import type { ProcessRef } from '../model/types.ts';
import type { Answers, Ask, QuestionOf } from './questions.ts';

/** A process that the lab started and that lessons call by name (`box`, `hog`). */
export interface Actor extends ProcessRef {
  readonly name: string;
  /** The namespaces that it got of its own. */
  readonly namespaces: readonly NsType[];
}

/** root: uid 0 with CAP_SYS_ADMIN; rootless: an unprivileged user whose user namespaces work. */
export type LabMode = 'root' | 'rootless';

/** What becomes of the copies of mounts in a new mount namespace (unshare(1), --propagation). */
export type Propagation = 'private' | 'slave' | 'shared' | 'unchanged';

/** What mount(8) is asked for: a new file system, a place seen at a second path, or another propagation of what is mounted. */
export type MountType =
  | 'tmpfs'
  | 'proc'
  | 'overlay'
  | 'bind'
  | 'rbind'
  | 'move'
  | 'make-shared'
  | 'make-slave'
  | 'make-private';

/** The typed operations of lessons.md §2 that exist so far. `name` is what later operations, checks and panes call it. */
export type Operation =
  /** A directory with a small Linux user land (busybox, or the host's own shell and tools). */
  | { readonly op: 'rootfs'; readonly name: string }
  /** An empty directory of the lab's own; `{dir:NAME}` stands for its path. */
  | { readonly op: 'directory'; readonly name: string }
  /**
   * A cgroup of the lab's in each hierarchy that its limits need; limits in neutral names (`memory.limit`). `in`: below another one, not below
   * the lab's top group. Skipped, and said, where an ordinary user has no cgroup of his own to divide.
   */
  | {
      readonly op: 'cgroup';
      readonly name: string;
      readonly in?: string | undefined;
      readonly limits: Readonly<Record<string, string>>;
    }
  /** Limits of a cgroup that the lab has made, written in their order. What this version or kernel has no file for is left out, and said. */
  | { readonly op: 'limit'; readonly cgroup: string; readonly limits: Readonly<Record<string, string>> }
  /** Ends every process in a cgroup of the lab's and in those below it. */
  | { readonly op: 'kill-group'; readonly cgroup: string }
  /**
   * A process in new namespaces, in `cgroup` if one is named, with `rootfs` as its root if one is named (a plain chroot where `namespaces` is
   * empty); `mountProc` mounts /proc inside. `inside` an actor: it starts in that actor's namespaces and makes its own on top. With none of
   * these, and no cgroup, it is an ordinary process of the host, and nothing can be run in it.
   */
  | {
      readonly op: 'actor';
      readonly name: string;
      readonly namespaces: readonly NsType[];
      readonly rootfs?: string | undefined;
      readonly mountProc?: boolean | undefined;
      readonly inside?: string | undefined;
      /** Of a new mount namespace; private if not given. `shared` and `unchanged` only inside an actor: else its mounts could reach the host. */
      readonly propagation?: Propagation | undefined;
      readonly cgroup?: string | undefined;
      readonly map?: IdMap | undefined;
      readonly command: readonly string[];
    }
  /** A command inside an actor's namespaces (nsenter), awaited; its output is shown. */
  | {
      readonly op: 'run';
      readonly in: string;
      readonly command: readonly string[];
      /** Exit statuses that the lesson expects, 0 alone if not given. */
      readonly exits?: readonly number[] | undefined;
    }
  /** mount(8) in an actor's own mount namespace; paths are as the actor sees them. */
  | {
      readonly op: 'mount';
      readonly in: string;
      readonly type: MountType;
      /** The other path of bind, rbind and move. */
      readonly source?: string | undefined;
      readonly target: string;
      readonly options?: readonly string[] | undefined;
      readonly exits?: readonly number[] | undefined;
    }
  /** umount(8) in an actor's own mount namespace; `lazy` takes it out of the tree though it is in use (MNT_DETACH). */
  | {
      readonly op: 'unmount';
      readonly in: string;
      readonly target: string;
      readonly lazy?: boolean | undefined;
      readonly exits?: readonly number[] | undefined;
    }
  /** Makes a directory the root of an actor's own mount namespace (pivot_root(2)); the old root goes, or stays at /.old. */
  | {
      readonly op: 'pivot-root';
      readonly in: string;
      readonly newRoot: string;
      readonly old: 'unmounted' | 'kept';
    }
  /** A command in namespaces of its own that ends by itself (`unshare --pid ls`), awaited, with a time limit. */
  | {
      readonly op: 'unshare';
      readonly namespaces: readonly NsType[];
      readonly fork: boolean;
      readonly rootfs?: string | undefined;
      readonly mountProc?: boolean | undefined;
      readonly map?: IdMap | undefined;
      readonly command: readonly string[];
      readonly exits?: readonly number[] | undefined;
    }
  /** A command on the host that only looks: its first word must be in the lab's table of commands that change nothing. */
  | {
      readonly op: 'look';
      readonly command: readonly string[];
      /** Exit statuses that the lesson expects, 0 alone if not given. */
      readonly exits?: readonly number[] | undefined;
    }
  /** A signal to an actor, from the host (`from: host`) or sent by a process inside its pid namespace (`from: inside`, to its PID 1). */
  | {
      readonly op: 'signal';
      readonly actor: string;
      readonly signal: string;
      readonly from: 'host' | 'inside';
    }
  /** Writes the uid_map and gid_map of an actor's user namespace, from outside; `ids`: the actor's own one alone, or a range where one may be had. */
  | { readonly op: 'id-map'; readonly of: string; readonly ids: 'own' | 'range' }
  /**
   * A veth pair (veth(4)): `name` in the network namespace of `of`, `peer` in that of `peerOf`, both set up. Each is an actor with a
   * network namespace, or one of them `host`, where the lab gives a name that carries its id.
   */
  | {
      readonly op: 'veth';
      readonly name: string;
      readonly of: string;
      /** With the length of its prefix: `10.11.0.1/24`. */
      readonly address?: string | undefined;
      readonly peer: string;
      readonly peerOf: string;
      readonly peerAddress?: string | undefined;
    }
  /** A bridge in the network namespace of `of`, set up; `ports` are interfaces that are there already. On the host as with `veth`. */
  | {
      readonly op: 'bridge';
      readonly name: string;
      readonly of: string;
      readonly ports?: readonly string[] | undefined;
      readonly address?: string | undefined;
    }
  /** Keeps a namespace of an actor by a bind mount of its file, in the host's mount namespace or in that of the actor `in`. */
  | {
      readonly op: 'pin';
      readonly name: string;
      readonly of: string;
      readonly type: NsType;
      readonly in?: string | undefined;
    }
  /** Takes a pin away. */
  | { readonly op: 'unpin'; readonly pin: string }
  /**
   * An OCI bundle: a directory with a copy of `rootfs` and a config.json as `runc spec` writes it, in which these are set. `namespaces`: all that
   * the container gets; `limits` in neutral names; `capabilities` (CAP_…) in every set.
   */
  | {
      readonly op: 'bundle';
      readonly name: string;
      readonly rootfs: string;
      readonly args: readonly string[];
      readonly hostname?: string | undefined;
      readonly namespaces?: readonly NsType[] | undefined;
      readonly limits?: Readonly<Record<string, string>> | undefined;
      readonly capabilities?: readonly string[] | undefined;
    }
  /** A change of a bundle's config.json: values by path (`process.args`, `linux.resources.pids.limit`); null takes a field out. */
  | { readonly op: 'bundle-edit'; readonly bundle: string; readonly set: Readonly<Record<string, Json>> }
  /** One command of runc(8), or of crun where there is no runc, on the lab's own containers. */
  | RuncOperation
  /**
   * A dockerd of the lab's own, in namespaces that end with the program; dockerd becomes the actor. `again`: on the data of one that has ended.
   * `config`: what daemon.json says.
   */
  | {
      readonly op: 'dockerd';
      readonly name: string;
      readonly again?: string | undefined;
      readonly config?: Readonly<Record<string, Json>> | undefined;
    }
  /** `docker import` of a root file system of the lab's, on a daemon of the lab's. */
  | { readonly op: 'image'; readonly daemon: string; readonly name: string; readonly rootfs: string }
  /** `docker run --detach` there; its first process becomes the actor. */
  | {
      readonly op: 'container';
      readonly daemon: string;
      readonly name: string;
      readonly image: string;
      readonly options?: readonly string[] | undefined;
      readonly command?: readonly string[] | undefined;
    }
  /** Another command of docker's client there. */
  | {
      readonly op: 'docker';
      readonly daemon: string;
      readonly command: readonly string[];
      readonly exits?: readonly number[] | undefined;
    };

/** The verbs of runc that make a container, from `bundle`. */
export const RUNC_MAKES = ['create', 'run'] as const;
/** The verbs that act on one container, or look at it. */
export const RUNC_ACTS = [
  'start',
  'exec',
  'kill',
  'pause',
  'resume',
  'update',
  'state',
  'delete',
  'list',
] as const;
export type RuncVerb = (typeof RUNC_MAKES)[number] | (typeof RUNC_ACTS)[number];

/** Which field belongs to which verb is in operations/runc.ts. The container's first process becomes the actor `name` when it is created. */
export interface RuncOperation {
  readonly op: 'runc';
  readonly verb: RuncVerb;
  /** create, run: what lessons call the container. */
  readonly name?: string | undefined;
  /** create, run. */
  readonly bundle?: string | undefined;
  /** run: to its end, its output shown, if not given; with it the container lives on. */
  readonly detach?: boolean | undefined;
  /** All others but list: a container made before. */
  readonly container?: string | undefined;
  /** exec. */
  readonly command?: readonly string[] | undefined;
  /** kill. */
  readonly signal?: string | undefined;
  /** update: neutral names. */
  readonly limits?: Readonly<Record<string, string>> | undefined;
  /** delete: also one that runs. */
  readonly force?: boolean | undefined;
  /** Exit statuses that the lesson expects, 0 alone if not given. */
  readonly exits?: readonly number[] | undefined;
}

/** A value of config.json. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * What a user namespace is begun with (user_namespaces(7)): `root`: unshare(1) maps uid 0 to the maker's own; `none`: nobody has written a map.
 * Given, the process in root mode first takes an id that is nobody's, as a container engine's `userns-remap` does: uid 0 inside is then not the host's.
 */
export type IdMap = 'root' | 'none';

/** What is shown of an operation before it runs. */
export interface OperationPlan {
  /** The shell command that does the same, as a learner can type it; may span lines. */
  readonly shell: string;
  /** One line: what it touches. */
  readonly touches: string;
  /** One line: what undoes it. */
  readonly undo: string;
  /** Needs uid 0. */
  readonly privileged: boolean;
  /** It changes nothing: `touches` and `undo` say no more than that. */
  readonly looksOnly?: true | undefined;
}

export interface OperationResult {
  /** Sanitised output lines in the order in which they came. */
  readonly output: readonly OutputLine[];
  /** Exit status of a command; null for operations that run none. 128+N where signal N ended it. */
  readonly exit: number | null;
  /** False where the exit status was not among those expected. */
  readonly asExpected: boolean;
}

export interface OutputLine {
  readonly stream: 'command' | 'stdout' | 'stderr' | 'note';
  readonly text: string;
}

export type LeftoverKind = 'process' | 'mount' | 'cgroup' | 'file' | 'namespace pin' | 'link' | 'container';

/** Something of a lab that is still on the host. */
export interface Leftover {
  readonly kind: LeftoverKind;
  readonly lab: string;
  /** pid, mount point, cgroup directory, file or link name; not sanitised. */
  readonly what: string;
  /** The command that shows it. */
  readonly proof: string;
  /** True while the program that made it still runs. */
  readonly live: boolean;
  /** One line, in the language that was asked for: why it is still there, or why it was left alone. */
  readonly reason?: string | undefined;
}

/** A shell to open: what is executed, and the same as a learner types it. */
export interface ShellCommand {
  readonly argv: readonly string[];
  readonly typed: string;
}

/** One lab: everything that one run of one lesson makes on the host. */
export interface Lab {
  /** Eight hexadecimal digits; part of the name of all that the lab makes. */
  readonly id: string;
  readonly mode: LabMode;
  /** What `perform` would do, without doing it. */
  plan(operation: Operation): OperationPlan;
  /** Writes the inverse to the ledger, syncs it, acts. `onOutput` gets each line as it comes. A UserError leaves nothing half done. */
  perform(
    operation: Operation,
    options?: { onOutput?: (line: OutputLine) => void; signal?: AbortSignal },
  ): Promise<OperationResult>;
  /** Answers a question about the host, an actor or another thing of the lab. Changes nothing; throws what an aborted signal throws. */
  ask<K extends Ask>(question: QuestionOf<K>, signal: AbortSignal): Promise<Reading<Answers[K]>>;
  actor(name: string): Actor | undefined;
  actors(): readonly Actor[];
  /**
   * The command that opens a shell inside an actor's namespaces, or null where there is no such living actor. `term` is the TERM of a terminal
   * that is the shell's alone; null: it shares this program's.
   */
  shellIn(actor: string, term: string | null): ShellCommand | null;
  /** Undoes all in reverse; returns what could not be undone (empty when all is well). Safe to call twice. */
  close(): Promise<readonly Leftover[]>;
}
