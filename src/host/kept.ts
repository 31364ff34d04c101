// What a reader keeps from one look at a host to the next, so that ten thousand processes are not read anew each second, and what is the same stays
// one value. Reads nothing.
import type { CgroupMembership } from '../kernel/proc/cgroup.ts';
import { NS_TYPES } from '../kernel/namespaces.ts';
import type { Reading } from '../kernel/reading.ts';
import type { Process, ProcessRef } from '../model/types.ts';

/** One process as it was last read. */
export interface KeptProcess {
  /** Without its command line. */
  process: Process;
  /** With it; null while nobody wanted it. */
  full: Process | null;
  /** The text of /proc/PID/stat. */
  stat: string;
  /** Numbers of looks: the first that saw it, the last that read it, the last that found it changed. */
  readonly firstAt: number;
  readAt: number;
  changedAt: number;
}

export interface Kept {
  /** Number of the look. */
  look: number;
  /** By pid. */
  processes: Map<number, KeptProcess>;
  /** Texts that most processes share, each parsed once: cgroup files and links. */
  readonly cgroups: Map<string, Reading<readonly CgroupMembership[]>>;
  readonly links: Map<string, Reading<number>>;
  /** Sets of links that most processes share, by the sum of their inodes. */
  readonly sets: Map<number, Process['ns'][]>;
}

export function keepNothing(): Kept {
  return { look: 0, processes: new Map(), cgroups: new Map(), links: new Map(), sets: new Map() };
}

/** So many processes are read in each look, whatever has happened; of more than that each has its turn, at the latest in every `MOST_TURNS`th. */
const EACH_LOOK = 400;
const MOST_TURNS = 8;
/** A process that has just begun is still being put where it belongs: unshare(2), cgroup.procs, execve(2). */
const YOUNG_LOOKS = 5;

/** Which of the processes that are known already are to be read in this look: those that are wanted, young or astir, and those whose turn it is. */
export function dueIn(
  kept: Kept,
  wanted: readonly ProcessRef[] | 'all',
): (pid: number, known: KeptProcess) => boolean {
  if (wanted === 'all') return () => true;
  const pids = new Set(wanted.map(({ pid }) => pid));
  const turns = Math.min(MOST_TURNS, Math.ceil(kept.processes.size / EACH_LOOK));
  return (pid, known) =>
    turns <= 1 ||
    (pid + kept.look) % turns === 0 ||
    kept.look - known.firstAt < YOUNG_LOOKS ||
    known.changedAt === known.readAt ||
    pids.has(pid);
}

/** The set that has been met before, where there is one that says the same. */
export function oneSet(kept: Kept, ns: Process['ns']): Process['ns'] {
  let sum = 0;
  for (const type of NS_TYPES) {
    const link = ns[type];
    // A refusal names the process.
    if (!link.ok) return ns;
    sum += link.value;
  }
  const known = kept.sets.get(sum) ?? [];
  const same = known.find((one) => NS_TYPES.every((type) => one[type] === ns[type]));
  if (same) return same;
  kept.sets.set(sum, [...known, ns]);
  return ns;
}

/** Looks between two clearings of what no process has any more. */
const CLEAR_EVERY = 32;

export function forgetUnused(kept: Kept): void {
  if (kept.look % CLEAR_EVERY !== 0) return;
  const used = new Set<unknown>();
  for (const { process } of kept.processes.values()) {
    used.add(process.cgroups).add(process.ns);
    for (const type of NS_TYPES) used.add(process.ns[type]);
  }
  for (const texts of [kept.cgroups, kept.links])
    for (const [text, reading] of texts) if (!used.has(reading)) texts.delete(text);
  for (const [sum, sets] of kept.sets) {
    const left = sets.filter((one) => used.has(one));
    if (left.length === 0) kept.sets.delete(sum);
    else kept.sets.set(sum, left);
  }
}
