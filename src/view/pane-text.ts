// What every pane is to those who draw it: a title and its visible lines; and the helpers that all panes share.
import type { AppState, Extent, Scrolled } from '../app/state.ts';
import type { Unread } from '../kernel/reading.ts';
import { clean } from '../text/sanitize.ts';
import { say } from '../text/lang.ts';
import type { Paint } from '../text/sgr.ts';
import { cut } from '../text/width.ts';
import { MESSAGES, type MessageKey } from './messages.ts';

/** In columns and rows, without the frame. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

export interface PaneText {
  readonly title: string;
  /** At most as many as the room has rows, each at most as wide. */
  readonly lines: readonly string[];
  /** Of the part that scrolls. */
  readonly extent: Extent;
}

export type PaneView = (state: AppState, room: Room, paint: Paint) => PaneText;

/** A message of the screens' table in the state's language. */
export function tell(
  state: Pick<AppState, 'lang'>,
  key: MessageKey,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return say(state.lang, MESSAGES[key], values);
}

/** Lines of which only those in sight are made: a pane can have ten thousand. An array is one too. */
export type Lines = Pick<readonly string[], 'length' | 'slice'>;

export function lazily(length: number, lineAt: (at: number) => string): Lines {
  return {
    length,
    slice: (from = 0, to = length) =>
      Array.from({ length: Math.max(0, Math.min(to, length) - from) }, (_, at) => lineAt(from + at)),
  };
}

/**
 * The lines that are in sight: from the pane's scroll position, or from `from` where the view knows better, with `fixed` lines
 * always at the foot (and left out before the others where there is no room).
 */
export function windowed(
  state: AppState,
  pane: Scrolled,
  room: Room,
  all: Lines,
  options: { readonly from?: number | null; readonly foot?: readonly string[] } = {},
): { readonly lines: readonly string[]; readonly extent: Extent } {
  const foot = room.height >= 4 ? (options.foot ?? []).slice(0, room.height - 3) : [];
  const height = Math.max(0, room.height - foot.length);
  const last = Math.max(0, all.length - height);
  const offset = Math.max(0, Math.min(options.from ?? state.scroll[pane] ?? 0, last));
  const body = all.slice(offset, offset + height);
  const gap = foot.length === 0 ? [] : Array.from({ length: height - body.length }, () => '');
  return {
    lines: [...body, ...gap, ...foot].map((line) => cut(line, room.width)),
    extent: { total: all.length, room: height, offset },
  };
}

/** The reason of an unread value in words. */
export function whyText(state: Pick<AppState, 'lang'>, unread: Unread): string {
  const why = { denied: 'whyDenied', gone: 'whyGone', unsupported: 'whyUnsupported' } as const;
  return tell(state, 'unread', { path: clean(unread.path), why: tell(state, why[unread.why]) });
}
