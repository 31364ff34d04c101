// Which findings concern a target: those that name it, one of its processes, a namespace that it is in, or a group above or below it. Reads nothing.
import { NS_TYPES } from '../../kernel/namespaces.ts';
import { containerOf, namespaceAt, processByPid } from '../find.ts';
import { processesAt, type Target } from '../target.ts';
import type { Process, Snapshot } from '../types.ts';
import type { Finding } from './finding.ts';
import { isWithin } from './groups.ts';

/** A target, or a container that its engine alone still knows. */
export type Patient = Target | { readonly kind: 'ended'; readonly id: string };

/** Which findings concern this patient: to be asked of many. Notes about the host concern everybody. */
export function concerning(snapshot: Snapshot, patient: Patient): (finding: Finding) => boolean {
  if (patient.kind === 'host') return () => true;
  if (patient.kind === 'ended')
    return ({ severity, subject }) =>
      severity === 'note' || (subject.kind === 'container' && subject.id === patient.id);
  const processes = processesOf(snapshot, patient);
  const pids = new Set(processes.map(({ pid }) => pid));
  const containers = new Set(
    patient.kind === 'container'
      ? [patient.container.id]
      : [
          ...processes.map(({ pid }) => containerOf(snapshot, pid)?.id),
          ...containersBelow(snapshot, patient),
        ],
  );
  const namespaces = namespacesOf(snapshot, patient, processes);
  const paths = [...new Set(pathsOf(patient, processes))];
  return ({ severity, subject, pids: named }) => {
    if (severity === 'note' || named.some((pid) => pids.has(pid))) return true;
    switch (subject.kind) {
      case 'container':
        return containers.has(subject.id);
      case 'process':
        return pids.has(subject.pid);
      case 'namespace':
        return namespaces.has(`${subject.type}:${subject.inode}`);
      case 'cgroup':
        return paths.some(
          (path) =>
            isWithin(path, subject.path) || (patient.kind === 'cgroup' && isWithin(subject.path, path)),
        );
      case 'host':
        return true;
    }
  };
}

/** Containers whose group lies below the path that was asked for, though nobody may be in them. */
function containersBelow(snapshot: Snapshot, target: Target): readonly string[] {
  if (target.kind !== 'cgroup') return [];
  return snapshot.containers
    .filter(({ cgroupPath }) => cgroupPath !== null && isWithin(cgroupPath, target.path))
    .map(({ id }) => id);
}

/** What the target is in, as `type:inode`; of a namespace itself. A container's shim is outside of it. */
function namespacesOf(
  snapshot: Snapshot,
  target: Target,
  processes: readonly Process[],
): ReadonlySet<string> {
  if (target.kind === 'namespace') return new Set([`${target.namespace.type}:${target.namespace.inode}`]);
  const shim = target.kind === 'container' ? target.container.shim?.pid : undefined;
  const inside = target.kind === 'container' ? new Set(target.container.pids) : null;
  const found = new Set<string>();
  const seen = new Set<Process['ns']>();
  for (const { pid, ns } of processes) {
    if ((pid === shim && !inside?.has(pid)) || seen.has(ns)) continue;
    seen.add(ns);
    for (const type of NS_TYPES) {
      const link = ns[type];
      // What this snapshot does not list is in nobody's sight.
      if (link.ok && namespaceAt(snapshot, type, link.value)) found.add(`${type}:${link.value}`);
    }
  }
  return found;
}

function processesOf(snapshot: Snapshot, target: Target): readonly Process[] {
  switch (target.kind) {
    case 'host':
      return snapshot.processes;
    case 'process':
      return [target.process];
    case 'cgroup':
      return processesAt(snapshot, target);
    case 'namespace':
      return target.namespace.members.flatMap((pid) => processByPid(snapshot, pid) ?? []);
    case 'container': {
      const { pids, shim } = target.container;
      return [...pids, ...(shim ? [shim.pid] : [])].flatMap((pid) => processByPid(snapshot, pid) ?? []);
    }
  }
}

function pathsOf(target: Target, processes: readonly Process[]): readonly string[] {
  if (target.kind === 'cgroup') return [target.path];
  const own = target.kind === 'container' ? (target.container.cgroupPath ?? []) : [];
  return [
    ...processes.flatMap(({ cgroups }) => (cgroups.ok ? cgroups.value.map(({ path }) => path) : [])),
    ...[own].flat(),
  ];
}
