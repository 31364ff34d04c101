// The screen of a shell's own terminal as runs of text: nothing of what the shell wrote goes further than its cells, and those only clean. Pure.
import type { IBuffer, IBufferCell, IBufferLine } from '@xterm/headless';
import type { ShellRun } from '../app/state.ts';
import { nearestOf256 } from '../text/palette.ts';
import { clean } from '../text/sanitize.ts';
import { width } from '../text/width.ts';

/** The lines in sight from top to bottom. `cursor`: whether its cell is to be told; it is not while older lines are in sight. */
export function linesOf(
  buffer: IBuffer,
  size: { readonly cols: number; readonly rows: number },
  cursor: boolean,
): readonly (readonly ShellRun[])[] {
  const isNow = buffer.viewportY === buffer.baseY;
  return Array.from({ length: size.rows }, (_, y) => {
    const line = buffer.getLine(buffer.viewportY + y);
    // Behind the last column (a wrap that is pending) the cursor is shown on it.
    const at = cursor && isNow && buffer.cursorY === y ? Math.min(buffer.cursorX, size.cols - 1) : -1;
    return line === undefined ? [] : runsOf(line, size.cols, at);
  });
}

function runsOf(line: IBufferLine, columns: number, cursor: number): readonly ShellRun[] {
  const runs: ShellRun[] = [];
  for (let x = 0; x < columns; x += 1) {
    const cell = line.getCell(x);
    // The right half of a wide character.
    if (cell === undefined || cell.getWidth() === 0) continue;
    const isCursor = cursor >= x && cursor < x + cell.getWidth();
    const run = { ...styleOf(cell), text: textOf(cell), cursor: isCursor };
    const last = runs.at(-1);
    if (last && sameStyle(last, run)) runs[runs.length - 1] = { ...last, text: last.text + run.text };
    else runs.push(run);
  }
  return trimmed(runs);
}

function styleOf(cell: IBufferCell): Omit<ShellRun, 'text' | 'cursor'> {
  return {
    fg: colourOf(cell.isFgPalette(), cell.isFgRGB(), cell.getFgColor()),
    bg: colourOf(cell.isBgPalette(), cell.isBgRGB(), cell.getBgColor()),
    bold: cell.isBold() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
  };
}

function colourOf(palette: boolean, rgb: boolean, colour: number): number | null {
  if (rgb) return nearestOf256(colour);
  return palette ? colour : null;
}

/** Stands for a character that is not safe to draw, or of which terminals do not agree how wide it is. */
const UNDRAWN = '\ufffd';

function textOf(cell: IBufferCell): string {
  const text = cell.getChars();
  const columns = cell.getWidth();
  if (text === '' || cell.isInvisible() !== 0) return ' '.repeat(columns);
  return clean(text) === text && width(text) === columns ? text : UNDRAWN + ' '.repeat(columns - 1);
}

function sameStyle(a: ShellRun, b: ShellRun): boolean {
  return (
    a.fg === b.fg &&
    a.bg === b.bg &&
    a.bold === b.bold &&
    a.underline === b.underline &&
    a.inverse === b.inverse &&
    !a.cursor &&
    !b.cursor
  );
}

/** Without the blanks at its end that nothing can be seen of. */
function trimmed(runs: readonly ShellRun[]): readonly ShellRun[] {
  const last = runs.at(-1);
  if (!last || last.cursor || last.inverse || last.underline || last.bg !== null) return runs;
  const text = last.text.trimEnd();
  if (text === '') return trimmed(runs.slice(0, -1));
  return [...runs.slice(0, -1), { ...last, text }];
}
