// Acts on cgroup directories of the lab's: makes them, writes limits, ends what is inside, removes them. Reads through HostFs.
// Writes to no group whose name does not carry a lab's id.
import { closeSync, constants, mkdirSync, openSync, rmdirSync, writeSync } from 'node:fs';
import { basename, join, normalize } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostFs } from '../host/fs.ts';
import { readHierarchies } from '../host/hierarchies.ts';
import type { Hierarchy, ProcessRef } from '../model/types.ts';
import { type Family, identify, isEnding, killAll, lasting, ownLine } from './process.ts';
import { errnoOf } from './state-dir.ts';
import { ownMounts } from './tree.ts';

/** The name of a lab's top cgroup, in each hierarchy that it uses. */
export const LAB_CGROUP = /^nscope-([0-9a-f]{8})$/;

export function labCgroup(lab: string): string {
  return `nscope-${lab}`;
}

/** The cgroup trees that this mount namespace has. */
export function hierarchiesOf(fs: HostFs): readonly Hierarchy[] {
  return readHierarchies(fs, ownMounts(fs));
}

/** A path that a lab's cgroup operation can have made: one of its components, below a mount point, is the lab's top group. */
export function isLabCgroupPath(fs: HostFs, path: string, lab: string): boolean {
  const top = labCgroup(lab);
  return (
    normalize(path) === path &&
    hierarchiesOf(fs).some(
      ({ mountPoint }) =>
        path.startsWith(`${mountPoint}/`) && path.slice(mountPoint.length).split('/').includes(top),
    )
  );
}

/** The lab's top group in each tree, wherever it is: below the root, or below a group that was delegated to a user. */
export function labTops(fs: HostFs, lab: string): readonly string[] {
  const top = labCgroup(lab);
  return hierarchiesOf(fs).flatMap(({ mountPoint }) =>
    groupsWithin(fs, mountPoint).filter((path) => basename(path) === top),
  );
}

/** mkdir(2) of one group. Throws what the kernel says; EEXIST where there is one. */
export function makeGroup(path: string): void {
  mkdirSync(path);
}

/** Writes one control file of the lab's. Throws what the kernel says. Some (cgroup.kill) may be written only, so it is not opened for reading. */
export function writeControl(path: string, value: string): void {
  const fd = openSync(path, constants.O_WRONLY);
  try {
    writeSync(fd, value);
  } finally {
    closeSync(fd);
  }
}

/** The groups at and below `path`, deepest first; never into another file system (a foreign hierarchy can be mounted there). */
export function groupsWithin(fs: HostFs, path: string): readonly string[] {
  const stat = fs.stat(path);
  if (!stat.ok) return [];
  return [...below(fs, path, stat.value.dev), path];
}

function below(fs: HostFs, path: string, dev: number): readonly string[] {
  const names = fs.list(path);
  return (names.ok ? names.value : []).flatMap((name) => {
    const child = join(path, name);
    const stat = fs.stat(child);
    if (!stat.ok || !stat.value.directory || stat.value.dev !== dev) return [];
    return [...below(fs, child, dev), child];
  });
}

/** The living processes in these groups, ascending; a zombie is in none. */
export function processesIn(fs: HostFs, groups: readonly string[]): readonly ProcessRef[] {
  const pids = new Set<number>();
  for (const group of groups) {
    const text = fs.readText(`${group}/cgroup.procs`);
    for (const line of text.ok ? text.value.split('\n') : []) {
      const pid = Number(line);
      // 0 stands for a process of a pid namespace that cannot be seen from here (cgroups(7)).
      if (line !== '' && Number.isSafeInteger(pid) && pid > 0) pids.add(pid);
    }
  }
  return [...pids]
    .sort((a, b) => a - b)
    .map((pid) => identify(fs, pid))
    .filter((ref): ref is ProcessRef => ref !== null);
}

/** Thaws every frozen group at and below `path`: a frozen process on v1 does not even die of SIGKILL. */
export function thaw(fs: HostFs, path: string): void {
  for (const group of groupsWithin(fs, path)) {
    for (const [file, frozen, thawed] of [
      ['freezer.state', /FROZEN|FREEZING/, 'THAWED'],
      ['cgroup.freeze', /1/, '0'],
    ] as const) {
      const state = fs.readText(`${group}/${file}`);
      if (state.ok && frozen.test(state.value)) writeControl(`${group}/${file}`, thawed);
    }
  }
}

/** Why a group is still there. */
export type GroupObstacle =
  /** `visitor`: as new as the lab, and not of it. */
  | { readonly kind: 'older' | 'own' | 'visitor' | 'runs'; readonly process: ProcessRef }
  | { readonly kind: 'refused'; readonly error: unknown };

/**
 * Ends what runs in the group and below, and removes them (rmdir, leaf first). Processes older than `since`, and others
 * that are not of the lab's family, were moved there by somebody else: they are not killed, and the group stays.
 *
 * @param since starttime of the program that ran the lab.
 * @param family the lab's processes, as they were before any was killed.
 * @returns null when the group is gone.
 */
export async function removeGroup(
  fs: HostFs,
  path: string,
  since: number,
  family: Family,
): Promise<GroupObstacle | null> {
  const spared = ownLine(fs);
  const inside = () => processesIn(fs, groupsWithin(fs, path));
  thaw(fs, path);
  const foreign = inside().find(({ pid, starttime }) => starttime < since || spared.has(pid));
  if (foreign !== undefined) return { kind: spared.has(foreign.pid) ? 'own' : 'older', process: foreign };
  const ours = () => inside().filter((ref) => !spared.has(ref.pid) && family.has(ref));
  const visitor = async () =>
    await lasting(() => inside().find((ref) => !family.has(ref) && !isEnding(fs, ref)));
  if (inside().length > 0 && fs.stat(`${path}/cgroup.kill`).ok && (await visitor()) === null) {
    // Linux 5.14 and later, v2: ends even what forks faster than it can be killed.
    try {
      writeControl(`${path}/cgroup.kill`, '1');
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
  do {
    const { left } = await killAll(fs, ours);
    const [stubborn] = left;
    if (stubborn !== undefined) return { kind: 'runs', process: stubborn };
    const stranger = await visitor();
    if (stranger !== null) return { kind: 'visitor', process: stranger };
  } while (ours().length > 0);
  return await removeDirectories(fs, path);
}

/** EBUSY passes: an ended process leaves its group a moment later. */
async function removeDirectories(fs: HostFs, path: string): Promise<GroupObstacle | null> {
  const until = Date.now() + 2000;
  for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
    try {
      for (const group of groupsWithin(fs, path)) rmdirSync(group);
      return null;
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      if (errnoOf(error) !== 'ENOENT' && (errnoOf(error) !== 'EBUSY' || Date.now() > until)) {
        return { kind: 'refused', error };
      }
    }
    await sleep(pause);
  }
}
