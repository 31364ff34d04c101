// What one controller says of a cgroup that the lab has made: read by its path, so that it is answered after its processes have ended.
import { join } from 'node:path';
import type { PressureLine } from '../../kernel/cgroup/pressure.ts';
import { mapReading, type Reading, unread, value } from '../../kernel/reading.ts';
import { readOneController } from '../../host/groups.ts';
import type { CgroupMembership, Hierarchy } from '../../model/types.ts';
import { hierarchiesOf, processesIn } from '../cgroupfs.ts';
import type { PressureAnswer } from '../questions.ts';
import { isWithin } from '../tree.ts';
import type { Answerer } from './index.ts';

/** The line of /proc/PID/cgroup that a process in this directory would have. */
function membershipOf(hierarchies: readonly Hierarchy[], directory: string): readonly CgroupMembership[] {
  // A v1 tree can be mounted below the v2 one: the nearest mount point is the one.
  const hierarchy = hierarchies
    .filter(({ mountPoint }) => isWithin(directory, mountPoint))
    .sort((a, b) => b.mountPoint.length - a.mountPoint.length)[0];
  if (hierarchy === undefined) return [];
  const { version, controllers, mountPoint, root } = hierarchy;
  const path = join(root, directory.slice(mountPoint.length));
  return [{ hierarchy: version === 2 ? 0 : 1, controllers: version === 2 ? [] : controllers, path }];
}

function lineOf({ avg10, avg60, avg300, total }: PressureLine): PressureAnswer {
  return { avg10, avg60, avg300, total: String(total) };
}

export const group: Answerer<'group'> = ({ of, controller }, { fs, groups, actors }) => {
  const directories = groups.get(of) ?? actors.get(of)?.groups;
  const nowhere = unread('gone', `cgroup ${of}`);
  if (directories === undefined) return Promise.resolve(nowhere);
  const hierarchies = hierarchiesOf(fs);
  const memberships = directories.flatMap((directory) => membershipOf(hierarchies, directory));
  const state = readOneController(fs, hierarchies, memberships, controller);
  const { version, directory } = state;
  // The group could not be made in the tree of this controller.
  if (version === null) return Promise.resolve(unread('unsupported', `${of} ${controller}`));
  if (!directory.ok) return Promise.resolve(directory);
  if (!fs.stat(directory.value).ok) return Promise.resolve(unread('gone', directory.value));
  const values: Record<string, Reading<string>> = {};
  for (const [key, reading] of Object.entries({ ...state.limits, ...state.usage, ...state.events })) {
    values[key] = mapReading<bigint | 'max', string>(reading, String);
  }
  const effective = Object.entries(state.effective).map(([key, one]) => [
    key,
    { value: String(one.value), setBy: one.setBy },
  ]);
  const { pressure } = state;
  return Promise.resolve(
    value({
      version,
      directory: directory.value,
      values,
      effective: Object.fromEntries(effective),
      ...(pressure?.ok
        ? {
            pressure: {
              some: lineOf(pressure.value.some),
              full: pressure.value.full === null ? null : lineOf(pressure.value.full),
            },
          }
        : {}),
      procs: processesIn(fs, [directory.value]).map(({ pid }) => pid),
    }),
  );
};
