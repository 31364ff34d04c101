// Reads the groups that findings ask about: those that have processes, those of containers and of a target, and all of their ancestors; of
// each the few values that a finding is made of. Opens nothing for writing.
import { isDeleted, isOutside } from '../kernel/proc/cgroup.ts';
import type { GroupFacts } from '../model/findings/finding.ts';
import { upwards } from '../model/findings/groups.ts';
import type { CgroupMembership, Hierarchy, Snapshot } from '../model/types.ts';
import type { HostFs } from './fs.ts';
import { membershipsAt, readValues } from './groups.ts';
import { groupDirectory, hierarchyOf } from './hierarchies.ts';

/** By neutral name of kernel/cgroup/files.ts. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  cpu: ['quota', 'period', 'nrPeriods', 'nrThrottled', 'throttledTime'],
  freezer: ['freeze', 'frozen', 'parentFreezing'],
  memory: [
    'limit',
    'peak',
    'memorySwapPeak',
    'memorySwapLimit',
    'memorySwapEvents',
    'oomKill',
    'oomKillLocal',
    'oomEvents',
    'oomEventsLocal',
    'maxEvents',
  ],
  pids: ['limit', 'usage', 'maxEvents', 'maxEventsLocal'],
};

/** Groups below a target's path that are looked for; a tree with more is looked at where processes are. */
const MOST_BELOW = 1000;

/** `paths`: groups that are looked at with all below them though nobody may be in them. By controller, then by path. */
export function examineGroups(
  fs: HostFs,
  snapshot: Pick<Snapshot, 'processes' | 'containers' | 'hierarchies'>,
  paths: readonly string[] = [],
): readonly GroupFacts[] {
  const { hierarchies } = snapshot;
  const lines = new Map<string, { hierarchy: Hierarchy; membership: CgroupMembership }>();
  const add = (membership: CgroupMembership): void => {
    const hierarchy = hierarchyOf(hierarchies, membership);
    if (!hierarchy || isOutside(membership.path) || isDeleted(membership.path)) return;
    for (const path of upwards(membership.path)) {
      const key = `${hierarchy.mountPoint} ${path}`;
      if (lines.has(key)) return;
      lines.set(key, { hierarchy, membership: { ...membership, path } });
    }
  };
  for (const { cgroups } of snapshot.processes) if (cgroups.ok) cgroups.value.forEach(add);
  for (const { cgroupPath } of snapshot.containers)
    if (cgroupPath !== null) membershipsAt(fs, hierarchies, cgroupPath).forEach(add);
  for (const path of paths) for (const one of pathsBelow(fs, hierarchies, path)) add(one);
  return Object.entries(KEYS).flatMap(([controller, keys]) =>
    [...lines.values()]
      .flatMap(({ membership }): GroupFacts[] => {
        const found = readValues(fs, hierarchies, membership, controller, keys);
        // A group that ended since the scan has no file to tell of.
        if (!found?.directory.ok || Object.values(found.values).every(isGone)) return [];
        const { version, directory, values } = found;
        return [{ controller, version, path: membership.path, directory: directory.value, values }];
      })
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  );
}

function isGone(reading: GroupFacts['values'][string]): boolean {
  return !reading.ok && reading.why === 'gone';
}

/** The group in each hierarchy that has it, and those below it. */
function pathsBelow(
  fs: HostFs,
  hierarchies: readonly Hierarchy[],
  path: string,
): readonly CgroupMembership[] {
  const found: CgroupMembership[] = [];
  const visit = (membership: CgroupMembership): void => {
    if (found.length >= MOST_BELOW) return;
    found.push(membership);
    const hierarchy = hierarchyOf(hierarchies, membership);
    const directory = hierarchy ? groupDirectory(hierarchy, membership.path) : null;
    const names = directory?.ok ? fs.list(directory.value) : null;
    if (!directory?.ok || !names?.ok) return;
    for (const name of [...names.value].sort()) {
      const stat = fs.stat(`${directory.value}/${name}`);
      const below = membership.path === '/' ? `/${name}` : `${membership.path}/${name}`;
      if (stat.ok && stat.value.directory) visit({ ...membership, path: below });
    }
  };
  for (const membership of membershipsAt(fs, hierarchies, path)) visit(membership);
  return found;
}
