// Checks what runtimes wrote down against the processes that are there: a pid in a file is nobody's until its start agrees. Reads nothing.
import { withoutDeleted } from '../kernel/proc/cgroup.ts';
import { hostNamespaces } from './hostview.ts';
import type { Engine, Evidence, Pod, Process, ProcessRef } from './types.ts';

/** What the files and command lines around one container say, unchecked. */
export interface RuntimeRecord {
  readonly id: string;
  readonly engine: Engine;
  /** containerd's namespace: moby, k8s.io, default … */
  readonly namespace: string | null;
  readonly shim: ProcessRef | null;
  /** Whose engine it is; null where it could not be known. */
  readonly user: number | null;
  /** The place that told of it: the bundle behind a shim's working directory, a state in a runtime's root, a command line. */
  readonly source: 'bundle' | 'state' | 'shim';
  /** Not sanitised. */
  readonly bundle: string | null;
  /**
   * runc's init_process_pid and init_process_start, crun's pid and process-start-time; null where there is no such file, or it was refused or
   * is of another form. The pid counts in the pid namespace of whoever started the runtime.
   */
  readonly first: ProcessRef | null;
  /** Groups as the record names them: directories of control files, or paths in the hierarchy. Empty where it names none. */
  readonly cgroupPaths: readonly string[];
  /** Processes that entered later, if something else than being the shim's child tells. */
  readonly execs: readonly ProcessRef[];
  /** Sanitised, as the rest. */
  readonly name: string | null;
  readonly image: string | null;
  readonly pod: Pod | null;
  readonly sandbox: boolean;
}

/** The same, checked. */
export interface RuntimeFacts extends Omit<RuntimeRecord, 'source' | 'first' | 'cgroupPaths'> {
  readonly evidence: readonly Evidence[];
  /** The first process, alive. `certain` where the record's start agrees, else the shim's oldest fitting child. */
  readonly init: ProcessRef | null;
  /** What the record calls the first process though no process has that pid and start. */
  readonly stale: ProcessRef | null;
  /** The container's own group; null where it has none, or it is not known. */
  readonly cgroupPath: string | null;
}

/** Each record checked against the processes of the same moment, in the order that they came in. */
export function checkRecords(
  records: readonly RuntimeRecord[],
  seen: { readonly processes: readonly Process[]; readonly self: number },
): readonly RuntimeFacts[] {
  const children = new Map<number, Process[]>();
  for (const process of seen.processes) {
    const siblings = children.get(process.ppid);
    if (siblings) siblings.push(process);
    else children.set(process.ppid, [process]);
  }
  return records.map((record) => {
    const { source, first, cgroupPaths, ...rest } = record;
    const below = record.shim ? (children.get(record.shim.pid) ?? []) : [];
    const byRecord = first ? firstProcess(first, below, record, seen) : null;
    const init = first ? byRecord : byShim(record, below);
    const state: readonly Evidence[] = byRecord ? ['state'] : [];
    return {
      ...rest,
      evidence: source === 'state' ? state : [source, ...state],
      init: init ? { pid: init.pid, starttime: init.starttime } : null,
      stale: first && !byRecord ? first : null,
      cgroupPath: init ? groupOf(init, record.id, cgroupPaths) : null,
    };
  });
}

/**
 * The process with the recorded start that is the shim's child or has the recorded pid, in the reader's pid namespace or in one below it.
 * The start is the same number in all of them (but for a time namespace with an offset, which containers are not given).
 */
function firstProcess(
  first: ProcessRef,
  below: readonly Process[],
  record: RuntimeRecord,
  seen: { readonly processes: readonly Process[]; readonly self: number },
): Process | null {
  const began = (process: Process) => process.starttime === first.starttime;
  const numbered = (process: Process) =>
    process.pid === first.pid || (process.nspid?.ok === true && process.nspid.value.includes(first.pid));
  const own = below.filter(began);
  const found = own.find(numbered) ?? own[0] ?? seen.processes.find((one) => began(one) && numbered(one));
  return found && isBelievable(found, record, seen) ? found : null;
}

/** A user writes what they like below their own directory: only their own processes, or such as are in a user namespace, can be their containers. */
function isBelievable(
  process: Process,
  { user }: RuntimeRecord,
  seen: { readonly processes: readonly Process[]; readonly self: number },
): boolean {
  if (user === null || user === 0) return true;
  if (process.uid.ok && process.uid.value === user) return true;
  const host = hostNamespaces(seen).user;
  return host.ok && process.ns.user.ok && process.ns.user.value !== host.value;
}

/** Without a record: the oldest child in a group of the container's name; with a bundle of the shim's own any oldest child. */
function byShim(record: RuntimeRecord, below: readonly Process[]): Process | null {
  const entered = new Set(record.execs.map(({ pid }) => pid));
  const oldest = below
    .filter(({ pid }) => !entered.has(pid))
    .sort((a, b) => a.starttime - b.starttime || a.pid - b.pid);
  const named = oldest.find(
    ({ cgroups }) => cgroups.ok && cgroups.value.some(({ path }) => path.includes(record.id)),
  );
  return named ?? (record.source === 'state' ? null : (oldest[0] ?? null));
}

/** The group that the record names, as the process' own cgroup file has it; else the ancestor of its group that bears the id. */
function groupOf(init: Process, id: string, recorded: readonly string[]): string | null {
  const paths = init.cgroups.ok ? init.cgroups.value.map(({ path }) => withoutDeleted(path)) : [];
  for (const path of paths) {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const group = path.slice(0, end);
      // A directory of control files is mount point and path; crun's is the path alone.
      if (group !== '/' && recorded.some((named) => named.endsWith(group))) return group;
    }
  }
  for (const path of paths) {
    const at = path.lastIndexOf(id);
    if (at === -1) continue;
    const end = path.indexOf('/', at + id.length);
    return end === -1 ? path : path.slice(0, end);
  }
  return null;
}
