// What a row of the tree pane is, and rows of one process and of a heading. Which rows there are is rows.ts'.
import { ownLinks } from '../model/links.ts';
import { commandOf, type TreeKind } from '../model/tree.ts';
import type { HostNamespaces } from '../model/hostview.ts';
import type { NsType } from '../kernel/namespaces.ts';
import type { Process } from '../model/types.ts';
import type { Mark } from './marks.ts';
import type { Selection } from './state.ts';
import { selectionKey } from './target.ts';

export interface TreeRow {
  readonly key: string;
  readonly selection: Selection;
  /** The lines that lead to the row: `│  └╌ `. */
  readonly lead: string;
  readonly kind: TreeKind | 'actor' | 'heading' | 'namespace' | 'group' | 'interface';
  readonly label: string;
  readonly pid: number | null;
  /** The pid in the innermost pid namespace, where there is more than one number. */
  readonly inside: number | null;
  readonly namespaces: readonly NsType[];
  /** Of a logical edge: what the parent by ppid is, to be said beside it. */
  readonly ppid: number | null;
  /** new: was not there when the step began, or a moment ago. ended: is no more. zombie: ended, and not waited for. */
  readonly age: 'new' | 'ended' | 'zombie' | null;
  /** Of an age that fades: how strongly it is marked. */
  readonly mark: Mark | null;
}

/** Columns of strokes: a chain of processes can be as long as its author likes, and two halves of a snapshot can make a loop. */
export const DEEPEST = 600;

interface Drawn {
  readonly host: HostNamespaces;
  readonly row: TreeRow;
}

// Most of ten thousand processes are the same from one snapshot to the next, and stand where they stood.
const drawn = new WeakMap<Process, Drawn>();

/** A process of the host, as the rows of all processes have it. */
export function processRow(process: Process, lead: string, host: HostNamespaces): TreeRow {
  const known = drawn.get(process);
  if (known?.host === host && known.row.lead === lead) return known.row;
  const selection: Selection = {
    kind: 'process',
    ref: { pid: process.pid, starttime: process.starttime },
  };
  const row: TreeRow = {
    key: selectionKey(selection),
    selection,
    lead,
    kind: 'process',
    label: commandOf(process),
    pid: process.pid,
    inside: insidePid(process),
    namespaces: ownLinks(host, process.ns),
    ppid: null,
    age: null,
    mark: null,
  };
  drawn.set(process, { host, row });
  return row;
}

export function headingRow(name: string, label: string): TreeRow {
  const selection: Selection = { kind: 'heading', name };
  return {
    key: selectionKey(selection),
    selection,
    lead: '',
    kind: 'heading',
    label,
    pid: null,
    inside: null,
    namespaces: [],
    ppid: null,
    age: null,
    mark: null,
  };
}

export function insidePid(process: Process): number | null {
  const numbers = process.nspid?.ok ? process.nspid.value : [];
  return numbers.length > 1 ? (numbers.at(-1) ?? null) : null;
}
