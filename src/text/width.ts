// How many terminal columns a styled line takes, and cutting and padding it to a number of columns.
// It measures the line it is given; making it safe to draw is sanitize.ts' work.
import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';

const PRINTABLE_ASCII = /^[ -~]*$/;
/** Characters that are one column by themselves and nothing together: ASCII, Latin, quotes and dots, arrows, lines, blocks, and the program's signs. */
const NARROW =
  /^[ -~\u00a1-\u00a8\u00aa-\u00ac\u00af-\u02ff\u2013-\u2026\u2039\u203a\u2190-\u2193\u2500-\u25fc]*$/;
const SGR = /\x1b\[[\d;]*m/g;
const CLOSING_SGR = /(?:\x1b\[[\d;]*m)*$/;
const ELLIPSIS = '…';

/** Columns of a line on a terminal: SGR sequences count 0, CJK characters 2, ambiguous ones 1. */
export function width(s: string): number {
  if (PRINTABLE_ASCII.test(s)) return s.length;
  const plain = s.includes('\x1b') ? s.replace(SGR, '') : s;
  return NARROW.test(plain) ? plain.length : stringWidth(s);
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
