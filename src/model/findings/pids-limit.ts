// Finding: a group is at its pids limit or near it, or fork(2) has failed there (Documentation/admin-guide/cgroup-v1/pids.rst).
// Until Linux 6.11 `max` of pids.events was counted where the fork was, whichever ancestor's limit it was; since then v2 has pids.events.local
// for the limit's own group.
import type { Snapshot } from '../types.ts';
import { type Examined, type Finding, filled, type GroupFacts, subjectName } from './finding.ts';
import { catOf, chainOf, evidenceOfAll, groupsOf, numberOf, sufferersOf } from './groups.ts';
import { FINDINGS } from './messages.ts';

/** Percent of the limit. */
export const NEAR = 90n;
const TOLD = ['usage', 'limit', 'maxEventsLocal', 'maxEvents'];

export function pidsLimit(snapshot: Snapshot, examined: Examined): readonly Finding[] {
  const groups = groupsOf(examined, 'pids');
  const now = groups.filter(isNear);
  const past = groups.filter(
    (group) => failures(group) > 0n && !chainOf(examined, group).some((at) => now.includes(at)),
  );
  return [
    ...now.flatMap((group) => told(snapshot, group, group)),
    ...past.flatMap((group) => {
      const setBy = tightest(chainOf(examined, group));
      return setBy ? told(snapshot, group, setBy) : [];
    }),
  ];
}

function isNear({ values }: GroupFacts): boolean {
  const [usage, limit] = [numberOf(values['usage']), numberOf(values['limit'])];
  return usage !== null && limit !== null && limit > 0n && usage * 100n >= limit * NEAR;
}

/** v2's pids.events counts the groups below too where there is a pids.events.local. */
function failures({ values }: GroupFacts): bigint {
  return numberOf(values['maxEventsLocal']) ?? numberOf(values['maxEvents']) ?? 0n;
}

/** The group with the least room left; null where no limit is set any more. */
function tightest(chain: readonly GroupFacts[]): GroupFacts | null {
  const room = ({ values }: GroupFacts) => {
    const limit = numberOf(values['limit']);
    return limit === null ? null : limit - (numberOf(values['usage']) ?? 0n);
  };
  return chain.reduce<GroupFacts | null>((least, at) => {
    const [here, there] = [room(at), least ? room(least) : null];
    return here !== null && (there === null || here < there) ? at : least;
  }, null);
}

/** `group` is where it happens, `setBy` whose limit it is. */
function told(snapshot: Snapshot, group: GroupFacts, setBy: GroupFacts): readonly Finding[] {
  const usage = numberOf(setBy.values['usage']) ?? 0n;
  const limit = numberOf(setBy.values['limit']) ?? 0n;
  const near = isNear(setBy);
  const message = !near ? FINDINGS.pidsHit : usage >= limit ? FINDINGS.pidsFull : FINDINGS.pidsNear;
  return sufferersOf(snapshot, 'pids', group.path).map(({ subject, pids }) => ({
    id: 'pids-limit',
    severity: near && usage >= limit ? 'error' : 'warning',
    subject,
    sentence: filled(message, {
      name: subjectName(subject),
      path: setBy.path,
      usage: String(usage),
      limit: String(limit),
      count: String(failures(group)),
    }),
    evidence: [...evidenceOfAll(group, TOLD), ...(setBy === group ? [] : evidenceOfAll(setBy, TOLD))],
    proof: catOf(group, TOLD),
    next: filled(FINDINGS.pidsNext, { path: setBy.path }),
    lesson: 'pids-and-freezer',
    pids,
  }));
}
