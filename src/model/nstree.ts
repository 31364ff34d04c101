// Namespaces as a forest: by owner (each user namespace with what it owns) or by parent (how pid and user namespaces nest). Reads nothing.
import type { NsType } from '../kernel/namespaces.ts';
import type { Namespace, Snapshot } from './types.ts';

export const NS_TREES = ['owner', 'parent'] as const;
export type NsTreeKind = (typeof NS_TREES)[number];

export interface NsTreeNode {
  readonly type: NsType;
  readonly inode: number;
  readonly children: readonly NsTreeNode[];
}

export function isNsTreeKind(word: string): word is NsTreeKind {
  return (NS_TREES as readonly string[]).includes(word);
}

/**
 * The forest of the namespaces that `isWanted`, with all above them that lead to them; order as in the snapshot. A root is one that has
 * nothing above it, or whose owner or parent was not read or is out of sight (ioctl_ns(2)). By owner a user namespace stands below its
 * parent, which owns it; by parent there are pid and user namespaces only.
 */
export function nsForest(
  snapshot: Snapshot,
  kind: NsTreeKind,
  isWanted: (namespace: Namespace) => boolean,
): readonly NsTreeNode[] {
  const all = snapshot.namespaces.filter(({ type }) => kind === 'owner' || type === 'pid' || type === 'user');
  const ids = new Set(all.map(idOf));
  const roots: Namespace[] = [];
  const below = new Map<string, Namespace[]>();
  for (const namespace of all) {
    const up = above(namespace, kind);
    const siblings = up === null ? undefined : below.get(up);
    if (up === null || !ids.has(up)) roots.push(namespace);
    else if (siblings) siblings.push(namespace);
    else below.set(up, [namespace]);
  }
  const node = (namespace: Namespace): readonly NsTreeNode[] => {
    const children = (below.get(idOf(namespace)) ?? []).flatMap(node);
    if (children.length === 0 && !isWanted(namespace)) return [];
    return [{ type: namespace.type, inode: namespace.inode, children }];
  };
  return roots.flatMap(node);
}

function idOf({ type, inode }: Pick<Namespace, 'type' | 'inode'>): string {
  return `${type}:${inode}`;
}

function above(namespace: Namespace, kind: NsTreeKind): string | null {
  const reading = kind === 'owner' ? namespace.owner : namespace.parent;
  if (!reading.ok || reading.value === null) return null;
  return `${kind === 'owner' ? 'user' : namespace.type}:${reading.value}`;
}
