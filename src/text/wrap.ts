// Breaks a styled paragraph into lines: Latin text at spaces, CJK text between characters, styles carried over each break.
// It does not hyphenate and does not indent.
import { afterSgr, closingSgr, type OpenStyle } from './sgr.ts';
import { width } from './width.ts';

const SGR = /\x1b\[[\d;]*m/g;
const CJK =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\u3000-\u303f\uff00-\uff60\uffe0-\uffe6]/u;

/** Closing punctuation and its like (GB/T 15834, JIS X 4051): never first in a line. */
const NOT_FIRST = new Set('，。！？；：、）」』”’》】〉〕］｝…—～·％,.!?;:)]}%');
/** Opening punctuation: never last in a line. */
const NOT_LAST = new Set('（「『“‘《【〈〔［｛([{');

const segmenter = new Intl.Segmenter();

interface Unit {
  /** SGR sequences that stand before the character. */
  readonly sgr: string;
  readonly text: string;
  readonly width: number;
}

/** True where the character belongs to a script that is written without spaces between words. */
export function isCjk(character: string): boolean {
  return CJK.test(character);
}

/**
 * The paragraph in lines of at most `columns` (at least 1; a character that is wider than that takes what it needs). Newlines in `s` are kept as
 * breaks; spaces at a break are dropped, those at the start of the paragraph stay; a word longer than a line is broken hard.
 * Each line opens and closes its own styles. An empty text is one empty line.
 */
export function wrap(s: string, columns: number): string[] {
  const most = Math.max(1, columns);
  const broken = s.split('\n').flatMap((line) => (width(line) <= most ? [line] : breakLine(line, most)));
  return s.includes('\x1b') ? carryStyles(broken) : broken;
}

/** Each line closes the styles that are open at its end, and the next one opens them again. */
function carryStyles(lines: readonly string[]): string[] {
  let open: readonly OpenStyle[] = [];
  return lines.map((line) => {
    const start = open.map((style) => style.open).join('');
    for (const found of line.matchAll(SGR)) open = afterSgr(open, found[0]);
    return start + line + closingSgr(open);
  });
}

function breakLine(line: string, columns: number): string[] {
  const { units, rest } = unitsOf(line);
  const lines: string[] = [];
  let start = 0;
  let used = 0;
  let lastBreak = 0;
  for (let i = 0; i < units.length; i++) {
    const unit = units[i];
    if (unit === undefined) break;
    if (i > start && mayBreak(units[i - 1], unit)) lastBreak = i;
    // Spaces may hang over the edge: they are dropped at the break.
    while (used + unit.width > columns && unit.text !== ' ' && i > start) {
      const end = lastBreak > start ? lastBreak : hardBreak(units, start, i);
      lines.push(joinUnits(units.slice(start, end)));
      start = end;
      used = units.slice(start, i).reduce((sum, each) => sum + each.width, 0);
    }
    used += unit.width;
  }
  lines.push(joinUnits(units.slice(start)) + rest);
  return lines;
}

/** Where a word is broken that is longer than a line: before unit `i`, or earlier to spare it closing punctuation at the start. */
function hardBreak(units: readonly Unit[], start: number, i: number): number {
  let end = i;
  while (end > start + 1 && NOT_FIRST.has(units[end]?.text ?? '')) end--;
  return end > start + 1 || !NOT_FIRST.has(units[end]?.text ?? '') ? end : i;
}

/** The units of one line in raw form; spaces at its end go, the SGR sequences among them stay. */
function joinUnits(units: readonly Unit[]): string {
  let end = units.length;
  while (end > 0 && units[end - 1]?.text === ' ') end--;
  return units.map((unit, i) => (i < end ? unit.sgr + unit.text : unit.sgr)).join('');
}

function mayBreak(before: Unit | undefined, after: Unit): boolean {
  if (before === undefined || after.text === ' ') return false;
  if (before.text === ' ') return !(NOT_FIRST.has(after.text) && isCjk(after.text));
  return (
    (isCjk(before.text) || isCjk(after.text)) && !NOT_FIRST.has(after.text) && !NOT_LAST.has(before.text)
  );
}

function unitsOf(line: string): { units: Unit[]; rest: string } {
  const units: Unit[] = [];
  let sgr = '';
  let at = 0;
  const take = (text: string): void => {
    for (const { segment } of segmenter.segment(text)) {
      units.push({ sgr, text: segment, width: width(segment) });
      sgr = '';
    }
  };
  for (const found of line.matchAll(SGR)) {
    take(line.slice(at, found.index));
    sgr += found[0];
    at = found.index + found[0].length;
  }
  take(line.slice(at));
  return { units, rest: sgr };
}
