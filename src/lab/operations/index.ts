// The one table of operations: adding one is a file and a row.
import type { Operation } from '../types.ts';
import { actor } from './actor.ts';
import { cgroup } from './cgroup.ts';
import { idMap } from './id-map.ts';
import { look } from './look.ts';
import type { MadeBy, OperationKind, OperationOf } from './operation.ts';
import { rootfs } from './rootfs.ts';
import { run } from './run.ts';
import { signal } from './signal.ts';
import { unshare } from './unshare.ts';

const OPERATIONS: { readonly [K in Operation['op']]: OperationKind<OperationOf<K>, MadeBy<K>> } = {
  rootfs,
  cgroup,
  actor,
  run,
  unshare,
  look,
  signal,
  'id-map': idMap,
};

/** The kind of an operation or of a ledger entry, by its `op`. */
export function kindOf(op: Operation['op']): OperationKind {
  return OPERATIONS[op];
}
