// What lies over the panes: the help made from the key table, and the question before something ends. Also the notice of a small window.
import { keyRows } from '../app/keymap.ts';
import { LEAST, overlayRect, type Rect } from '../app/layout.ts';
import { deadLeftovers } from '../app/target.ts';
import type { AppState, Extent, Overlay, Size } from '../app/state.ts';
import { clean } from '../text/sanitize.ts';
import type { Paint } from '../text/sgr.ts';
import { cut, pad, width } from '../text/width.ts';
import { wrap } from '../text/wrap.ts';
import { compareLines } from './compare.ts';
import { framed } from './frame.ts';
import { storyPane } from './story.ts';
import { type PaneText, tell, windowed } from './pane-text.ts';
import { placeName } from './shell.ts';

export interface Overlaid {
  readonly rect: Rect;
  readonly lines: readonly string[];
  readonly extent: Extent;
}

type Question = Extract<Overlay, { readonly kind: 'confirm' }>;

const HELP_COLUMNS = 76;
const QUESTION_COLUMNS = 64;
const COMPARE_COLUMNS = 120;

/** null where nothing lies over the screen. */
export function overlayOf(state: AppState, paint: Paint): Overlaid | null {
  if (state.overlay === null) return null;
  switch (state.overlay.kind) {
    case 'help':
      return help(state, paint);
    case 'compare':
      return comparison(state, paint);
    case 'story':
      return boxed(state, large(state), (room) => storyPane(state, room, paint), paint);
    case 'confirm':
      return question(state, state.overlay, paint);
  }
}

/** As large as the screen allows: two hosts' worth of limits can be long. */
function comparison(state: AppState, paint: Paint): Overlaid {
  return boxed(
    state,
    large(state),
    (room) => ({
      title: tell(state, 'comparison'),
      ...windowed(state, 'compare', room, compareLines(state, room, paint)),
    }),
    paint,
  );
}

function large({ size }: AppState): Size {
  return { width: Math.min(COMPARE_COLUMNS, size.width), height: size.height - 2 };
}

function boxed(
  state: AppState,
  wanted: { readonly width: number; readonly height: number },
  text: (room: { readonly width: number; readonly height: number }) => PaneText,
  paint: Paint,
): Overlaid {
  const rect = overlayRect(state.size, wanted);
  const shown = text({ width: rect.width - 4, height: rect.height - 2 });
  const lines = framed({ rect, first: true, last: true }, shown, { focused: true, paint });
  return { rect, lines, extent: shown.extent };
}

function help(state: AppState, paint: Paint): Overlaid {
  const columns = Math.min(HELP_COLUMNS, state.size.width) - 4;
  const rows = keyRows(state.lang, state.screen);
  const keyColumns = Math.max(...rows.map(([keys]) => width(keys))) + 2;
  const lines = [
    ...rows.flatMap(([keys, meaning]) =>
      wrap(meaning, columns - keyColumns).map((line, at) =>
        at === 0 ? paint('strong', pad(keys, keyColumns)) + line : ' '.repeat(keyColumns) + line,
      ),
    ),
    '',
    ...legend(state),
  ];
  const height = Math.min(lines.length + 2, state.size.height - 2);
  return boxed(
    state,
    { width: HELP_COLUMNS, height },
    (room) => ({ title: tell(state, 'help'), ...windowed(state, 'help', room, lines) }),
    paint,
  );
}

/** The signs of the panes, so that nobody has to guess them. */
function legend(state: AppState): readonly string[] {
  return [tell(state, 'legendRows'), tell(state, 'legendEdges'), tell(state, 'legendLinks')];
}

function question(state: AppState, asked: Question, paint: Paint): Overlaid {
  const columns = Math.min(QUESTION_COLUMNS, state.size.width) - 4;
  const { what } = asked;
  const text =
    what === 'shell'
      ? tell(state, 'confirmShell', { place: placeName(state, asked.place) })
      : tell(state, what === 'cleanup' ? 'confirmCleanup' : 'confirmLeave');
  const things =
    what === 'cleanup'
      ? deadLeftovers(state).map((one) => cut(`${one.kind} ${clean(one.what)}`, columns))
      : [];
  const most = Math.max(1, state.size.height - 12);
  const shown =
    things.length > most ? [...things.slice(0, most - 1), `… +${things.length - most + 1}`] : things;
  const keys = keyRows(state.lang, 'confirm')
    .slice(0, 2)
    .map(([names, meaning]) => `${paint('strong', names)} ${meaning}`);
  const lines = [...wrap(text, columns), ...shown.map((line) => paint('dim', line)), '', ...keys];
  const pane: PaneText = {
    title: tell(state, 'confirmTitle'),
    lines,
    extent: { total: lines.length, room: lines.length, offset: 0 },
  };
  return boxed(state, { width: QUESTION_COLUMNS, height: lines.length + 2 }, () => pane, paint);
}

/** What stands in a window that is too small for any screen: that it is, and how large it must be. */
export function smallLines(state: AppState): readonly string[] {
  const { width: columns, height } = state.size;
  const last = state.overlay?.kind === 'confirm' ? 'tooSmallConfirm' : 'tooSmallQuit';
  const lines = [
    ...wrap(tell(state, 'tooSmall'), columns),
    ...wrap(
      tell(state, 'tooSmallNow', {
        width: columns,
        height,
        needWidth: LEAST.width,
        needHeight: LEAST.height,
      }),
      columns,
    ),
    ...wrap(tell(state, state.busy === null ? last : 'closing'), columns),
  ];
  return lines.slice(0, height).map((line) => cut(line, columns));
}
