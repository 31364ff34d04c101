// Compares our reading of a host with what other programs print of it: pure, one function for each program. Asking them is host/oracles.ts'.
// The protocol of quality.md: own scan, the other program, own scan; what differs between the two own scans moved and is not compared.
import { isNsType, NS_TYPES, type NsType } from '../kernel/namespaces.ts';
import type { Reading } from '../kernel/reading.ts';
import { type NsRow, nsRows } from './nslist.ts';
import type { Process, Snapshot } from './types.ts';

export interface Difference {
  /** `uts:4026531838 nprocs`, `pid 7 netns` … */
  readonly subject: string;
  readonly here: string;
  readonly there: string;
}

/** Known ways in which the other program sees less or counts otherwise; kernel-facts.md §7 tells of each. */
export type Trap =
  | 'counts-itself'
  | 'needs-a-process'
  | 'unreadable-there'
  /** lsfd lists its own descriptors (util-linux 2.41 opens namespaces itself, 2.38 does not), and those of whoever lived only while it ran. */
  | 'passing-process'
  /** runc looks for its stored pid in its own pid namespace, and calls a container stopped that runs in another's. */
  | 'other-pid-namespace';

export interface Comparison {
  /** Values that were equal or not. */
  readonly compared: number;
  /** Values that changed between our own scans. */
  readonly moved: number;
  readonly differences: readonly Difference[];
  /** Known traps met, with how often. */
  readonly traps: Readonly<Partial<Record<Trap, number>>>;
}

/** A row of `lsns -J -l -o NS,TYPE,NPROCS,PID,UID,PNS,ONS`. */
export interface LsnsRow {
  readonly ns: number;
  readonly type: string;
  readonly nprocs: number;
  readonly pid: number | null;
  readonly uid: number | null;
  readonly pns: number | null;
  readonly ons: number | null;
}

/** A row of `ps -eo pid=,pidns=,…`: null where ps printed `-` (it could not read the link). */
export interface PsRow {
  readonly pid: number;
  readonly ns: Readonly<Partial<Record<NsType, number | null>>>;
}

/** A row of `findmnt -J -t nsfs -o TARGET,FSROOT`. */
export interface FindmntRow {
  readonly target: string;
  /** As `net:[4026532177]`. */
  readonly fsroot: string;
}

/** A row of `lsfd -n -r -o PID,FD,NAME`: a descriptor of a namespace's file, its name as `net:[4026532177]`. */
export interface LsfdRow {
  readonly pid: number;
  readonly fd: number;
  readonly name: string;
}

/** What an engine's top says of a container: the pids of its processes, in the engine's own pid namespace. */
export interface TopRow {
  readonly id: string;
  readonly pids: readonly number[];
}

/** A row of `runc --root R list -f json`; `pid` 0 where runc takes it for stopped. */
export interface RuncRow {
  readonly id: string;
  readonly pid: number;
  readonly status: string;
}

interface Tally {
  readonly trap: (trap: Trap) => void;
  /** `before` and `after` are our own; undefined where it was not there. */
  readonly value: (
    subject: string,
    before: string | undefined,
    after: string | undefined,
    there: string | undefined,
  ) => void;
  readonly result: () => Comparison;
}

function newTally(): Tally {
  let compared = 0;
  let moved = 0;
  const differences: Difference[] = [];
  const traps: Partial<Record<Trap, number>> = {};
  return {
    trap(trap) {
      traps[trap] = (traps[trap] ?? 0) + 1;
    },
    value(subject, before, after, there) {
      if (before !== after) {
        moved += 1;
        return;
      }
      compared += 1;
      if (after !== there) differences.push({ subject, here: after ?? 'missing', there: there ?? 'missing' });
    },
    result: () => ({ compared, moved, differences, traps }),
  };
}

const key = (type: string, inode: number) => `${type}:${inode}`;

function word(reading: Reading<number | null> | null): string {
  if (reading === null) return '-';
  return reading.ok ? String(reading.value ?? '-') : '?';
}

function fieldsOf(row: NsRow): Readonly<Record<string, string>> {
  return {
    nprocs: String(row.nprocs),
    pid: String(row.pid ?? '-'),
    uid: word(row.uid),
    owner: word(row.owner),
    parent: word(row.parent),
  };
}

/** Each namespace of lsns(8): there, with the same members, first process, user, owner and parent; and what it does not list. */
export function compareLsns(before: Snapshot, rows: readonly LsnsRow[], after: Snapshot): Comparison {
  const tally = newTally();
  const [first, second] = [before, after].map(
    (snapshot) => new Map(nsRows(snapshot).map((row) => [key(row.type, row.inode), row])),
  );
  const self = after.processes.find(({ pid }) => pid === after.self);
  const listed = new Set<string>();
  for (const row of rows) {
    const name = key(row.type, row.ns);
    listed.add(name);
    const was = first?.get(name);
    const is = second?.get(name);
    if (!was || !is) {
      tally.value(name, was && 'listed', is && 'listed', 'listed');
      continue;
    }
    const link = isNsType(row.type) ? self?.ns[row.type] : undefined;
    // lsns is our child, in our own namespaces, and counts itself there.
    const itself = link?.ok && link.value === row.ns ? 1 : 0;
    if (itself > 0) tally.trap('counts-itself');
    const there: Readonly<Record<string, string>> = {
      nprocs: String(row.nprocs - itself),
      pid: String(row.pid ?? '-'),
      uid: String(row.uid ?? '-'),
      owner: String(row.ons || '-'),
      parent: String(row.pns || '-'),
    };
    const [old, now] = [fieldsOf(was), fieldsOf(is)];
    // util-linux 2.39 and later list namespaces without a process, with 0 for the user of nobody.
    const fields = row.nprocs === 0 ? ['nprocs', 'owner', 'parent'] : Object.keys(now);
    for (const field of fields) tally.value(`${name} ${field}`, old[field], now[field], there[field]);
  }
  for (const [name, row] of second ?? []) {
    if (listed.has(name)) continue;
    // Held by a mount, a descriptor, a thread or a child alone: lsns starts from processes.
    if (row.nprocs === 0) tally.trap('needs-a-process');
    else tally.value(name, first?.get(name) && 'listed', 'listed', undefined);
  }
  return tally.result();
}

/** Each process of ps(1) with its eight links. A kernel thread and a zombie are compared like any other. */
export function comparePs(before: Snapshot, rows: readonly PsRow[], after: Snapshot): Comparison {
  const tally = newTally();
  const [first, second] = [before, after].map(
    (snapshot) => new Map(snapshot.processes.map((process) => [process.pid, process])),
  );
  const there = new Map(rows.map((row) => [row.pid, row]));
  for (const [pid, process] of second ?? []) {
    const was = first?.get(pid);
    if (was?.starttime !== process.starttime) {
      tally.value(`pid ${pid}`, undefined, 'listed', undefined);
      continue;
    }
    const row = there.get(pid);
    if (!row) {
      tally.value(`pid ${pid}`, 'listed', 'listed', undefined);
      continue;
    }
    for (const type of NS_TYPES) {
      const other = row.ns[type];
      if (other === undefined) continue;
      const own = linkWord(process, type);
      if (other === null && own !== '-') tally.trap('unreadable-there');
      else tally.value(`pid ${pid} ${type}`, linkWord(was, type), own, other === null ? '-' : String(other));
    }
  }
  return tally.result();
}

/** ps prints `-` for a link that it could not read, whatever the reason. */
function linkWord(process: Process, type: NsType): string {
  const link = process.ns[type];
  return link.ok ? String(link.value) : '-';
}

/** Each bind mount of a namespace that findmnt(8) shows in our mount namespace; a doubled mount point counts once on both sides. */
export function compareFindmnt(before: Snapshot, rows: readonly FindmntRow[], after: Snapshot): Comparison {
  const tally = newTally();
  const [first, second] = [before, after].map(pinsOf);
  const there = new Set(rows.map(({ fsroot, target }) => `${fsroot} ${target}`));
  for (const pin of new Set([...(second ?? []), ...there])) {
    const listed = (has: boolean | undefined) => (has ? 'mounted' : undefined);
    tally.value(pin, listed(first?.has(pin)), listed(second?.has(pin)), listed(there.has(pin)));
  }
  return tally.result();
}

/** `net:[4026532177] /run/netns/blue`, once each. */
function pinsOf(snapshot: Snapshot): ReadonlySet<string> {
  return new Set(
    snapshot.mounts
      .filter(({ fstype }) => fstype === 'nsfs')
      .map((mount) => `${mount.root} ${mount.mountPoint}`),
  );
}

/** What an engine's inspect says of a container: State.Pid, in the engine's own pid namespace. */
export interface InspectRow {
  readonly id: string;
  readonly pid: number;
}

/** Each running container of an engine: there, and its first process the one that the engine names, by any of its numbers (NSpid). */
export function compareEngine(before: Snapshot, rows: readonly InspectRow[], after: Snapshot): Comparison {
  const tally = newTally();
  for (const row of rows.filter(({ pid }) => pid > 0)) {
    const [was, is] = [before, after].map((snapshot) => initNumbers(snapshot, row.id));
    const right = (numbers: readonly number[] | null | undefined) =>
      numbers === null || numbers === undefined
        ? undefined
        : numbers.includes(row.pid)
          ? String(row.pid)
          : numbers.join(' ');
    tally.value(`container ${row.id.slice(0, 12)} pid`, right(was), right(is), String(row.pid));
  }
  return tally.result();
}

function initNumbers(snapshot: Snapshot, id: string): readonly number[] | null {
  const init = snapshot.containers.find((container) => container.id === id)?.init;
  const process = init && snapshot.processes.find(({ pid }) => pid === init.pid);
  if (!process) return null;
  return process.nspid?.ok ? process.nspid.value : [process.pid];
}

/** Each open fd of a namespace (lsfd(1)) of a process that one of the own scans has; both come of a deep look. */
export function compareLsfd(before: Snapshot, rows: readonly LsfdRow[], after: Snapshot): Comparison {
  const tally = newTally();
  const [first, second] = [before, after].map(nsFds);
  const seen = new Set([...before.processes, ...after.processes].map(({ pid }) => pid));
  const lasting = rows.filter(({ pid }) => seen.has(pid));
  for (let at = lasting.length; at < rows.length; at += 1) tally.trap('passing-process');
  const there = new Set(lasting.map(({ pid, fd, name }) => `pid ${pid} fd ${fd} ${name}`));
  for (const fd of new Set([...(second ?? []), ...there])) {
    const open = (has: boolean | undefined) => (has ? 'open' : undefined);
    tally.value(fd, open(first?.has(fd)), open(second?.has(fd)), open(there.has(fd)));
  }
  return tally.result();
}

/** `pid 7 fd 3 net:[4026532177]`. */
function nsFds(snapshot: Snapshot): ReadonlySet<string> {
  return new Set(
    snapshot.namespaces.flatMap(({ type, inode, holders }) =>
      holders.flatMap((holder) =>
        holder.kind === 'fd' ? [`pid ${holder.pid} fd ${holder.fd} ${type}:[${inode}]`] : [],
      ),
    ),
  );
}

/** Each process of each container that an engine's top lists, and no other; by any number of NSpid. */
export function compareTop(before: Snapshot, rows: readonly TopRow[], after: Snapshot): Comparison {
  const tally = newTally();
  for (const { id, pids } of rows) {
    const name = `container ${id.slice(0, 12)}`;
    const [was, is] = [before, after].map((snapshot) => memberNumbers(snapshot, id));
    const has = (members: ReturnType<typeof memberNumbers> | undefined, pid: number) =>
      members?.some((numbers) => numbers.includes(pid)) ? 'member' : undefined;
    for (const pid of pids) tally.value(`${name} pid ${pid}`, has(was, pid), has(is, pid), 'member');
    for (const [pid = 0, ...inside] of is ?? []) {
      if (pids.includes(pid) || inside.some((number) => pids.includes(number))) continue;
      tally.value(`${name} pid ${pid}`, has(was, pid), 'member', undefined);
    }
  }
  return tally.result();
}

function memberNumbers(snapshot: Snapshot, id: string): readonly (readonly number[])[] {
  const container = snapshot.containers.find((one) => one.id === id);
  return (container?.pids ?? []).flatMap((pid) => {
    const process = snapshot.processes.find((one) => one.pid === pid);
    if (!process) return [];
    return [process.nspid?.ok ? process.nspid.value : [pid]];
  });
}

/** Each container of runc's that has a first process; what runc takes for stopped and is found alive in another pid namespace is a trap. */
export function compareRunc(before: Snapshot, rows: readonly RuncRow[], after: Snapshot): Comparison {
  const tally = newTally();
  for (const row of rows) {
    const [was, is] = [before, after].map((snapshot) => initNumbers(snapshot, row.id));
    if (row.pid === 0) {
      if (is && is.length > 1) tally.trap('other-pid-namespace');
      else tally.value(`container ${row.id} alive`, was ? 'yes' : 'no', is ? 'yes' : 'no', 'no');
      continue;
    }
    const right = (numbers: readonly number[] | null | undefined) =>
      !numbers ? undefined : numbers.includes(row.pid) ? String(row.pid) : numbers.join(' ');
    tally.value(`container ${row.id} pid`, right(was), right(is), String(row.pid));
  }
  return tally.result();
}
