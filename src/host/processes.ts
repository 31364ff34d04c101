// Reads processes: stat, links, cgroup, owner, and where a row needs them NSpid and the command line. A process that ends meanwhile is dropped.
import { NS_TYPES, type NsType } from '../kernel/namespaces.ts';
import { parseCgroups } from '../kernel/proc/cgroup.ts';
import { parseCmdline } from '../kernel/proc/cmdline.ts';
import { parseNsLink } from '../kernel/proc/ns.ts';
import { parseStat, PF_KTHREAD, type Stat } from '../kernel/proc/stat.ts';
import { parseNspid } from '../kernel/proc/status.ts';
import { mapReading, type Reading, unread, value } from '../kernel/reading.ts';
import type { Process, ProcessRef, UnreadEntry } from '../model/types.ts';
import { ParseError } from '../text/errors.ts';
import type { HostFs } from './fs.ts';
import { dueIn, forgetUnused, type Kept, keepNothing, type KeptProcess, oneSet } from './kept.ts';

/** Pids that /proc lists, ascending; Unread where even the listing is refused. */
export function listPids(fs: HostFs): Reading<readonly number[]> {
  return mapReading(fs.list('/proc'), (names) =>
    names
      .filter((name) => /^[1-9]\d*$/.test(name))
      .map(Number)
      .sort((a, b) => a - b),
  );
}

/** The inode of one link of /proc/PID/ns (namespaces(7)). */
export function readNsLink(fs: HostFs, pid: number | string, link: string): Reading<number> {
  const path = `/proc/${pid}/ns/${link}`;
  return mapReading(fs.readLink(path), (text) => parseNsLink(text, path).inode);
}

/**
 * The eight links. All need the same ptrace access (PTRACE_MODE_READ_FSCREDS): where the first is denied the others are, and are not asked.
 * A zombie keeps pid and user and has lost the rest.
 */
function readLinks(fs: HostFs, pid: number, kept: Kept): Process['ns'] {
  const base = `/proc/${pid}/ns/`;
  const links = {} as Record<NsType, Reading<number>>;
  const first = readLink(fs, `${base}user`, kept.links);
  const refused = !first.ok && first.why === 'denied';
  for (const type of NS_TYPES) {
    if (type === 'user') links[type] = first;
    else links[type] = refused ? unread('denied', base + type) : readLink(fs, base + type, kept.links);
  }
  return oneSet(kept, links);
}

/** One link. Thousands of processes share a few texts: each is parsed once, and its Reading shared. */
function readLink(fs: HostFs, path: string, known: Kept['links']): Reading<number> {
  const text = fs.readLink(path);
  if (!text.ok) return text;
  const before = known.get(text.value);
  if (before !== undefined) return before;
  const made = value(parseNsLink(text.value, path).inode);
  known.set(text.value, made);
  return made;
}

export interface ReadProcesses {
  readonly processes: readonly Process[];
  /** Files whose form was not as their man page says: the process is left out, the file is named. */
  readonly unread: readonly UnreadEntry[];
}

export interface ReadOptions {
  readonly kept?: Kept;
  readonly wanted?: readonly ProcessRef[] | 'all';
}

/**
 * Every process that is there from the first look to the last; `self` is this program's pid, 0 in a recording. With what was `kept` from the last
 * look only those are read that dueIn (kept.ts) says, `wanted` among them; of the others that are still listed the last reading stands. A process
 * of which nothing has changed is the same value as before.
 */
export function readProcesses(
  fs: HostFs,
  self: number,
  { kept = keepNothing(), wanted = [] }: ReadOptions = {},
): ReadProcesses {
  const pids = listPids(fs);
  if (!pids.ok) return { processes: [], unread: [{ path: pids.path, why: pids.why }] };
  kept.look += 1;
  // A recording was made from the host's own pid namespace, as far as anybody can tell: pid 1's.
  const ownPidNs = readNsLink(fs, self > 0 ? self : 1, 'pid');
  const isDue = dueIn(kept, wanted);
  const now = new Map<number, KeptProcess>();
  const strange: UnreadEntry[] = [];
  for (const pid of pids.value) {
    const known = kept.processes.get(pid);
    if (known && !isDue(pid, known)) {
      now.set(pid, known);
      continue;
    }
    try {
      const read = readProcess(fs, pid, ownPidNs, kept);
      if (read) now.set(pid, remembered(kept.look, known, read));
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      strange.push({ path: error.file, why: 'unsupported' });
    }
  }
  kept.processes = now;
  forgetUnused(kept);
  return { processes: [...now.values()].map(({ process }) => process), unread: strange };
}

interface ReadProcess {
  readonly process: Process;
  readonly stat: string;
}

function remembered(
  look: number,
  known: KeptProcess | undefined,
  { process, stat }: ReadProcess,
): KeptProcess {
  if (known?.process.starttime !== process.starttime)
    return { process, full: null, stat, firstAt: look, readAt: look, changedAt: look };
  const same = isSame(known.process, process);
  if (!same || known.stat !== stat) known.changedAt = look;
  if (!same) {
    known.process = process;
    known.full = null;
  }
  known.stat = stat;
  known.readAt = look;
  return known;
}

/** Whether two readings of one process (its start is the same) say the same. */
function isSame(a: Process, b: Process): boolean {
  return (
    a.ppid === b.ppid &&
    a.comm === b.comm &&
    a.state === b.state &&
    a.kernelThread === b.kernelThread &&
    a.ns === b.ns &&
    a.cgroups === b.cgroups &&
    isSameReading(a.uid, b.uid) &&
    isSameReading(a.nspid, b.nspid)
  );
}

/** Of numbers, or of short lists of them. */
function isSameReading(
  a: Reading<number | readonly (number | string)[]> | null,
  b: Reading<number | readonly (number | string)[]> | null,
): boolean {
  if (!a?.ok || !b?.ok) return a === b || (a?.ok === false && b?.ok === false && a.why === b.why);
  return String(a.value) === String(b.value);
}

/** null where the process has ended, or another has its pid by now. */
function readProcess(fs: HostFs, pid: number, ownPidNs: Reading<number>, kept: Kept): ReadProcess | null {
  const path = `/proc/${pid}/stat`;
  if (!fs.held) return readUnheld(fs, pid, ownPidNs, kept);
  const held = fs.held(path, (read) => {
    const files = readFiles(fs, pid, kept);
    const text = read();
    if (!text.ok) return null;
    const process = processOf(fs, pid, parseStat(text.value, path), files, ownPidNs);
    // Its status was read after its stat.
    return process.nspid === null || read().ok ? { process, stat: text.value } : null;
  });
  return held.ok ? held.value : null;
}

/** Where no file can be held open the same start before and after tells that it is one process. */
function readUnheld(fs: HostFs, pid: number, ownPidNs: Reading<number>, kept: Kept): ReadProcess | null {
  const path = `/proc/${pid}/stat`;
  const text = fs.readText(path);
  if (!text.ok) return null;
  const stat = parseStat(text.value, path);
  const process = processOf(fs, pid, stat, readFiles(fs, pid, kept), ownPidNs);
  const again = fs.readText(path);
  if (!again.ok) return null;
  // An idle process' stat is the same text; only another one has to be looked into.
  if (again.value !== text.value && parseStat(again.value, path).starttime !== stat.starttime) return null;
  return { process, stat: text.value };
}

type Files = Pick<Process, 'ns' | 'cgroups' | 'uid'>;

/** What stands beside stat. */
function readFiles(fs: HostFs, pid: number, kept: Kept): Files {
  const ns = readLinks(fs, pid, kept);
  const cgroups = readCgroups(fs, `/proc/${pid}/cgroup`, kept.cgroups);
  const owner = fs.stat(`/proc/${pid}`);
  return { ns, cgroups, uid: owner.ok ? value(owner.value.uid) : owner };
}

/** Reads status too, for the pids inside, where the process is in another pid namespace than ours. */
function processOf(fs: HostFs, pid: number, stat: Stat, files: Files, ownPidNs: Reading<number>): Process {
  const { ns, cgroups, uid } = files;
  const elsewhere = !ns.pid.ok || !ownPidNs.ok || ns.pid.value !== ownPidNs.value;
  const kernelThread =
    (stat.flags & PF_KTHREAD) !== 0 || (pid === 2 && stat.ppid === 0 && stat.comm === 'kthreadd');
  const statusPath = `/proc/${pid}/status`;
  const nspid =
    elsewhere && !kernelThread
      ? mapReading(fs.readText(statusPath), (text) => parseNspid(text, statusPath))
      : null;
  return {
    pid,
    starttime: stat.starttime,
    ppid: stat.ppid,
    comm: stat.comm,
    state: stat.state,
    kernelThread,
    uid,
    nspid,
    cmdline: null,
    ns,
    cgroups,
  };
}

function readCgroups(fs: HostFs, path: string, known: Kept['cgroups']): Process['cgroups'] {
  const text = fs.readText(path);
  if (!text.ok) return text;
  const before = known.get(text.value);
  if (before !== undefined) return before;
  const made = value(parseCgroups(text.value, path));
  known.set(text.value, made);
  return made;
}

/** Characters: a command line can be megabytes long, and is read for a row of a screen. */
const LONGEST_CMDLINE = 65_536;

/**
 * The process with its command line read (proc_pid_cmdline(5)); a zombie's and a kernel thread's is empty. Of one that was `kept` and not read anew
 * in this look the last reading stands.
 */
export function withCmdline(fs: HostFs, process: Process, kept?: Kept): Process {
  const known = kept?.processes.get(process.pid);
  const full = known?.process === process ? known.full : null;
  if (full && known?.readAt !== kept?.look) return full;
  const made = { ...process, cmdline: readCmdline(fs, process) };
  if (full && isAsBefore(full, made)) return full;
  if (known?.process === process) known.full = made;
  return made;
}

/** Nothing but the command line can differ: both were made of the same. */
function isAsBefore(full: Process, made: Process): boolean {
  const [a, b] = [full.cmdline, made.cmdline];
  return a?.ok === true && b?.ok === true && a.value.join('\0') === b.value.join('\0');
}

function readCmdline(fs: HostFs, process: Process): Process['cmdline'] {
  if (process.kernelThread || process.state === 'Z') return value([]);
  return mapReading(fs.readText(`/proc/${process.pid}/cmdline`), (text) =>
    parseCmdline(text.length > LONGEST_CMDLINE ? `${text.slice(0, LONGEST_CMDLINE)}…` : text),
  );
}
