// Finding and filtering the rows of a tree: which rows hold a text, and what is left when only they and the way to them are shown. Pure.
import { keepLast } from './memo.ts';
import type { TreeRow } from './tree-row.ts';

// A row that nothing has changed of is the same value in the next snapshot.
const texts = new WeakMap<TreeRow, string>();

/** What of a row is searched: all that stands on it, without regard to case. */
function textOf(row: TreeRow): string {
  let text = texts.get(row);
  if (text === undefined) {
    text = [row.label, row.pid ?? '', row.inside ?? '', row.namespaces.join(' ')].join(' ').toLowerCase();
    texts.set(row, text);
  }
  return text;
}

/** Places of the rows that hold the text, ascending; none where it is empty. */
export const matchesOf = keepLast((rows: readonly TreeRow[], needle: string): readonly number[] => {
  const wanted = needle.toLowerCase();
  if (wanted === '') return [];
  return rows.flatMap((row, at) => (textOf(row).includes(wanted) ? [at] : []));
});

/** The rows that hold the text, and those above them in the tree; all where the text is empty. Strokes stay as they are. */
export function filtered(rows: readonly TreeRow[], needle: string): readonly TreeRow[] {
  if (needle === '') return rows;
  const found = new Set(matchesOf(rows, needle));
  const kept = new Set<number>();
  /** The rows that lead to this one, from the top: a row is below the nearest one before it that is less indented. */
  const trail: { readonly at: number; readonly depth: number }[] = [];
  for (const [at, row] of rows.entries()) {
    const depth = depthOf(row);
    while ((trail.at(-1)?.depth ?? -2) >= depth) trail.pop();
    trail.push({ at, depth });
    if (found.has(at)) for (const up of trail) kept.add(up.at);
  }
  return rows.filter((_, at) => kept.has(at));
}

/** A heading leads to all rows up to the next one; a root of a tree without one has no strokes. */
function depthOf(row: TreeRow): number {
  return row.kind === 'heading' ? -1 : row.lead.length;
}

/** The next row from `from` on, in the direction and around the end, that holds the text; null where none does. */
export function nextMatch(rows: readonly TreeRow[], needle: string, from: number, by: 1 | -1): number | null {
  const found = matchesOf(rows, needle);
  const place = rows.length === 0 ? 0 : ((from % rows.length) + rows.length) % rows.length;
  return by === 1
    ? (found.find((at) => at >= place) ?? found[0] ?? null)
    : (found.findLast((at) => at <= place) ?? found.at(-1) ?? null);
}
