// The groups of a snapshot's processes as trees, hierarchy by hierarchy. Pure; kept for each snapshot.
import type { Hierarchy, Process, Snapshot } from '../model/types.ts';

export interface Group {
  readonly name: string;
  readonly path: string;
  /** Processes in this very group, by what other groups they share. */
  readonly lists: (readonly number[])[];
  readonly below: Map<string, Group>;
}

/** Name of a hierarchy as its heading has it, and by which a group is known: `v2`, `v1 memory`, `v1 cpu,cpuacct`. */
export function hierarchyName({ version, controllers }: Pick<Hierarchy, 'version' | 'controllers'>): string {
  return version === 2 ? 'v2' : `v1 ${controllers.join(',')}`;
}

// A host can have ten thousand processes in a dozen hierarchies: one walk for each snapshot.
const grouped = new WeakMap<Snapshot, ReadonlyMap<string, Group>>();

/** The groups that hold processes, and those above them, by the name of the hierarchy: v2 first. */
export function groupsByHierarchy(snapshot: Snapshot): ReadonlyMap<string, Group> {
  const known = grouped.get(snapshot);
  if (known) return known;
  const tops = new Map<string, Group>();
  for (const hierarchy of [...snapshot.hierarchies].sort((a, b) => b.version - a.version)) {
    tops.set(hierarchyName(hierarchy), { name: '/', path: '/', lists: [], below: new Map() });
  }
  // Thousands of processes share a few lists of groups: each list is looked at once.
  const pids = new Map<Process['cgroups'], number[]>();
  for (const { kernelThread, cgroups, pid } of snapshot.processes) {
    if (kernelThread) continue;
    const sharing = pids.get(cgroups);
    if (sharing) sharing.push(pid);
    else pids.set(cgroups, [pid]);
  }
  for (const [cgroups, sharing] of pids) {
    for (const { hierarchy, controllers, path } of cgroups.ok ? cgroups.value : []) {
      // Line 0 of /proc/PID/cgroup is v2's (cgroups(7)).
      const top = tops.get(hierarchyName({ version: hierarchy === 0 ? 2 : 1, controllers }));
      if (top) groupAt(top, path).lists.push(sharing);
    }
  }
  grouped.set(snapshot, tops);
  return tops;
}

function groupAt(top: Group, path: string): Group {
  let at = top;
  for (const name of path.split('/').filter((part) => part !== '')) {
    let next = at.below.get(name);
    if (!next) {
      next = { name, path: at.path === '/' ? `/${name}` : `${at.path}/${name}`, lists: [], below: new Map() };
      at.below.set(name, next);
    }
    at = next;
  }
  return at;
}

export function sizeOf({ lists }: Group): number {
  return lists.reduce((sum, pids) => sum + pids.length, 0);
}

/** Of this very group; null where nobody is in it. The lists ascend, as the snapshot's processes do. */
export function lowestPid({ lists }: Group): number | null {
  return lists.length === 0 ? null : Math.min(...lists.map(([pid = 0]) => pid));
}

/** The lowest pid in a group of this hierarchy, or else below it; null where there is none. */
export function firstInGroup(snapshot: Snapshot, hierarchy: string, path: string): number | null {
  const top = groupsByHierarchy(snapshot).get(hierarchy);
  if (!top) return null;
  const lowest = (group: Group): number | null => {
    const own = lowestPid(group);
    if (own !== null) return own;
    const below = [...group.below.values()].flatMap((one) => lowest(one) ?? []);
    return below.length === 0 ? null : Math.min(...below);
  };
  return lowest(groupAt(top, path));
}
