// Where each part of a screen lies, in cells, from the size of the terminal alone. Draws nothing.
import type { PaneName } from '../lesson/types.ts';
import type { AppState, PaneId, ScreenName, Size } from './state.ts';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A pane with its frame. Panes stacked on one another share a border line: only the last has one at its foot. */
export interface PlacedPane {
  readonly id: PaneId;
  readonly rect: Rect;
  readonly first: boolean;
  readonly last: boolean;
  /** The pane shares its place with these, itself among them: they are drawn as tabs. */
  readonly tabs: readonly PaneId[] | null;
}

export interface Layout {
  readonly header: Rect;
  readonly panes: readonly PlacedPane[];
  /** Checks and notices. */
  readonly status: Rect;
  /** Key hints. */
  readonly footer: Rect;
}

export const LEAST: Size = { width: 80, height: 24 };

/** From here on the three live panes of a lesson stand above one another; below they are tabs. */
const SIDE_BY_SIDE: Size = { width: 100, height: 34 };

/** From here on the inspector has a column for findings and the story of the selection; below they stand at the foot of the tree. */
const THREE_COLUMNS = 150;

const TABS: readonly PaneName[] = ['tree', 'links', 'cgroup'];

/** The rows that the links pane needs: frame, heads, eight types, a line for what could not be read, the proof. */
const LINKS_ROWS = 12;

/** Whether the inspector has a pane for the story of the selection. */
export function hasStoryPane(size: Size): boolean {
  return size.width >= THREE_COLUMNS;
}

export function fits(size: Size): boolean {
  return size.width >= LEAST.width && size.height >= LEAST.height;
}

/** Whether there is a shell pane, and whether it is in front of the pane that it shares a place with. */
export type ShellShown = 'none' | 'front' | 'behind';

/** The layout of a state: what is on the screen now. */
export function layoutNow(state: Pick<AppState, 'size' | 'screen' | 'tab' | 'shell'>): Layout | null {
  const shown = state.shell === null ? 'none' : state.shell.front ? 'front' : 'behind';
  return layoutOf(state.size, state.screen, state.tab, shown);
}

/** The parts of a screen; null where the terminal is smaller than LEAST. Every cell belongs to exactly one part. */
export function layoutOf(
  size: Size,
  screen: ScreenName,
  tab: PaneName,
  shell: ShellShown = 'none',
): Layout | null {
  if (!fits(size)) return null;
  const { width, height } = size;
  const body: Rect = { x: 0, y: 1, width, height: height - 3 };
  return {
    header: { x: 0, y: 0, width, height: 1 },
    panes: panesOf(body, screen, tab, size, shell),
    status: { x: 0, y: height - 2, width, height: 1 },
    footer: { x: 0, y: height - 1, width, height: 1 },
  };
}

function panesOf(
  body: Rect,
  screen: ScreenName,
  tab: PaneName,
  size: Size,
  shell: ShellShown,
): readonly PlacedPane[] {
  if (screen === 'home') {
    const left = between(40, Math.floor(body.width * 0.5), 96);
    return [
      ...column(body, 0, left, [['lessons', 0]]),
      ...column(body, left, body.width - left, [['host', 0]]),
    ];
  }
  if (screen === 'inspect') {
    const three = hasStoryPane(size);
    const links = between(LINKS_ROWS - 2, Math.floor(body.height * 0.5), LINKS_ROWS + 3);
    const right = three ? between(44, Math.floor(body.width * 0.28), 64) : 0;
    const left = withShell(
      shell,
      between(38, Math.floor(body.width * (three ? 0.36 : 0.44)), 96),
      body.width - right,
    );
    const findings = footHeight(shell, body, between(5, Math.floor(body.height * 0.28), 14));
    const foot = column(body, 0, left, [
      ['tree', body.height - findings],
      [shell === 'front' || (three && shell !== 'none') ? 'shell' : 'findings', 0],
    ]);
    return [
      ...(three && shell === 'none'
        ? column(body, 0, left, [['tree', 0]])
        : three
          ? foot
          : tabbed(foot, shell, ['findings', 'shell'])),
      ...column(body, left, body.width - left - right, [
        ['links', links],
        ['cgroup', 0],
      ]),
      ...(three
        ? column(body, body.width - right, right, [
            ['findings', between(8, Math.floor(body.height * 0.4), 20)],
            ['story', 0],
          ])
        : []),
    ];
  }
  const wide = size.width >= SIDE_BY_SIDE.width && size.height >= SIDE_BY_SIDE.height;
  const left = withShell(shell, between(38, Math.floor(body.width * 0.37), 76), body.width);
  const output = footHeight(shell, body, between(6, Math.floor(body.height * 0.28), 16));
  const column1 = column(body, 0, left, [
    ['lesson', body.height - output],
    [shell === 'front' ? 'shell' : 'output', 0],
  ]);
  const text = tabbed(column1, shell, ['output', 'shell']);
  if (!wide) {
    const right = column(body, left, body.width - left, [[tab, 0]]);
    return [...text, ...right.map((pane) => ({ ...pane, tabs: TABS }))];
  }
  const rest = body.height - LINKS_ROWS;
  const tree = Math.max(8, Math.floor(rest * 0.5));
  return [
    ...text,
    ...column(body, left, body.width - left, [
      ['tree', tree],
      ['links', LINKS_ROWS],
      ['cgroup', 0],
    ]),
  ];
}

/** What the live panes keep beside a shell that grows towards 80 columns, its frame besides. */
const BESIDE_SHELL = 60;
const SHELL_COLUMNS = 83;

function withShell(shell: ShellShown, left: number, width: number): number {
  return shell === 'none' ? left : Math.max(left, Math.min(width - BESIDE_SHELL, SHELL_COLUMNS));
}

function footHeight(shell: ShellShown, body: Rect, height: number): number {
  return shell === 'none' ? height : Math.max(height, Math.ceil(body.height / 2));
}

/** The last pane of the column as one of two tabs, where there is a shell. */
function tabbed(
  panes: readonly PlacedPane[],
  shell: ShellShown,
  tabs: readonly PaneId[],
): readonly PlacedPane[] {
  return shell === 'none' ? panes : panes.map((pane) => (pane.last ? { ...pane, tabs } : pane));
}

/** Panes from top to bottom; a height of 0 takes what is left. */
function column(
  body: Rect,
  x: number,
  width: number,
  rows: readonly (readonly [id: PaneId, height: number])[],
): readonly PlacedPane[] {
  const fixed = rows.reduce((sum, [, height]) => sum + height, 0);
  let y = body.y;
  return rows.map(([id, wanted], at) => {
    const height = wanted === 0 ? body.height - fixed : wanted;
    const pane = {
      id,
      rect: { x: body.x + x, y, width, height },
      first: at === 0,
      last: at === rows.length - 1,
      tabs: null,
    };
    y += height;
    return pane;
  });
}

function between(least: number, wanted: number, most: number): number {
  return Math.max(least, Math.min(wanted, most));
}

/** The cells within a pane's frame: text has one column of air on the left. */
export function innerRect(pane: PlacedPane): Rect {
  const { x, y, width, height } = pane.rect;
  return { x: x + 2, y: y + 1, width: width - 3, height: height - 1 - (pane.last ? 1 : 0) };
}

/** An overlay of at most this size, in the middle, never wider or higher than the terminal. */
export function overlayRect(size: Size, wanted: Size): Rect {
  const width = Math.min(wanted.width, size.width);
  const height = Math.min(wanted.height, size.height);
  return {
    x: Math.floor((size.width - width) / 2),
    y: Math.floor((size.height - height) / 2),
    width,
    height,
  };
}

/** The panes in the order of Tab: the ones on the screen, and those behind a tab. */
export function paneOrder(screen: ScreenName, size: Size, shell = false): readonly PaneId[] {
  if (screen === 'home') return ['lessons', 'host'];
  const open: readonly PaneId[] = shell ? ['shell'] : [];
  const right: readonly PaneId[] = hasStoryPane(size) ? ['findings', 'story'] : ['findings'];
  return screen === 'inspect' ? [...TABS, ...right, ...open] : ['lesson', 'output', ...open, ...TABS];
}

/** The pane that a shell shares its place with where there is not room for both. */
export function isBesideShell(pane: PaneId): boolean {
  return pane === 'output' || pane === 'findings';
}

export function contains(rect: Rect, x: number, y: number): boolean {
  return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}
