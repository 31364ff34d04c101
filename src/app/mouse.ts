// What a click and a turn of the wheel do, by the cell they fell on.
import { NS_TYPES } from '../kernel/namespaces.ts';
import type { Action, Updated } from './actions.ts';
import { contains, innerRect, layoutNow, type PlacedPane } from './layout.ts';
import { placedAt, roomOf, selectedAt } from './moves.ts';
import { lessonRows } from './lesson-rows.ts';
import { entered } from './shell.ts';
import type { AppState, Scrolled } from './state.ts';
import { doing, only } from './updated.ts';

const WHEEL = 3;

export function moused(state: AppState, mouse: Extract<Action, { type: 'mouse' }>): Updated {
  const layout = layoutNow(state);
  if (!layout || state.busy !== null) return only(state);
  if (state.overlay) {
    if (state.overlay.kind === 'confirm' || mouse.what === 'click') return only(state);
    return only(wheeled(state, state.overlay.kind, mouse.what));
  }
  const pane = layout.panes.find((one) => contains(one.rect, mouse.x, mouse.y));
  if (!pane) return only(state);
  if (mouse.what !== 'click' && pane.id === 'shell') {
    return doing(state, { effect: 'shell-scroll', lines: mouse.what === 'wheel-up' ? -WHEEL : WHEEL });
  }
  if (mouse.what !== 'click') return only(wheeled(state, pane.id, mouse.what));
  return only(clicked({ ...state, notice: null }, pane, mouse));
}

function wheeled(state: AppState, pane: Scrolled, what: 'wheel-up' | 'wheel-down'): AppState {
  const extent = state.extents[pane];
  if (!extent) return state;
  const last = Math.max(0, extent.total - extent.room);
  const to = extent.offset + (what === 'wheel-up' ? -WHEEL : WHEEL);
  return placedAt(state, pane, Math.max(0, Math.min(to, last)));
}

function clicked(
  state: AppState,
  pane: PlacedPane,
  at: { readonly x: number; readonly y: number },
): AppState {
  if (pane.tabs && at.y === pane.rect.y) {
    const shown = pane.tabs.indexOf(pane.id);
    return entered(state, pane.tabs[(shown + 1) % pane.tabs.length] ?? pane.id);
  }
  const next = entered(state, pane.id);
  const inner = innerRect(pane);
  if (!contains({ ...inner, x: pane.rect.x, width: pane.rect.width }, at.x, at.y)) return next;
  const row = at.y - inner.y + (state.extents[pane.id]?.offset ?? 0);
  if (pane.id === 'tree') return selectedAt(next, row);
  // The first line is the heads of the columns.
  if (pane.id === 'links') return { ...next, link: NS_TYPES[row - 1] ?? next.link };
  if (pane.id !== 'lessons' || row - (state.extents.lessons?.offset ?? 0) >= roomOf(state, 'lessons'))
    return next;
  const lesson = lessonRows(next)[row];
  return lesson?.kind === 'lesson' ? { ...next, cursor: lesson.lesson.id } : next;
}
