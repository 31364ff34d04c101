// The whole screen as parts: which lines stand where. One state in, one drawing out; nothing is printed here.
import { innerRect, type Layout, layoutNow, type PlacedPane, type Rect } from '../app/layout.ts';
import type { AppState, Extent, PaneId, Scrolled } from '../app/state.ts';
import { paintFor, type Paint } from '../text/sgr.ts';
import { clean } from '../text/sanitize.ts';
import { pad } from '../text/width.ts';
import { cgroupPane } from './cgroup.ts';
import { footerLine, headerLine, recording, statusLine } from './chrome.ts';
import { findingsPane } from './findings.ts';
import { framed } from './frame.ts';
import { hostPane } from './host.ts';
import { lessonPane } from './lesson.ts';
import { lessonsPane } from './lessons.ts';
import { linksPane } from './links.ts';
import { outputPane } from './output.ts';
import { overlayOf, smallLines } from './overlay.ts';
import type { MessageKey } from './messages.ts';
import { type PaneText, type PaneView, tell } from './pane-text.ts';
import { shellPane } from './shell.ts';
import { storyPane } from './story.ts';
import { treePane } from './tree.ts';

export interface Part {
  /** The same part of two drawings has the same id. */
  readonly id: string;
  readonly rect: Rect;
  /** As many lines as the part is high, each as wide as it. */
  readonly lines: readonly string[];
}

export interface Drawing {
  /** Later ones lie over earlier ones. */
  readonly parts: readonly Part[];
  readonly extents: Readonly<Partial<Record<Scrolled, Extent>>>;
}

const PANES: Readonly<Record<PaneId, PaneView>> = {
  lessons: lessonsPane,
  host: hostPane,
  lesson: lessonPane,
  output: outputPane,
  tree: treePane,
  links: linksPane,
  findings: findingsPane,
  cgroup: cgroupPane,
  shell: shellPane,
  story: storyPane,
};

/** What a pane is called where it is a tab. */
const TABS: Readonly<Partial<Record<PaneId, MessageKey>>> = {
  tree: 'tabTree',
  links: 'tabLinks',
  cgroup: 'tabCgroup',
  output: 'tabOutput',
  findings: 'findings',
  shell: 'tabShell',
};

/** The drawing of a state: every part with its lines, and what each pane turned out to hold. */
export function draw(state: AppState): Drawing {
  const paint = paintFor(state.colour);
  const layout = layoutNow(state);
  if (!layout) return small(state);
  const extents: Partial<Record<Scrolled, Extent>> = {};
  const parts: Part[] = chrome(state, layout, paint);
  for (const pane of layout.panes) {
    const inner = innerRect(pane);
    const text = PANES[pane.id](state, inner, paint);
    extents[pane.id] = text.extent;
    parts.push({
      id: `pane ${pane.rect.x} ${pane.rect.y}`,
      rect: pane.rect,
      lines: framedPane(state, pane, text, paint),
    });
  }
  const overlay = overlayOf(state, paint);
  if (overlay) {
    parts.push({ id: 'overlay', rect: overlay.rect, lines: overlay.lines });
    if (state.overlay && state.overlay.kind !== 'confirm') {
      extents[state.overlay.kind] = overlay.extent;
    }
  }
  return { parts, extents };
}

function chrome(state: AppState, layout: Layout, paint: Paint): Part[] {
  const { header, status, footer } = layout;
  return [
    { id: 'header', rect: header, lines: [pad(headerLine(state, header.width, paint), header.width)] },
    { id: 'status', rect: status, lines: [pad(statusLine(state, status.width, paint), status.width)] },
    { id: 'footer', rect: footer, lines: [pad(footerLine(state, footer.width, paint), footer.width)] },
  ];
}

function framedPane(state: AppState, pane: PlacedPane, text: PaneText, paint: Paint): readonly string[] {
  const focused = state.focus === pane.id;
  const said = { ...text, title: titled(state, pane, text.title) };
  if (!pane.tabs) return framed(pane, said, { focused, paint });
  const titles = pane.tabs.map((tab) => tell(state, TABS[tab] ?? 'output'));
  const front = pane.tabs.findIndex((tab) => tab === pane.id);
  return framed(pane, said, { focused, paint, tabs: { titles, front } });
}

/** In a replay every pane says so. */
function titled(state: AppState, pane: PlacedPane, title: string): string {
  const source = state.screen === 'lesson' ? state.session?.source : undefined;
  const own = pane.tabs ? title.replace(/^.*? · |^[^·]*$/, '') : title;
  if (source === undefined || source.kind === 'live') return own;
  const said =
    source.kind === 'recording'
      ? recording(state, source.title)
      : tell(state, 'stepSkipped', { why: clean(source.title) });
  return own === '' ? said : `${own} · ${said}`;
}

function small(state: AppState): Drawing {
  const rect = { x: 0, y: 0, width: state.size.width, height: state.size.height };
  const lines = smallLines(state);
  const rows = Array.from({ length: rect.height }, (_, at) => pad(lines[at] ?? '', rect.width));
  return { parts: [{ id: 'small', rect, lines: rows }], extents: {} };
}
