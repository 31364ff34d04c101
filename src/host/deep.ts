// The deep look, on demand and never in a refresh: threads, namespaces for children, open fds, and (deep-mounts.ts) the mounts of other mount
// namespaces. Goes in slices of some milliseconds, tells its progress and can be cancelled. Opens nothing and enters nothing.
import { setImmediate } from 'node:timers/promises';
import { NS_TYPES } from '../kernel/namespaces.ts';
import { hostNamespaces } from '../model/hostview.ts';
import type { Mount, Process, Snapshot } from '../model/types.ts';
import { type DeepLook, type DeepOptions, type Finding, namespaceOf } from './deep-findings.ts';
import { lookAtMounts } from './deep-mounts.ts';
import type { HostFs } from './fs.ts';

/** A key in a terminal is to be answered within a frame (16 ms). */
const SLICE_MS = 8;
/** Links read between two looks at the clock. */
const STRIDE = 64;

const FOR_CHILDREN = ['pid_for_children', 'time_for_children'] as const;

/** What has been counted so far; DeepCoverage is made of it. */
interface Counts {
  threads: { read: number; denied: number };
  fds: { read: number; denied: number };
  unborn: number;
}

/**
 * All that holds a namespace of the processes of `seen` beside their membership. The findings are true of processes that a later scan
 * still finds with the same start; hand them to it (`ScanOptions.deep`).
 * Rejects with the signal's reason once it is aborted.
 */
export async function readDeep(
  fs: HostFs,
  seen: Pick<Snapshot, 'processes' | 'self' | 'mounts' | 'nsDev'>,
  options: DeepOptions = {},
): Promise<DeepLook> {
  const progress = { done: 0, total: seen.processes.length };
  const steps = look(fs, seen, progress);
  let since = performance.now();
  for (;;) {
    options.signal?.throwIfAborted();
    const step = steps.next();
    if (step.done) {
      options.onProgress?.({ done: progress.total, total: progress.total });
      return step.value;
    }
    if (performance.now() - since < SLICE_MS) continue;
    options.onProgress?.({ ...progress });
    await setImmediate();
    since = performance.now();
  }
}

function* look(
  fs: HostFs,
  seen: Pick<Snapshot, 'processes' | 'self' | 'mounts' | 'nsDev'>,
  progress: { done: number; total: number },
): Generator<void, DeepLook> {
  const findings: Finding[] = [];
  const counts: Counts = { threads: { read: 0, denied: 0 }, fds: { read: 0, denied: 0 }, unborn: 0 };
  for (const process of seen.processes) {
    // A thread of the kernel has neither threads nor files of its own.
    if (!process.kernelThread) yield* lookAtProcess(fs, process, seen.nsDev, findings, counts);
    progress.done += 1;
    yield;
  }
  const own = seen.self > 0 ? seen.processes.find(({ pid }) => pid === seen.self)?.ns.mnt : undefined;
  const ownMnt = own ?? hostNamespaces(seen).mnt;
  const mounts: readonly Mount[] = seen.mounts;
  const { mountNamespaces, untoldMounts } = yield* lookAtMounts(fs, {
    processes: seen.processes,
    own: { inode: ownMnt.ok ? ownMnt.value : null, mounts, reader: seen.self > 0 ? seen.self : 1 },
    findings,
    progress,
  });
  return {
    findings,
    coverage: {
      threads: counts.threads,
      fds: counts.fds,
      mountNamespaces,
      sockets: 'not scanned',
      untoldMounts,
      unborn: counts.unborn,
    },
  };
}

function* lookAtProcess(
  fs: HostFs,
  process: Process,
  nsDev: number | null,
  findings: Finding[],
  counts: Counts,
): Generator<void> {
  const proc = `/proc/${process.pid}`;
  const own = readLinks(fs, `${proc}/ns`);
  if (own !== 'denied') addForChildren(process, null, `${proc}/ns`, own, own, findings, counts);
  const tasks = fs.list(`${proc}/task`);
  const tids = tasks.ok
    ? tasks.value
        .map(Number)
        .filter((tid) => tid > 0 && tid !== process.pid)
        .sort((a, b) => a - b)
    : [];
  if (own === 'denied' || (!tasks.ok && tasks.why === 'denied')) counts.threads.denied += 1;
  else if (tasks.ok) {
    let denied = false;
    for (const tid of tids) {
      denied = !addThread(fs, process, tid, own, findings, counts) || denied;
      yield;
    }
    // A thread can have credentials of its own.
    if (denied) counts.threads.denied += 1;
    else counts.threads.read += 1;
  }
  // A first thread that has ended (a zombie) shows no fds, though its process lives on and has them.
  const living =
    process.state === 'Z' ? tids.slice(0, 1).map((tid) => `${proc}/task/${tid}/fd`) : [`${proc}/fd`];
  for (const directory of living) yield* lookAtFds(fs, process, directory, nsDev, findings, counts);
}

type Links = Readonly<Record<string, string | null>>;

/** The ten links of a /proc/PID/ns; null for one that is empty (a zombie's, and `pid_for_children` before the first child). */
function readLinks(fs: HostFs, directory: string): Links | 'denied' {
  const links: Record<string, string | null> = {};
  for (const name of ['user', ...NS_TYPES.filter((type) => type !== 'user'), ...FOR_CHILDREN]) {
    const link = fs.readLink(`${directory}/${name}`);
    // All need the same ptrace access: with the first the others are denied too.
    if (!link.ok && link.why === 'denied') return 'denied';
    links[name] = link.ok ? link.value : null;
  }
  return links;
}

/** `own`: the links of the process, of which a thread's are told only where they differ. */
function addForChildren(
  process: Process,
  tid: number | null,
  directory: string,
  links: Links,
  own: Links,
  findings: Finding[],
  counts: Counts,
): void {
  const { pid, starttime } = process;
  for (const link of FOR_CHILDREN) {
    const text = links[link] ?? null;
    const current = links[link === 'pid_for_children' ? 'pid' : 'time'];
    const found = text === null ? null : namespaceOf(text);
    // Empty while the namespace has no first process. A zombie, or a recording without these links, lacks the other one as well.
    const isUnborn = link === 'pid_for_children' && text === null && links['time_for_children'];
    if (isUnborn && (tid === null || own[link])) counts.unborn += 1;
    if (!found || text === current || (tid !== null && text === own[link])) continue;
    findings.push({
      ...found,
      holder: { kind: 'forChildren', pid, starttime, tid, link },
      by: { pid, starttime },
      path: `${directory}/${link}`,
    });
  }
}

/** False where the kernel refused. */
function addThread(
  fs: HostFs,
  process: Process,
  tid: number,
  own: Links,
  findings: Finding[],
  counts: Counts,
): boolean {
  const directory = `/proc/${process.pid}/task/${tid}/ns`;
  const links = readLinks(fs, directory);
  if (links === 'denied') return false;
  const { pid, starttime } = process;
  for (const type of NS_TYPES) {
    const text = links[type] ?? null;
    const found = text === null ? null : namespaceOf(text);
    if (!found || text === own[type]) continue;
    findings.push({
      ...found,
      holder: { kind: 'thread', pid, starttime, tid },
      by: { pid, starttime },
      path: `${directory}/${type}`,
    });
  }
  addForChildren(process, tid, directory, links, own, findings, counts);
  return true;
}

function* lookAtFds(
  fs: HostFs,
  process: Process,
  directory: string,
  nsDev: number | null,
  findings: Finding[],
  counts: Counts,
): Generator<void> {
  const names = fs.list(directory);
  if (!names.ok) {
    if (names.why === 'denied') counts.fds.denied += 1;
    return;
  }
  const { pid, starttime } = process;
  const fds = names.value.map(Number).sort((a, b) => a - b);
  for (const [at, fd] of fds.entries()) {
    if (at % STRIDE === STRIDE - 1) yield;
    const path = `${directory}/${fd}`;
    const link = fs.readLink(path);
    if (!link.ok && link.why === 'denied') {
      counts.fds.denied += 1;
      return;
    }
    const found = link.ok ? namespaceOf(link.value) : null;
    if (!found) continue;
    // The text alone proves nothing (another file system may print the like): nsfs and this inode do.
    const file = fs.stat(path);
    if (file.ok && nsDev !== null && (file.value.dev !== nsDev || file.value.ino !== found.inode)) continue;
    findings.push({ ...found, holder: { kind: 'fd', pid, starttime, fd }, by: { pid, starttime }, path });
  }
  counts.fds.read += 1;
}
