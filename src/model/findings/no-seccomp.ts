// Finding: a container's first process runs without a seccomp filter (seccomp(2), proc_pid_status(5)) on a kernel that has seccomp.
import type { Snapshot } from '../types.ts';
import { containerSubject, type Examined, type Finding, filled } from './finding.ts';
import { FINDINGS } from './messages.ts';

export function noSeccomp(snapshot: Snapshot, examined: Examined): readonly Finding[] {
  return examined.containers.flatMap((facts): Finding[] => {
    const container = snapshot.containers.find(({ id }) => id === facts.id);
    // null: the kernel has no seccomp to give.
    if (!container || !facts.privileges.ok || facts.privileges.value.seccomp !== 0) return [];
    const { file } = facts.privileges.value;
    const subject = containerSubject(container);
    return [
      {
        id: 'no-seccomp',
        severity: 'warning',
        subject,
        sentence: filled(FINDINGS.noSeccomp, { name: subject.name }),
        evidence: [{ file: `${file} Seccomp`, value: '0' }],
        proof: `grep Seccomp ${file}`,
        next: filled(FINDINGS.noSeccompNext),
        lesson: 'seccomp-and-lsm',
        pids: [...container.pids],
      },
    ];
  });
}
