// Finding: a cpu quota stops a group, its own or an ancestor's. cpu.stat counts at the group that has the quota and at no other
// (Documentation/scheduler/sched-bwc.rst), so every group with a quota is asked, and those below it are told.
import { shellWord } from '../holders.ts';
import type { Snapshot } from '../types.ts';
import { type Examined, type Finding, filled, subjectName } from './finding.ts';
import { catOf, evidenceOfAll, groupsOf, numberOf, sufferersOf } from './groups.ts';
import { FINDINGS } from './messages.ts';

/** Percent of the periods; a burst at the start of a program is stopped now and then, and that is what a quota is for. */
export const TELLING_SHARE = 5n;
const TOLD = ['nrThrottled', 'nrPeriods', 'throttledTime', 'quota', 'period'];

export function throttled(snapshot: Snapshot, examined: Examined): readonly Finding[] {
  return groupsOf(examined, 'cpu').flatMap((group): Finding[] => {
    const count = numberOf(group.values['nrThrottled']) ?? 0n;
    const periods = numberOf(group.values['nrPeriods']) ?? 0n;
    // Counters of a quota that has been taken away stay as they are.
    if (count === 0n || numberOf(group.values['quota']) === null) return [];
    if (periods > 0n && count * 100n < periods * TELLING_SHARE) return [];
    const values = {
      path: group.path,
      count: String(count),
      periods: String(periods),
      percent: periods === 0n ? '?' : String((count * 100n) / periods),
    };
    return sufferersOf(snapshot, 'cpu', group.path).map(({ subject, own, pids }) => ({
      id: 'throttled',
      severity: 'warning',
      subject,
      sentence: filled(own ? FINDINGS.throttledOwn : FINDINGS.throttledAncestor, {
        ...values,
        name: subjectName(subject),
      }),
      evidence: evidenceOfAll(group, TOLD),
      proof: catOf(group, TOLD),
      next: filled(FINDINGS.throttledNext, { path: shellWord(group.path) }),
      lesson: 'cpu-limit',
      pids,
    }));
  });
}
