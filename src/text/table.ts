// Lays rows of cells out in aligned columns, for command output. Cells may be painted; what they say is the caller's work.
import { onlySgr } from './sanitize.ts';
import type { Paint } from './sgr.ts';
import { cut, pad, width } from './width.ts';

export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right';
  /** Most columns of the terminal that it takes; longer cells end in `…`. */
  readonly max?: number;
}

export interface TableOptions {
  readonly paint?: Paint;
  /** Columns of the terminal; without it (a pipe) the last column is as wide as its widest cell. */
  readonly width?: number;
}

const GAP = '  ';
/** Columns stay at least this wide when the terminal is too narrow. */
const LEAST = 4;

/**
 * One line of heads and one per row, two spaces between columns, no spaces at the end of a line. Missing cells are empty. With
 * `width` the last column takes what is left; where too little is left, the widest of the others give way.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
): string[] {
  const safe = rows.map((row) => columns.map((_, i) => onlySgr(row[i] ?? '')));
  const widths = columns.map((column, i) => {
    const natural = safe.reduce((most, row) => Math.max(most, width(row[i] ?? '')), width(column.head));
    return Math.min(natural, column.max ?? natural);
  });
  if (options.width !== undefined) shrink(widths, options.width);
  const paint: Paint = options.paint ?? ((_role, text) => text);
  const heads = columns.map((column, i) => paint('dim', cut(column.head, widths[i] ?? 0)));
  return [heads, ...safe].map((cells) => line(columns, widths, cells));
}

function line(columns: readonly Column[], widths: readonly number[], cells: readonly string[]): string {
  const padded = columns.map((column, i) => {
    const cell = cells[i] ?? '';
    const columnsOf = widths[i] ?? 0;
    const last = i === columns.length - 1;
    return last && column.align !== 'right' ? cut(cell, columnsOf) : pad(cell, columnsOf, column.align);
  });
  return padded.join(GAP).trimEnd();
}

/** Takes columns from the last one first, then from the widest, until all fit into `total` or none can give more. */
function shrink(widths: number[], total: number): void {
  let over = widths.reduce((sum, each) => sum + each, GAP.length * Math.max(0, widths.length - 1)) - total;
  const last = widths.length - 1;
  const lastWidth = widths[last];
  if (over <= 0 || lastWidth === undefined) return;
  const fromLast = Math.min(over, Math.max(0, lastWidth - 2 * LEAST));
  widths[last] = lastWidth - fromLast;
  over -= fromLast;
  while (over > 0) {
    const widest = Math.max(...widths);
    if (widest <= LEAST) return;
    widths[widths.indexOf(widest)] = widest - 1;
    over--;
  }
}
