// The reducer: one state and one action make the next state, and what is to be done about it. Pure; effects are performed by ui/loop.ts.
import { NS_TYPES } from '../kernel/namespaces.ts';
import { LANGS } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import type { PaneName, SessionState } from '../lesson/types.ts';
import type { Snapshot } from '../model/types.ts';
import type { Action, Effect, Updated } from './actions.ts';
import { type Command, commandOfKey, type Context } from './keymap.ts';
import { contains, fits, innerRect, layoutOf, paneOrder, type PlacedPane } from './layout.ts';
import { findingCursor, findingRows, selectionOf } from './finding-rows.ts';
import { remembered } from './history.ts';
import { linkType } from './link-rows.ts';
import { proofOf } from './proof.ts';
import { cursorRow, lessonRows, selectedRow, treeRows } from './rows.ts';
import { nextMatch } from './search.ts';
import {
  type AppState,
  MOST_PINS,
  type Notice,
  type PaneId,
  type Prompt,
  type ScreenName,
  type Scrolled,
  TREE_KINDS,
} from './state.ts';
import {
  comparedOf,
  currentStep,
  deadLeftovers,
  labActors,
  labIsOpen,
  sameRef,
  shownSnapshot,
  targetOf,
  wantedRefs,
} from './target.ts';
import { lessonFor } from './teach.ts';

/** Further down than any text: what follows its end is drawn from its end. */
export const END = 1_000_000_000;

const WHEEL = 3;

/** The next state and the effects, in the order in which they are to be performed. */
export function update(state: AppState, action: Action): Updated {
  return watching(step(state, action));
}

function step(state: AppState, action: Action): Updated {
  switch (action.type) {
    case 'key':
      return pressed(state, action.key);
    case 'mouse':
      return moused(state, action);
    case 'resize':
      return only({ ...state, size: action.size });
    case 'snapshot':
      return only(revealed(remember({ ...state, snapshot: action.snapshot }, action.snapshot)));
    case 'session-opened':
      return only(opened(state, action.session));
    case 'session':
      return only(state.session ? progressed(state, state.session, action.session) : state);
    case 'session-closed':
      return only(closed(state, action.leftovers));
    case 'progress':
      return only({ ...state, progress: action.progress });
    case 'preflight':
      return only({ ...state, preflight: action.lines });
    case 'findings':
      return only({ ...state, findings: action.findings });
    case 'leftovers':
      return only({ ...state, leftovers: action.leftovers });
    case 'measured':
      return only({ ...state, extents: { ...state.extents, ...action.extents } });
    case 'notice':
      return only({ ...state, notice: action.notice, busy: null });
    case 'idle':
      return only({ ...state, busy: null });
  }
}

function only(state: AppState): Updated {
  return { state, effects: [] };
}

function doing(state: AppState, ...effects: readonly Effect[]): Updated {
  return { state, effects };
}

function telling(state: AppState, notice: Notice): Updated {
  return only({ ...state, notice });
}

/** Asks for the control files of what the screen now looks at, if that is not what is read already. */
function watching({ state, effects }: Updated): Updated {
  const refs = wantedRefs(state);
  const same =
    refs.length === state.watched.length &&
    refs.every((ref, at) => {
      const old = state.watched[at];
      return old !== undefined && sameRef(ref, old);
    });
  if (same) return { state, effects };
  return { state: { ...state, watched: refs }, effects: [...effects, { effect: 'watch', refs }] };
}

/** Which keys hold now: those of the overlay, of the screen, or the few of a terminal that is too small. */
export function contextOf(state: AppState): Context {
  if (!fits(state.size)) return 'small';
  return state.overlay?.kind ?? (state.prompt ? 'prompt' : state.screen);
}

function pressed(state: AppState, key: string): Updated {
  const command = commandOfKey(contextOf(state), key);
  if (command === 'interrupt') return doing({ ...state, busy: 'closing' }, { effect: 'quit', code: 130 });
  // While the lab is being closed or cleaned, another key would act on what is going away.
  if (state.busy !== null) return only(state);
  if (command === null) return only(contextOf(state) === 'prompt' ? typed(state, key) : state);
  return perform({ ...state, notice: null }, command, key);
}

function perform(state: AppState, command: Command, key: string): Updated {
  switch (command) {
    case 'help':
      return only({ ...state, overlay: { kind: 'help' }, scroll: { ...state.scroll, help: 0 } });
    case 'close':
    case 'no':
      return only({ ...state, overlay: null });
    case 'yes':
      return confirmed(state);
    case 'back':
      return backed(state);
    case 'next-pane':
      return only(focused(state, turned(state, 1)));
    case 'previous-pane':
      return only(focused(state, turned(state, -1)));
    case 'up':
    case 'down':
    case 'page-up':
    case 'page-down':
    case 'top':
    case 'bottom':
      return only(moved(state, command));
    case 'pause':
      return doing({ ...state, paused: !state.paused }, { effect: 'pause', on: !state.paused });
    case 'refresh':
      return doing(state, { effect: 'refresh' });
    case 'lang': {
      const lang = LANGS[(LANGS.indexOf(state.lang) + 1) % LANGS.length] ?? state.lang;
      return only({ ...state, lang });
    }
    case 'all':
      return only({ ...state, allProcesses: !state.allProcesses });
    case 'go-to':
      return only(wentTo(state));
    case 'open':
      if (state.cursor === null) return only(state);
      return doing({ ...state, busy: 'opening' }, { effect: 'open-lesson', id: state.cursor });
    case 'inspect':
      return only(inspecting(state));
    case 'tree': {
      const tree = TREE_KINDS[(TREE_KINDS.indexOf(state.tree) + 1) % TREE_KINDS.length] ?? state.tree;
      return only(treeChosen({ ...focused(state, 'tree'), tree }));
    }
    case 'find':
    case 'filter':
      return only(prompted(state, command));
    case 'find-next':
    case 'find-previous':
      return soughtOn(state, command === 'find-next' ? 1 : -1);
    case 'whole':
      return only(treeChosen({ ...state, filter: '' }));
    case 'accept':
    case 'cancel':
    case 'erase':
    case 'erase-all':
      return only(prompting(state, command));
    case 'pin':
      return pinned(state);
    case 'compare':
      return comparing(state);
    case 'explain':
      return explained(state);
    case 'copy': {
      const text = proofOf(state);
      if (text === null) return telling(state, { kind: 'nothing-selected' });
      return doing({ ...state, notice: { kind: 'copied', text } }, { effect: 'copy', text });
    }
    case 'cleanup':
      if (deadLeftovers(state).length === 0) return telling(state, { kind: 'nothing-to-clean' });
      return only({ ...state, overlay: { kind: 'confirm', what: 'cleanup' } });
    default:
      return performInLesson(state, command, key);
  }
}

function performInLesson(state: AppState, command: Command, key: string): Updated {
  const session = state.session;
  const current = currentStep(state);
  if (!session || !current) return only(state);
  const { step, at, prose } = current;
  switch (command) {
    case 'go-on':
      return wentOn(state, session);
    case 'choose': {
      const choice = step.choices[Number(key) - 1];
      if (!choice || (step.kind !== 'predict' && step.kind !== 'quiz')) return only(state);
      if (at.phase !== 'choosing' && at.phase !== 'ready') return telling(state, { kind: 'already-run' });
      return doing(state, { effect: 'choose', choice: choice.id });
    }
    case 'hint':
      if (at.phase !== 'working' || at.hintsShown >= (prose?.hints.length ?? 0))
        return telling(state, { kind: 'no-hint' });
      return doing(state, { effect: 'session', call: 'hint' });
    case 'solve':
      if (step.kind !== 'task') return telling(state, { kind: 'not-a-task' });
      if (at.phase === 'running') return telling(state, { kind: 'still-running' });
      return doing(state, { effect: 'session', call: 'solve' });
    case 'step-back':
      if (session.index === 0) return telling(state, { kind: 'first-step' });
      return doing(state, { effect: 'session', call: 'back' });
    case 'shell': {
      const { selection } = state;
      const actors = labActors(state);
      const picked =
        selection?.kind === 'process' ? actors.find((actor) => sameRef(actor, selection.ref)) : undefined;
      const actor = picked ?? actors[0];
      if (!actor || session.source.kind === 'recording') return telling(state, { kind: 'no-actor' });
      return doing(state, { effect: 'shell', actor: actor.name });
    }
    default:
      return only(state);
  }
}

/** Enter: whatever this step wants next. Running is always of what stands on the screen. */
function wentOn(state: AppState, session: SessionState): Updated {
  const current = currentStep(state);
  // After the end an earlier step can be looked at again: from there the way is forward, not out.
  if (session.ended && session.index === session.steps.length - 1) return leave(state);
  if (!current) return only(state);
  switch (current.at.phase) {
    case 'choosing':
      return telling(state, { kind: 'choose-first', count: current.step.choices.length });
    case 'ready':
      return doing(state, { effect: 'session', call: 'run' });
    case 'running':
      return telling(state, { kind: 'still-running' });
    case 'working':
      // In a replay nobody can act: the recording plays what was done.
      return doing(state, { effect: 'session', call: session.source.kind === 'live' ? 'check' : 'solve' });
    case 'failed':
      return doing(state, { effect: 'session', call: current.step.kind === 'task' ? 'check' : 'run' });
    default:
      return doing(state, { effect: 'session', call: 'next' });
  }
}

function backed(state: AppState): Updated {
  if (!fits(state.size)) {
    // There is no room for the question: the same key once more is the answer.
    if (labIsOpen(state) && state.overlay?.kind !== 'confirm') {
      return only({ ...state, overlay: { kind: 'confirm', what: 'quit' } });
    }
    return doing({ ...state, overlay: null, busy: 'closing' }, { effect: 'quit', code: 0 });
  }
  if (state.screen === 'home') return doing({ ...state, busy: 'closing' }, { effect: 'quit', code: 0 });
  if (state.screen === 'inspect') return only(toScreen(state, state.session ? 'lesson' : 'home'));
  if (labIsOpen(state) && state.session?.ended !== true) {
    return only({ ...state, overlay: { kind: 'confirm', what: 'leave' } });
  }
  return leave(state);
}

function leave(state: AppState): Updated {
  return doing({ ...state, overlay: null, busy: 'closing' }, { effect: 'close-lesson' });
}

function confirmed(state: AppState): Updated {
  const what = state.overlay?.kind === 'confirm' ? state.overlay.what : null;
  switch (what) {
    case 'leave':
      return leave(state);
    case 'quit':
      return doing({ ...state, overlay: null, busy: 'closing' }, { effect: 'quit', code: 0 });
    case 'cleanup':
      return doing({ ...state, overlay: null, busy: 'cleaning' }, { effect: 'cleanup' });
    case null:
      return only(state);
  }
}

function toScreen(state: AppState, screen: ScreenName): AppState {
  const [focus = 'tree'] = screen === 'inspect' ? (['tree'] as const) : paneOrder(screen);
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

function opened(state: AppState, session: SessionState): AppState {
  const tab = session.lesson.steps[session.index]?.focus ?? 'tree';
  return { ...toScreen(state, 'lesson'), session, tab, anchor: 'top', busy: null, notice: null };
}

function progressed(state: AppState, was: SessionState, is: SessionState): AppState {
  const next = { ...state, session: is };
  const [before, now] = [was.steps[was.index], is.steps[is.index]];
  const focus = is.lesson.steps[is.index]?.focus ?? state.tab;
  const output = is.output === was.output ? state.scroll : { ...state.scroll, output: END };
  if (was.index !== is.index) {
    return { ...next, tab: focus, anchor: 'top', notice: null, scroll: { ...output, lesson: 0 } };
  }
  if (before === undefined || now === undefined) return next;
  const over = now.phase === 'done' || now.phase === 'failed';
  if (over && before.phase !== now.phase) return { ...next, anchor: 'explain', scroll: output };
  if (now.phase === 'running' && before.phase !== 'running') return { ...next, tab: focus, scroll: output };
  if (now.hintsShown > before.hintsShown) return { ...next, anchor: 'hint', scroll: output };
  if (now.phase === 'ready' && before.phase === 'choosing') return { ...next, anchor: 'act', scroll: output };
  return { ...next, scroll: output };
}

function closed(state: AppState, left: NonNullable<AppState['leftovers']>): AppState {
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

/** A selection that the program was started with is scrolled into sight by the first snapshot that holds it. */
function revealed(state: AppState): AppState {
  if (state.screen !== 'inspect' || state.selection === null || state.scroll.tree !== undefined) return state;
  const row = selectedRow(treeRows(state), state);
  if (row === -1) return state;
  const shown = showing(state, 'tree', row);
  return shown.scroll.tree === undefined ? { ...shown, scroll: { ...shown.scroll, tree: 0 } } : shown;
}

/** What the panes are about has been read once more: the small charts go on. */
function remember(state: AppState, snapshot: Snapshot): AppState {
  const target = state.screen === 'home' ? null : targetOf(state);
  if (!target) return state;
  const shown = shownSnapshot(state) ?? snapshot;
  const group = shown.groups.find((one) => sameRef(one.of, target.ref));
  if (!group) return state;
  const of = `${target.ref.pid} ${target.ref.starttime}`;
  return { ...state, history: remembered(state.history, of, shown.takenAt, group) };
}

function turned(state: AppState, by: 1 | -1): PaneId {
  const order = paneOrder(state.screen);
  const at = order.indexOf(state.focus);
  return order[(at + by + order.length) % order.length] ?? state.focus;
}

const TAB_PANES: readonly string[] = ['tree', 'links', 'cgroup'] satisfies readonly PaneName[];

function isTab(pane: PaneId): pane is PaneName {
  return TAB_PANES.includes(pane);
}

/** A pane behind a tab comes to the front with the focus. */
function focused(state: AppState, pane: PaneId): AppState {
  return { ...state, focus: pane, tab: isTab(pane) ? pane : state.tab };
}

/** From a lesson the inspector opens at its actors. */
function inspecting(state: AppState): AppState {
  const next = toScreen(state, 'inspect');
  const [actor] = labActors(next);
  if (!actor) return next;
  const { pid, starttime } = actor;
  return revealed({ ...next, selection: { kind: 'process', ref: { pid, starttime } } });
}

function explained(state: AppState): Updated {
  if (state.session) return telling(state, { kind: 'lesson-open' });
  const id = lessonFor(state);
  if (id === null) return telling(state, { kind: 'no-lesson' });
  return doing({ ...state, busy: 'opening' }, { effect: 'open-lesson', id });
}

function pinned(state: AppState): Updated {
  const target = targetOf(state);
  if (!target) return telling(state, { kind: 'nothing-selected' });
  const others = state.pins.filter((pin) => !sameRef(pin, target.ref));
  if (others.length < state.pins.length) return only({ ...state, pins: others });
  return only({ ...state, pins: [...others, target.ref].slice(-MOST_PINS) });
}

function comparing(state: AppState): Updated {
  if (comparedOf(state) === null) return telling(state, { kind: 'pin-two' });
  return only({ ...state, overlay: { kind: 'compare' }, scroll: { ...state.scroll, compare: 0 } });
}

/** The tree has other rows now: the selection stays, in sight where it is still there. */
function treeChosen(state: AppState): AppState {
  const top = placedAt(state, 'tree', 0);
  const row = selectedRow(treeRows(top), top);
  return row === -1 ? top : showing(top, 'tree', row);
}

function prompted(state: AppState, what: Prompt['what']): AppState {
  const { selection, cursor, filter } = state;
  const text = what === 'filter' ? filter : '';
  const front = state.screen === 'home' ? state : focused(state, 'tree');
  return { ...front, prompt: { what, text, before: { selection, cursor, filter } } };
}

/** A key that is no command of the prompt is a character of its text. */
function typed(state: AppState, key: string): AppState {
  const character = key === 'space' ? ' ' : key;
  if (!state.prompt || [...character].length !== 1 || clean(character) !== character) return state;
  return worded(state, state.prompt.text + character);
}

const LONGEST_PROMPT = 60;

function worded(state: AppState, words: string): AppState {
  const { prompt } = state;
  if (!prompt) return state;
  const text = [...words].slice(0, LONGEST_PROMPT).join('');
  const next = { ...state, prompt: { ...prompt, text } };
  if (prompt.what === 'filter') return treeChosen({ ...next, filter: text });
  const { selection, cursor } = prompt.before;
  return foundFrom({ ...next, selection, cursor }, text, 0, 1) ?? { ...next, selection, cursor };
}

function prompting(state: AppState, command: 'accept' | 'cancel' | 'erase' | 'erase-all'): AppState {
  const { prompt } = state;
  if (!prompt) return state;
  switch (command) {
    case 'erase':
      return worded(state, [...prompt.text].slice(0, -1).join(''));
    case 'erase-all':
      return worded(state, '');
    case 'cancel':
      return treeChosen({ ...state, ...prompt.before, prompt: null });
    case 'accept': {
      const missed = prompt.what === 'find' && prompt.text !== '' && !hasMatch(state, prompt.text);
      return {
        ...state,
        prompt: null,
        sought: prompt.what === 'find' ? prompt.text : state.sought,
        notice: missed ? { kind: 'no-match', text: prompt.text } : null,
      };
    }
  }
}

function hasMatch(state: AppState, text: string): boolean {
  return foundFrom(state, text, 0, 1) !== null;
}

function soughtOn(state: AppState, by: 1 | -1): Updated {
  if (state.sought === '') return only(prompted(state, 'find'));
  const found = foundFrom(state, state.sought, by, by);
  return found ? only(found) : telling(state, { kind: 'no-match', text: state.sought });
}

/** The state with the next match selected, `skip` rows from the one that is; null where nothing holds the text. */
function foundFrom(state: AppState, text: string, skip: number, by: 1 | -1): AppState | null {
  if (text === '') return null;
  if (state.screen === 'home') return foundLesson(state, text, skip, by);
  const rows = treeRows(state);
  const at = nextMatch(rows, text, Math.max(0, selectedRow(rows, state)) + skip, by);
  return at === null ? null : selectedAt(focused(state, 'tree'), at);
}

function foundLesson(state: AppState, text: string, skip: number, by: 1 | -1): AppState | null {
  const lessons = lessonRows(state).flatMap((row) => (row.kind === 'lesson' ? [row.lesson] : []));
  const start =
    Math.max(
      0,
      lessons.findIndex((lesson) => lesson.id === state.cursor),
    ) + skip;
  for (let step = 0; step < lessons.length; step += 1) {
    const lesson = lessons[(start + by * step + lessons.length) % lessons.length];
    const words = lesson ? `${lesson.number} ${lesson.id} ${lesson.title[state.lang]}` : '';
    if (lesson && words.toLowerCase().includes(text.toLowerCase())) {
      const next = { ...state, cursor: lesson.id };
      return showing(next, 'lessons', cursorRow(lessonRows(next), next));
    }
  }
  return null;
}

type Move = 'up' | 'down' | 'page-up' | 'page-down' | 'top' | 'bottom';

function moved(state: AppState, move: Move): AppState {
  if (state.overlay?.kind === 'help' || state.overlay?.kind === 'compare') {
    return scrolled(state, state.overlay.kind, move);
  }
  if (state.focus === 'lessons') return movedCursor(state, move);
  if (state.focus === 'tree') return movedSelection(state, move);
  if (state.focus === 'links') return movedLink(state, move);
  if (state.focus === 'findings') return movedFinding(state, move);
  return scrolled(state, state.focus, move);
}

function roomOf(state: AppState, pane: Scrolled): number {
  const measured = state.extents[pane];
  if (measured) return measured.room;
  const placed = layoutOf(state.size, state.screen, state.tab)?.panes.find((one) => one.id === pane);
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

function placedAt(state: AppState, pane: Scrolled, offset: number): AppState {
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
function showing(state: AppState, pane: PaneId, row: number): AppState {
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

function selectedAt(state: AppState, row: number): AppState {
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

/** From a finding to what it is about, in the tree that shows it. */
function wentTo(state: AppState): AppState {
  if (state.focus !== 'findings') return state;
  const rows = findingRows(state) ?? [];
  const row = rows[findingCursor(rows, state)];
  const selection = row ? selectionOf(row.finding) : null;
  if (!row || !selection) return state;
  const tree = selection.kind === 'namespace' ? 'namespaces' : 'engines';
  return treeChosen({ ...state, selection, tree, filter: '', finding: row.key });
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

function moused(state: AppState, mouse: Extract<Action, { type: 'mouse' }>): Updated {
  const layout = layoutOf(state.size, state.screen, state.tab);
  if (!layout || state.busy !== null) return only(state);
  if (state.overlay) {
    if (state.overlay.kind === 'confirm' || mouse.what === 'click') return only(state);
    return only(wheeled(state, state.overlay.kind, mouse.what));
  }
  const pane = layout.panes.find((one) => contains(one.rect, mouse.x, mouse.y));
  if (!pane) return only(state);
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
    const shown = isTab(pane.id) ? pane.tabs.indexOf(pane.id) : 0;
    return focused(state, pane.tabs[(shown + 1) % pane.tabs.length] ?? pane.id);
  }
  const next = focused(state, pane.id);
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
