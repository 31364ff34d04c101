// The credentials of an actor and the id maps of its user namespace, as the host sees them (proc_pid_status(5), user_namespaces(7)).
import { readConfinement, readLastCapability } from '../../host/confinement.ts';
import { CAPABILITY_SETS, type CapabilitySet } from '../../kernel/capabilities.ts';
import { type Reading, unread, value, valueOr } from '../../kernel/reading.ts';
import type { Confinement } from '../../model/confinement.ts';
import type { Acting } from '../operations/operation.ts';
import { identify, isAlive } from '../process.ts';
import type { Answerer } from './index.ts';

/** What can be read of the actor; `gone` where it has ended, also while it was read. */
function confinementOf(of: string, { fs, actors }: Acting): Reading<Confinement> {
  const ref = of === 'host' ? identify(fs, process.pid) : (actors.get(of) ?? null);
  if (ref === null || !isAlive(fs, ref)) return unread('gone', `/proc/${ref?.pid ?? of}`);
  const found = readConfinement(fs, ref);
  return isAlive(fs, ref) ? value(found) : unread('gone', `/proc/${ref.pid}`);
}

const digits = (set: bigint | null): string | null =>
  set === null ? null : set.toString(16).padStart(16, '0');

export const status: Answerer<'status'> = async ({ of }, lab) => {
  const found = confinementOf(of, lab);
  if (!found.ok) return found;
  const { status } = found.value;
  if (!status.ok) return status;
  const { uids, gids, groups, capabilities, seccomp, noNewPrivs } = status.value;
  const sets = {} as Record<CapabilitySet, string | null>;
  for (const set of CAPABILITY_SETS) sets[set] = digits(capabilities[set]);
  const lastCapability = valueOr(readLastCapability(lab.fs), null);
  return value({ uids, gids, groups, capabilities: sets, lastCapability, seccomp, noNewPrivs });
};

export const maps: Answerer<'maps'> = async ({ of }, lab) => {
  const found = confinementOf(of, lab);
  if (!found.ok) return found;
  const { uidMap, gidMap, setgroups } = found.value;
  if (!uidMap.ok) return uidMap;
  if (!gidMap.ok) return gidMap;
  if (!setgroups.ok && setgroups.why === 'denied') return setgroups;
  return value({ uid: uidMap.value, gid: gidMap.value, setgroups: valueOr(setgroups, null) });
};
