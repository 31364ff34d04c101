// Finding: zombies wait below a PID 1 that does not reap them (wait(2), pid_namespaces(7): orphans become its children). A program that is about
// to reap looks the same for a moment: see `settles` of the table.
import { containerOf, processByPid } from '../find.ts';
import type { Process, Snapshot } from '../types.ts';
import {
  containerSubject,
  type Examined,
  type Finding,
  filled,
  processSubject,
  subjectName,
} from './finding.ts';
import { FINDINGS } from './messages.ts';

/** So many at once; fewer are an ordinary moment of a shell's life. */
export const MANY = 5;

export function zombies(snapshot: Snapshot, _examined: Examined): readonly Finding[] {
  const byParent = new Map<number, Process[]>();
  for (const process of snapshot.processes) {
    if (process.state !== 'Z') continue;
    byParent.set(process.ppid, [...(byParent.get(process.ppid) ?? []), process]);
  }
  return [...byParent].flatMap(([ppid, dead]): Finding[] => {
    const parent = processByPid(snapshot, ppid);
    if (!parent || dead.length < MANY || !isFirst(snapshot, parent)) return [];
    const container = containerOf(snapshot, ppid);
    const subject = container ? containerSubject(container) : processSubject(parent);
    return [
      {
        id: 'zombies',
        severity: 'warning',
        subject,
        sentence: filled(FINDINGS.zombies, {
          name: container ? subjectName(subject) : nameOfNamespace(parent),
          count: dead.length,
          pid: parent.pid,
          comm: parent.comm,
        }),
        evidence: dead
          .slice(0, MANY)
          .map(({ pid }) => ({ file: `/proc/${pid}/stat state, ppid`, value: `Z ${ppid}` })),
        proof: `ps -o pid,stat,lstart,comm --ppid ${ppid}`,
        next: filled(FINDINGS.zombiesNext),
        lesson: 'pid-namespace',
        pids: dead.map(({ pid }) => pid),
      },
    ];
  });
}

/** PID 1 of its own pid namespace, or the first process of a container (which shares somebody's with `--pid`). */
function isFirst(snapshot: Snapshot, { pid, nspid }: Process): boolean {
  if (pid === 1 || (nspid?.ok && nspid.value.at(-1) === 1)) return true;
  return containerOf(snapshot, pid)?.init?.pid === pid;
}

function nameOfNamespace({ ns }: Process): string {
  return ns.pid.ok ? `pid:${ns.pid.value}` : 'pid:?';
}
