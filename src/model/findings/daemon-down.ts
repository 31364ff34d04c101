// Finding: a container lives on below its shim, and the daemons that are in charge of it are gone (kernel-facts: shims outlive them).
import { processAt } from '../find.ts';
import type { Snapshot } from '../types.ts';
import { containerSubject, type Examined, type Finding, filled } from './finding.ts';
import { FINDINGS } from './messages.ts';
import { livingOf, missingDaemons, shimOf } from './shims.ts';

export function daemonsDown(snapshot: Snapshot, examined: Examined): readonly Finding[] {
  return snapshot.containers.flatMap((container): Finding[] => {
    const shim = shimOf(snapshot, container);
    const missing = missingDaemons(snapshot, examined, container);
    if (!shim || missing.length === 0 || livingOf(snapshot, container).length === 0) return [];
    const subject = containerSubject(container);
    const facts = examined.shims.find((one) => processAt(snapshot, one.shim) === shim);
    return [
      {
        id: 'daemon-down',
        severity: 'error',
        subject,
        sentence: filled(FINDINGS.daemonDown, { name: subject.name, daemons: missing.join(', ') }),
        evidence: [
          ...missing.map((daemon) => ({ file: `/proc/*/comm ${daemon}`, value: '0' })),
          ...(facts?.listening.ok && !facts.listening.value
            ? [{ file: `${facts.file} ${facts.address}`, value: '-' }]
            : []),
          { file: `/proc/${shim.pid}/stat ppid`, value: String(shim.ppid) },
        ],
        proof: `ps -C dockerd,containerd -o pid,args; ps -o pid,ppid,args -p ${shim.pid}`,
        next: filled(FINDINGS.daemonDownNext),
        lesson: 'live-restore-and-daemon-json',
        pids: [...container.pids],
      },
    ];
  });
}
