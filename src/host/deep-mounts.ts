// The part of the deep look that reads mountinfo of every other mount namespace, one process (or thread) each: bind mounts of namespace files,
// and mounts of proc, each of which holds a pid namespace. Enters no mount namespace; a path that could block is not followed.
import { parseMountinfo } from '../kernel/proc/mountinfo.ts';
import type { DeepCoverage, Holder, Mount, Process, ProcessRef } from '../model/types.ts';
import { ParseError } from '../text/errors.ts';
import { type Finding, namespaceOf } from './deep-findings.ts';
import type { HostFs } from './fs.ts';

/** File systems whose server may not answer: a path across one of them is not looked up. */
const REMOTE =
  /^(nfs4?|cifs|smb3?|9p|ceph|afs|lustre|ocfs2|gfs2|virtiofs|vboxsf|autofs|fuse|fuse\..*|fuseblk)$/;

/** What a pid namespace's first process is called below a mount of its proc. */
const FIRST = '1/ns/pid';

interface Task {
  /** /proc/PID, or /proc/PID/task/TID. */
  readonly proc: string;
  readonly id: number;
  readonly by: ProcessRef;
}

/** The mounts of one mount namespace as one of its tasks shows them. */
interface Seen {
  readonly inode: number | null;
  readonly mounts: readonly Mount[];
  readonly by: ProcessRef;
  readonly via: { readonly id: number; readonly chrooted: boolean } | null;
  /** What to put before a mount point to reach it from here. */
  readonly base: string;
}

export interface MountLook {
  readonly processes: readonly Process[];
  /** Our own mount namespace (null where its number was denied), its mounts, and a process in it. */
  readonly own: { readonly inode: number | null; readonly mounts: readonly Mount[]; readonly reader: number };
  /** Those so far; what is found here is added. */
  readonly findings: Finding[];
  readonly progress: { done: number; total: number };
}

/** Adds to `look.findings`; yields after each mount namespace. */
export function* lookAtMounts(
  fs: HostFs,
  look: MountLook,
): Generator<void, Pick<DeepCoverage, 'mountNamespaces' | 'untoldMounts'>> {
  const tasks = tasksOf(look);
  look.progress.total += tasks.size;
  let denied = 0;
  const seen: Seen[] = [];
  for (const [inode, candidates] of tasks) {
    const found = readMounts(fs, inode, candidates);
    if (found === 'denied') denied += 1;
    else if (found) seen.push(found);
    look.progress.done += 1;
    yield;
  }
  const read = seen.length;
  const reader = look.processes.find(({ pid }) => pid === look.own.reader);
  const by = reader ?? { pid: look.own.reader, starttime: 0 };
  const own: Seen = { inode: look.own.inode, mounts: look.own.mounts, by, via: null, base: '' };
  for (const one of seen) addPins(one, look.findings);
  const all = [own, ...seen];
  const untoldMounts = {
    proc: addProcMounts(fs, all, look.findings),
    mqueue: all.reduce(
      (sum, { mounts }) => sum + mounts.filter(({ fstype }) => fstype === 'mqueue').length,
      0,
    ),
  };
  const reached = new Set([look.own.inode, ...tasks.keys()]);
  const outOfReach = new Set(
    look.findings.flatMap(({ type, inode }) => (type === 'mnt' && !reached.has(inode) ? [inode] : [])),
  );
  return { mountNamespaces: { read, denied, outOfReach: outOfReach.size }, untoldMounts };
}

/** The tasks of each mount namespace but our own, the longest-lived first: it will most likely live until the end of the look. */
function tasksOf(look: MountLook): ReadonlyMap<number, readonly Task[]> {
  const tasks = new Map<number, Task[]>();
  const add = (inode: number, task: Task): void => {
    if (inode === look.own.inode) return;
    const known = tasks.get(inode);
    if (known) known.push(task);
    else tasks.set(inode, [task]);
  };
  for (const process of look.processes) {
    const { pid, starttime } = process;
    if (process.ns.mnt.ok)
      add(process.ns.mnt.value, { proc: `/proc/${pid}`, id: pid, by: { pid, starttime } });
  }
  for (const { type, inode, holder, by } of look.findings) {
    if (type === 'mnt' && holder.kind === 'thread')
      add(inode, { proc: `/proc/${holder.pid}/task/${holder.tid}`, id: holder.tid, by });
  }
  for (const list of tasks.values()) list.sort((a, b) => a.by.starttime - b.by.starttime || a.id - b.id);
  return new Map([...tasks].sort(([a], [b]) => a - b));
}

/**
 * By a task whose root directory is that of the mount namespace if there is one: mountinfo leaves out what lies outside of the reader's
 * root (proc_pid_mountinfo(5)). null where all of them have ended.
 */
function readMounts(fs: HostFs, inode: number, candidates: readonly Task[]): Seen | 'denied' | null {
  let chrooted: Seen | null = null;
  let denied = false;
  for (const { proc, id, by } of candidates) {
    const root = fs.readLink(`${proc}/root`);
    if (chrooted && root.ok && root.value !== '/') continue;
    const path = `${proc}/mountinfo`;
    const text = fs.readText(path);
    if (!text.ok) {
      denied ||= text.why === 'denied';
      continue;
    }
    const link = fs.readLink(`${proc}/ns/mnt`);
    const now = link.ok ? namespaceOf(link.value) : null;
    // It went elsewhere in between: its mounts may be the other namespace's.
    if (now?.inode !== inode) continue;
    const mounts = parsed(text.value, path);
    if (!mounts) continue;
    const isRoot = root.ok && root.value === '/';
    const found = { inode, mounts, by, via: { id, chrooted: !isRoot }, base: `${proc}/root` };
    if (isRoot) return found;
    chrooted = found;
  }
  return chrooted ?? (denied ? 'denied' : null);
}

function parsed(text: string, path: string): readonly Mount[] | null {
  try {
    return parseMountinfo(text, path);
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

function mountHolder(seen: Seen, mount: Mount, filesystem: 'nsfs' | 'proc'): Holder {
  return { kind: 'mount', filesystem, path: mount.mountPoint, mountNamespace: seen.inode, via: seen.via };
}

/** Bind mounts of namespace files. Our own mount namespace's are the scan's part. */
function addPins(seen: Seen, findings: Finding[]): void {
  const known = new Set<string>();
  for (const mount of seen.mounts) {
    const found = mount.fstype === 'nsfs' ? namespaceOf(mount.root) : null;
    // A directory that is bound onto itself (as `ip netns` does) shows each mount below it twice.
    const id = `${mount.root} ${mount.mountPoint}`;
    if (!found || known.has(id)) continue;
    known.add(id);
    findings.push({
      ...found,
      holder: mountHolder(seen, mount, 'nsfs'),
      by: seen.by,
      path: isLocal(seen, mount) ? `${seen.base}${mount.mountPoint}` : null,
    });
  }
}

/** True where nothing on the way to the mount point is on a file system that may not answer. */
function isLocal(seen: Seen, mount: Mount): boolean {
  return !seen.mounts.some(
    (other) =>
      other !== mount &&
      REMOTE.test(other.fstype) &&
      (other.mountPoint === '/' ||
        mount.mountPoint === other.mountPoint ||
        mount.mountPoint.startsWith(`${other.mountPoint}/`)),
  );
}

/**
 * A proc file system shows one pid namespace, and its `1/ns/pid` says which. Bind mounts of a directory of it (docker's read-only /proc/sys)
 * hold it too and are told by their device. Returns how many mounts could not be told.
 */
function addProcMounts(fs: HostFs, all: readonly Seen[], findings: Finding[]): number {
  const pidNs = new Map<string, { readonly inode: number; readonly path: string }>();
  const procs = all.flatMap((seen) =>
    seen.mounts.filter(({ fstype }) => fstype === 'proc').map((mount) => ({ seen, mount })),
  );
  for (const { seen, mount } of procs) {
    if (mount.root !== '/' || pidNs.has(mount.dev) || !isLocal(seen, mount)) continue;
    const point = `${seen.base}${mount.mountPoint}`;
    const top = fs.stat(point);
    // Another mount may cover it.
    if (top.ok && top.value.dev !== 0 && top.value.dev !== deviceNumber(mount.dev)) continue;
    const link = fs.readLink(`${point}/${FIRST}`);
    const found = link.ok ? namespaceOf(link.value) : null;
    if (found?.type === 'pid') pidNs.set(mount.dev, { inode: found.inode, path: `${point}/${FIRST}` });
  }
  let untold = 0;
  for (const { seen, mount } of procs) {
    const told = pidNs.get(mount.dev);
    if (!told) untold += 1;
    else
      findings.push({
        type: 'pid',
        inode: told.inode,
        holder: mountHolder(seen, mount, 'proc'),
        by: seen.by,
        path: told.path,
      });
  }
  return untold;
}

/** `major:minor` as stat(2) packs it (makedev(3)); below 2^32, for Linux' majors have 12 bits and minors 20. */
function deviceNumber(dev: string): number {
  const [major = 0, minor = 0] = dev.split(':').map(Number);
  return (minor & 0xff) + major * 0x100 + (minor >>> 8) * 0x100000;
}
