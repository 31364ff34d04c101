// The rows of the findings pane: those that concern the selection first. Pure.
import { type Finding, keyOf } from '../model/findings/finding.ts';
import { concerns, type Patient } from '../model/findings/narrow.ts';
import { namespaceAt, processAt } from '../model/find.ts';
import type { Snapshot } from '../model/types.ts';
import type { AppState, Selection } from './state.ts';
import { targetOf } from './target.ts';

export interface FindingRow {
  readonly key: string;
  readonly finding: Finding;
  /** It concerns what is selected. */
  readonly here: boolean;
}

const RANK = { error: 0, warning: 1, note: 2 } as const;

/** Null where the host has not been looked at yet. */
export function findingRows(state: AppState): readonly FindingRow[] | null {
  if (state.findings === null) return null;
  const { snapshot } = state;
  const patient = snapshot && patientOf(state, snapshot);
  return state.findings
    .map((finding) => ({
      key: keyOf(finding),
      finding,
      here:
        snapshot !== null &&
        patient !== null &&
        finding.severity !== 'note' &&
        concerns(snapshot, patient, finding),
    }))
    .sort(
      (a, b) =>
        Number(b.here) - Number(a.here) ||
        RANK[a.finding.severity] - RANK[b.finding.severity] ||
        (a.key < b.key ? -1 : 1),
    );
}

function patientOf(state: AppState, snapshot: Snapshot): Patient | null {
  const { selection } = state;
  if (selection?.kind === 'container') {
    const container = snapshot.containers.find(({ id }) => id === selection.id);
    return container ? { kind: 'container', container } : null;
  }
  if (selection?.kind === 'namespace' || selection?.kind === 'interface') {
    const type = selection.kind === 'interface' ? 'net' : selection.type;
    const namespace = namespaceAt(snapshot, type, selection.inode);
    return namespace ? { kind: 'namespace', namespace } : null;
  }
  if (selection?.kind === 'group') return { kind: 'cgroup', path: selection.path, hierarchy: null };
  const target = targetOf(state);
  const process = target && processAt(snapshot, target.ref);
  return process ? { kind: 'process', process } : null;
}

/** The row that the cursor is on: the one that was chosen, else the first; -1 where there is none. */
export function findingCursor(rows: readonly FindingRow[], state: AppState): number {
  const at = rows.findIndex(({ key }) => key === state.finding);
  return at === -1 && rows.length > 0 ? 0 : at;
}

/** What a finding is about, as something that the tree can select; null for the host. */
export function selectionOf({ subject }: Finding): Selection | null {
  switch (subject.kind) {
    case 'container':
      return { kind: 'container', id: subject.id };
    case 'process':
      return { kind: 'process', ref: { pid: subject.pid, starttime: subject.starttime } };
    case 'namespace':
      return { kind: 'namespace', type: subject.type, inode: subject.inode };
    case 'cgroup':
    case 'host':
      return null;
  }
}
