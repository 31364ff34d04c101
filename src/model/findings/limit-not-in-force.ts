// Finding: a limit that the engine was asked for is not what the kernel keeps: the container's group has another value or none, it has no group of
// its own, or an ancestor's lower limit holds (kernel-facts: the effective limit is the least over the ancestors).
import type { Message } from '../../text/lang.ts';
import { bytes } from '../../text/units.ts';
import { processByPid } from '../find.ts';
import type { Container, Snapshot } from '../types.ts';
import {
  type Asked,
  containerSubject,
  type Examined,
  type Finding,
  filled,
  type GroupFacts,
} from './finding.ts';
import { catOf, chainOf, containerPath, evidenceOfAll, groupAt } from './groups.ts';
import { FINDINGS } from './messages.ts';

/** The kernel rounds a memory limit down to whole pages, which are 4 to 64 KiB. */
const LARGEST_PAGE = 65_536n;
/** A cpu quota is rounded to microseconds: parts in a thousand that do not count. */
const ROUNDING = 10n;
const TOLD = ['limit', 'quota', 'period'];
const LESSON = { memory: 'memory-limit', cpu: 'cpu-limit', pids: 'pids-and-freezer' } as const;

export function limitsNotInForce(snapshot: Snapshot, examined: Examined): readonly Finding[] {
  return examined.containers.flatMap((facts) => {
    const container = snapshot.containers.find(({ id }) => id === facts.id);
    const alive = container?.pids.some((pid) => processByPid(snapshot, pid)?.state !== 'Z') ?? false;
    if (!container || !alive || !facts.asked.ok) return [];
    return facts.asked.value.flatMap((asked) => compare(snapshot, examined, container, asked));
  });
}

function compare(
  snapshot: Snapshot,
  examined: Examined,
  container: Container,
  asked: Asked,
): readonly Finding[] {
  const path = containerPath(snapshot, container, asked.controller);
  const group = path === null ? null : groupAt(examined, asked.controller, path);
  if (path === null || !group) return [];
  const found = limitOf(group);
  const make = (
    message: Message,
    values: Record<string, string>,
    groups: readonly GroupFacts[],
    next: Message,
  ) =>
    findingOf(
      container,
      asked,
      groups,
      filled(message, {
        ...values,
        name: containerSubject(container).name,
        controller: asked.controller,
        asked: wordsOf(asked),
      }),
      next,
    );
  if (path === '/') return [make(FINDINGS.limitNoGroup, {}, [], filled(FINDINGS.limitNext))];
  // The file could not be read: that is told elsewhere.
  if (found === null) return [];
  const mend = filled(asked.source.endsWith('config.json') ? FINDINGS.limitNextUpdate : FINDINGS.limitNext);
  if (found === 'max') return [make(FINDINGS.limitUnset, {}, [group], mend)];
  if (!isSame(asked, found))
    return [make(FINDINGS.limitOther, { found: wordsOf({ ...asked, ...found }) }, [group], mend)];
  const lower = chainOf(examined, group)
    .slice(1)
    .flatMap((at) => {
      const limit = limitOf(at);
      return limit !== null && limit !== 'max' && isLess(limit, found) ? [{ at, limit }] : [];
    })
    .reduce<{ at: GroupFacts; limit: Limit } | null>(
      (least, one) => (least === null || isLess(one.limit, least.limit) ? one : least),
      null,
    );
  if (!lower) return [];
  return [
    make(
      FINDINGS.limitAncestor,
      { found: wordsOf({ ...asked, ...lower.limit }), path: lower.at.path },
      [group, lower.at],
      filled(FINDINGS.limitNextAncestor, { path: lower.at.path }),
    ),
  ];
}

function findingOf(
  container: Container,
  asked: Asked,
  groups: readonly GroupFacts[],
  sentence: Message,
  next: Message,
): Finding {
  const subject = containerSubject(container);
  return {
    id: 'limit-not-in-force',
    severity: 'warning',
    subject,
    sentence,
    evidence: [
      { file: `${asked.source} ${asked.field}`, value: String(asked.value) },
      ...groups.flatMap((group) => evidenceOfAll(group, TOLD)),
    ],
    proof: groups[0] ? catOf(groups[0], TOLD) : `cat /proc/${container.init?.pid ?? '?'}/cgroup`,
    next,
    lesson: LESSON[asked.controller],
    pids: [...container.pids],
  };
}

interface Limit {
  readonly value: bigint;
  readonly per?: bigint;
}

/** null where it could not be read. */
function limitOf({ controller, values }: GroupFacts): Limit | 'max' | null {
  const found = values[controller === 'cpu' ? 'quota' : 'limit'];
  if (!found?.ok) return null;
  if (found.value === 'max') return 'max';
  if (controller !== 'cpu') return { value: found.value };
  const period = values['period'];
  return period?.ok && period.value !== 'max' ? { value: found.value, per: period.value } : null;
}

function isSame(asked: Asked, { value, per }: Limit): boolean {
  if (asked.controller === 'memory') return value <= asked.value && asked.value - value < LARGEST_PAGE;
  if (asked.controller === 'pids') return asked.value === value;
  const [wanted, found] = [asked.value * (per ?? 1n), value * (asked.per ?? 1n)];
  const difference = wanted > found ? wanted - found : found - wanted;
  return difference * 1000n <= wanted * ROUNDING;
}

function isLess(a: Limit, b: Limit): boolean {
  return a.value * (b.per ?? 1n) < b.value * (a.per ?? 1n);
}

function wordsOf({ controller, value, per }: Pick<Asked, 'controller' | 'value' | 'per'>): string {
  if (controller === 'memory') return bytes(value);
  if (controller === 'pids') return String(value);
  const hundredths = per ? (value * 100n) / per : value;
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')} CPU`;
}
