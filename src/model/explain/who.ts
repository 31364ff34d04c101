// Who a process is: its parents up to pid 1, and its part in a container. Reads nothing.
import { containerOf, processByPid } from '../find.ts';
import { engineRole } from '../engine-role.ts';
import type { Container, Process, Snapshot } from '../types.ts';

/**
 * `init`: the first process of its container. `exec`: began with docker exec (or the like), or lies below such a one. `member`: another one in it.
 * `untold`: no container of it is known, and its links were denied, so that it may be in one.
 */
export type Part =
  | 'init'
  | 'exec'
  | 'member'
  | 'dockerd'
  | 'containerd'
  | 'crio'
  | 'shim'
  | 'kernel'
  | 'host'
  | 'untold';

export interface Who {
  readonly process: Process;
  readonly container: Container | null;
  readonly part: Part;
  /** From its parent upwards; the last is pid 1, or the last that can be seen. */
  readonly parents: readonly Process[];
}

export function whoIs(snapshot: Snapshot, process: Process): Who {
  const container = containerOf(snapshot, process.pid);
  const parents = parentsOf(snapshot, process);
  return { process, container, part: partOf(process, container, parents), parents };
}

/** A pid that comes twice ends the chain: the snapshot was taken while pids were given anew. */
function parentsOf(snapshot: Snapshot, process: Process): readonly Process[] {
  const seen = new Set([process.pid]);
  const parents: Process[] = [];
  let at = processByPid(snapshot, process.ppid);
  while (at && !seen.has(at.pid)) {
    seen.add(at.pid);
    parents.push(at);
    at = processByPid(snapshot, at.ppid);
  }
  return parents;
}

function partOf(process: Process, container: Container | null, parents: readonly Process[]): Part {
  if (!container) {
    if (process.kernelThread) return 'kernel';
    const { mnt } = process.ns;
    return engineRole(process) ?? (!mnt.ok && mnt.why === 'denied' ? 'untold' : 'host');
  }
  if (container.init?.pid === process.pid) return 'init';
  const family = [process, ...parents];
  return family.some(({ pid }) => container.execSessions.includes(pid)) ? 'exec' : 'member';
}
