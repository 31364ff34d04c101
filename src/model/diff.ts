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

/** The processes of `now` that were not there before, and those of `before` that are no more. One walk through both, which ascend by pid. */
export function cameAndWent(
  before: Pick<Snapshot, 'processes'>,
  now: Pick<Snapshot, 'processes'>,
): { readonly came: readonly ProcessRef[]; readonly went: readonly ProcessRef[] } {
  const came: ProcessRef[] = [];
  const went: ProcessRef[] = [];
  let [at, to] = [0, 0];
  while (at < before.processes.length || to < now.processes.length) {
    const [was, is] = [before.processes[at], now.processes[to]];
    if (was && is && was.pid === is.pid) {
      if (was.starttime !== is.starttime) {
        went.push(was);
        came.push(is);
      }
      at += 1;
      to += 1;
    } else if (was && (!is || was.pid < is.pid)) {
      went.push(was);
      at += 1;
    } else {
      if (is) came.push(is);
      to += 1;
    }
  }
  return { came, went };
}
