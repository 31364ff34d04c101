// The rows of `nscope ns`: each namespace with what lsns(8) says of it, and the container that it belongs to. Reads nothing.
import type { NsType } from '../kernel/namespaces.ts';
import type { Reading } from '../kernel/reading.ts';
import { containerOf, processByPid } from './find.ts';
import { holdersOf, isKernelsOwn } from './holders.ts';
import { hostNamespaces } from './hostview.ts';
import { commandOf, containerLabel } from './tree.ts';
import type { Holder, Namespace, Process, Snapshot } from './types.ts';

export interface NsRow {
  readonly type: NsType;
  readonly inode: number;
  readonly initial: boolean;
  /** Members, counted as lsns does: processes, without threads. */
  readonly nprocs: number;
  /** The first process, as lsns picks it: the lowest pid. null where there is none. */
  readonly pid: number | null;
  readonly ppid: number | null;
  readonly uid: Reading<number> | null;
  readonly command: string | null;
  readonly owner: Reading<number | null>;
  readonly parent: Reading<number | null>;
  /** Name or short id; null for the host's own, and where members are of several containers or of none. */
  readonly container: string | null;
  readonly pins: readonly string[];
  /** All that keeps it alive (`holdersOf`); after a plain look the pins in our own mount namespace alone. */
  readonly holders: readonly Holder[];
  /** Every host has it, and nobody made it: kdevtmpfs' mount namespace. */
  readonly kernelsOwn: boolean;
}

export function nsRows(snapshot: Snapshot): readonly NsRow[] {
  return snapshot.namespaces.map((namespace) => nsRow(snapshot, namespace));
}

function nsRow(snapshot: Snapshot, namespace: Namespace): NsRow {
  const [pid = null] = namespace.members;
  const first: Process | null = pid === null ? null : processByPid(snapshot, pid);
  return {
    type: namespace.type,
    inode: namespace.inode,
    initial: namespace.initial,
    nprocs: namespace.members.length,
    pid,
    ppid: first?.ppid ?? null,
    uid: first?.uid ?? null,
    command: first ? commandOf(first) : null,
    owner: namespace.owner,
    parent: namespace.parent,
    container: namespace.initial ? null : containerNameOf(snapshot, namespace),
    pins: namespace.pins,
    holders: snapshot.coverage.deep ? holdersOf(snapshot, namespace) : ownPins(snapshot, namespace),
    kernelsOwn: isKernelsOwn(snapshot, namespace),
  };
}

function ownPins(snapshot: Snapshot, namespace: Namespace): readonly Holder[] {
  const own = processByPid(snapshot, snapshot.self)?.ns.mnt ?? hostNamespaces(snapshot).mnt;
  const mountNamespace = own.ok ? own.value : null;
  return namespace.pins.map((path) => ({
    kind: 'mount',
    filesystem: 'nsfs',
    path,
    mountNamespace,
    via: null,
  }));
}

/** Of the members; of the processes that hold it where it has no member. */

function containerNameOf(snapshot: Snapshot, namespace: Namespace): string | null {
  const names = new Set<string>();
  const pids = namespace.holders.flatMap((holder) => ('pid' in holder ? [holder.pid] : []));
  for (const pid of namespace.members.length > 0 ? namespace.members : pids) {
    const container = containerOf(snapshot, pid);
    if (container) names.add(containerLabel(container));
  }
  return names.size === 0 ? null : [...names].sort().join(', ');
}
