// Rows of processes that have ended: the inspector keeps each in its place for as long as its mark takes to fade. Pure.
import type { ProcessRef } from '../model/types.ts';
import { markAt } from './marks.ts';
import type { TreeRow } from './tree-row.ts';
import type { AppState } from './state.ts';

/** A row that is no more, behind which one it stood, and since when it is gone. */
export interface EndedRow {
  readonly row: TreeRow;
  readonly after: string | null;
  readonly since: number;
}

/** A host that ends thousands at a time is not told by their rows. */
const MOST = 40;

/** Those that are still to be seen, and the rows of `was` that `is` has lost because their process, one of `went`, has ended. */
export function endedRows(
  state: AppState,
  was: readonly TreeRow[],
  is: readonly TreeRow[],
  went: readonly ProcessRef[],
  since: number,
): readonly EndedRow[] {
  const pids = new Set(went.map(({ pid }) => pid));
  const left = new Set(is.map(({ key }) => key));
  const gone = was.flatMap((row, at): EndedRow[] => {
    if (row.pid === null || row.age === 'ended' || left.has(row.key)) return [];
    if (!pids.has(row.pid)) return [];
    return [{ row: { ...row, age: 'ended', mark: null }, after: was[at - 1]?.key ?? null, since }];
  });
  const kept = state.ended.filter((one) => markAt(state, one.since) !== null && !left.has(one.row.key));
  return [...kept, ...gone].slice(-MOST);
}

/** The rows with the ended ones among them, each behind the row that it stood behind, or else at the end. */
export function withEnded(
  state: Pick<AppState, 'snapshot' | 'ended'>,
  rows: readonly TreeRow[],
): readonly TreeRow[] {
  const shown = state.ended.filter(({ since }) => markAt(state, since) !== null);
  if (shown.length === 0) return rows;
  const all = [...rows];
  for (const { row, after, since } of shown) {
    if (all.some(({ key }) => key === row.key)) continue;
    const at = after === null ? 0 : all.findIndex(({ key }) => key === after) + 1;
    const place = after !== null && at === 0 ? all.length : at;
    all.splice(place, 0, { ...row, mark: markAt(state, since) });
  }
  return all;
}
