// Which findings concern a target: those that name it, one of its processes, a namespace that it is in, or a group above or below it. Reads nothing.
import { containerOf, namespaceAt } from '../find.ts';
import { isIn, processesAt, type Target } from '../target.ts';
import type { Process, Snapshot } from '../types.ts';
import { processByPid } from '../find.ts';
import type { Finding } from './finding.ts';
import { isWithin } from './groups.ts';

/** A target, or a container that its engine alone still knows. */
export type Patient = Target | { readonly kind: 'ended'; readonly id: string };

/** Notes about the host concern everybody. */
export function concerns(snapshot: Snapshot, patient: Patient, finding: Finding): boolean {
  const { subject } = finding;
  if (patient.kind === 'host' || finding.severity === 'note') return true;
  if (patient.kind === 'ended') return subject.kind === 'container' && subject.id === patient.id;
  const processes = processesOf(snapshot, patient);
  if (processes.some(({ pid }) => finding.pids.includes(pid))) return true;
  switch (subject.kind) {
    case 'container':
      return patient.kind === 'container'
        ? patient.container.id === subject.id
        : processes.some(({ pid }) => containerOf(snapshot, pid)?.id === subject.id) ||
            isBelow(snapshot, patient, subject.id);
    case 'process':
      return processes.some(({ pid }) => pid === subject.pid);
    case 'namespace': {
      const namespace = namespaceAt(snapshot, subject.type, subject.inode);
      return namespace !== null && isIn(snapshot, patient, namespace);
    }
    case 'cgroup':
      return pathsOf(patient, processes).some(
        (path) => isWithin(path, subject.path) || (patient.kind === 'cgroup' && isWithin(subject.path, path)),
      );
    case 'host':
      return true;
  }
}

/** A container whose group lies below the path that was asked for, though nobody may be in it. */
function isBelow(snapshot: Snapshot, target: Target, id: string): boolean {
  if (target.kind !== 'cgroup') return false;
  const path = snapshot.containers.find((container) => container.id === id)?.cgroupPath ?? null;
  return path !== null && isWithin(path, target.path);
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
