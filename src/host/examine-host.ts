// Reads what notes about the host are made of: swap areas, accounting of swap, pressure information.
import { mapReading, type Reading, unread, value } from '../kernel/reading.ts';
import type { Examined } from '../model/findings/finding.ts';
import { upwards } from '../model/findings/groups.ts';
import type { Snapshot } from '../model/types.ts';
import type { HostFs } from './fs.ts';
import { groupDirectory, hierarchyOf } from './hierarchies.ts';

const PRESSURE = ['cpu', 'io', 'memory'];

export function examineHost(
  fs: HostFs,
  snapshot: Pick<Snapshot, 'processes' | 'hierarchies'>,
): Examined['host'] {
  return {
    // The first line is a head (proc_swaps(5)).
    swaps: mapReading(fs.readText('/proc/swaps'), (text) =>
      Math.max(0, text.split('\n').filter(Boolean).length - 1),
    ),
    pressure: pressureFiles(fs),
    swapAccounting: swapAccounting(fs, snapshot),
  };
}

/** A kernel that was booted with psi=0 has the files, and they answer EOPNOTSUPP (Documentation/accounting/psi.rst). */
function pressureFiles(fs: HostFs): Reading<readonly string[]> {
  const readings = PRESSURE.map((name) => ({ name, text: fs.readText(`/proc/pressure/${name}`) }));
  const denied = readings.find(({ text }) => !text.ok && text.why === 'denied');
  if (denied) return unread('denied', `/proc/pressure/${denied.name}`);
  // A recording that holds none was perhaps not asked.
  if (fs.kind === 'recorded' && readings.every(({ text }) => !text.ok && text.why === 'gone'))
    return unread('gone', '/proc/pressure');
  return value(readings.flatMap(({ name, text }) => (text.ok ? [name] : [])));
}

/** Whether a group that is not the root has the file of a swap limit; Unread where no such group is at hand, or memory is nowhere. */
function swapAccounting(
  fs: HostFs,
  { processes, hierarchies }: Pick<Snapshot, 'processes' | 'hierarchies'>,
): Reading<boolean> {
  for (const { cgroups } of processes) {
    for (const membership of cgroups.ok ? cgroups.value : []) {
      const hierarchy = hierarchyOf(hierarchies, membership);
      if (!hierarchy?.controllers.includes('memory') || membership.path === '/') continue;
      const file = hierarchy.version === 1 ? 'memory.memsw.limit_in_bytes' : 'memory.swap.max';
      const limit = hierarchy.version === 1 ? 'memory.limit_in_bytes' : 'memory.max';
      for (const path of upwards(membership.path)) {
        const directory = groupDirectory(hierarchy, path);
        // Where the controller is not enabled, the group has no file of it at all.
        if (path === '/' || !directory.ok || !fs.readText(`${directory.value}/${limit}`).ok) continue;
        return value(fs.readText(`${directory.value}/${file}`).ok);
      }
    }
  }
  return unread('unsupported', 'memory.swap.max');
}
