// Which namespaces are the host's: the initial ones, or the nearest that this program can see. Reads nothing.
import { NS_FACTS, NS_TYPES, type NsType } from '../kernel/namespaces.ts';
import { type Reading, unread, value } from '../kernel/reading.ts';
import type { Process, Snapshot } from './types.ts';

export type HostNamespaces = Readonly<Record<NsType, Reading<number>>>;

// One answer for each snapshot's processes, which never change: every row of every pane asks.
const answers = new WeakMap<readonly Process[], HostNamespaces>();
// And one from snapshot to snapshot where it says the same, so that what is kept by it is found again.
let last: HostNamespaces | null = null;

/**
 * The inode of the host's namespace of each type. In order: pid 1's link where it can be read, the inode that include/linux/proc_ns.h
 * fixes if some process is in it, kthreadd's link (a child of pid 0 in the initial namespaces), this program's own link.
 * An Unread only where even the program's own link is missing.
 */
export function hostNamespaces(snapshot: Pick<Snapshot, 'processes' | 'self'>): HostNamespaces {
  const known = answers.get(snapshot.processes);
  if (known) return known;
  const first = snapshot.processes.find((process) => process.pid === 1);
  const kthreadd = snapshot.processes.find(
    (process) => process.pid === 2 && process.kernelThread && process.ppid === 0,
  );
  const own = snapshot.processes.find((process) => process.pid === snapshot.self);
  const links = {} as Record<NsType, Reading<number>>;
  for (const type of NS_TYPES) {
    links[type] = hostLink(type, snapshot.processes, [first, kthreadd, own]);
  }
  if (!last || !NS_TYPES.every((type) => sameReading(last?.[type], links[type]))) last = links;
  answers.set(snapshot.processes, last);
  return last;
}

function sameReading(a: Reading<number> | undefined, b: Reading<number>): boolean {
  if (!a) return false;
  return a.ok && b.ok ? a.value === b.value : !a.ok && !b.ok && a.why === b.why && a.path === b.path;
}

function hostLink(
  type: NsType,
  processes: readonly Process[],
  [first, kthreadd, own]: readonly (Process | undefined)[],
): Reading<number> {
  if (first?.ns[type].ok) return first.ns[type];
  const { initialInode } = NS_FACTS[type];
  if (
    initialInode !== null &&
    processes.some((process) => process.ns[type].ok && process.ns[type].value === initialInode)
  ) {
    return value(initialInode);
  }
  if (kthreadd?.ns[type].ok) return kthreadd.ns[type];
  return own?.ns[type] ?? first?.ns[type] ?? unread('gone', `/proc/1/ns/${type}`);
}

/** True where the reader's pid namespace is not the initial one (pid_namespaces(7)): what lies outside cannot be seen. */
export function isInsideContainer(snapshot: Pick<Snapshot, 'processes' | 'self'>): boolean {
  const own = snapshot.processes.find((process) => process.pid === snapshot.self)?.ns.pid;
  return own?.ok === true && own.value !== NS_FACTS.pid.initialInode;
}
