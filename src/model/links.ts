// One process' eight namespace links beside the host's. What has changed between two snapshots is in diff.ts.
import { NS_TYPES, type NsType } from '../kernel/namespaces.ts';
import { type Reading, unread } from '../kernel/reading.ts';
import { processAt } from './find.ts';
import { type HostNamespaces, hostNamespaces } from './hostview.ts';
import type { Process, ProcessRef, Snapshot } from './types.ts';

export interface LinkRow {
  readonly type: NsType;
  readonly host: Reading<number>;
  readonly own: Reading<number>;
  /** `unknown` where either side could not be read: never taken for shared. */
  readonly relation: 'own' | 'shared' | 'unknown';
}

/** A row for each type, in the order of NS_TYPES. A process that has ended has `gone` in each. */
export function compareLinks(snapshot: Snapshot, ref: ProcessRef): readonly LinkRow[] {
  const host = hostNamespaces(snapshot);
  const process = processAt(snapshot, ref);
  return NS_TYPES.map((type) => {
    const own = process?.ns[type] ?? unread('gone', `/proc/${ref.pid}/ns/${type}`);
    return { type, host: host[type], own, relation: relationOf(host[type], own) };
  });
}

function relationOf(host: Reading<number>, own: Reading<number>): LinkRow['relation'] {
  if (!host.ok || !own.ok) return 'unknown';
  return host.value === own.value ? 'shared' : 'own';
}

/** The types in which a process is known not to share the host's namespace, in the order of NS_TYPES; none of one that has ended. */
export function ownTypes(snapshot: Snapshot, ref: ProcessRef): readonly NsType[] {
  const process = processAt(snapshot, ref);
  return process ? ownLinks(hostNamespaces(snapshot), process.ns) : NONE;
}

const NONE: readonly NsType[] = [];
// Thousands of processes share a few sets of links.
const known = new WeakMap<HostNamespaces, WeakMap<Process['ns'], readonly NsType[]>>();

/** The types whose link is known to be another than the host's, in the order of NS_TYPES. */
export function ownLinks(host: HostNamespaces, ns: Process['ns']): readonly NsType[] {
  const ofHost = known.get(host) ?? new WeakMap<Process['ns'], readonly NsType[]>();
  known.set(host, ofHost);
  let own = ofHost.get(ns);
  if (!own) {
    own = NS_TYPES.filter((type) => relationOf(host[type], ns[type]) === 'own');
    ofHost.set(ns, own);
  }
  return own;
}
