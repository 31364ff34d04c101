// Finding and filtering the rows of a tree: which rows hold a text, and what is left when only they and the way to them are shown. Pure.
import type { TreeRow } from './tree-row.ts';

/** What of a row is searched: all that stands on it, without regard to case. */
export function holds(row: TreeRow, needle: string): boolean {
  if (needle === '') return false;
  const text = [row.label, row.pid ?? '', row.inside ?? '', row.namespaces.join(' ')].join(' ');
  return text.toLowerCase().includes(needle.toLowerCase());
}

/** The rows that hold the text, and those above them in the tree; all where the text is empty. Strokes stay as they are. */
export function filtered(rows: readonly TreeRow[], needle: string): readonly TreeRow[] {
  if (needle === '') return rows;
  const kept = new Set<number>();
  /** The rows that lead to this one, from the top: a row is below the nearest one before it that is less indented. */
  let trail: number[] = [];
  for (const [at, row] of rows.entries()) {
    trail = trail.filter((up) => depth(rows[up]) < depth(row));
    if (holds(row, needle)) for (const one of [...trail, at]) kept.add(one);
    trail.push(at);
  }
  return rows.filter((_, at) => kept.has(at));
}

/** A heading leads to all rows up to the next one; a root of a tree without one has no strokes. */
function depth(row: TreeRow | undefined): number {
  if (!row || row.kind === 'heading') return -1;
  return row.lead.length;
}

/** The next row from `from` on, in the direction and around the end, that holds the text; null where none does. */
export function nextMatch(rows: readonly TreeRow[], needle: string, from: number, by: 1 | -1): number | null {
  for (let step = 0; step < rows.length; step += 1) {
    const at = (((from + by * step) % rows.length) + rows.length) % rows.length;
    const row = rows[at];
    if (row && holds(row, needle)) return at;
  }
  return null;
}
