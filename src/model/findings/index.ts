// The table of findings: every rule, in the order in which they are told; and all that they find in one look. Adding a finding is a file and a row.
import type { Snapshot } from '../types.ts';
import { fullCapabilities } from './capabilities.ts';
import { controllersDisagree } from './controllers-disagree.ts';
import { daemonsDown } from './daemon-down.ts';
import { engineSockets } from './engine-socket.ts';
import { type Examined, type Finding, type FindingRule, keyOf, type Severity } from './finding.ts';
import { frozen } from './frozen.ts';
import { hostFacts } from './host-facts.ts';
import { hostNamespace } from './host-namespace.ts';
import { leakedNamespaces } from './leaked-namespace.ts';
import { leakedShims } from './leaked-shim.ts';
import { limitsNotInForce } from './limit-not-in-force.ts';
import { noSeccomp } from './no-seccomp.ts';
import { oomKilled } from './oom-killed.ts';
import { pidsLimit } from './pids-limit.ts';
import { throttled } from './throttled.ts';
import { zombies } from './zombies.ts';

interface Row {
  /** The id of its findings; `host` for the notes, which have several. */
  readonly id: string;
  readonly find: FindingRule;
  /** What it finds is also seen for a moment where all is well: it holds only if a second look finds it again (`settled`). */
  readonly settles?: true;
}

export const RULES: readonly Row[] = [
  { id: 'oom-killed', find: oomKilled },
  { id: 'daemon-down', find: daemonsDown, settles: true },
  { id: 'pids-limit', find: pidsLimit },
  { id: 'throttled', find: throttled },
  { id: 'frozen', find: frozen, settles: true },
  { id: 'leaked-shim', find: leakedShims, settles: true },
  { id: 'leaked-namespace', find: leakedNamespaces },
  { id: 'zombies', find: zombies, settles: true },
  { id: 'limit-not-in-force', find: limitsNotInForce, settles: true },
  { id: 'controllers-disagree', find: controllersDisagree, settles: true },
  { id: 'host-namespace', find: hostNamespace },
  { id: 'full-capabilities', find: fullCapabilities },
  { id: 'no-seccomp', find: noSeccomp },
  { id: 'engine-socket', find: engineSockets },
  { id: 'host', find: hostFacts },
];

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

/**
 * All findings of one look, gravest first, then in the order of the table, then by subject; notes about the host come last and are no findings:
 * a host that has notes alone is healthy. Pure: a screen and the command give the same answer.
 *
 * Leaked namespaces are found after a deep look alone. For those that need a second look see `settled`.
 */
export function findingsOf(snapshot: Snapshot, examined: Examined): readonly Finding[] {
  return inOrder(RULES.flatMap(({ find }) => find(snapshot, examined)));
}

/** Those of `now` that a second look, a second or so later, has found again or that need none. `later` may be without a deep look. */
export function settled(
  now: readonly Finding[],
  later: { snapshot: Snapshot; examined: Examined },
): readonly Finding[] {
  const again = new Map(
    RULES.filter(({ settles }) => settles === true)
      .flatMap(({ find }) => find(later.snapshot, later.examined))
      .map((finding) => [keyOf(finding), finding]),
  );
  return now.filter((finding) => {
    if (!needsSecondLook(finding)) return true;
    const before = new Set(finding.pids);
    const found = again.get(keyOf(finding));
    // The same processes: zombies that were reaped, and others in their place, are a parent that reaps.
    return found !== undefined && (before.size === 0 || found.pids.some((pid) => before.has(pid)));
  });
}

export function needsSecondLook({ id }: Pick<Finding, 'id'>): boolean {
  return RULES.some((row) => row.id === id && row.settles === true);
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  // As they come they are in the table's order.
  const ids = [...new Set(findings.map(({ id }) => id))];
  return [...findings].sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      ids.indexOf(a.id) - ids.indexOf(b.id) ||
      (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0),
  );
}
