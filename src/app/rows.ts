// The rows of the tree pane and of the lessons list: which stands where, and what selecting it means. How a row looks is the view's.
import type { Actor } from '../lab/types.ts';
import type { Lesson } from '../lesson/types.ts';
import { processAt, processByPid } from '../model/find.ts';
import { hostNamespaces } from '../model/hostview.ts';
import { ownTypes } from '../model/links.ts';
import { buildTree, commandOf, type TreeKind, type TreeNode } from '../model/tree.ts';
import { NS_TYPES, type NsType } from '../kernel/namespaces.ts';
import { type Message, say } from '../text/lang.ts';
import type { Process, ProcessRef, Snapshot } from '../model/types.ts';
import { edge, under } from '../text/branches.ts';
import { hierarchyName } from './groups.ts';
import { withEnded } from './ended.ts';
import { linkType } from './link-rows.ts';
import { type Mark, withNew } from './marks.ts';
import { networkRows } from './network-rows.ts';
import { groupRows, namespaceRows } from './other-trees.ts';
import { filtered } from './search.ts';
import type { AppState, Selection } from './state.ts';
import { labActors, sameRef, selectionKey, shownSnapshot, targetOf } from './target.ts';

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

/** The rows of the tree pane from top to bottom: what the filter leaves of the tree that is chosen. */
export function treeRows(state: AppState): readonly TreeRow[] {
  const snapshot = shownSnapshot(state);
  if (!snapshot) return [];
  const rows = withNew(state, rowsOf(state, snapshot));
  const whole = state.screen === 'inspect' && state.tree === 'engines' ? withEnded(state, rows) : rows;
  return filtered(whole, state.filter);
}

function rowsOf(state: AppState, snapshot: Snapshot): readonly TreeRow[] {
  switch (state.tree) {
    case 'namespaces':
      return namespaceRows(snapshot, state.lang);
    case 'groups':
      return groupRows(snapshot, state.lang);
    case 'networks':
      return networkRows(state, snapshot);
    case 'engines':
      return engineRows(state, snapshot);
  }
}

/** The engines' trees, then the lab's with its actors. */
function engineRows(state: AppState, snapshot: Snapshot): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  for (const node of buildTree(snapshot, { all: state.allProcesses })) {
    addNode(rows, node, '', null, snapshot);
  }
  const actors = labActors(state);
  if (actors.length > 0) addLab(rows, state.session?.labId ?? '', actors, snapshot);
  if (state.screen === 'inspect') addHost(rows, state, snapshot);
  return rows;
}

const HOST: Message = { en: 'all processes', 'zh-CN': '全部进程' };
const SELECTED: Message = { en: 'selected', 'zh-CN': '所选进程' };

/** Below the engines: every process where that is asked for or there is no engine, else the way to a selected one that is in no tree. */
function addHost(rows: TreeRow[], state: AppState, snapshot: Snapshot): void {
  if (state.allProcesses || rows.length === 0) {
    rows.push(headingRow('host', say(state.lang, HOST)), ...hostRows(snapshot));
    return;
  }
  const { selection } = state;
  const process = selection?.kind === 'process' ? processAt(snapshot, selection.ref) : null;
  if (!process || rows.some((row) => row.pid === process.pid)) return;
  rows.push(headingRow('selected', say(state.lang, SELECTED)));
  const chain = ancestors(snapshot, process);
  const host = hostNamespaces(snapshot);
  for (const [depth, one] of chain.entries()) {
    rows.push(processRow(one, `${'   '.repeat(depth)}└─ `, host));
  }
}

/** From the first process down to this one. */
function ancestors(snapshot: Snapshot, process: Process): readonly Process[] {
  const chain: Process[] = [];
  let at: Process | null = process;
  while (at && !chain.includes(at)) {
    chain.unshift(at);
    at = processByPid(snapshot, at.ppid);
  }
  return chain;
}

// A host can have ten thousand of them: one walk for each snapshot, not for each drawing.
const walked = new WeakMap<Snapshot, readonly TreeRow[]>();

/** Every process but the kernel's threads, children below their parents. */
function hostRows(snapshot: Snapshot): readonly TreeRow[] {
  const known = walked.get(snapshot);
  if (known) return known;
  const rows: TreeRow[] = [];
  const children = new Map<number, Process[]>();
  for (const process of snapshot.processes) {
    if (process.kernelThread) continue;
    // Parents out of sight (pid 0, another pid namespace) count as one.
    const parent = processByPid(snapshot, process.ppid) ? process.ppid : 0;
    const siblings = children.get(parent);
    if (siblings) siblings.push(process);
    else children.set(parent, [process]);
  }
  const host = hostNamespaces(snapshot);
  const walk = (parent: number, indent: string): void => {
    if (indent.length > DEEPEST) return;
    const below = children.get(parent) ?? [];
    for (const [at, process] of below.entries()) {
      const last = at === below.length - 1;
      rows.push(processRow(process, indent + edge(last, false), host));
      walk(process.pid, indent + under(last));
    }
  };
  walk(0, '');
  walked.set(snapshot, rows);
  return rows;
}

/** Columns of strokes: a chain of processes can be as long as its author likes, and two halves of a snapshot can make a loop. */
const DEEPEST = 600;

function processRow(process: Process, lead: string, host: ReturnType<typeof hostNamespaces>): TreeRow {
  const selection: Selection = {
    kind: 'process',
    ref: { pid: process.pid, starttime: process.starttime },
  };
  const own = NS_TYPES.filter((type) => {
    const [ours, theirs] = [host[type], process.ns[type]];
    return ours.ok && theirs.ok && ours.value !== theirs.value;
  });
  return {
    key: selectionKey(selection),
    selection,
    lead,
    kind: 'process',
    label: commandOf(process),
    pid: process.pid,
    inside: insidePid(process),
    namespaces: own,
    ppid: null,
    age: null,
    mark: null,
  };
}

function headingRow(name: string, label: string): TreeRow {
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

function addNode(
  rows: TreeRow[],
  node: TreeNode,
  indent: string,
  last: boolean | null,
  snapshot: Snapshot,
): void {
  const ref =
    node.pid === null || node.starttime === null ? null : { pid: node.pid, starttime: node.starttime };
  const process = ref && processAt(snapshot, ref);
  const selection: Selection =
    node.kind === 'container' && node.container !== null
      ? { kind: 'container', id: node.container }
      : ref
        ? { kind: 'process', ref }
        : { kind: 'heading', name: node.label };
  rows.push({
    key: selectionKey(selection),
    selection,
    lead: indent + edge(last, node.edge === 'logical'),
    kind: node.kind,
    label: node.label,
    pid: node.pid,
    inside: process ? insidePid(process) : null,
    namespaces: node.namespaces,
    ppid: node.edge === 'logical' ? (process?.ppid ?? null) : null,
    age: null,
    mark: null,
  });
  const below = indent + under(last);
  for (const [at, child] of node.children.entries()) {
    addNode(rows, child, below, at === node.children.length - 1, snapshot);
  }
}

function addLab(rows: TreeRow[], lab: string, actors: readonly Actor[], snapshot: Snapshot): void {
  rows.push(headingRow(`lab ${lab}`, `lab ${lab}`.trimEnd()));
  // An actor below another one is drawn there, with its sign.
  const below = new Set(
    actors.flatMap((actor) => actors.filter((other) => other !== actor && isBelow(snapshot, other, actor))),
  );
  const top = actors.filter((actor) => !below.has(actor));
  for (const [at, actor] of top.entries()) {
    addProcess(rows, actor, actor, '', at === top.length - 1, actors, snapshot);
  }
}

function isBelow(snapshot: Snapshot, actor: Actor, above: Actor): boolean {
  let process = processAt(snapshot, actor);
  // A chain of parents that is longer than this is a loop of two snapshots' halves.
  for (let steps = 0; process && steps < 64; steps += 1) {
    if (process.ppid === above.pid) return true;
    process = processByPid(snapshot, process.ppid);
  }
  return false;
}

function addProcess(
  rows: TreeRow[],
  ref: { readonly pid: number; readonly starttime: number },
  actor: Actor | undefined,
  indent: string,
  last: boolean,
  actors: readonly Actor[],
  snapshot: Snapshot,
): void {
  const process = processAt(snapshot, ref);
  const selection: Selection = { kind: 'process', ref: { pid: ref.pid, starttime: ref.starttime } };
  const command = process ? commandOf(process) : '';
  rows.push({
    key: selectionKey(selection),
    selection,
    lead: indent + edge(last, false),
    kind: actor ? 'actor' : 'process',
    label: actor ? `${actor.name}  ${command}`.trimEnd() : command,
    pid: ref.pid,
    inside: process ? insidePid(process) : null,
    namespaces: process && process.state !== 'Z' ? ownTypes(snapshot, ref) : (actor?.namespaces ?? []),
    ppid: null,
    age: process ? (process.state === 'Z' ? 'zombie' : null) : 'ended',
    mark: null,
  });
  if (!process || indent.length > DEEPEST) return;
  const children = snapshot.processes.filter((one) => one.ppid === ref.pid && one.pid !== ref.pid);
  for (const [at, child] of children.entries()) {
    const named = actors.find((one) => sameRef(one, child));
    addProcess(rows, child, named, indent + under(last), at === children.length - 1, actors, snapshot);
  }
}

function insidePid(process: Process): number | null {
  const numbers = process.nspid?.ok ? process.nspid.value : [];
  return numbers.length > 1 ? (numbers.at(-1) ?? null) : null;
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

export type LessonRow =
  | { readonly kind: 'part'; readonly part: string }
  | { readonly kind: 'lesson'; readonly lesson: Lesson };

/** The lessons by number, each part's name before its first. */
export function lessonRows(state: AppState): readonly LessonRow[] {
  const rows: LessonRow[] = [];
  let part: string | null = null;
  for (const lesson of [...state.lessons].sort((a, b) => a.number - b.number)) {
    if (lesson.part !== part) rows.push({ kind: 'part', part: lesson.part });
    part = lesson.part;
    rows.push({ kind: 'lesson', lesson });
  }
  return rows;
}

/** The place of the cursor's lesson among the rows; -1 where there is none. */
export function cursorRow(rows: readonly LessonRow[], state: AppState): number {
  return rows.findIndex((row) => row.kind === 'lesson' && row.lesson.id === state.cursor);
}
