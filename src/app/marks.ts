// What has just changed, by the time of the readings: noticed between two that follow one another, marked strongly, then quietly, then no more. Pure.
import type { NsType } from '../kernel/namespaces.ts';
import { cameAndWent, changedLinks } from '../model/diff.ts';
import { namespaceAt, processAt } from '../model/find.ts';
import type { ControllerState, GroupState, ProcessRef, Snapshot } from '../model/types.ts';
import { type Group, groupsByHierarchy } from './groups.ts';
import type { TreeRow } from './tree-row.ts';
import type { AppState, Selection } from './state.ts';
import { beforeSnapshot, sameRef, selectionKey, shownNetworks, shownSnapshot, wantedRefs } from './target.ts';

/** Milliseconds for which a change is fresh; and for which the inspector marks it at all. */
export const FRESH_MS = 8_000;
export const FADED_MS = 16_000;

/** `fresh`: a moment ago. `quiet`: a while ago; in a lesson, at any time since the step began. */
export type Mark = 'fresh' | 'quiet';

/** Milliseconds since the epoch by key, of what was noticed and has not faded yet: a row's key, or that of a link or limit. */
export type Noticed = Readonly<Record<string, number>>;

export function linkKey({ pid, starttime }: ProcessRef, type: NsType): string {
  return `link ${pid} ${starttime} ${type}`;
}

/** `file`: the neutral name of a limit or event. */
export function limitKey({ pid, starttime }: ProcessRef, controller: string, file: string): string {
  return `limit ${pid} ${starttime} ${controller} ${file}`;
}

/** The clock of the screens: the newest reading's, which goes on in a replay too, and stands still in a pause. */
export function clockOf(state: Pick<AppState, 'snapshot'>): number {
  return state.snapshot?.takenAt ?? 0;
}

/** What the marks are told from. */
export type Marked = Pick<AppState, 'screen' | 'session' | 'snapshot' | 'noticed'>;

/** How long ago it was noticed; null where it was not, or has faded. */
export function noticedMark(state: Marked, ...keys: readonly string[]): Mark | null {
  const marks = keys.map((key) => markAt(state, state.noticed[key]));
  return marks.find((mark) => mark === 'fresh') ?? marks.find((mark) => mark !== null) ?? null;
}

export function markAt(state: Pick<AppState, 'snapshot'>, since: number | undefined): Mark | null {
  if (since === undefined) return null;
  const age = clockOf(state) - since;
  return age < FRESH_MS ? 'fresh' : age < FADED_MS ? 'quiet' : null;
}

/** The mark of something that a lesson tells until the step's end: `changed` since it began. The inspector goes by the readings alone. */
export function changeMark(state: Marked, changed: boolean, ...keys: readonly string[]): Mark | null {
  if (beforeSnapshot(state) === null) return state.screen === 'inspect' ? noticedMark(state, ...keys) : null;
  return changed ? (noticedMark(state, ...keys) ?? 'quiet') : null;
}

/** The rows with those marked whose thing is new. */
export function withNew(state: Marked, rows: readonly TreeRow[]): readonly TreeRow[] {
  const before = beforeSnapshot(state);
  // The usual case: nothing to mark among what may be ten thousand rows.
  if (before === null && Object.keys(state.noticed).length === 0) return rows;
  return rows.map((row) => {
    if (row.age !== null || (before === null && state.noticed[row.key] === undefined)) return row;
    const isNew = before !== null && !wasThere(state, before, row.selection);
    const mark = changeMark(state, isNew, row.key);
    return mark === null ? row : { ...row, age: 'new' as const, mark };
  });
}

function wasThere(state: Marked, before: Snapshot, selection: Selection): boolean {
  switch (selection.kind) {
    case 'process':
      return processAt(before, selection.ref) !== null;
    case 'container': {
      const init = shownSnapshot(state)?.containers.find(({ id }) => id === selection.id)?.init;
      return init
        ? processAt(before, init) !== null
        : before.containers.some(({ id }) => id === selection.id);
    }
    case 'namespace':
      return namespaceAt(before, selection.type, selection.inode) !== null;
    case 'group':
      return pathsOf(before).has(selectionKey(selection));
    case 'interface':
      // Nobody knows the interfaces from before the step, beside those that were read since.
      return state.noticed[selectionKey(selection)] === undefined;
    case 'heading':
      return true;
  }
}

/** What was noticed and is not forgotten, with what is new between two states that follow one another. */
export function noticed(was: AppState, is: AppState, before: Snapshot, now: Snapshot): Noticed {
  const clock = clockOf(is);
  const kept = Object.entries(is.noticed).filter(([, since]) => clock >= since && clock - since < FADED_MS);
  const fresh = before === now ? [] : changesOf(is, before, now);
  const found = [...fresh, ...newInterfaces(was, is)].map((key) => [key, clock] as const);
  if (found.length === 0 && kept.length === Object.keys(is.noticed).length) return is.noticed;
  return Object.fromEntries([...kept, ...found]);
}

function changesOf(state: AppState, before: Snapshot, now: Snapshot): readonly string[] {
  const keys = cameAndWent(before, now).came.map((ref) => selectionKey({ kind: 'process', ref }));
  // Of those that stand in the links pane: a host has ten thousand others.
  const shown = [...wantedRefs(state), ...now.containers.flatMap(({ init }) => (init ? [init] : []))];
  for (const ref of shown)
    if (processAt(before, ref))
      keys.push(...changedLinks(before, now, ref).map((type) => linkKey(ref, type)));
  const ids = new Set(before.containers.map(({ id }) => id));
  for (const { id, init } of now.containers)
    if (!ids.has(id) || (init && !processAt(before, init)))
      keys.push(selectionKey({ kind: 'container', id }));
  for (const { type, inode } of now.namespaces)
    if (!namespaceAt(before, type, inode)) keys.push(selectionKey({ kind: 'namespace', type, inode }));
  for (const group of now.groups) {
    const then = before.groups.find((one) => sameRef(one.of, group.of));
    if (then) keys.push(...changedLimits(then, group));
  }
  if (state.tree === 'groups') {
    const paths = pathsOf(before);
    keys.push(...[...pathsOf(now)].filter((path) => !paths.has(path)));
  }
  return keys;
}

function changedLimits(before: GroupState, now: GroupState): readonly string[] {
  return now.controllers.flatMap((controller) => {
    const then = before.controllers.find(({ name }) => name === controller.name);
    if (!then) return [];
    const valuesOf = ({ limits, events }: ControllerState) => ({ ...limits, ...events });
    const old = valuesOf(then);
    return Object.entries(valuesOf(controller)).flatMap(([file, reading]) => {
      const was = old[file];
      return was?.ok && reading.ok && was.value !== reading.value
        ? [limitKey(now.of, controller.name, file)]
        : [];
    });
  });
}

const paths = new WeakMap<Snapshot, ReadonlySet<string>>();

/** The keys of all groups that hold a process, or are above one. */
function pathsOf(snapshot: Snapshot): ReadonlySet<string> {
  const known = paths.get(snapshot);
  if (known) return known;
  const found = new Set<string>();
  const walk = (hierarchy: string, group: Group): void => {
    found.add(selectionKey({ kind: 'group', hierarchy, path: group.path }));
    for (const below of group.below.values()) walk(hierarchy, below);
  };
  for (const [hierarchy, top] of groupsByHierarchy(snapshot)) walk(hierarchy, top);
  paths.set(snapshot, found);
  return found;
}

/** Of namespaces that were read before, too. */
function newInterfaces(was: AppState, is: AppState): readonly string[] {
  const [before, now] = [shownNetworks(was), shownNetworks(is)];
  if (before === null || now === null || before === now) return [];
  return now.flatMap(({ inode, links, trouble }) => {
    const then = before.find((network) => network.inode === inode);
    if (!then || then.trouble !== null || trouble !== null) return [];
    return links.flatMap(({ ifindex }) =>
      then.links.some((link) => link.ifindex === ifindex)
        ? []
        : [selectionKey({ kind: 'interface', inode, ifindex })],
    );
  });
}
