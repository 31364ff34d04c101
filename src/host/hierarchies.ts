// Finds the cgroup trees that are mounted, and the directory of a group in one of them. Reads mountinfo and cgroup.controllers only.
import { isOutside } from '../kernel/proc/cgroup.ts';
import { type Reading, unread, value } from '../kernel/reading.ts';
import type { CgroupMembership, Hierarchy, Mount } from '../model/types.ts';
import type { HostFs } from './fs.ts';

/** What stands in a v1 mount's super options beside its controllers (cgroups(7)). */
const NOT_CONTROLLERS =
  /^(rw|ro|noprefix|clone_children|cpuset_v2_mode|xattr|seclabel|release_agent=.*|none|favordynmods)$/;

/**
 * One entry for each tree, told apart by st_dev; of several mounts of one that with the widest root (`/`) is taken, of equals the first. v2 first,
 * then v1 by mount point.
 */
export function readHierarchies(fs: HostFs, mounts: readonly Mount[]): readonly Hierarchy[] {
  const best = new Map<string, Hierarchy>();
  for (const mount of mounts) {
    if (mount.fstype !== 'cgroup' && mount.fstype !== 'cgroup2') continue;
    const known = best.get(mount.dev);
    if (known && !isWider(mount.root, known.root)) continue;
    best.set(mount.dev, {
      version: mount.fstype === 'cgroup2' ? 2 : 1,
      controllers:
        mount.fstype === 'cgroup2'
          ? v2Controllers(fs, mount.mountPoint)
          : mount.superOptions.filter((word) => !NOT_CONTROLLERS.test(word)),
      mountPoint: mount.mountPoint,
      root: mount.root,
      ...coveredBelow(mount, mounts),
    });
  }
  return [...best.values()].sort((a, b) => b.version - a.version || (a.mountPoint < b.mountPoint ? -1 : 1));
}

/** A root outside of our cgroup namespace (`/..`) leads to no path that we know. */
function isWider(root: string, than: string): boolean {
  return isOutside(than) || (root !== than && (root === '/' || than.startsWith(`${root}/`)));
}

/** What is mounted on groups of this tree: what is seen there is another file system's (below #8122 walked into one). */
function coveredBelow(mount: Mount, mounts: readonly Mount[]): Pick<Hierarchy, 'covered'> {
  const points = mounts
    .filter(
      ({ parent, dev, mountPoint }) =>
        parent === mount.id && dev !== mount.dev && mountPoint.startsWith(`${mount.mountPoint}/`),
    )
    .map(({ mountPoint }) => mountPoint);
  return points.length > 0 ? { covered: [...new Set(points)].sort() } : {};
}

function v2Controllers(fs: HostFs, mountPoint: string): readonly string[] {
  const text = fs.readText(`${mountPoint}/cgroup.controllers`);
  return text.ok ? text.value.split(/\s+/).filter(Boolean) : [];
}

/** The hierarchy that a line of /proc/PID/cgroup speaks of, where it is mounted. */
export function hierarchyOf(
  hierarchies: readonly Hierarchy[],
  membership: CgroupMembership,
): Hierarchy | null {
  if (membership.hierarchy === 0) return hierarchies.find(({ version }) => version === 2) ?? null;
  const wanted = membership.controllers;
  return (
    hierarchies.find(
      ({ version, controllers }) =>
        version === 1 && wanted.length > 0 && wanted.every((name) => controllers.includes(name)),
    ) ?? null
  );
}

/**
 * The directory of the group at `path`: the mount point and what of the path lies below the mount's root (field 4 of mountinfo).
 * `unsupported` for a path outside of our cgroup namespace (`/../x`), and for one that another mount covers: there is no directory for it here.
 */
export function groupDirectory(hierarchy: Hierarchy, path: string): Reading<string> {
  if (isOutside(path)) return unread('unsupported', `${path} (outside our cgroup namespace)`);
  const root = hierarchy.root === '/' ? '' : hierarchy.root;
  if (path !== root && !path.startsWith(`${root}/`))
    return unread('unsupported', `${path} (not below the mount's root ${hierarchy.root})`);
  const below = path.slice(root.length);
  const directory = below === '/' || below === '' ? hierarchy.mountPoint : `${hierarchy.mountPoint}${below}`;
  const cover = hierarchy.covered?.find((point) => directory === point || directory.startsWith(`${point}/`));
  return cover === undefined
    ? value(directory)
    : unread('unsupported', `${path} (covered by the mount on ${cover})`);
}
