// Finding: one controller has a process of a container outside of the container's group, so that its limits do not hold for it. Only v1 can be so:
// v2 has one tree. Controllers that engines leave alone (misc, rdma, a named hierarchy) are no sign, nor are systemd's own containers.
import { V1_CONTROLLER } from '../../kernel/cgroup/files.ts';
import { isOutside } from '../../kernel/proc/cgroup.ts';
import { processByPid } from '../find.ts';
import { shellWord } from '../holders.ts';
import type { Container, Snapshot } from '../types.ts';
import { containerSubject, type Examined, type Finding, filled } from './finding.ts';
import { isWithin, pathOf } from './groups.ts';
import { FINDINGS } from './messages.ts';

/** Those that every OCI runtime joins. */
const JOINED = ['memory', 'cpu', 'cpuacct', 'cpuset', 'pids', 'io', 'devices', 'freezer'];
/** systemd and LXC join only what they were told to limit. */
const NOT_OCI: readonly Container['engine'][] = ['nspawn', 'lxc'];

interface Stray {
  readonly pid: number;
  readonly controller: string;
  readonly path: string;
}

export function controllersDisagree(snapshot: Snapshot, _examined: Examined): readonly Finding[] {
  return snapshot.containers.flatMap((container): Finding[] => {
    const own = container.cgroupPath;
    const strays =
      own === null || NOT_OCI.includes(container.engine) ? [] : straysOf(snapshot, container, own);
    const [first] = strays;
    if (own === null || !first) return [];
    const subject = containerSubject(container);
    return [
      {
        id: 'controllers-disagree',
        severity: 'warning',
        subject,
        sentence: filled(FINDINGS.disagree, { name: subject.name, own, ...first }),
        evidence: strays.map(({ pid, controller, path }) => ({
          file: `/proc/${pid}/cgroup ${controller}`,
          value: path,
        })),
        proof: `grep -Hv ${shellWord(own)} /proc/${first.pid}/cgroup`,
        next: filled(FINDINGS.disagreeNext, { pid: first.pid }),
        lesson: 'cgroup-tree',
        pids: [...new Set(strays.map(({ pid }) => pid))],
      },
    ];
  });
}

function straysOf(snapshot: Snapshot, container: Container, own: string): readonly Stray[] {
  return container.pids.flatMap((pid) => {
    const process = processByPid(snapshot, pid);
    if (!process || process.state === 'Z') return [];
    return JOINED.flatMap((name): Stray[] => {
      const path = pathOf(snapshot, process, name);
      if (path === null || isOutside(path) || isWithin(path, own)) return [];
      return [{ pid, controller: V1_CONTROLLER[name] ?? name, path }];
    });
  });
}
