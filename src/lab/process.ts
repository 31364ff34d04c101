// Processes by identity (pid and starttime), the program that runs a lab, and the processes that carry a lab's mark.
// Signals only what it has just identified.
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostFs } from '../host/fs.ts';
import { parseStat, PF_KTHREAD, type Stat } from '../kernel/proc/stat.ts';
import type { ProcessRef } from '../model/types.ts';
import { ParseError } from '../text/errors.ts';
import { clean } from '../text/sanitize.ts';

/** The variable in the environment of everything that a lab starts: whose it is. */
export const MARK = 'NSCOPE_LAB';

function statOf(fs: HostFs, pid: number | 'self'): Stat | null {
  const path = `/proc/${pid}/stat`;
  const text = fs.readText(path);
  if (!text.ok) return null;
  try {
    return parseStat(text.value, path);
  } catch (error) {
    // A read that met the process' end can be empty.
    if (error instanceof ParseError) return null;
    throw error;
  }
}

/** The identity of a process that is there now; null where it has ended (a zombie has). */
export function identify(fs: HostFs, pid: number): ProcessRef | null {
  const stat = statOf(fs, pid);
  return stat === null || stat.state === 'Z' || stat.state === 'X'
    ? null
    : { pid, starttime: stat.starttime };
}

/** PF_EXITING of the kernel's sched.h: it is in exit(2), with its memory perhaps gone and its environment with it. */
const PF_EXITING = 0x4;

/** True where this very process is about to end by itself, and where it has. */
export function isEnding(fs: HostFs, { pid, starttime }: ProcessRef): boolean {
  const stat = statOf(fs, pid);
  return stat === null || stat.starttime !== starttime || (stat.flags & PF_EXITING) !== 0;
}

/** True while this very process lives; a zombie does not. */
export function isAlive(fs: HostFs, ref: ProcessRef): boolean {
  return identify(fs, ref.pid)?.starttime === ref.starttime;
}

/** Signals this very process, looking at its identity right before. False where it has ended or may not be signalled. */
export function signalProcess(fs: HostFs, ref: ProcessRef, signal: NodeJS.Signals): boolean {
  if (ref.pid <= 1 || !isAlive(fs, ref)) return false;
  try {
    return process.kill(ref.pid, signal);
  } catch {
    return false;
  }
}

/** The program that runs a lab, so that it can be told from another that has its pid later, or after a reboot. */
export interface Runner extends ProcessRef {
  readonly boot: string;
  /** The link text of its pid namespace: its pid means nothing in another. */
  readonly pidNamespace: string;
}

function bootId(fs: HostFs): string {
  const text = fs.readText('/proc/sys/kernel/random/boot_id');
  return text.ok ? text.value.trim() : '';
}

function pidNamespace(fs: HostFs): string {
  const link = fs.readLink('/proc/self/ns/pid');
  return link.ok ? link.value : '';
}

/** This program. */
export function thisRunner(fs: HostFs): Runner {
  const starttime = identify(fs, process.pid)?.starttime ?? 0;
  return { pid: process.pid, starttime, boot: bootId(fs), pidNamespace: pidNamespace(fs) };
}

/** `unknown`: it was started in another pid namespace of this boot, and cannot be seen from here. */
export type RunState = 'live' | 'dead' | 'unknown';

export function runStateOf(fs: HostFs, runner: Runner): RunState {
  if (!sameBoot(fs, runner)) return 'dead';
  if (runner.pidNamespace !== pidNamespace(fs)) return 'unknown';
  return isAlive(fs, runner) ? 'live' : 'dead';
}

export function sameBoot(fs: HostFs, runner: Runner): boolean {
  return runner.boot === bootId(fs);
}

export interface MarkedProcess extends ProcessRef {
  /** Sanitised. */
  readonly comm: string;
  readonly lab: string;
}

/** The lab whose mark a process carries (proc_pid_environ(5): as it was at its last exec); null where it carries none, undefined where that may not be read. */
function markOf(fs: HostFs, pid: number): string | null | undefined {
  const environ = fs.readText(`/proc/${pid}/environ`);
  if (!environ.ok) return undefined;
  const mark = environ.value.split('\0').find((word) => word.startsWith(`${MARK}=`));
  const lab = mark?.slice(MARK.length + 1);
  return lab !== undefined && /^[0-9a-f]{8}$/.test(lab) ? lab : null;
}

/**
 * Every process whose environment (proc_pid_environ(5): as it was at its last exec) carries a lab's mark. Takes the mmap
 * lock of each process that it reads: for cleanup and audit, not for a refresh.
 *
 * @param since only processes that started at this starttime or later: a lab's are not older than its program.
 */
export function markedProcesses(fs: HostFs, since = 0): readonly MarkedProcess[] {
  const names = fs.list('/proc');
  const found: MarkedProcess[] = [];
  for (const name of names.ok ? names.value : []) {
    if (!/^[1-9]\d*$/.test(name)) continue;
    const pid = Number(name);
    const stat = statOf(fs, pid);
    if (stat === null || stat.starttime < since || (stat.flags & PF_KTHREAD) !== 0) continue;
    if (stat.state === 'Z' || stat.state === 'X') continue;
    const lab = markOf(fs, pid);
    if (lab === undefined || lab === null) continue;
    found.push({ pid, starttime: stat.starttime, comm: clean(stat.comm), lab });
  }
  return found.sort((a, b) => a.pid - b.pid);
}

/** Identities, as text that a set can hold. */
function keyOf({ pid, starttime }: ProcessRef): string {
  return `${pid} ${starttime}`;
}

/** The processes of a lab, as far as they have been told apart. */
export interface Family {
  /** True for what carries the lab's mark or descends from what is in the family. It stays in, when its parents end. */
  has(ref: ProcessRef): boolean;
}

/**
 * Takes in `roots`, what carries the lab's mark, and all their descendants, as they are now: to be asked for before any
 * of them is killed, as the kernel does not tell whose child an orphan was.
 *
 * @param since what is older is none of the lab's.
 */
export function familyOf(fs: HostFs, lab: string, since: number, roots: readonly ProcessRef[]): Family {
  const known = new Set(roots.filter((ref) => ref.starttime >= since && isAlive(fs, ref)).map(keyOf));
  const has = (ref: ProcessRef): boolean => {
    const line: ProcessRef[] = [];
    for (let pid = ref.pid; pid > 1 && !line.some((one) => one.pid === pid); ) {
      const stat = statOf(fs, pid);
      if (stat === null || stat.starttime < since || (pid === ref.pid && stat.starttime !== ref.starttime)) {
        return false;
      }
      line.push({ pid, starttime: stat.starttime });
      if (known.has(`${pid} ${stat.starttime}`) || markOf(fs, pid) === lab) {
        for (const one of line) known.add(keyOf(one));
        return true;
      }
      pid = stat.ppid;
    }
    return false;
  };
  const names = fs.list('/proc');
  for (const name of names.ok ? names.value : []) {
    const ref = /^[1-9]\d*$/.test(name) ? identify(fs, Number(name)) : null;
    if (ref !== null && ref.starttime >= since) has(ref);
  }
  return { has };
}

/**
 * True where a process that a journal names can be the lab's: not older than its program, and with the lab's mark, or
 * a descendant of this very program. One whose environment may not be read, or is no more as it ends, is taken at the
 * journal's word.
 */
export function canBeOf(fs: HostFs, lab: string, since: number, ref: ProcessRef): boolean {
  if (ref.starttime < since) return false;
  if (isEnding(fs, ref)) return true;
  const mark = markOf(fs, ref.pid);
  if (mark === lab || mark === undefined) return true;
  const seen = new Set<number>();
  for (let pid = ref.pid; pid > 1 && !seen.has(pid); pid = statOf(fs, pid)?.ppid ?? 0) {
    if (pid === process.pid) return true;
    seen.add(pid);
  }
  return false;
}

/**
 * What is found time and again for 300 ms, null where it is not. A process has no environment for a moment while it
 * executes another program: what is found once may be a process of the lab.
 */
export async function lasting(find: () => ProcessRef | undefined): Promise<ProcessRef | null> {
  const until = Date.now() + 300;
  for (;;) {
    const found = find();
    if (found === undefined) return null;
    if (Date.now() > until) return found;
    await sleep(20);
  }
}

/** This program and its ancestors, as far as the pid namespace shows them: never to be killed by a cleanup. */
export function ownLine(fs: HostFs): ReadonlySet<number> {
  const line = new Set<number>();
  for (let pid = process.pid; pid > 0 && !line.has(pid); pid = statOf(fs, pid)?.ppid ?? 0) line.add(pid);
  return line;
}

/**
 * Kills what `find` finds, again and again (a process may fork while it is being killed), until it finds nothing more or
 * 5 s are over. `find` is asked anew each time and must leave out what is not to be killed.
 *
 * @returns all that were signalled, and those that are still there.
 */
export async function killAll(
  fs: HostFs,
  find: () => readonly ProcessRef[],
): Promise<{ readonly killed: readonly ProcessRef[]; readonly left: readonly ProcessRef[] }> {
  const killed = new Map<string, ProcessRef>();
  const until = Date.now() + 5000;
  for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
    const there = find();
    if (there.length === 0 || Date.now() > until) return { killed: [...killed.values()], left: there };
    for (const ref of there) {
      if (signalProcess(fs, ref, 'SIGKILL')) killed.set(`${ref.pid} ${ref.starttime}`, ref);
    }
    await sleep(pause);
  }
}
