// Finding: a group was asked to freeze, so that what is in it and below does not run. v1: freezer.self_freezing says whose request it is, and
// a group below an asked one has only freezer.parent_freezing (freezer-subsystem.rst); v2: cgroup.freeze and `frozen` of cgroup.events.
import { shellWord } from '../holders.ts';
import type { Snapshot } from '../types.ts';
import { type Examined, type Finding, filled, type GroupFacts, keyOf, subjectName } from './finding.ts';
import { catOf, evidenceOfAll, groupsOf, numberOf, sufferersOf } from './groups.ts';
import { FINDINGS } from './messages.ts';

const TOLD = ['freeze', 'frozen', 'parentFreezing'];

export function frozen(snapshot: Snapshot, examined: Examined): readonly Finding[] {
  const asked = groupsOf(examined, 'freezer').filter(({ values }) => numberOf(values['freeze']) === 1n);
  const found = new Map<string, Finding>();
  // The group nearest to the processes first: thawing an ancestor alone would not be enough.
  for (const group of [...asked].sort((a, b) => b.path.length - a.path.length)) {
    for (const { subject, own, pids } of sufferersOf(snapshot, 'freezer', group.path)) {
      if (pids.length === 0) continue;
      const name = subjectName(subject);
      const finding: Finding = {
        id: 'frozen',
        severity: 'warning',
        subject,
        sentence: filled(own ? FINDINGS.frozenOwn : FINDINGS.frozenAncestor, { name, path: group.path }),
        evidence: evidenceOfAll(group, TOLD),
        proof: catOf(group, TOLD),
        next: filled(
          own && subject.kind === 'container' ? FINDINGS.frozenNextContainer : FINDINGS.frozenNext,
          { command: thawOf(group), name },
        ),
        lesson: 'pids-and-freezer',
        pids,
      };
      const before = found.get(keyOf(finding));
      found.set(
        keyOf(finding),
        before ? { ...before, evidence: [...before.evidence, ...finding.evidence] } : finding,
      );
    }
  }
  return [...found.values()];
}

function thawOf({ version, directory }: GroupFacts): string {
  return version === 1
    ? `echo THAWED > ${shellWord(`${directory}/freezer.state`)}`
    : `echo 0 > ${shellWord(`${directory}/cgroup.freeze`)}`;
}
