// From one screen to another, and what a lesson's session brings along when it opens, goes on and closes.
import type { SessionState } from '../lesson/types.ts';
import { paneOrder } from './layout.ts';
import { END, revealed } from './moves.ts';
import type { AppState, ScreenName } from './state.ts';
import { labActors } from './target.ts';

export function toScreen(state: AppState, screen: ScreenName): AppState {
  const [focus = 'tree'] = screen === 'inspect' ? (['tree'] as const) : paneOrder(screen, state.size);
  return {
    ...state,
    screen,
    focus,
    overlay: null,
    prompt: null,
    selection: null,
    tree: 'engines',
    filter: '',
    link: null,
    scroll: {},
    extents: {},
    anchor: null,
  };
}

export function opened(state: AppState, session: SessionState): AppState {
  const tab = session.lesson.steps[session.index]?.focus ?? 'tree';
  return { ...toScreen(state, 'lesson'), session, tab, anchor: 'top', busy: null, notice: null };
}

export function progressed(state: AppState, was: SessionState, is: SessionState): AppState {
  const [before, now] = [was.steps[was.index], is.steps[is.index]];
  const focus = is.lesson.steps[is.index]?.focus ?? state.tab;
  const begins = now?.phase === 'running' && before?.phase !== 'running';
  // What runs is to be seen, unless somebody is typing in front of it.
  const shell =
    begins && state.shell && state.focus !== 'shell' ? { ...state.shell, front: false } : state.shell;
  const next = { ...state, session: is, shell };
  const output = is.output === was.output ? state.scroll : { ...state.scroll, output: END };
  if (was.index !== is.index) {
    return { ...next, tab: focus, anchor: 'top', notice: null, scroll: { ...output, lesson: 0 } };
  }
  if (before === undefined || now === undefined) return next;
  const over = now.phase === 'done' || now.phase === 'failed';
  if (over && before.phase !== now.phase) return { ...next, anchor: 'explain', scroll: output };
  if (begins) return { ...next, tab: focus, scroll: output };
  if (now.hintsShown > before.hintsShown) return { ...next, anchor: 'hint', scroll: output };
  if (now.phase === 'ready' && before.phase === 'choosing') return { ...next, anchor: 'act', scroll: output };
  return { ...next, scroll: output };
}

export function closed(state: AppState, left: NonNullable<AppState['leftovers']>): AppState {
  const home = { ...toScreen(state, 'home'), session: null, busy: null };
  if (left.length === 0) return { ...home, notice: null };
  return {
    ...home,
    leftovers: [
      ...(state.leftovers ?? []).filter((old) => !left.some((one) => one.what === old.what)),
      ...left,
    ],
    notice: { kind: 'left-behind', count: left.length },
  };
}

/** From a lesson the inspector opens at its actors. */
export function inspecting(state: AppState): AppState {
  const next = toScreen(state, 'inspect');
  const [actor] = labActors(next);
  if (!actor) return next;
  const { pid, starttime } = actor;
  return revealed({ ...next, selection: { kind: 'process', ref: { pid, starttime } } });
}
