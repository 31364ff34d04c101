// What is no longer as it was, between two snapshots of one host.
import { NS_TYPES, type NsType } from '../kernel/namespaces.ts';
import { processAt } from './find.ts';
import { ownTypes } from './links.ts';
import type { ProcessRef, Snapshot } from './types.ts';

/**
 * The types whose link is not what it was: all readable ones for a process that was not there before.
 * A link that could not be read, then or now, is not called changed.
 */
export function changedLinks(before: Snapshot, now: Snapshot, ref: ProcessRef): readonly NsType[] {
  const then = processAt(before, ref);
  const process = processAt(now, ref);
  if (!process) return [];
  if (!then) return ownTypes(now, ref);
  return NS_TYPES.filter((type) => {
    const [was, is] = [then.ns[type], process.ns[type]];
    return was.ok && is.ok && was.value !== is.value;
  });
}
