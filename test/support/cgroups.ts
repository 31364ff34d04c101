// The cgroup hierarchies of this machine, and removing the empty groups that a test made in them, by name. Writes no control file.
import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { unescapeOctal } from './temp.ts';
import { until } from './process.ts';

/** Begins the name of every cgroup that a test makes at the top of a hierarchy. */
export const CGROUP_PREFIX = 'nscope-test-';

/** Mount points of every cgroup hierarchy whose root is mounted (proc_pid_mountinfo(5): fstype cgroup or cgroup2, root `/`). */
export function cgroupMounts(mountinfo = readFileSync('/proc/self/mountinfo', 'utf8')): string[] {
  const points = mountinfo.split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , root, point] = left.split(' ');
    return /^cgroup2? /.test(right) && root === '/' && point !== undefined ? [unescapeOctal(point)] : [];
  });
  return [...new Set(points)];
}

/** The tests' cgroups at the top of any hierarchy whose name begins so: absolute directories. */
export function testCgroups(prefix: string): string[] {
  if (!prefix.startsWith(CGROUP_PREFIX)) throw new Error(`${prefix} does not begin with ${CGROUP_PREFIX}`);
  return cgroupMounts().flatMap((point) =>
    readdirSync(point, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name.startsWith(prefix))
      .map((entry) => join(point, entry.name)),
  );
}

/** The program's own labs' cgroups at the top of any hierarchy (`nscope-<hex>`): absolute directories. */
export function labCgroups(): string[] {
  return cgroupMounts().flatMap((point) =>
    readdirSync(point, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && /^nscope-[0-9a-f]{8}$/.test(entry.name))
      .map((entry) => join(point, entry.name)),
  );
}

/** Removes the tests' cgroups whose name begins so, leaves first. A group whose last process is just being reaped is busy: asked again until `ms` milliseconds have gone. */
export async function removeTestCgroups(prefix: string, ms = 5000): Promise<void> {
  for (const group of testCgroups(prefix)) {
    await removeGroup(group, ms);
  }
}

/** Removes this group and those below it, leaves first; each is asked again until it is empty or `ms` milliseconds have gone. */
export async function removeGroup(group: string, ms = 5000): Promise<void> {
  for (const dir of leavesFirst(group)) {
    await until(`${dir} to be empty`, () => removed(dir), ms);
  }
}

function leavesFirst(dir: string): string[] {
  const below = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...below.flatMap((entry) => leavesFirst(join(dir, entry.name))), dir];
}

function removed(dir: string): boolean {
  try {
    rmdirSync(dir);
    return true;
  } catch {
    return !existsSync(dir);
  }
}
