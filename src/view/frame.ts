// The frame around a pane: title line, sides, foot. Stacked panes share a line; a focused pane says so by a sign and by weight.
import type { PlacedPane } from '../app/layout.ts';
import type { Paint } from '../text/sgr.ts';
import { cut, pad, width } from '../text/width.ts';
import type { PaneText } from './pane-text.ts';

export interface FrameOptions {
  readonly focused: boolean;
  readonly paint: Paint;
  /** Titles of the tabs in order, and which one is in front. */
  readonly tabs?: { readonly titles: readonly string[]; readonly front: number } | null;
}

/** Exactly as many lines as the pane is high, each exactly as wide. */
export function framed(
  pane: Pick<PlacedPane, 'rect' | 'first' | 'last'>,
  text: PaneText,
  options: FrameOptions,
): readonly string[] {
  const { paint, focused } = options;
  const line = (s: string) => paint(focused ? 'strong' : 'dim', s);
  const inner = pane.rect.width - 2;
  const rows = pane.rect.height - 1 - (pane.last ? 1 : 0);
  const lines = [
    line(pane.first ? '┌' : '├') + titleLine(text, inner, options, line) + line(pane.first ? '┐' : '┤'),
  ];
  for (let at = 0; at < rows; at += 1) {
    lines.push(line('│') + pad(` ${text.lines[at] ?? ''}`, inner) + line('│'));
  }
  if (pane.last) lines.push(line(`└${'─'.repeat(inner)}┘`));
  return lines;
}

function titleLine(
  text: PaneText,
  inner: number,
  { focused, paint, tabs }: FrameOptions,
  line: (s: string) => string,
): string {
  const scroll = scrollSign(text);
  const room = inner - width(scroll) - 2;
  const mark = focused ? '▸' : '';
  const title = tabs
    ? tabs.titles
        .map((tab, at) => (at === tabs.front ? paint('title', `[${mark}${tab}]`) : paint('dim', tab)))
        .join(' ')
    : paint('title', `${mark}${text.title}`);
  // With tabs the pane's own title follows, where it says more than the tab.
  const whole = tabs && text.title !== '' ? `${title} ${paint('dim', `· ${text.title}`)}` : title;
  const shown = cut(` ${whole} `, room);
  return shown + line('─'.repeat(Math.max(0, inner - width(shown) - width(scroll)))) + paint('dim', scroll);
}

/** Whether there is more above, below, or both. */
function scrollSign({ extent }: PaneText): string {
  const above = extent.offset > 0;
  const below = extent.offset + extent.room < extent.total;
  if (above && below) return ' ↕ ';
  if (above) return ' ↑ ';
  return below ? ' ↓ ' : '';
}
