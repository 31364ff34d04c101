// The shell pane's part of the state: where a shell is to be opened, what has the keys, how the pane comes and goes. Runs nothing.
import { NS_TYPES } from '../kernel/namespaces.ts';
import { processAt, processByPid } from '../model/find.ts';
import type { Process, Snapshot } from '../model/types.ts';
import type { Action, Updated } from './actions.ts';
import { fits } from './layout.ts';
import { focused, turned } from './moves.ts';
import type { AppState, PaneId, ShellPlace } from './state.ts';
import { labActors, sameRef, shownSnapshot, targetOf } from './target.ts';
import { doing, only, telling } from './updated.ts';

/** True while what is typed is the shell's: every key but the one that leads out. */
export function typesIntoShell(state: AppState): boolean {
  return (
    state.focus === 'shell' &&
    state.shell?.alive === true &&
    state.overlay === null &&
    state.prompt === null &&
    state.busy === null &&
    fits(state.size)
  );
}

/** The focus to a pane; the shell's pane remembers where it leads back to. */
export function entered(state: AppState, pane: PaneId, next: PaneId = state.focus): AppState {
  const to = focused(state, pane);
  if (pane !== 'shell' || to.shell === null || state.focus === 'shell') return to;
  return { ...to, shell: { ...to.shell, next } };
}

/** Tab: through the shell and on, whichever way it goes. */
export function turnedTo(state: AppState, by: 1 | -1): AppState {
  const pane = turned(state, by);
  return entered(state, pane, turned({ ...state, focus: pane }, by));
}

/** Out of the shell, which runs on. */
export function left(state: AppState): AppState {
  return state.focus === 'shell' ? focused(state, state.shell?.next ?? 'tree') : state;
}

/** The pane goes. */
export function shellClosed(state: AppState): AppState {
  return { ...left(state), shell: null };
}

export function shellStep(
  state: AppState,
  action: Extract<Action, { type: 'shell-opened' | 'shell-screen' | 'shell-ended' | 'shell-closed' }>,
): AppState {
  switch (action.type) {
    case 'shell-opened': {
      const screen = { lines: [], back: 0 };
      const shell = { place: action.place, screen, alive: true, front: true, next: state.focus };
      const open = { ...state, shell, notice: null };
      return state.screen === 'home' ? open : focused(open, 'shell');
    }
    case 'shell-screen':
      return state.shell ? { ...state, shell: { ...state.shell, screen: action.screen } } : state;
    case 'shell-ended':
      return state.shell ? { ...state, shell: { ...state.shell, alive: false } } : state;
    case 'shell-closed':
      return shellClosed(state);
  }
}

/** A shell in an actor ends with it, as what runs in a container does: left alone it would keep the namespaces alive. */
export function withItsActor(state: AppState, before: Snapshot | null): Updated {
  const { shell, session, snapshot } = state;
  if (shell?.alive !== true || shell.place.kind !== 'actor' || session?.source.kind !== 'live')
    return only(state);
  const { name } = shell.place;
  const actor = session.actors.find((one) => one.name === name);
  const livesIn = (seen: Snapshot | null): boolean => {
    const process = seen && actor ? processAt(seen, actor) : null;
    return process !== null && process.state !== 'Z';
  };
  // A snapshot that was begun before the actor does not have it either.
  if (!livesIn(before) || livesIn(snapshot)) return only(state);
  return doing({ ...state, notice: { kind: 'shell-gone', name } }, { effect: 'end-shell' });
}

/** `s`: into the shell that is open, else into what is selected. `!`: into the one that is open, else on the host. */
export function shellAsked(state: AppState, where: 'inside' | 'host'): Updated {
  if (state.shell) return only(entered(state, 'shell'));
  const recorded = state.screen === 'lesson' && state.session?.source.kind === 'recording';
  if (state.snapshot?.source.kind === 'recorded' || (recorded && where === 'inside'))
    return telling(state, { kind: 'no-shell-recorded' });
  if (where === 'host') return doing(state, { effect: 'shell', place: { kind: 'host' } });
  return state.screen === 'lesson' ? inActor(state) : inSelected(state);
}

function inActor(state: AppState): Updated {
  const { selection } = state;
  const actors = labActors(state);
  const picked =
    selection?.kind === 'process' ? actors.find((actor) => sameRef(actor, selection.ref)) : undefined;
  const actor = picked ?? actors[0];
  if (!actor) return telling(state, { kind: 'no-actor' });
  return doing(state, { effect: 'shell', place: { kind: 'actor', name: actor.name } });
}

function inSelected(state: AppState): Updated {
  const snapshot = shownSnapshot(state);
  const target = targetOf(state);
  const named = state.selection !== null && state.selection.kind !== 'heading';
  if (!snapshot || !target) {
    if (named) return telling(state, { kind: 'nobody-inside' });
    return doing(state, { effect: 'shell', place: { kind: 'host' } });
  }
  const { ref, container } = target;
  const actor = labActors(state).find((one) => sameRef(one, ref));
  if (actor) return doing(state, { effect: 'shell', place: { kind: 'actor', name: actor.name } });
  const process = processAt(snapshot, ref);
  if (!process) return telling(state, { kind: 'nobody-inside' });
  const name = target.sign === '●' ? target.name : `${target.name} ${ref.pid}`;
  const place: ShellPlace = { kind: 'process', ref, name, container: target.sign === '●' };
  if (container === null && !isElsewhere(snapshot, process)) return doing(state, { effect: 'shell', place });
  return only({ ...state, overlay: { kind: 'confirm', what: 'shell', place } });
}

/** True where a namespace of the process is known not to be this program's. */
function isElsewhere(snapshot: Snapshot, { ns }: Process): boolean {
  const own = processByPid(snapshot, snapshot.self)?.ns;
  return NS_TYPES.some((type) => {
    const [ours, theirs] = [own?.[type], ns[type]];
    return ours?.ok === true && theirs.ok && ours.value !== theirs.value;
  });
}
