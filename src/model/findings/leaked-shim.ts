// Finding: a shim whose container is gone (containerd #6771): its bundle is there, and no process of the container is. A container that is
// just starting or ending looks the same: see `settles` of the table.
import type { Snapshot } from '../types.ts';
import { containerSubject, type Examined, type Finding, filled } from './finding.ts';
import { FINDINGS } from './messages.ts';
import { livingOf, missingDaemons, shimOf } from './shims.ts';

export function leakedShims(snapshot: Snapshot, examined: Examined): readonly Finding[] {
  return snapshot.containers.flatMap((container): Finding[] => {
    const shim = shimOf(snapshot, container);
    if (!shim || livingOf(snapshot, container).length > 0) return [];
    const subject = containerSubject(container);
    const orphaned = missingDaemons(snapshot, examined, container).includes('containerd');
    const message = orphaned ? FINDINGS.orphanedShim : FINDINGS.leakedShim;
    return [
      {
        id: 'leaked-shim',
        severity: 'warning',
        subject,
        sentence: filled(message, { name: subject.name, pid: shim.pid }),
        evidence: [
          { file: `/proc/${shim.pid}/cwd`, value: container.bundle ?? '' },
          { file: `/proc/${shim.pid}/task/${shim.pid}/children`, value: '' },
        ],
        proof: `ls -l /proc/${shim.pid}/cwd; ps -o pid,stat,args --ppid ${shim.pid}`,
        next: filled(FINDINGS.leakedShimNext, { pid: shim.pid }),
        lesson: 'containerd-and-shim',
        pids: [shim.pid],
      },
    ];
  });
}
