// Looks up one thing of a snapshot: a process by identity, a container by id, name or member, a namespace by type and inode.
import type { NsType } from '../kernel/namespaces.ts';
import type { Container, Namespace, Process, ProcessRef, Snapshot } from './types.ts';

interface Index {
  readonly byPid: ReadonlyMap<number, Process>;
  readonly containerByPid: ReadonlyMap<number, Container>;
  readonly namespaces: ReadonlyMap<string, Namespace>;
}

// One index for each snapshot, made at the first question; a snapshot never changes.
const indexes = new WeakMap<Snapshot, Index>();

function indexOf(snapshot: Snapshot): Index {
  const known = indexes.get(snapshot);
  if (known) return known;
  const made: Index = {
    byPid: new Map(snapshot.processes.map((process) => [process.pid, process])),
    containerByPid: new Map(
      snapshot.containers.flatMap((container) => container.pids.map((pid) => [pid, container] as const)),
    ),
    namespaces: new Map(
      snapshot.namespaces.map((namespace) => [`${namespace.type}:${namespace.inode}`, namespace]),
    ),
  };
  indexes.set(snapshot, made);
  return made;
}

/** The process with this pid, whichever it is; null where there is none. For a stored identity use `processAt`. */
export function processByPid(snapshot: Snapshot, pid: number): Process | null {
  return indexOf(snapshot).byPid.get(pid) ?? null;
}

/** The very process that `ref` names: null when it has ended, also when its pid was given to another. */
export function processAt(snapshot: Snapshot, ref: ProcessRef): Process | null {
  const found = processByPid(snapshot, ref.pid);
  return found?.starttime === ref.starttime ? found : null;
}

const NO_PROCESS: readonly Process[] = [];
const families = new WeakMap<Snapshot, ReadonlyMap<number, readonly Process[]>>();

/** The processes whose parent has this pid, ascending. */
export function childrenOf(snapshot: Snapshot, pid: number): readonly Process[] {
  let children = families.get(snapshot);
  if (!children) {
    children = byParent(snapshot.processes);
    families.set(snapshot, children);
  }
  return children.get(pid) ?? NO_PROCESS;
}

function byParent(processes: readonly Process[]): ReadonlyMap<number, readonly Process[]> {
  const children = new Map<number, Process[]>();
  for (const process of processes) {
    const siblings = children.get(process.ppid);
    if (siblings) siblings.push(process);
    else children.set(process.ppid, [process]);
  }
  return children;
}

/** The container in whose cgroups the process is; null for a process of the host. */
export function containerOf(snapshot: Snapshot, pid: number): Container | null {
  return indexOf(snapshot).containerByPid.get(pid) ?? null;
}

/** The namespace of this type and inode; null where no member, pin or child of it was seen. */
export function namespaceAt(snapshot: Snapshot, type: NsType, inode: number): Namespace | null {
  return indexOf(snapshot).namespaces.get(`${type}:${inode}`) ?? null;
}

/**
 * Containers whose name, whole id, or place in Kubernetes (POD/NAME, NAMESPACE/POD/NAME, of a sandbox NAMESPACE/POD) is `word`; without one those
 * whose id begins with it (three characters and more).
 */
export function containersNamed(snapshot: Snapshot, word: string): readonly Container[] {
  const named = snapshot.containers.filter(
    (container) => container.name === word || container.id === word || podNames(container).includes(word),
  );
  if (named.length > 0) return named;
  if (word.length < 3) return [];
  return snapshot.containers.filter((container) => container.id.startsWith(word));
}

function podNames({ pod, name, sandbox }: Container): readonly string[] {
  if (pod?.name == null) return [];
  const place = pod.namespace === null ? [] : [`${pod.namespace}/${pod.name}`];
  if (sandbox) return place;
  return name === null ? [] : [`${pod.name}/${name}`, ...place.map((one) => `${one}/${name}`)];
}
