// Finding: a container has, or may gain, every capability of its engine in the engine's own user namespace (capabilities(7), docker's --privileged).
// In a user namespace of its own all capabilities are harmless outside: that is no finding.
import { processAt } from '../find.ts';
import { hostNamespaces } from '../hostview.ts';
import type { Snapshot } from '../types.ts';
import { containerSubject, type Examined, type Finding, filled } from './finding.ts';
import { FINDINGS } from './messages.ts';
import { shimOf } from './shims.ts';

/** CAP_SYS_ADMIN (include/uapi/linux/capability.h): an engine without it has not much to give. */
const SYS_ADMIN = 1n << 21n;

/**
 * CAP_CHOWN to CAP_AUDIT_READ. What Linux 5.8 and 5.9 added (CAP_PERFMON, CAP_BPF, CAP_CHECKPOINT_RESTORE) are parts of CAP_SYS_ADMIN, and an engine
 * that is older than they does not give them even to a privileged container.
 */
const COUNTED = (1n << 38n) - 1n;

export function fullCapabilities(snapshot: Snapshot, examined: Examined): readonly Finding[] {
  return examined.containers.flatMap((facts): Finding[] => {
    const container = snapshot.containers.find(({ id }) => id === facts.id);
    const init = container?.init ? processAt(snapshot, container.init) : null;
    if (!container || !init || !facts.privileges.ok || !facts.engine?.ok) return [];
    const user = shimOf(snapshot, container)?.ns.user ?? hostNamespaces(snapshot).user;
    if (!user.ok || !init.ns.user.ok || user.value !== init.ns.user.value) return [];
    const { capEff, capBnd, file } = facts.privileges.value;
    const all = facts.engine.value.capBnd;
    if (all === null || capBnd === null || (all & SYS_ADMIN) === 0n || !covers(capBnd, all)) return [];
    const subject = containerSubject(container);
    const has = capEff !== null && covers(capEff, all);
    return [
      {
        id: 'full-capabilities',
        severity: 'warning',
        subject,
        sentence: filled(has ? FINDINGS.capsFull : FINDINGS.capsReach, { name: subject.name }),
        evidence: [
          { file: `${file} CapEff`, value: hex(capEff) },
          { file: `${file} CapBnd`, value: hex(capBnd) },
          { file: `${facts.engine.value.file} CapBnd`, value: hex(all) },
        ],
        proof: `grep Cap ${file} ${facts.engine.value.file}`,
        next: filled(FINDINGS.capsNext),
        lesson: 'capabilities',
        pids: [...container.pids],
      },
    ];
  });
}

function covers(set: bigint, all: bigint): boolean {
  return (set & all & COUNTED) === (all & COUNTED);
}

function hex(set: bigint | null): string {
  return set === null ? '?' : set.toString(16).padStart(16, '0');
}
