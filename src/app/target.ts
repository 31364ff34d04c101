// What the screens look at: the snapshot that counts, the process that the selection means, the processes to read closely. Pure.
import type { Actor, Leftover } from '../lab/types.ts';
import type { Step, StepProse, StepState } from '../lesson/types.ts';
import { containerOf, namespaceAt, processAt, processByPid } from '../model/find.ts';
import { containerLabel } from '../model/tree.ts';
import type { Network } from '../model/network.ts';
import type { Container, ProcessRef, Snapshot } from '../model/types.ts';
import { firstInGroup } from './groups.ts';
import type { AppState, Selection } from './state.ts';

/** What the panes of links and cgroups are about. */
export interface Target {
  readonly ref: ProcessRef;
  readonly sign: '◆' | '●' | '';
  readonly name: string;
  readonly container: Container | null;
}

/** In a replay the recording's snapshot, else the newest of the host; null before the first. */
export function shownSnapshot(state: Pick<AppState, 'screen' | 'session' | 'snapshot'>): Snapshot | null {
  if (state.screen !== 'lesson') return state.snapshot;
  return state.session?.shown ?? (state.session?.source.kind === 'recording' ? null : state.snapshot);
}

/** The snapshot from before the step's operations, in a lesson. */
export function beforeSnapshot(state: Pick<AppState, 'screen' | 'session'>): Snapshot | null {
  return state.screen === 'lesson' ? (state.session?.before ?? null) : null;
}

const NOBODY: readonly Actor[] = [];

/** The actors of the lab, in a lesson; beside it the inspector has those that live on this host. */
export function labActors(state: AppState): readonly Actor[] {
  if (state.screen === 'home') return NOBODY;
  if (state.screen === 'inspect' && state.session?.source.kind !== 'live') return NOBODY;
  return state.session?.actors ?? NOBODY;
}

export function sameRef(a: ProcessRef, b: ProcessRef): boolean {
  return a.pid === b.pid && a.starttime === b.starttime;
}

/** One text for each thing that can be selected; equal texts mean the same thing. */
export function selectionKey(selection: Selection): string {
  switch (selection.kind) {
    case 'process':
      return `process ${selection.ref.pid} ${selection.ref.starttime}`;
    case 'container':
      return `container ${selection.id}`;
    case 'namespace':
      return `namespace ${selection.type} ${selection.inode}`;
    case 'group':
      return `group ${selection.hierarchy} ${selection.path}`;
    case 'interface':
      return `interface ${selection.inode} ${selection.ifindex}`;
    case 'heading':
      return `heading ${selection.name}`;
  }
}

/** The selected process or container's first process; without a selection the lab's first actor. Null where nothing is to be looked at. */
export function targetOf(state: AppState): Target | null {
  const snapshot = shownSnapshot(state);
  const actors = labActors(state);
  const chosen = state.selection === null ? null : targetOfSelection(state.selection, snapshot, actors);
  if (chosen) return chosen;
  const actor = actors[0];
  return actor ? actorTarget(actor, snapshot) : null;
}

/** A pinned process as a target; it may have ended. */
export function pinTarget(ref: ProcessRef, state: AppState): Target {
  const snapshot = shownSnapshot(state);
  const actor = labActors(state).find((one) => sameRef(one, ref));
  if (actor) return actorTarget(actor, snapshot);
  const container = snapshot?.containers.find((one) => one.init !== null && sameRef(one.init, ref));
  if (container) return { ref, sign: '●', name: containerLabel(container), container };
  return processTarget(ref, snapshot);
}

/** The two targets that can be compared: the pinned ones, or a pinned one and the selected; null where there are no two. */
export function comparedOf(state: AppState): readonly [Target, Target] | null {
  const [first, second] = state.pins;
  if (!first) return null;
  if (second) return [pinTarget(first, state), pinTarget(second, state)];
  const target = targetOf(state);
  return target && !sameRef(target.ref, first) ? [pinTarget(first, state), target] : null;
}

function processTarget(ref: ProcessRef, snapshot: Snapshot | null): Target {
  const process = snapshot && processAt(snapshot, ref);
  const container = snapshot && process ? containerOf(snapshot, process.pid) : null;
  return { ref: { pid: ref.pid, starttime: ref.starttime }, sign: '', name: process?.comm ?? '', container };
}

function targetOfSelection(
  selection: Selection,
  snapshot: Snapshot | null,
  actors: readonly Actor[],
): Target | null {
  if (selection.kind === 'heading') return null;
  if (selection.kind === 'container') {
    const container = snapshot?.containers.find((one) => one.id === selection.id);
    if (!container?.init) return null;
    return { ref: container.init, sign: '●', name: containerLabel(container), container };
  }
  if (selection.kind === 'namespace' || selection.kind === 'group' || selection.kind === 'interface') {
    const pid = snapshot && firstPidOf(selection, snapshot);
    const process = snapshot && pid !== null ? processByPid(snapshot, pid) : null;
    return process ? processTarget(process, snapshot) : null;
  }
  const actor = actors.find((one) => sameRef(one, selection.ref));
  if (actor) return actorTarget(actor, snapshot);
  return processTarget(selection.ref, snapshot);
}

function firstPidOf(
  selection: Extract<Selection, { kind: 'namespace' | 'group' | 'interface' }>,
  snapshot: Snapshot,
): number | null {
  if (selection.kind === 'group') return firstInGroup(snapshot, selection.hierarchy, selection.path);
  const type = selection.kind === 'interface' ? 'net' : selection.type;
  return namespaceAt(snapshot, type, selection.inode)?.members[0] ?? null;
}

export function actorTarget(actor: Actor, snapshot: Snapshot | null): Target {
  return {
    ref: { pid: actor.pid, starttime: actor.starttime },
    sign: '◆',
    name: actor.name,
    container: snapshot ? containerOf(snapshot, actor.pid) : null,
  };
}

/** The processes whose control files the screen wants: the target, and in a lesson the actors. */
export function wantedRefs(state: AppState): readonly ProcessRef[] {
  if (state.screen === 'home') return [];
  // The pids of a recording are another host's.
  if (state.screen === 'lesson' && state.session?.source.kind === 'recording') return [];
  const refs = labActors(state).map(({ pid, starttime }) => ({ pid, starttime }));
  const target = targetOf(state);
  for (const ref of [...(target ? [target.ref] : []), ...state.pins]) {
    if (!refs.some((one) => sameRef(one, ref))) refs.push({ pid: ref.pid, starttime: ref.starttime });
  }
  return refs;
}

/** The interfaces that belong to the snapshot that is shown; null where they are not read yet, or are another host's. */
export function shownNetworks(state: AppState): readonly Network[] | null {
  return isReplay(state) ? null : state.networks;
}

/** What is shown is a recording's, within a lesson. */
export function isReplay(state: AppState): boolean {
  return (
    state.screen === 'lesson' && (state.session?.shown != null || state.session?.source.kind === 'recording')
  );
}

/** True while the screen shows interfaces, which are read for it alone. */
export function wantsNetworks(state: AppState): boolean {
  return state.screen !== 'home' && state.tree === 'networks' && !isReplay(state);
}

/** The step that the session shows, its state and its prose in the state's language. */
export function currentStep(
  state: AppState,
): { readonly step: Step; readonly at: StepState; readonly prose: StepProse | null } | null {
  const session = state.session;
  if (!session) return null;
  const step = session.lesson.steps[session.index];
  const at = session.steps[session.index];
  if (!step || !at) return null;
  return { step, at, prose: session.lesson.prose[state.lang][step.id] ?? null };
}

/** What dead labs left: those of a program that still runs are its own business. */
export function deadLeftovers(state: Pick<AppState, 'leftovers'>): readonly Leftover[] {
  return (state.leftovers ?? []).filter((one) => !one.live);
}

/** True while leaving the lesson would end something on the host. */
export function labIsOpen(state: AppState): boolean {
  const session = state.session;
  return session !== null && session.base.kind === 'live' && session.labId !== null;
}
