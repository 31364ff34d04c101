// Which containers share which namespaces: `--net container:`, pods, and whatever else joined one by setns(2). Reads nothing.
import { NS_TYPES, type NsType } from '../kernel/namespaces.ts';
import { processAt } from './find.ts';
import { hostNamespaces } from './hostview.ts';
import type { Container, Snapshot } from './types.ts';

export interface Shared {
  readonly type: NsType;
  readonly inode: number;
  /** Two or more, in the snapshot's order. */
  readonly containers: readonly Container[];
}

const answers = new WeakMap<Snapshot, readonly Shared[]>();

/**
 * Every namespace beside the host's in which the first processes of two or more containers are, by type, then by inode. A container within another
 * shares what it did not unshare from it too. Containers whose links were denied are in none.
 */
export function sharedNamespaces(snapshot: Snapshot): readonly Shared[] {
  const known = answers.get(snapshot);
  if (known) return known;
  const host = hostNamespaces(snapshot);
  const groups = new Map<string, { type: NsType; inode: number; containers: Container[] }>();
  for (const container of snapshot.containers) {
    const process = container.init ? processAt(snapshot, container.init) : null;
    for (const type of process ? NS_TYPES : []) {
      const link = process?.ns[type];
      const ours = host[type];
      if (!link?.ok || (ours.ok && ours.value === link.value)) continue;
      const id = `${type}:${link.value}`;
      const group = groups.get(id) ?? { type, inode: link.value, containers: [] };
      group.containers.push(container);
      groups.set(id, group);
    }
  }
  const found = [...groups.values()]
    .filter(({ containers }) => containers.length > 1)
    .sort((a, b) => NS_TYPES.indexOf(a.type) - NS_TYPES.indexOf(b.type) || a.inode - b.inode);
  answers.set(snapshot, found);
  return found;
}

/** Of one container: the others that it shares namespaces with, each with the types in the order of NS_TYPES. */
export function sharesWith(
  snapshot: Snapshot,
  container: Container,
): readonly { readonly container: Container; readonly types: readonly NsType[] }[] {
  const others = new Map<Container, NsType[]>();
  for (const { type, containers } of sharedNamespaces(snapshot)) {
    if (!containers.includes(container)) continue;
    for (const other of containers) {
      if (other === container) continue;
      const types = others.get(other) ?? [];
      types.push(type);
      others.set(other, types);
    }
  }
  return [...others].map(([other, types]) => ({ container: other, types }));
}
