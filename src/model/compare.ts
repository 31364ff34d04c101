// Two targets side by side: their namespaces type by type, and their limits. Reads nothing; one target beside the host is links.ts' work.
import { NS_TYPES, type NsType } from '../kernel/namespaces.ts';
import type { Reading } from '../kernel/reading.ts';
import { type CgroupFact, factsOf, isTelling } from './cgroup-view.ts';
import type { ControllerState } from './types.ts';

export interface PairRow {
  readonly type: NsType;
  readonly a: Reading<number>;
  readonly b: Reading<number>;
  /** `own`: each is in one of its own. `unknown` where either could not be read. */
  readonly relation: 'shared' | 'own' | 'unknown';
}

/** A row for each type, in the order of NS_TYPES. */
export function pairNamespaces(
  a: Readonly<Record<NsType, Reading<number>>>,
  b: Readonly<Record<NsType, Reading<number>>>,
): readonly PairRow[] {
  return NS_TYPES.map((type) => {
    const [left, right] = [a[type], b[type]];
    const relation = !left.ok || !right.ok ? 'unknown' : left.value === right.value ? 'shared' : 'own';
    return { type, a: left, b: right, relation };
  });
}

export interface LimitPair {
  readonly controller: string;
  /** Neutral name, as in the state. */
  readonly key: string;
  /** null: that one has no such file. */
  readonly a: CgroupFact | null;
  readonly b: CgroupFact | null;
}

/** Every limit that one of both has, in the order of the table. */
export function pairLimits(
  a: readonly ControllerState[],
  b: readonly ControllerState[],
): readonly LimitPair[] {
  const names = [...new Set([...a, ...b].map(({ name }) => name))];
  return names.flatMap((name) => {
    const [left, right] = [limitsOf(a, name), limitsOf(b, name)];
    const keys = [...new Set([...left, ...right].map(({ key }) => key))];
    return keys.map((key) => ({
      controller: name,
      key,
      a: left.find((fact) => fact.key === key) ?? null,
      b: right.find((fact) => fact.key === key) ?? null,
    }));
  });
}

function limitsOf(controllers: readonly ControllerState[], name: string): readonly CgroupFact[] {
  const controller = controllers.find((one) => one.name === name);
  return controller ? factsOf(controller).filter((fact) => fact.kind === 'limit' && isTelling(fact)) : [];
}
