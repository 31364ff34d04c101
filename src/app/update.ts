// The reducer: one state and one action make the next state, and what is to be done about it. Pure; effects are performed by ui/.
import { LANGS } from '../text/lang.ts';
import { cameAndWent } from '../model/diff.ts';
import type { Snapshot } from '../model/types.ts';
import type { Action, Updated } from './actions.ts';
import { endedRows } from './ended.ts';
import { remembered } from './history.ts';
import { type Command, commandOfKey, contextOf } from './keymap.ts';
import { fits, hasStoryPane, paneOrder } from './layout.ts';
import { clockOf, noticed } from './marks.ts';
import { leave, performInLesson } from './lesson-keys.ts';
import { moused } from './mouse.ts';
import { focused, moved, revealed, treeChosen, wentTo } from './moves.ts';
import { foundFrom, prompted, prompting, typed } from './prompt.ts';
import { proofOf } from './proof.ts';
import { treeRows } from './rows.ts';
import { closed, inspecting, opened, progressed, toScreen } from './screens.ts';
import { left, shellAsked, shellClosed, shellStep, turnedTo, withItsActor } from './shell.ts';
import { type AppState, MOST_PINS, type Size, TREE_KINDS } from './state.ts';
import { wantedStory } from './story.ts';
import {
  comparedOf,
  deadLeftovers,
  isReplay,
  labIsOpen,
  sameRef,
  shownSnapshot,
  targetOf,
  wantedRefs,
  wantsNetworks,
} from './target.ts';
import { lessonFor } from './teach.ts';
import { doing, only, telling } from './updated.ts';

/** The next state and the effects, in the order in which they are to be performed. */
export function update(state: AppState, action: Action): Updated {
  return tellingStory(networking(watching(noticing(state, step(state, action)))));
}

function step(state: AppState, action: Action): Updated {
  switch (action.type) {
    case 'key':
      return pressed(state, action.key);
    case 'mouse':
      return moused(state, action);
    case 'resize':
      return only(resized(state, action.size));
    case 'snapshot':
      return withItsActor(
        revealed(remember({ ...state, snapshot: action.snapshot }, action.snapshot)),
        state.snapshot,
      );
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
    case 'networks':
      return only({ ...state, networks: action.networks });
    case 'story':
      return only({ ...state, story: action.facts });
    case 'leftovers':
      return only({ ...state, leftovers: action.leftovers });
    case 'measured':
      return only({ ...state, extents: { ...state.extents, ...action.extents } });
    case 'shell-opened':
    case 'shell-screen':
    case 'shell-ended':
    case 'shell-closed':
      return only(shellStep(state, action));
    case 'notice':
      return only({ ...state, notice: action.notice, busy: null });
    case 'idle':
      return only({ ...state, busy: null });
  }
}

/** What the new reading shows that the one before it did not. A reading of another host, or of another screen's, is no change. */
function noticing(was: AppState, { state, effects }: Updated): Updated {
  const [before, now] = [shownSnapshot(was), shownSnapshot(state)];
  const same = before === now && was.networks === state.networks;
  if (same || !before || !now || isReplay(was) !== isReplay(state)) return { state, effects };
  const next = { ...state, noticed: noticed(was, state, before, now) };
  if (before === now || state.screen !== 'inspect' || was.screen !== 'inspect' || state.tree !== 'engines')
    return { state: next, effects };
  const { went } = cameAndWent(before, now);
  if (went.length === 0 && next.ended.length === 0) return { state: next, effects };
  const left = treeRows({ ...next, ended: [] });
  return { state: { ...next, ended: endedRows(next, treeRows(was), left, went, clockOf(state)) }, effects };
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

/** The same for the interfaces, which are read only while the tree shows them. */
function networking({ state, effects }: Updated): Updated {
  const on = wantsNetworks(state);
  if (on === state.networksRead) return { state, effects };
  // What was read long ago would be taken for what is.
  const networks = on ? null : state.networks;
  return {
    state: { ...state, networks, networksRead: on },
    effects: [...effects, { effect: 'networks', on }],
  };
}

/** The same for the story of the process that is selected. */
function tellingStory({ state, effects }: Updated): Updated {
  const [of, asked] = [wantedStory(state), state.storyAsked];
  if (of === asked || (of && asked && sameRef(of, asked))) return { state, effects };
  return { state: { ...state, storyAsked: of }, effects: [...effects, { effect: 'story', of }] };
}

/** A pane that the new size has no room for has no focus either. */
function resized(state: AppState, size: Size): AppState {
  const focus = paneOrder(state.screen, size, state.shell !== null).includes(state.focus)
    ? state.focus
    : 'tree';
  return { ...state, size, focus };
}

function pressed(state: AppState, key: string): Updated {
  if (state.shell?.alive === false) {
    const closed = shellClosed(state);
    // A key that was meant for the shell does nothing else.
    return state.focus === 'shell' ? only(closed) : pressed(closed, key);
  }
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
      return only(turnedTo(state, 1));
    case 'previous-pane':
      return only(turnedTo(state, -1));
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
    case 'story':
      return only(storyShown(state));
    case 'explain':
      return explained(state);
    case 'copy': {
      const text = proofOf(state);
      if (text === null) return telling(state, { kind: 'nothing-selected' });
      return doing({ ...state, notice: { kind: 'copied', text } }, { effect: 'copy', text });
    }
    case 'shell':
    case 'host-shell':
      return shellAsked(state, command === 'shell' ? 'inside' : 'host');
    case 'leave-shell':
      return only(left(state));
    case 'cleanup':
      if (deadLeftovers(state).length === 0) return telling(state, { kind: 'nothing-to-clean' });
      return only({ ...state, overlay: { kind: 'confirm', what: 'cleanup' } });
    default:
      return performInLesson(state, command, key);
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
  if (state.screen === 'inspect') {
    const next = toScreen(state, state.session ? 'lesson' : 'home');
    return state.shell && next.screen === 'home' ? doing(next, { effect: 'end-shell' }) : only(next);
  }
  if (labIsOpen(state) && state.session?.ended !== true) {
    return only({ ...state, overlay: { kind: 'confirm', what: 'leave' } });
  }
  return leave(state);
}

function confirmed(state: AppState): Updated {
  if (state.overlay?.kind !== 'confirm') return only(state);
  switch (state.overlay.what) {
    case 'leave':
      return leave(state);
    case 'quit':
      return doing({ ...state, overlay: null, busy: 'closing' }, { effect: 'quit', code: 0 });
    case 'cleanup':
      return doing({ ...state, overlay: null, busy: 'cleaning' }, { effect: 'cleanup' });
    case 'shell':
      return doing({ ...state, overlay: null }, { effect: 'shell', place: state.overlay.place });
  }
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

/** Where there is a pane for it, that has the focus. */
function storyShown(state: AppState): AppState {
  const top = { ...state, scroll: { ...state.scroll, story: 0 } };
  return hasStoryPane(state.size) ? focused(top, 'story') : { ...top, overlay: { kind: 'story' } };
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

function soughtOn(state: AppState, by: 1 | -1): Updated {
  if (state.sought === '') return only(prompted(state, 'find'));
  const found = foundFrom(state, state.sought, by, by);
  return found ? only(found) : telling(state, { kind: 'no-match', text: state.sought });
}
