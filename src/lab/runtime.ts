// The OCI runtime of this host, and what it keeps of a lab's containers: where, and which process is the first of each. Runs nothing.
import { join } from 'node:path';
import type { HostFs } from '../host/fs.ts';
import { readCrunStatus, readRuncState } from '../host/runtime-files.ts';
import type { ProcessRef } from '../model/types.ts';
import { findProgram } from './userland.ts';

export type RuntimeName = 'runc' | 'crun';

/** runc, or crun where there is no runc; null without either. */
export function findRuntime(): RuntimeName | null {
  return (['runc', 'crun'] as const).find((name) => findProgram(name) !== null) ?? null;
}

/** Where the runtime keeps the containers of a lab (its --root): below the lab's own directory, so that no other container is in it. */
export function runtimeRoot(directory: string): string {
  return join(directory, 'runc');
}

/** Where a container's output goes. */
export function outputOf(directory: string, id: string): string {
  return join(directory, `${id}.output`);
}

/** The containers that a runtime's root has states of, ascending. */
export function containersIn(fs: HostFs, root: string): readonly string[] {
  const names = fs.list(root);
  return (names.ok ? [...names.value].sort() : []).filter((name) => {
    const stat = fs.stat(join(root, name));
    return stat.ok && stat.value.directory;
  });
}

/** The bundle that runc or crun noted for a container; null where it noted none. */
export function bundleOf(fs: HostFs, root: string, id: string): string | null {
  const bundle =
    readRuncState(fs, join(root, id, 'state.json'))?.bundle ??
    readCrunStatus(fs, join(root, id, 'status'))?.bundle;
  return bundle ?? null;
}

/** The container's first process as the runtime has noted it, living or not; null where it has noted none. */
export function initOf(fs: HostFs, root: string, id: string): ProcessRef | null {
  const runc = readRuncState(fs, join(root, id, 'state.json'));
  if (runc !== null) return runc.initPid > 0 ? { pid: runc.initPid, starttime: runc.initStart } : null;
  const crun = readCrunStatus(fs, join(root, id, 'status'));
  return crun === null || crun.initStart === null || crun.initPid <= 0
    ? null
    : { pid: crun.initPid, starttime: crun.initStart };
}
