// A process as it sees itself: its cgroup paths by its own cgroup namespace (cgroup_namespaces(7)), its pid in its own pid namespace. Reads nothing.
import { isOutside } from '../kernel/proc/cgroup.ts';
import { type Reading, unread, value } from '../kernel/reading.ts';
import { containerOf, processByPid } from './find.ts';
import { hostNamespaces } from './hostview.ts';
import type { CgroupMembership, Process, Snapshot } from './types.ts';

/**
 * What /proc/self/cgroup says of one hierarchy to the process itself. The root of its cgroup namespace is no file's to tell; it is where
 * the namespace's maker stood (unshare(2)): the container's own group if the process is in one, else the group of the namespace's oldest member.
 */
export function insidePath(
  snapshot: Snapshot,
  process: Process,
  membership: CgroupMembership,
): Reading<string> {
  const { path } = membership;
  const own = process.ns.cgroup;
  if (!own.ok) return own;
  const ours = readersNamespace(snapshot);
  if (ours.ok && ours.value === own.value) return value(path);
  if (isOutside(path)) return unread('unsupported', `${path} (outside our cgroup namespace)`);
  return value(relative(rootOf(snapshot, process, own.value, membership), path));
}

/** The namespace by which the paths were read: the program's own; a recording was made from the host's. */
function readersNamespace(snapshot: Snapshot): Reading<number> {
  return processByPid(snapshot, snapshot.self)?.ns.cgroup ?? hostNamespaces(snapshot).cgroup;
}

function rootOf(
  snapshot: Snapshot,
  process: Process,
  namespace: number,
  { hierarchy, controllers, path }: CgroupMembership,
): string {
  const container = containerOf(snapshot, process.pid);
  const group = container?.cgroupPath ?? null;
  if (group !== null && (path === group || path.startsWith(`${group}/`))) return group;
  const oldest = snapshot.processes
    .filter(({ ns }) => ns.cgroup.ok && ns.cgroup.value === namespace)
    .sort((a, b) => a.starttime - b.starttime || a.pid - b.pid)[0];
  const lines = oldest?.cgroups.ok ? oldest.cgroups.value : [];
  const same = lines.find(
    (line) =>
      (line.hierarchy === 0) === (hierarchy === 0) &&
      controllers.every((name) => line.controllers.includes(name)),
  );
  return same?.path ?? path;
}

/** As the kernel writes a path that is not below the root: `/..` for each step up, then down. */
function relative(root: string, path: string): string {
  const from = root.split('/').filter(Boolean);
  const to = path.split('/').filter(Boolean);
  let shared = 0;
  while (shared < from.length && shared < to.length && from[shared] === to[shared]) shared += 1;
  return `/${[...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/')}`;
}

/** The pid in the innermost pid namespace; a process of our own has one number alone (NSpid is not read for it). */
export function insidePid(process: Process): Reading<number> {
  if (process.nspid === null) return value(process.pid);
  if (!process.nspid.ok) return process.nspid;
  return value(process.nspid.value.at(-1) ?? process.pid);
}
