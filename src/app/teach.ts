// Which lesson teaches what the selected row is about. Pure.
import type { NsType } from '../kernel/namespaces.ts';
import { findingCursor, findingRows } from './finding-rows.ts';
import { linkType } from './link-rows.ts';
import type { AppState } from './state.ts';

const OF_TYPE: Readonly<Record<NsType, readonly string[]>> = {
  mnt: ['mount-namespace', 'pivot-root'],
  cgroup: ['cgroup-and-time-namespaces', 'cgroup-tree'],
  uts: ['uts-namespace'],
  ipc: ['ipc-namespace'],
  user: ['user-namespace'],
  pid: ['pid-namespace'],
  net: ['network-namespace'],
  time: ['cgroup-and-time-namespaces'],
};
const OF_GROUPS = ['cgroup-tree', 'memory-limit'];
const OF_CONTAINER = ['docker-run-step-by-step', 'oci-bundle-and-runc', 'what-is-a-container'];
const OF_PROCESS = ['what-is-a-container', 'pid-namespace'];

/** The ids that would teach the selected row of the focused pane, the best first. */
function wanted(state: AppState): readonly string[] {
  if (state.focus === 'findings') {
    const rows = findingRows(state) ?? [];
    const row = rows[findingCursor(rows, state)];
    return row ? [row.finding.lesson] : [];
  }
  if (state.focus === 'links') return OF_TYPE[linkType(state)];
  if (state.focus === 'cgroup') return OF_GROUPS;
  switch (state.selection?.kind) {
    case 'namespace':
      return OF_TYPE[state.selection.type];
    case 'interface':
      return OF_TYPE.net;
    case 'group':
      return OF_GROUPS;
    case 'container':
      return OF_CONTAINER;
    default:
      return OF_PROCESS;
  }
}

/** The id of the first of these lessons that the course has; null where it has none. */
export function lessonFor(state: AppState): string | null {
  return wanted(state).find((id) => state.lessons.some((lesson) => lesson.id === id)) ?? null;
}
