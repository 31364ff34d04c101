// Reduces a snapshot to what a recording may hold: the lab's own processes and this program, the namespaces that these have, no name of the host.
// Pure.
import { NS_TYPES } from '../kernel/namespaces.ts';
import { mapReading } from '../kernel/reading.ts';
import type { Actor } from '../lab/types.ts';
import { hostNamespaces } from '../model/hostview.ts';
import type { ControllerState, Process, Snapshot } from '../model/types.ts';

/** Texts that must not be kept, and what stands in their place. */
export type Hidden = readonly { readonly text: string; readonly by: string }[];

/** Replaces whole words and paths only: a host named `vm` leaves `vmstat` alone. A path may stand behind the root of a process. */
export function hide(text: string, hidden: Hidden): string {
  let out = text;
  for (const { text: secret, by } of hidden) {
    if (secret === '') continue;
    const literal = secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    out = out.replace(new RegExp(`(?:(?<![\\w.-])|(?<=/proc/\\d+/root))${literal}(?![\\w-])`, 'g'), () => by);
  }
  return out;
}

/** The same in every text of a plain JSON value. */
export function hideIn(of: unknown, hidden: Hidden): unknown {
  if (typeof of === 'string') return hide(of, hidden);
  if (Array.isArray(of)) return of.map((one) => hideIn(one, hidden));
  if (typeof of !== 'object' || of === null) return of;
  return Object.fromEntries(Object.entries(of).map(([key, one]) => [key, hideIn(one, hidden)]));
}

/**
 * The snapshot without all that is not the lab's. Kept: the actors, processes in a namespace that an actor does not share with the host,
 * this program (it stands for the host's links), the namespaces of these. Dropped: all other processes, mounts, containers,
 * engines, pins, cgroup paths without the lab's id, the notes of what could not be read.
 */
export function reduceSnapshot(
  snapshot: Snapshot,
  actors: readonly Actor[],
  labId: string | null,
  hidden: Hidden,
): Snapshot {
  const host = hostNamespaces(snapshot);
  const named = snapshot.processes.filter((process) =>
    actors.some((actor) => actor.pid === process.pid && actor.starttime === process.starttime),
  );
  const own = new Set(
    named.flatMap((process) =>
      NS_TYPES.flatMap((type) => {
        const [link, shared] = [process.ns[type], host[type]];
        return link.ok && shared.ok && link.value !== shared.value ? [`${type}:${link.value}`] : [];
      }),
    ),
  );
  const belongs = (process: Process): boolean =>
    named.includes(process) ||
    NS_TYPES.some((type) => process.ns[type].ok && own.has(`${type}:${process.ns[type].value}`));
  const kept = snapshot.processes
    .filter((process) => process.pid === snapshot.self || belongs(process))
    .map((process) => reduceProcess(process, process.pid === snapshot.self, labId, hidden));
  const pids = new Set(kept.map((process) => process.pid));
  const { hostname, kernel, clockTicks, uid } = snapshot.host;
  // Field by field, without a spread: what the model gains later is not kept before someone has looked at it here.
  return {
    takenAt: snapshot.takenAt,
    source: snapshot.source,
    host: {
      hostname: mapReading(hostname, (name) => hide(name, hidden)),
      kernel,
      clockTicks,
      uid,
      engines: [],
    },
    nsDev: snapshot.nsDev,
    self: snapshot.self,
    processes: kept,
    namespaces: snapshot.namespaces
      .map((namespace) => ({
        ...namespace,
        members: namespace.members.filter((pid) => pids.has(pid)),
        pins: [],
        holders: [],
      }))
      .filter((namespace) => namespace.members.length > 0),
    mounts: [],
    hierarchies: snapshot.hierarchies,
    containers: [],
    groups: snapshot.groups
      .filter((group) => pids.has(group.of.pid))
      .map((group) => ({
        of: group.of,
        controllers: group.controllers.filter((controller) => isLabs(controller, labId)),
      })),
    coverage: { ...snapshot.coverage, processes: kept.length, denied: 0, unread: [] },
  };
}

function reduceProcess(process: Process, self: boolean, labId: string | null, hidden: Hidden): Process {
  const { cgroups } = process;
  const path = (of: string): string => (labId !== null && of.includes(labId) ? of : '/');
  return {
    ...process,
    comm: self ? 'nscope' : process.comm,
    // Running or not is chance: snapshots that differ by this alone are kept once.
    state: self ? 'S' : process.state,
    cmdline:
      self || !process.cmdline?.ok
        ? null
        : { ok: true, value: process.cmdline.value.map((word) => hide(word, hidden)) },
    cgroups: cgroups.ok
      ? { ok: true, value: cgroups.value.map((one) => ({ ...one, path: path(one.path) })) }
      : cgroups,
  };
}

function isLabs(controller: ControllerState, labId: string | null): boolean {
  return labId !== null && controller.path.includes(labId);
}
