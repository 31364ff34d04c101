// Rows of the engines' trees and of the lab's actors below them. Pure.
import type { Actor } from '../lab/types.ts';
import { childrenOf, processAt, processByPid } from '../model/find.ts';
import { ownTypes } from '../model/links.ts';
import { buildTree, commandOf, type TreeNode } from '../model/tree.ts';
import type { Process, Snapshot } from '../model/types.ts';
import { edge, under } from '../text/branches.ts';
import type { Selection } from './state.ts';
import { sameRef, selectionKey } from './target.ts';
import { DEEPEST, headingRow, insidePid, type TreeRow } from './tree-row.ts';

/** The lab of a lesson: its name, and who acts in it. */
export interface LabOfRows {
  readonly id: string;
  readonly actors: readonly Actor[];
}

/** The engines' trees, then the lab's with its actors. `all`: processes within containers too. */
export function engineRows(snapshot: Snapshot, lab: LabOfRows, all: boolean): TreeRow[] {
  const rows: TreeRow[] = [];
  for (const node of buildTree(snapshot, { all })) addNode(rows, node, '', null, snapshot);
  if (lab.actors.length > 0) addLab(rows, lab.id, lab.actors, snapshot);
  return rows;
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
  const lead = indent + edge(last, node.edge === 'logical');
  const known = process && drawn.get(process);
  if (known && isAsDrawn(known, node, lead)) rows.push(known);
  else {
    const row = nodeRow(node, lead, process);
    if (process) drawn.set(process, row);
    rows.push(row);
  }
  const below = indent + under(last);
  for (const [at, child] of node.children.entries()) {
    addNode(rows, child, below, at === node.children.length - 1, snapshot);
  }
}

// Most of ten thousand processes are the same from one snapshot to the next, and stand where they stood.
const drawn = new WeakMap<Process, TreeRow>();

function isAsDrawn(row: TreeRow, node: TreeNode, lead: string): boolean {
  return (
    row.kind === node.kind &&
    row.lead === lead &&
    row.label === node.label &&
    row.namespaces === node.namespaces &&
    (row.ppid === null) === (node.edge !== 'logical') &&
    (node.kind !== 'container' || row.key === selectionKey(selectionOf(node)))
  );
}

function nodeRow(node: TreeNode, lead: string, process: Process | null): TreeRow {
  const selection = selectionOf(node);
  return {
    key: selectionKey(selection),
    selection,
    lead,
    kind: node.kind,
    label: node.label,
    pid: node.pid,
    inside: process ? insidePid(process) : null,
    namespaces: node.namespaces,
    ppid: node.edge === 'logical' ? (process?.ppid ?? null) : null,
    age: null,
    mark: null,
  };
}

function selectionOf({ kind, container, pid, starttime, label }: TreeNode): Selection {
  if (kind === 'container' && container !== null) return { kind: 'container', id: container };
  if (pid === null || starttime === null) return { kind: 'heading', name: label };
  return { kind: 'process', ref: { pid, starttime } };
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
  const children = childrenOf(snapshot, ref.pid).filter((one) => one.pid !== ref.pid);
  for (const [at, child] of children.entries()) {
    const named = actors.find((one) => sameRef(one, child));
    addProcess(rows, child, named, indent + under(last), at === children.length - 1, actors, snapshot);
  }
}
