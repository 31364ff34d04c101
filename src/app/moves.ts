// Cursor, selection and windows of the panes: where each is after a key or a row that was asked for. Performs no command.
import { NS_TYPES } from '../kernel/namespaces.ts';
import type { PaneName } from '../lesson/types.ts';
import { findingCursor, findingRows, selectionOf } from './finding-rows.ts';
import { innerRect, isBesideShell, layoutNow, paneOrder } from './layout.ts';
import { linkType } from './link-rows.ts';
import { cursorRow, lessonRows } from './lesson-rows.ts';
import { selectedRow, treeRows } from './rows.ts';
import type { AppState, PaneId, Scrolled } from './state.ts';

/** Further down than any text: what follows its end is drawn from its end. */
export const END = 1_000_000_000;

type Move = 'up' | 'down' | 'page-up' | 'page-down' | 'top' | 'bottom';

export function moved(state: AppState, move: Move): AppState {
  if (state.overlay && state.overlay.kind !== 'confirm') {
    return scrolled(state, state.overlay.kind, move);
  }
  if (state.focus === 'lessons') return movedCursor(state, move);
  if (state.focus === 'tree') return movedSelection(state, move);
  if (state.focus === 'links') return movedLink(state, move);
  if (state.focus === 'findings') return movedFinding(state, move);
  return scrolled(state, state.focus, move);
}

export function roomOf(state: AppState, pane: Scrolled): number {
  const measured = state.extents[pane];
  if (measured) return measured.room;
  const placed = layoutNow(state)?.panes.find((one) => one.id === pane);
  return placed ? innerRect(placed).height : state.size.height;
}

function moveBy(at: number, total: number, room: number, move: Move): number {
  const page = Math.max(1, room - 1);
  const to = {
    up: at - 1,
    down: at + 1,
    'page-up': at - page,
    'page-down': at + page,
    top: 0,
    bottom: total - 1,
  }[move];
  return Math.max(0, Math.min(to, total - 1));
}

function scrolled(state: AppState, pane: Scrolled, move: Move): AppState {
  const extent = state.extents[pane] ?? { total: 0, room: 1, offset: 0 };
  const last = Math.max(0, extent.total - extent.room);
  const offset =
    move === 'bottom' ? last : Math.min(last, moveBy(extent.offset, extent.total, extent.room, move));
  return placedAt(state, pane, offset);
}

export function placedAt(state: AppState, pane: Scrolled, offset: number): AppState {
  const extent = state.extents[pane];
  return {
    ...state,
    anchor: pane === 'lesson' ? null : state.anchor,
    scroll: { ...state.scroll, [pane]: offset },
    // Two keys may come before the next drawing: the second starts where the first one went.
    extents: extent ? { ...state.extents, [pane]: { ...extent, offset } } : state.extents,
  };
}

/** Scrolls no further than needed for the row to be seen. */
export function showing(state: AppState, pane: PaneId, row: number): AppState {
  const room = roomOf(state, pane);
  const offset = state.scroll[pane] ?? 0;
  if (row < offset) return placedAt(state, pane, row);
  return row >= offset + room ? placedAt(state, pane, row - room + 1) : state;
}

function movedSelection(state: AppState, move: Move): AppState {
  const rows = treeRows(state);
  if (rows.length === 0) return state;
  const at = selectedRow(rows, state);
  const to = at === -1 && move === 'down' ? 0 : moveBy(at, rows.length, roomOf(state, 'tree'), move);
  return selectedAt(state, to);
}

export function selectedAt(state: AppState, row: number): AppState {
  const chosen = treeRows(state)[row];
  return chosen ? showing({ ...state, selection: chosen.selection }, 'tree', row) : state;
}

function movedLink(state: AppState, move: Move): AppState {
  const at = NS_TYPES.indexOf(linkType(state));
  const link = NS_TYPES[moveBy(at, NS_TYPES.length, NS_TYPES.length, move)] ?? null;
  return { ...state, link };
}

function movedFinding(state: AppState, move: Move): AppState {
  const rows = findingRows(state) ?? [];
  const at = moveBy(findingCursor(rows, state), rows.length, roomOf(state, 'findings'), move);
  const row = rows[at];
  return row ? { ...state, finding: row.key } : state;
}

function movedCursor(state: AppState, move: Move): AppState {
  const lessons = lessonRows(state).flatMap((row) => (row.kind === 'lesson' ? [row.lesson] : []));
  const at = lessons.findIndex((lesson) => lesson.id === state.cursor);
  const lesson = lessons[moveBy(at, lessons.length, roomOf(state, 'lessons'), move)];
  if (!lesson) return state;
  const next = { ...state, cursor: lesson.id };
  const rows = lessonRows(next);
  const row = cursorRow(rows, next);
  // The first lesson of a part brings the part's name into sight.
  return rows[row - 1]?.kind === 'part'
    ? showing(showing(next, 'lessons', row - 1), 'lessons', row)
    : showing(next, 'lessons', row);
}

export function turned(state: AppState, by: 1 | -1): PaneId {
  const order = paneOrder(state.screen, state.size, state.shell !== null);
  const at = order.indexOf(state.focus);
  return order[(at + by + order.length) % order.length] ?? state.focus;
}

const TAB_PANES: readonly string[] = ['tree', 'links', 'cgroup'] satisfies readonly PaneName[];

export function isTab(pane: PaneId): pane is PaneName {
  return TAB_PANES.includes(pane);
}

/** A pane behind a tab comes to the front with the focus. */
export function focused(state: AppState, pane: PaneId): AppState {
  const front = pane === 'shell' || (state.shell?.front === true && !isBesideShell(pane));
  return {
    ...state,
    focus: pane,
    tab: isTab(pane) ? pane : state.tab,
    shell: state.shell && { ...state.shell, front },
  };
}

/** The tree has other rows now: the selection stays, in sight where it is still there. */
export function treeChosen(state: AppState): AppState {
  const top = placedAt(state, 'tree', 0);
  const row = selectedRow(treeRows(top), top);
  return row === -1 ? top : showing(top, 'tree', row);
}

/** A selection that the program was started with is scrolled into sight by the first snapshot that holds it. */
export function revealed(state: AppState): AppState {
  if (state.screen !== 'inspect' || state.selection === null || state.scroll.tree !== undefined) return state;
  const row = selectedRow(treeRows(state), state);
  if (row === -1) return state;
  const shown = showing(state, 'tree', row);
  return shown.scroll.tree === undefined ? { ...shown, scroll: { ...shown.scroll, tree: 0 } } : shown;
}

/** From a finding to what it is about, in the tree that shows it. */
export function wentTo(state: AppState): AppState {
  if (state.focus !== 'findings') return state;
  const rows = findingRows(state) ?? [];
  const row = rows[findingCursor(rows, state)];
  const selection = row ? selectionOf(row.finding) : null;
  if (!row || !selection) return state;
  const tree = selection.kind === 'namespace' ? 'namespaces' : 'engines';
  return treeChosen({ ...state, selection, tree, filter: '', finding: row.key });
}
