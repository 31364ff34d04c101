// The rows of the tree pane: which tree, what of it the filter leaves, and where the selection stands in it. How a row looks is the view's.
import type { Actor } from '../lab/types.ts';
import { processAt } from '../model/find.ts';
import type { Process, ProcessRef, Snapshot } from '../model/types.ts';
import { type Lang, type Message, say } from '../text/lang.ts';
import { engineRows } from './engine-rows.ts';
import { hierarchyName } from './groups.ts';
import { withEnded } from './ended.ts';
import { hostRows, wayRows } from './host-rows.ts';
import { linkType } from './link-rows.ts';
import { withNew } from './marks.ts';
import { keepLast } from './memo.ts';
import { networkRows } from './network-rows.ts';
import { groupRows, namespaceRows } from './other-trees.ts';
import { filtered } from './search.ts';
import type { AppState, Selection } from './state.ts';
import { labActors, sameRef, selectionKey, shownSnapshot, targetOf } from './target.ts';
import { headingRow, type TreeRow } from './tree-row.ts';

/** The rows of the tree pane from top to bottom: what the filter leaves of the tree that is chosen. The same array while nothing of it changes. */
export function treeRows(state: AppState): readonly TreeRow[] {
  const shown = shownSnapshot(state);
  if (!shown) return NONE;
  const { screen, session, snapshot, noticed, ended, tree, filter } = state;
  const gone = screen === 'inspect' && tree === 'engines' ? ended : NOBODY;
  return keptFiltered(keptMarked(rowsOf(state, shown), screen, session, snapshot, noticed, gone), filter);
}

const NONE: readonly TreeRow[] = [];
const NOBODY: AppState['ended'] = [];
const keptMarked = keepLast(
  (
    rows: readonly TreeRow[],
    screen: AppState['screen'],
    session: AppState['session'],
    snapshot: AppState['snapshot'],
    noticed: AppState['noticed'],
    ended: AppState['ended'],
  ): readonly TreeRow[] => {
    const of = { screen, session, snapshot, noticed, ended };
    return withEnded(of, withNew(of, rows));
  },
);
const keptFiltered = keepLast(filtered);
const keptNamespaces = keepLast(namespaceRows);
const keptGroups = keepLast(groupRows);

function rowsOf(state: AppState, snapshot: Snapshot): readonly TreeRow[] {
  switch (state.tree) {
    case 'namespaces':
      return keptNamespaces(snapshot, state.lang);
    case 'groups':
      return keptGroups(snapshot, state.lang);
    case 'networks':
      return networkRows(state, snapshot);
    case 'engines': {
      const { allProcesses: all, lang } = state;
      const rows = keptEngines(snapshot, state.session?.labId ?? '', labActors(state), all);
      if (state.screen !== 'inspect') return rows;
      if (all || rows.length === 0) return withHost(rows, snapshot, lang);
      return withSelected(rows, snapshot, outsider(rows, snapshot, state.selection), lang);
    }
  }
}

const keptEngines = keepLast((snapshot: Snapshot, id: string, actors: readonly Actor[], all: boolean) =>
  engineRows(snapshot, { id, actors }, all),
);

const HOST: Message = { en: 'all processes', 'zh-CN': '全部进程' };
const SELECTED: Message = { en: 'selected', 'zh-CN': '所选进程' };

/** Below the engines every process, where that is asked for or there is no engine. */
const withHost = keepLast((rows: readonly TreeRow[], snapshot: Snapshot, lang: Lang): readonly TreeRow[] => [
  ...rows,
  headingRow('host', say(lang, HOST)),
  ...hostRows(snapshot),
]);

/** Below the engines the way to a selected process that is in no tree. */
const withSelected = keepLast(
  (rows: readonly TreeRow[], snapshot: Snapshot, process: Process | null, lang: Lang): readonly TreeRow[] =>
    process ? [...rows, headingRow('selected', say(lang, SELECTED)), ...wayRows(snapshot, process)] : rows,
);

function outsider(rows: readonly TreeRow[], snapshot: Snapshot, selection: Selection | null): Process | null {
  const process = selection?.kind === 'process' ? processAt(snapshot, selection.ref) : null;
  return process && !rows.some((row) => row.pid === process.pid) ? process : null;
}

/** The row that is selected, or that shows what the other panes are about; -1 where there is none. */
export function selectedRow(rows: readonly TreeRow[], state: AppState): number {
  if (state.selection) {
    const key = selectionKey(state.selection);
    const at = rows.findIndex((row) => row.key === key);
    if (at !== -1) return at;
  }
  const target = targetOf(state);
  if (!target) return -1;
  return rows.findIndex(({ selection }) => isAbout(selection, target.ref, state));
}

/** In the other trees: the network, else the namespace of the type that the links pane is at, the group in the first hierarchy. */
function isAbout(selection: Selection, ref: ProcessRef, state: AppState): boolean {
  if (selection.kind === 'process') return sameRef(selection.ref, ref);
  const snapshot = shownSnapshot(state);
  const process = snapshot && processAt(snapshot, ref);
  if (!process) return false;
  if (selection.kind === 'namespace') {
    const own = process.ns[selection.type];
    const type = state.tree === 'networks' ? 'net' : linkType(state);
    return selection.type === type && own.ok && own.value === selection.inode;
  }
  if (selection.kind !== 'group' || !process.cgroups.ok) return false;
  return process.cgroups.value.some(
    ({ hierarchy, controllers, path }) =>
      path === selection.path &&
      selection.hierarchy === hierarchyName({ version: hierarchy === 0 ? 2 : 1, controllers }),
  );
}
