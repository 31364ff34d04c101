// Control groups of a test's own, in v1 or v2 as this machine has the controllers; processes moved into them by the test alone.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CGROUP_PREFIX, cgroupMounts, removeTestCgroups } from './cgroups.ts';
import { endAll, statOf } from './process.ts';

export type GroupController = 'memory' | 'cpu' | 'pids' | 'freezer';

export interface OwnGroups {
  readonly version: 1 | 2;
  /** `/nscope-test-…`. */
  readonly top: string;
  /** `/nscope-test-…/inner`. */
  readonly path: string;
  /** The directory of one of the two in the hierarchy of the controller. */
  directory(of: 'top' | 'inner'): string;
  write(of: 'top' | 'inner', file: string, text: string): void;
  read(of: 'top' | 'inner', file: string): string;
  join(pid: number): void;
  /** SIGKILL to every process in the inner group, and removes both. */
  remove(): Promise<void>;
}

/** Which version this machine keeps a controller in, and where it is mounted; null where it is nowhere. The freezer is part of every v2 group. */
export function placeOf(controller: GroupController): { version: 1 | 2; mount: string } | null {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const mounts = cgroupMounts();
  for (const line of lines) {
    const [left = '', right = ''] = line.split(' - ');
    const mount = left.split(' ')[4] ?? '';
    const [type, , options = ''] = right.split(' ');
    if (mounts.includes(mount) && type === 'cgroup' && options.split(',').includes(controller))
      return { version: 1, mount };
  }
  for (const mount of mounts) {
    let controllers: string;
    try {
      controllers = readFileSync(join(mount, 'cgroup.controllers'), 'utf8');
    } catch {
      continue;
    }
    if (controller === 'freezer' || controllers.trim().split(' ').includes(controller))
      return { version: 2, mount };
  }
  return null;
}

/** Two groups, one in the other. On v2 the controller is enabled for the inner one. */
export function ownGroups(controller: GroupController): OwnGroups {
  const place = placeOf(controller);
  if (!place) throw new Error(`no hierarchy with ${controller}`);
  const { version, mount } = place;
  const top = `/${CGROUP_PREFIX}${process.env['NSCOPE_TEST_MARK'] ?? ''}${randomBytes(4).toString('hex')}`;
  const path = `${top}/inner`;
  const directory = (of: 'top' | 'inner') => `${mount}${of === 'top' ? top : path}`;
  const write = (of: 'top' | 'inner', file: string, text: string) =>
    writeFileSync(join(directory(of), file), text, { flag: 'r+' });
  mkdirSync(directory('top'));
  if (version === 2 && controller !== 'freezer') write('top', 'cgroup.subtree_control', `+${controller}`);
  mkdirSync(directory('inner'));
  return {
    version,
    top,
    path,
    directory,
    write,
    read: (of, file) => readFileSync(join(directory(of), file), 'utf8'),
    join: (pid) => write('inner', 'cgroup.procs', String(pid)),
    remove: async () => {
      const members = readFileSync(join(directory('inner'), 'cgroup.procs'), 'utf8')
        .split('\n')
        .filter(Boolean);
      await endAll([...new Set(members)].flatMap((pid) => statOf(Number(pid)) ?? []));
      await removeTestCgroups(top.slice(1));
    },
  };
}
