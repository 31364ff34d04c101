// Where a lab may make its groups: below the root of each hierarchy as root, below its own group where that is delegated to an ordinary user.
// Reads and tries permissions; makes nothing. The making of room in a delegated group is room.ts'.
import { accessSync, constants } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { HostFs } from '../host/fs.ts';
import { groupDirectory } from '../host/hierarchies.ts';
import { parseCgroups } from '../kernel/proc/cgroup.ts';
import type { Hierarchy } from '../model/types.ts';
import { hierarchiesOf, LAB_CGROUP, processesIn } from './cgroupfs.ts';
import { familyOf } from './process.ts';
import type { LabMode } from './types.ts';

/** The group below a lab's top one in which the program itself waits: a group that hands out controllers holds no process (cgroup-v2.rst). */
export const WAITING_ROOM = '_lab';

/** One tree in which the lab may make groups. */
export interface Ground {
  readonly hierarchy: Hierarchy;
  /** The lab's top group is made in this directory. */
  readonly base: string;
  /** It is the program's own group: its controllers must be handed out first, and its processes make room. */
  readonly delegated: boolean;
}

/** A group that is the user's to divide (cgroup-v2.rst, "Delegation"), and the controllers that were handed down to it. */
export interface Delegation extends Ground {
  readonly controllers: readonly string[];
}

/** Why there is none. `occupied`: others are in our group, who are not ours to move. */
export type NoDelegation =
  | { readonly why: 'no-v2' | 'not-ours'; readonly path: string }
  | { readonly why: 'occupied'; readonly path: string; readonly pid: number };

/** The group that the program was started in: in a lab's waiting room it is there for a while only. */
function homeOf(directory: string): string {
  const top = dirname(directory);
  const waits = basename(directory) === WAITING_ROOM && LAB_CGROUP.test(basename(top));
  return waits ? dirname(top) : directory;
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The program's own v2 group, if it may be divided: its directory, cgroup.procs and cgroup.subtree_control can be written, and
 * nobody is in it but this program and what it has started. What is not the program's is never moved.
 */
export function delegationOf(fs: HostFs): Delegation | NoDelegation {
  const path = '/proc/self/cgroup';
  const hierarchy = hierarchiesOf(fs).find(({ version }) => version === 2);
  const text = fs.readText(path);
  const line = text.ok ? parseCgroups(text.value, path).find((one) => one.hierarchy === 0) : undefined;
  const found = hierarchy && line ? groupDirectory(hierarchy, line.path) : null;
  if (!hierarchy || !found?.ok) return { why: 'no-v2', path };
  const base = homeOf(found.value);
  const files = [base, join(base, 'cgroup.procs'), join(base, 'cgroup.subtree_control')];
  // The root of the tree is the host's own.
  if (base === hierarchy.mountPoint || !files.every(mayWrite)) return { why: 'not-ours', path: base };
  const inside = processesIn(fs, [base]);
  const self = inside.find(({ pid }) => pid === process.pid);
  const family = familyOf(fs, '', self?.starttime ?? 0, self ? [self] : []);
  const other = inside.find((ref) => !family.has(ref));
  if (other !== undefined) return { why: 'occupied', path: base, pid: other.pid };
  const controllers = fs.readText(join(base, 'cgroup.controllers'));
  return {
    hierarchy,
    base,
    delegated: true,
    controllers: controllers.ok ? controllers.value.trim().split(/\s+/).filter(Boolean) : [],
  };
}

export function isDelegation(found: Delegation | NoDelegation | null): found is Delegation {
  return found !== null && 'base' in found;
}

/** The trees that a lab may use; none in rootless mode without delegation. */
export function groundsOf(lab: {
  readonly mode: LabMode;
  readonly fs: HostFs;
  readonly delegation: Delegation | null;
}): readonly Ground[] {
  if (lab.mode === 'rootless') return lab.delegation === null ? [] : [lab.delegation];
  return hierarchiesOf(lab.fs).map((hierarchy) => ({
    hierarchy,
    base: hierarchy.mountPoint,
    delegated: false,
  }));
}
