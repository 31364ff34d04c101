// All that files and command lines tell of containers, without an engine's answer: shims, conmons, roots of runtimes. Checks nothing itself.
import type { RuntimeRecord } from '../model/runtime.ts';
import type { Process } from '../model/types.ts';
import { readShims } from './bundles.ts';
import type { HostFs } from './fs.ts';
import { type RuntimeRoot, runtimeRoots } from './runtime-roots.ts';
import { readStates } from './runtime-states.ts';
import { readConmons } from './watchers.ts';

/** Records, those of living shims first. Several may speak of one container. */
export function readRuntimes(fs: HostFs, processes: readonly Process[]): readonly RuntimeRecord[] {
  const shims = readShims(fs, processes);
  const known = new Set(
    shims.records.filter(({ first }) => first !== null).map(({ namespace, id }) => `${namespace} ${id}`),
  );
  const states = readStates(fs, runtimeRoots(fs, shims.roots), known);
  return [...shims.records, ...readConmons(fs, processes), ...states];
}

/** The roots below which runc's states lie, of all that hold a container. */
export function runcRoots(fs: HostFs, processes: readonly Process[]): readonly RuntimeRoot[] {
  return runtimeRoots(fs, readShims(fs, processes).roots).filter(({ engine }) => engine !== 'crun');
}
