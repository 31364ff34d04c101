// The tree pane's alternatives to the engines' tree: namespaces by what owns them, and groups of processes by hierarchy. Rows only.
import { NS_TYPES } from '../kernel/namespaces.ts';
import { type NsTreeNode, nsForest } from '../model/nstree.ts';
import { containerOf, namespaceAt, processByPid } from '../model/find.ts';
import { commandOf, containerLabel } from '../model/tree.ts';
import type { Snapshot } from '../model/types.ts';
import { edge, under } from '../text/branches.ts';
import { type Lang, type Message, say } from '../text/lang.ts';
import { type Group, groupsByHierarchy, lowestPid, sizeOf } from './groups.ts';
import type { TreeRow } from './tree-row.ts';
import type { Selection } from './state.ts';
import { selectionKey } from './target.ts';

const PROCESSES: Message = { en: '{n} processes', 'zh-CN': '{n} 个进程' };
const ONE: Message = { en: '1 process', 'zh-CN': '1 个进程' };
const NO_PROCESS: Message = { en: 'no process', 'zh-CN': '无进程' };

interface Facts {
  readonly selection: Selection;
  readonly lead: string;
  readonly kind: TreeRow['kind'];
  readonly label: string;
}

/** A row that tells no more than its label. */
export function plainRow({ selection, lead, kind, label }: Facts): TreeRow {
  const key = selectionKey(selection);
  return {
    key,
    selection,
    lead,
    kind,
    label,
    pid: null,
    inside: null,
    namespaces: [],
    ppid: null,
    age: null,
    mark: null,
  };
}

/** So many processes, in words. */
export function count(n: number, lang: Lang): string {
  if (n === 1) return say(lang, ONE);
  return n === 0 ? say(lang, NO_PROCESS) : say(lang, PROCESSES, { n });
}

/** The forest of `nsForest` by owner, with the first process and the container of each. */
export function namespaceRows(snapshot: Snapshot, lang: Lang): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  const walk = (nodes: readonly NsTreeNode[], indent: string, top: boolean): void => {
    for (const [at, node] of nodes.entries()) {
      const last = top ? null : at === nodes.length - 1;
      rows.push(namespaceRow(snapshot, node, indent + edge(last, false), lang));
      walk(node.children, indent + under(last), false);
    }
  };
  walk(nsForest(snapshot, 'owner', () => true).toSorted(byType), '', true);
  return rows;
}

function byType(a: NsTreeNode, b: NsTreeNode): number {
  return NS_TYPES.indexOf(a.type) - NS_TYPES.indexOf(b.type) || a.inode - b.inode;
}

function namespaceRow(snapshot: Snapshot, { type, inode }: NsTreeNode, lead: string, lang: Lang): TreeRow {
  const namespace = namespaceAt(snapshot, type, inode);
  const members = namespace?.members ?? [];
  const [pid] = members;
  const first = pid === undefined ? null : processByPid(snapshot, pid);
  const container = pid === undefined || namespace?.initial === true ? null : containerOf(snapshot, pid);
  const who = [
    ...(container ? [`● ${containerLabel(container)}`] : []),
    ...(first ? [`${commandOf(first)} ${first.pid}`] : (namespace?.pins ?? [])),
  ];
  const label = [`${type}:[${inode}]`, count(members.length, lang), ...who].join('  ');
  return plainRow({ selection: { kind: 'namespace', type, inode }, lead, kind: 'namespace', label });
}

/** Every group that holds a process, and those above it, hierarchy by hierarchy, v2 first. */
export function groupRows(snapshot: Snapshot, lang: Lang): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  for (const [name, top] of groupsByHierarchy(snapshot)) {
    rows.push(plainRow({ selection: { kind: 'heading', name }, lead: '', kind: 'heading', label: name }));
    const walk = (group: Group, indent: string, last: boolean): void => {
      rows.push(groupRow(snapshot, name, group, indent + edge(last, false), lang));
      const below = [...group.below.values()].sort(byName);
      for (const [at, child] of below.entries()) walk(child, indent + under(last), at === below.length - 1);
    };
    walk(top, '', true);
  }
  return rows;
}

function byName(a: Group, b: Group): number {
  return a.name < b.name ? -1 : 1;
}

function groupRow(snapshot: Snapshot, hierarchy: string, group: Group, lead: string, lang: Lang): TreeRow {
  const [first, size] = [lowestPid(group), sizeOf(group)];
  const container = first === null ? null : containerOf(snapshot, first);
  const parts = [
    // The name of a container's group is its id: the container says more.
    ...(container ? [`● ${containerLabel(container)}`] : []),
    group.name,
    ...(size === 0 ? [] : [count(size, lang)]),
  ];
  return plainRow({
    selection: { kind: 'group', hierarchy, path: group.path },
    lead,
    kind: 'group',
    label: parts.join('  '),
  });
}
