// Finding: processes of a group were killed for want of memory, and whose want it was: the group's own limit, an ancestor's, or the host's.
// cgroup-v2.rst, "Memory Interface Files": `oom_kill` is counted where the victim was, `oom` where the limit was reached; memory.events counts
// the groups below too, memory.events.local and v1's memory.oom_control do not. v1 tells that a limit was reached by memory.failcnt, or by a
// peak that is the limit; where memory and swap together have as low a limit, by the peak of memory.memsw alone (seen on Linux 6.18: its failcnt
// stays 0).
import type { Message } from '../../text/lang.ts';
import { bytes } from '../../text/units.ts';
import { shellWord } from '../holders.ts';
import type { Snapshot } from '../types.ts';
import {
  containerSubject,
  type Examined,
  type Finding,
  filled,
  type GroupFacts,
  type Subject,
  subjectName,
} from './finding.ts';
import { catOf, chainOf, containerAt, evidenceOfAll, groupsOf, isWithin, numberOf } from './groups.ts';
import { FINDINGS } from './messages.ts';

const ID = 'oom-killed';
const LESSON = 'memory-limit';
const TOLD = ['oomKillLocal', 'oomKill', 'oomEventsLocal', 'maxEvents', 'limit'];
/** v1: how often a limit was hit, the limit, and the most that was charged. */
const HIT = [
  ['maxEvents', 'limit', 'peak'],
  ['memorySwapEvents', 'memorySwapLimit', 'memorySwapPeak'],
] as const;

export function oomKilled(snapshot: Snapshot, examined: Examined): readonly Finding[] {
  const groups = groupsOf(examined, 'memory');
  const found = new Map<string, Finding>();
  for (const group of groups) {
    const count = killsIn(group, groups);
    if (count === 0n) continue;
    const container = containerAt(snapshot, group.path);
    const subject: Subject = container ? containerSubject(container) : { kind: 'cgroup', path: group.path };
    const key = `${subject.kind} ${subjectName(subject)}`;
    const finding = killed(snapshot, examined, subject, group, count);
    const before = found.get(key);
    found.set(key, before ? { ...before, evidence: [...before.evidence, ...finding.evidence] } : finding);
  }
  return [...found.values(), ...examined.ended.flatMap(endedOf)];
}

/**
 * Kills in the group itself. Before Linux 5.2 v2 has no memory.events.local: then what the known groups below do not account for. Kills below a
 * group that are of no living group are the group's where it is a container's own.
 */
function killsIn(group: GroupFacts, groups: readonly GroupFacts[]): bigint {
  const all = numberOf(group.values['oomKill']) ?? 0n;
  if (group.version === 1 || all === 0n) return all;
  return numberOf(group.values['oomKillLocal']) ?? own(group, groups, 'oomKill');
}

function own(group: GroupFacts, groups: readonly GroupFacts[], key: string): bigint {
  const all = numberOf(group.values[key]) ?? 0n;
  const below = groups
    .filter(({ path }) => path !== group.path && path.slice(0, path.lastIndexOf('/')) === group.path)
    .reduce((sum, { values }) => sum + (numberOf(values[key]) ?? 0n), 0n);
  return all > below ? all - below : 0n;
}

function killed(
  snapshot: Snapshot,
  examined: Examined,
  subject: Subject,
  group: GroupFacts,
  count: bigint,
): Finding {
  const chain = chainOf(examined, group);
  const reached = chain.filter((at) => wasReached(at, groupsOf(examined, 'memory')));
  const [nearest] = reached;
  const name = subjectName(subject);
  const hit = nearest?.version === 1 ? hitOf(nearest) : undefined;
  const limit = nearest ? numberOf(nearest.values[hit?.[1] ?? 'limit']) : null;
  const values = {
    count: String(count),
    name,
    path: nearest?.path ?? '',
    limit: limit === null ? 'max' : bytes(limit),
  };
  const isOwn = nearest !== undefined && isOwnGroup(snapshot, subject, nearest.path);
  return {
    id: ID,
    severity: 'error',
    subject,
    sentence: filled(sentenceOf(group.version, reached.length, isOwn), values),
    evidence: [
      ...evidenceOfAll(group, toldOf(group)),
      ...reached.filter((at) => at !== group).flatMap((at) => evidenceOfAll(at, toldOf(at))),
    ],
    proof: catOf(group, toldOf(group)),
    next: nearest
      ? filled(FINDINGS.oomNext, { target: targetOf(subject), path: nearest.path })
      : filled(FINDINGS.oomNextHost),
    lesson: LESSON,
    pids: [],
  };
}

/** v2 says it (`oom`); v1's failcnt also counts what could still be reclaimed, so that more than one group may have it. */
function wasReached(group: GroupFacts, groups: readonly GroupFacts[]): boolean {
  if (group.version === 1) return hitOf(group) !== undefined;
  return (numberOf(group.values['oomEventsLocal']) ?? own(group, groups, 'oomEvents')) > 0n;
}

function hitOf({ values }: GroupFacts): (typeof HIT)[number] | undefined {
  return HIT.find(([events, limit, peak]) => {
    const [most, allowed] = [numberOf(values[peak]), numberOf(values[limit])];
    if (allowed === null) return false;
    return (numberOf(values[events]) ?? 0n) > 0n || (most !== null && most >= allowed);
  });
}

/** The keys that tell of a group: v1's peak, and those of memory and swap together where these say more. */
function toldOf(group: GroupFacts): readonly string[] {
  return group.version === 1 ? [...new Set([...TOLD, ...(hitOf(group) ?? [])])] : TOLD;
}

function sentenceOf(version: 1 | 2, reached: number, isOwn: boolean): Message {
  if (reached === 0) return FINDINGS.oomHost;
  if (version === 1 && reached > 1) return FINDINGS.oomUnclear;
  return isOwn ? FINDINGS.oomOwn : FINDINGS.oomAncestor;
}

/** A container's own limit may be reached by a group in it. */
function isOwnGroup(snapshot: Snapshot, subject: Subject, path: string): boolean {
  if (subject.kind === 'cgroup') return subject.path === path;
  const container = snapshot.containers.find(({ id }) => subject.kind === 'container' && id === subject.id);
  return container?.cgroupPath != null && isWithin(path, container.cgroupPath);
}

function targetOf(subject: Subject): string {
  return subject.kind === 'cgroup' ? shellWord(`cgroup:${subject.path}`) : subjectName(subject);
}

/** 137 alone is no sign: every SIGKILL gives it. */
function endedOf(ended: Examined['ended'][number]): readonly Finding[] {
  if (!ended.oomKilled) return [];
  const name = ended.name ?? ended.id.slice(0, 12);
  const values = { name, code: ended.exitCode, limit: ended.memory === null ? 'max' : bytes(ended.memory) };
  return [
    {
      id: ID,
      severity: 'error',
      subject: { kind: 'container', id: ended.id, name },
      sentence: filled(ended.memory === null ? FINDINGS.oomEndedUnlimited : FINDINGS.oomEnded, values),
      evidence: [
        { file: `GET /containers/${ended.id}/json State.OOMKilled`, value: String(ended.oomKilled) },
        { file: `GET /containers/${ended.id}/json State.ExitCode`, value: String(ended.exitCode) },
      ],
      proof: `docker -H ${shellWord(`unix://${ended.socket}`)} inspect -f '{{.State.OOMKilled}} {{.State.ExitCode}} {{.HostConfig.Memory}}' ${shellWord(name)}`,
      next: filled(FINDINGS.oomNextEnded),
      lesson: LESSON,
      pids: [],
    },
  ];
}
