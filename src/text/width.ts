// How many terminal columns a styled line takes, and cutting and padding it to a number of columns.
// It measures the line it is given; making it safe to draw is sanitize.ts' work.
import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';

const PRINTABLE_ASCII = /^[ -~]*$/;
const CLOSING_SGR = /(?:\x1b\[[\d;]*m)*$/;
const ELLIPSIS = '…';

/** Columns of a line on a terminal: SGR sequences count 0, CJK characters 2, ambiguous ones 1. */
export function width(s: string): number {
  return PRINTABLE_ASCII.test(s) ? s.length : stringWidth(s);
}

/**
 * The line, at most `columns` wide; where something was cut off, it ends in `…`. Open styles are closed, a wide character is
 * never halved (the result may be a column short of it).
 */
export function cut(s: string, columns: number): string {
  if (columns <= 0) return '';
  if (width(s) <= columns) return s;
  if (columns === 1) return ELLIPSIS;
  if (PRINTABLE_ASCII.test(s)) return s.slice(0, columns - 1) + ELLIPSIS;
  let kept = sliceAnsi(s, 0, columns - 1);
  // slice-ansi keeps a wide character that begins in the last column.
  if (width(kept) > columns - 1) kept = sliceAnsi(s, 0, columns - 2);
  return kept.replace(CLOSING_SGR, (closing) => ELLIPSIS + closing);
}

/** The line cut or filled with spaces to exactly `columns`; `right` puts the spaces first. */
export function pad(s: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const fitting = cut(s, columns);
  const spaces = ' '.repeat(Math.max(0, columns - width(fitting)));
  return align === 'left' ? fitting + spaces : spaces + fitting;
}
