// The values that a host is made of, as one immutable, plain, structured-clonable Snapshot.
// No question is answered here (see the other files of model/), and nothing is read.
import type { Pressure } from '../kernel/cgroup/pressure.ts';
import type { NsType } from '../kernel/namespaces.ts';
import type { CgroupMembership } from '../kernel/proc/cgroup.ts';
import type { Mount } from '../kernel/proc/mountinfo.ts';
import type { Reading } from '../kernel/reading.ts';

export type { CgroupMembership, Mount };

/** A process is a pid and its start (field 22 of proc_pid_stat(5), clock ticks since boot), never a pid alone. */
export interface ProcessRef {
  readonly pid: number;
  readonly starttime: number;
}

export interface Process extends ProcessRef {
  readonly ppid: number;
  /** Sanitised; at most 15 bytes, as the kernel keeps it. */
  readonly comm: string;
  /** One letter of proc_pid_stat(5): R S D Z T t X I … */
  readonly state: string;
  /** A thread of the kernel (PF_KTHREAD, or a child of kthreadd). */
  readonly kernelThread: boolean;
  /** Effective uid, as the owner of /proc/PID shows it. */
  readonly uid: Reading<number>;
  /** Pids from the reader's pid namespace inwards (NSpid); null where it was not asked for, as for a process in the reader's own. */
  readonly nspid: Reading<readonly number[]> | null;
  /** Sanitised words; null where it was not asked for (it takes the target's mmap lock). */
  readonly cmdline: Reading<readonly string[]> | null;
  /** Inode of each namespace link; a zombie keeps only pid and user. */
  readonly ns: Readonly<Record<NsType, Reading<number>>>;
  readonly cgroups: Reading<readonly CgroupMembership[]>;
}

/**
 * Something that keeps a namespace alive (namespaces(7), "The /proc/pid/ns/ directory"). The first four lead to the namespace by a file,
 * the last two by another namespace. Which command would release it: `releaseOf` of model/holders.ts.
 */
export type Holder =
  | ({ readonly kind: 'process' } & ProcessRef)
  /** A thread that is in another namespace than its process (`pid` and `starttime` are the process'). */
  | ({ readonly kind: 'thread'; readonly tid: number } & ProcessRef)
  | ({ readonly kind: 'fd'; readonly fd: number } & ProcessRef)
  /** A bind mount of the namespace's file (nsfs), or a mount of proc, which holds its pid namespace. */
  | {
      readonly kind: 'mount';
      readonly filesystem: 'nsfs' | 'proc';
      /** As that mount namespace names it; not sanitised. */
      readonly path: string;
      /** The mount namespace that the mount is in; null where our own has no number here (its link was denied). */
      readonly mountNamespace: number | null;
      /** A process or thread in that mount namespace; null for our own. `chrooted`: `path` begins at its root directory. */
      readonly via: { readonly id: number; readonly chrooted: boolean } | null;
    }
  /** The next child of this process (or of its thread `tid`) will be in it. */
  | ({
      readonly kind: 'forChildren';
      readonly link: 'pid_for_children' | 'time_for_children';
      readonly tid: number | null;
    } & ProcessRef)
  /** A pid or user namespace whose parent it is. */
  | { readonly kind: 'child'; readonly type: NsType; readonly inode: number }
  /** A namespace that this user namespace owns, beside its children. */
  | { readonly kind: 'owned'; readonly type: NsType; readonly inode: number };

export interface Namespace {
  readonly type: NsType;
  /** Inode on nsfs; with `Snapshot.nsDev` the identity. */
  readonly inode: number;
  /** One of the host's initial namespaces. */
  readonly initial: boolean;
  /** Pids of member processes, ascending. */
  readonly members: readonly number[];
  /** The owning user namespace's inode (ioctl_ns(2)); null where it is outside of our sight. */
  readonly owner: Reading<number | null>;
  /** Parent of a pid or user namespace; null for the others, for an initial one, and for one outside of our sight. */
  readonly parent: Reading<number | null>;
  /** Mount points that keep it alive (bind mounts of fstype nsfs, seen in our own mount namespace), not sanitised. */
  readonly pins: readonly string[];
  /**
   * What keeps it alive beside its member processes, after a deep look; empty without one (see `Coverage.deep`). Of an initial namespace, which
   * nothing can release, threads, fds, bind mounts and `*_for_children` alone.
   */
  readonly holders: readonly Holder[];
}

/** A cgroup tree that is mounted: the v2 tree, or a v1 hierarchy. */
export interface Hierarchy {
  readonly version: 1 | 2;
  /** v1: as in the super options; v2: cgroup.controllers of the mount's root. */
  readonly controllers: readonly string[];
  readonly mountPoint: string;
  /** Field 4 of mountinfo: the path within the tree that the mount shows. */
  readonly root: string;
  /** Mount points of others inside of it, which cover groups of it (a v1 hierarchy below the v2 tree); absent where there are none. */
  readonly covered?: readonly string[];
}

/** A number of a control file; `max` where the kernel says that there is no limit (v1: 2^63−4096 or -1). */
export type Quantity = bigint | 'max';

/** One controller as it applies to one group. Keys are the neutral names of kernel/cgroup/files.ts. */
export interface ControllerState {
  readonly name: string;
  /** null: this host has no such controller mounted. */
  readonly version: 1 | 2 | null;
  /** Path of the group in its hierarchy, as this program's cgroup namespace shows it; not sanitised. */
  readonly path: string;
  /** The directory of its files, or the reason why there is none. */
  readonly directory: Reading<string>;
  readonly limits: Readonly<Record<string, Reading<Quantity>>>;
  readonly usage: Readonly<Record<string, Reading<bigint>>>;
  readonly events: Readonly<Record<string, Reading<bigint>>>;
  /** The least limit of the group and its ancestors, per neutral name, and the path of the group that sets it. */
  readonly effective: Readonly<Record<string, Effective>>;
  /** Values that are another group's, by neutral name: v1 keeps cpu time in the hierarchy of cpuacct, where the process may be elsewhere. */
  readonly readAt?: Readonly<Record<string, string>>;
  /** The path as the process itself sees it (cgroup_namespaces(7)); absent where the whole group was not asked for. */
  readonly insidePath?: Reading<string>;
  /** Pressure stall information of cpu, memory and io, from the v2 group of the same path; absent for other controllers. */
  readonly pressure?: Reading<Pressure>;
  /** cpu: the group and its ancestors, from the group upwards: throttling does not count up to them nor down. Absent for other controllers. */
  readonly bandwidth?: readonly Bandwidth[];
}

/**
 * A limit that is in force. Of a cpu quota the least is meant per period: `per` is the period of the group that sets it, in microseconds.
 * `denied`: groups whose own limit was refused, so that a lower one may be in force; absent where there are none.
 */
export interface Effective {
  readonly value: Quantity;
  readonly setBy: string;
  readonly per?: bigint;
  readonly denied?: readonly string[];
}

/** CPU bandwidth control of one group (Documentation/scheduler/sched-bwc.rst). */
export interface Bandwidth {
  readonly path: string;
  /** Microseconds. */
  readonly quota: Reading<Quantity>;
  readonly period: Reading<bigint>;
  readonly nrThrottled: Reading<bigint>;
  /** Microseconds for which the group was stopped by its own quota, summed over the CPUs; v1 counts nanoseconds, which are cut. */
  readonly throttledTime: Reading<bigint>;
}

/** The control files of the groups of one process, read because something looks at it. */
export interface GroupState {
  readonly of: ProcessRef;
  readonly controllers: readonly ControllerState[];
}

export type Engine =
  | 'docker'
  | 'podman'
  | 'containerd'
  | 'kubernetes'
  | 'crio'
  | 'lxc'
  | 'nspawn'
  | 'runc'
  | 'crun';

/**
 * Who says that a container is there. `api`: the engine's answer. `bundle`: the directory that its shim works in. `state`: the runtime's own
 * record (runc's state.json, crun's status), whose first process lives and began when the record says. `shim`: the command line of the process that
 * watches it (shim, conmon), or that process itself (an LXC monitor, systemd-nspawn). `cgroup`: the name of the group that its processes are in.
 */
export type Evidence = 'api' | 'bundle' | 'state' | 'shim' | 'cgroup';

/**
 * `certain`: the engine or the runtime's checked record says so. `likely`: a group named as one engine alone does it, or the watching process.
 * `guess`: a group whose name anybody could have chosen.
 */
export type Confidence = 'certain' | 'likely' | 'guess';

/** A Kubernetes pod as far as it is known: the uid from the cgroup's path, the rest from the bundle's annotations; sanitised. */
export interface Pod {
  readonly uid: string | null;
  readonly namespace: string | null;
  readonly name: string | null;
}

export interface Container {
  readonly id: string;
  readonly engine: Engine;
  /** containerd's namespace (moby, k8s.io, default) where a shim or the path tells it. */
  readonly engineNamespace: string | null;
  /** From the engine's API, the bundle's annotations or conmon's command line, sanitised; null while nobody has said it. */
  readonly name: string | null;
  readonly image: string | null;
  /** In the order of the type. */
  readonly evidence: readonly Evidence[];
  readonly confidence: Confidence;
  /** Whose engine it is: 0 for the system's, a user's uid for a rootless one; null where it could not be known. */
  readonly user: number | null;
  /** Id of the container that it runs in (an engine within a container); null on the host itself. */
  readonly parent: string | null;
  readonly pod: Pod | null;
  /** The pod's first container, which holds its namespaces and does nothing else (`pause`). */
  readonly sandbox: boolean;
  /** The first process; null where the container has ended or it cannot be known. */
  readonly init: ProcessRef | null;
  /** What the runtime's record calls the first process, though that has ended (the pid may be another's by now); null otherwise. */
  readonly stale: ProcessRef | null;
  /** The process that watches it: containerd's shim, conmon, an LXC monitor, systemd-nspawn. */
  readonly shim: ProcessRef | null;
  /** Every process in its cgroups but those of containers within it, ascending; exec sessions are among them. */
  readonly pids: readonly number[];
  /** Children of the shim, or of a conmon that was started for them, that are not the first process. */
  readonly execSessions: readonly number[];
  readonly bundle: string | null;
  readonly cgroupPath: string | null;
}

/** Something that the program wanted to read and could not. */
export interface UnreadEntry {
  readonly path: string;
  readonly why: 'denied' | 'gone' | 'unsupported';
}

/** How far one kind of look got, in processes or in mount namespaces. */
export interface Reach {
  readonly read: number;
  readonly denied: number;
}

/** What a deep look saw and what not. A socket holds its network namespace too; only SIOCGSKNS on a copy of its fd tells which: not done. */
export interface DeepCoverage {
  /** Processes. */
  readonly threads: Reach;
  /** Processes. */
  readonly fds: Reach;
  /** Mount namespaces beside our own. `outOfReach`: nothing but an fd or a mount holds them, so that no process shows their mounts. */
  readonly mountNamespaces: Reach & { readonly outOfReach: number };
  readonly sockets: 'not scanned';
  /** Mounts of proc and of mqueue whose pid or ipc namespace could not be told. */
  readonly untoldMounts: { readonly proc: number; readonly mqueue: number };
  /** Processes and threads that made a pid namespace for their children and have none yet: it has no number before the first. */
  readonly unborn: number;
}

/** What was seen and what not, so that a gap is never taken for an absence. */
export interface Coverage {
  readonly processes: number;
  /** Processes whose namespace links were denied. */
  readonly denied: number;
  /** The hidepid and subset options of the /proc mount; empty where there are none. */
  readonly procOptions: readonly string[];
  readonly threads: 'scanned' | 'not scanned';
  readonly fds: 'scanned' | 'not scanned';
  /** The mounts of mount namespaces beside our own. */
  readonly mountNamespaces: 'scanned' | 'not scanned';
  /** Counts of a deep look; null without one. */
  readonly deep: DeepCoverage | null;
  /** How owners and parents were found. */
  readonly owners: 'ioctl' | 'lsns' | 'recorded' | 'unavailable';
  /** True where this program's own pid namespace is not the initial one: the view is partial. */
  readonly insideContainer: boolean;
  readonly unread: readonly UnreadEntry[];
}

export interface HostFacts {
  readonly hostname: Reading<string>;
  readonly kernel: Reading<string>;
  readonly clockTicks: number;
  readonly uid: number;
  /** Engine daemons' answers: socket path to version, or the reason of silence. */
  readonly engines: readonly { readonly socket: string; readonly version: Reading<string> }[];
}

export interface Snapshot {
  /** Milliseconds since the epoch. */
  readonly takenAt: number;
  /** `live`, or the title of the recording that it comes from. */
  readonly source: { readonly kind: 'live' | 'recorded'; readonly title: string };
  readonly host: HostFacts;
  /** st_dev of nsfs; null in a recording that does not hold it. */
  readonly nsDev: number | null;
  /** The process that reads (0 in a recording). */
  readonly self: number;
  /** Ascending pid. */
  readonly processes: readonly Process[];
  /** By type in the order of NS_TYPES, then by inode. */
  readonly namespaces: readonly Namespace[];
  /** Our own mount namespace's. */
  readonly mounts: readonly Mount[];
  readonly hierarchies: readonly Hierarchy[];
  readonly containers: readonly Container[];
  /** Only those that were asked for. */
  readonly groups: readonly GroupState[];
  readonly coverage: Coverage;
}
