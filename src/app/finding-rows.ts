// The rows of the findings pane: those that concern the selection first. Pure.
import { type Finding, keyOf } from '../model/findings/finding.ts';
import { concerning, type Patient } from '../model/findings/narrow.ts';
import { namespaceAt, processAt } from '../model/find.ts';
import type { Container, Namespace, Process, Snapshot } from '../model/types.ts';
import { keepLast } from './memo.ts';
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
  const { findings, snapshot } = state;
  if (findings === null) return null;
  return partedRows(rankedRows(findings), snapshot, snapshot && patientOf(state, snapshot));
}

/** By severity, then by key; nothing is marked. */
const rankedRows = keepLast((findings: readonly Finding[]): readonly FindingRow[] =>
  findings
    .map((finding) => ({ key: keyOf(finding), finding, here: false }))
    .sort((a, b) => RANK[a.finding.severity] - RANK[b.finding.severity] || (a.key < b.key ? -1 : 1)),
);

/** What concerns the patient first. */
const partedRows = keepLast(
  (
    rows: readonly FindingRow[],
    snapshot: Snapshot | null,
    patient: Patient | null,
  ): readonly FindingRow[] => {
    if (!snapshot || !patient) return rows;
    const isTold = concerning(snapshot, patient);
    const here: FindingRow[] = [];
    const elsewhere: FindingRow[] = [];
    for (const row of rows) {
      if (row.finding.severity !== 'note' && isTold(row.finding)) here.push({ ...row, here: true });
      else elsewhere.push(row);
    }
    return [...here, ...elsewhere];
  },
);

// The same thing asked for again is the same patient, so that its rows are kept.
const ofContainer = keepLast((container: Container): Patient => ({ kind: 'container', container }));
const ofNamespace = keepLast((namespace: Namespace): Patient => ({ kind: 'namespace', namespace }));
const ofGroup = keepLast((path: string): Patient => ({ kind: 'cgroup', path, hierarchy: null }));
const ofProcess = keepLast((process: Process): Patient => ({ kind: 'process', process }));

function patientOf(state: AppState, snapshot: Snapshot): Patient | null {
  const { selection } = state;
  if (selection?.kind === 'container') {
    const container = snapshot.containers.find(({ id }) => id === selection.id);
    return container ? ofContainer(container) : null;
  }
  if (selection?.kind === 'namespace' || selection?.kind === 'interface') {
    const type = selection.kind === 'interface' ? 'net' : selection.type;
    const namespace = namespaceAt(snapshot, type, selection.inode);
    return namespace ? ofNamespace(namespace) : null;
  }
  if (selection?.kind === 'group') return ofGroup(selection.path);
  const target = targetOf(state);
  const process = target && processAt(snapshot, target.ref);
  return process ? ofProcess(process) : null;
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
