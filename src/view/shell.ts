// The shell's pane: its screen as it is, painted with what the terminal can show, and in the title where it is and how to get out.
import { keyName, KEYMAP } from '../app/keymap.ts';
import type { AppState, ShellPlace, ShellRun } from '../app/state.ts';
import { nearestOf16 } from '../text/palette.ts';
import { clean } from '../text/sanitize.ts';
import type { Paint, PaintMode } from '../text/sgr.ts';
import { cut } from '../text/width.ts';
import { type PaneText, type Room, tell } from './pane-text.ts';

export function shellPane(state: AppState, room: Room, paint: Paint): PaneText {
  const { shell } = state;
  if (!shell) return { title: '', lines: [], extent: { total: 0, room: room.height, offset: 0 } };
  const { back } = shell.screen;
  const focused = state.focus === 'shell' && shell.alive;
  // For a moment after a resize the screen still has its former size.
  const shown = shell.screen.lines.slice(-room.height);
  const lines = shown.map((line) =>
    cut(line.map((run) => painted(run, state.colour, focused)).join(''), room.width),
  );
  return {
    title: titleOf(state, focused, room.width < NARROW),
    lines: shell.alive ? lines : [...said(lines, room.height - 1), paint('dim', tell(state, 'shellEnded'))],
    // The sign of a frame tells that newer lines are out of sight; that older ones are goes without saying.
    extent: { total: room.height + back, room: room.height, offset: 0 },
  };
}

/** The last lines that are not empty. */
function said(lines: readonly string[], most: number): readonly string[] {
  const last = lines.findLastIndex((line) => line !== '');
  return lines.slice(Math.max(0, last + 1 - most), last + 1);
}

/** Below this a title has no room for more than the key and the place. */
const NARROW = 44;

function titleOf(state: AppState, focused: boolean, narrow: boolean): string {
  const { shell } = state;
  if (!shell) return '';
  const key = keysOf(focused ? 'leave-shell' : 'shell');
  const how = !shell.alive ? [] : [narrow ? key : tell(state, focused ? 'shellOut' : 'shellIn', { key })];
  return [tell(state, 'shell'), ...how, placeName(state, shell.place)].join(' · ');
}

function keysOf(command: 'leave-shell' | 'shell'): string {
  return keyName(KEYMAP.find((entry) => entry.command === command)?.keys[0] ?? '');
}

/** The place of a shell as the tree has it. */
export function placeName(state: Pick<AppState, 'lang'>, place: ShellPlace): string {
  switch (place.kind) {
    case 'host':
      return tell(state, 'onHost');
    case 'actor':
      return `◆ ${clean(place.name)}`;
    case 'process':
      return `${place.container ? '● ' : ''}${clean(place.name)}`;
  }
}

/** SGR codes that open and close a run's style in a mode; the cursor is the other way round. */
function painted(run: ShellRun, mode: PaintMode, focused: boolean): string {
  if (mode === 'none') return run.text;
  const inverse = run.inverse !== (run.cursor && focused);
  const coloured = mode !== 'mono';
  const styles: readonly (readonly [open: string, close: string])[] = [
    ...(run.bold ? [['1', '22'] as const] : []),
    ...(run.underline ? [['4', '24'] as const] : []),
    ...(inverse ? [['7', '27'] as const] : []),
    ...(coloured && run.fg !== null ? [[colourCode(run.fg, 30, mode), '39'] as const] : []),
    ...(coloured && run.bg !== null ? [[colourCode(run.bg, 40, mode), '49'] as const] : []),
  ];
  if (styles.length === 0) return run.text;
  return `\x1b[${styles.map(([open]) => open).join(';')}m${run.text}\x1b[${styles.map(([, close]) => close).join(';')}m`;
}

/** `first` is 30 for the text and 40 for its ground (console_codes(4)); the brighter eight are 60 further. */
function colourCode(colour: number, first: 30 | 40, mode: PaintMode): string {
  const index = mode === '16' ? nearestOf16(colour) : colour;
  if (index < 8) return String(first + index);
  return index < 16 ? String(first + 60 + index - 8) : `${first + 8};5;${index}`;
}
