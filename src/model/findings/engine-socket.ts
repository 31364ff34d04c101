// Finding: an engine's socket is mounted in a container, by itself or with the directory that it is in: who can write to it can start anything.
import { shellWord } from '../holders.ts';
import type { Snapshot } from '../types.ts';
import { containerSubject, type Examined, type Finding, filled } from './finding.ts';
import { FINDINGS } from './messages.ts';

export function engineSockets(snapshot: Snapshot, examined: Examined): readonly Finding[] {
  return examined.containers.flatMap((facts): Finding[] => {
    const container = snapshot.containers.find(({ id }) => id === facts.id);
    const sockets = facts.sockets.ok ? facts.sockets.value : [];
    const [first] = sockets;
    if (!container || !first) return [];
    const subject = containerSubject(container);
    const mountinfo = `/proc/${container.init?.pid ?? '?'}/mountinfo`;
    return [
      {
        id: 'engine-socket',
        severity: 'warning',
        subject,
        sentence: filled(FINDINGS.engineSocket, { name: subject.name, path: first.mountPoint }),
        evidence: sockets.map(({ mountPoint, source }) => ({
          file: `${mountinfo} ${mountPoint}`,
          value: source,
        })),
        proof: `grep -F ${sockets.map(({ mountPoint }) => `-e ${shellWord(mountPoint)}`).join(' ')} ${mountinfo}`,
        next: filled(FINDINGS.engineSocketNext, { path: first.source }),
        lesson: 'docker-run-step-by-step',
        pids: [...container.pids],
      },
    ];
  });
}
