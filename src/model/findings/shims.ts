// What a container's shim and the daemons above it are doing, for the findings that speak of them. Reads nothing.
import { processAt } from '../find.ts';
import { engineRole } from '../engine-role.ts';
import { hidingOptions } from '../hidden.ts';
import type { Container, Process, Snapshot } from '../types.ts';
import type { Examined } from './finding.ts';

/** The living shim; null where there is none, or where it has ended and waits to be reaped. */
export function shimOf(snapshot: Snapshot, container: Container): Process | null {
  const shim = container.shim ? processAt(snapshot, container.shim) : null;
  return shim && shim.state !== 'Z' ? shim : null;
}

/** Processes of the container, and children of its shim, that have not ended. */
export function livingOf(snapshot: Snapshot, container: Container): readonly Process[] {
  const pids = new Set(container.pids);
  return snapshot.processes.filter(
    ({ pid, ppid, state }) => state !== 'Z' && (pids.has(pid) || ppid === container.shim?.pid),
  );
}

/** A daemon of that name that could be the shim's: one in the same pid namespace, or whose namespace is not told. */
function isRunning(snapshot: Snapshot, shim: Process, role: 'dockerd' | 'containerd'): boolean {
  return snapshot.processes.some(
    (process) =>
      engineRole(process) === role &&
      process.state !== 'Z' &&
      (!process.ns.pid.ok || !shim.ns.pid.ok || process.ns.pid.value === shim.ns.pid.value),
  );
}

/**
 * Which daemons of a container are gone, in the order of the tree. containerd: nobody listens at the socket that the shim was told of, or, where
 * the sockets cannot be read, no process of that name is in reach. dockerd: no process of that name; its socket may be systemd's (docker.socket),
 * which listens on. None is told where processes are hidden.
 */
export function missingDaemons(
  snapshot: Snapshot,
  examined: Examined,
  container: Container,
): readonly ('dockerd' | 'containerd')[] {
  const shim = shimOf(snapshot, container);
  if (!shim || container.engineNamespace === null) return [];
  const hidden = hidingOptions(snapshot).length > 0;
  const facts = examined.shims.find(
    (one) => one.shim.pid === shim.pid && one.shim.starttime === shim.starttime,
  );
  const listening = facts?.listening.ok ? facts.listening.value : null;
  const missing: ('dockerd' | 'containerd')[] = [];
  if (container.engineNamespace === 'moby' && !hidden && !isRunning(snapshot, shim, 'dockerd'))
    missing.push('dockerd');
  if (listening === false || (listening === null && !hidden && !isRunning(snapshot, shim, 'containerd')))
    missing.push('containerd');
  return missing;
}
