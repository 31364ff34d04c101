// The one table of operations: adding one is a file and a row.
import type { Operation } from '../types.ts';
import { actor } from './actor.ts';
import { cgroup } from './cgroup.ts';
import { killGroup } from './kill-group.ts';
import { limit } from './limit.ts';
import { look } from './look.ts';
import type { MadeBy, OperationKind, OperationOf } from './operation.ts';
import { rootfs } from './rootfs.ts';
import { run } from './run.ts';
import { signal } from './signal.ts';
import { unshare } from './unshare.ts';

const OPERATIONS: { readonly [K in Operation['op']]: OperationKind<OperationOf<K>, MadeBy<K>> } = {
  rootfs,
  cgroup,
  limit,
  'kill-group': killGroup,
  actor,
  run,
  unshare,
  look,
  signal,
};

/** The kind of an operation or of a ledger entry, by its `op`. */
export function kindOf(op: Operation['op']): OperationKind {
  return OPERATIONS[op];
}
