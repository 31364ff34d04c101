// The one table of operations: adding one is a file and a row.
import type { Operation } from '../types.ts';
import { actor } from './actor.ts';
import { bundle } from './bundle.ts';
import { bundleEdit } from './bundle-edit.ts';
import { bridge } from './bridge.ts';
import { cgroup } from './cgroup.ts';
import { directory } from './directory.ts';
import { killGroup } from './kill-group.ts';
import { limit } from './limit.ts';
import { container } from './container.ts';
import { docker } from './docker.ts';
import { dockerd } from './dockerd.ts';
import { image } from './image.ts';
import { idMap } from './id-map.ts';
import { look } from './look.ts';
import { mount, unmount } from './mount.ts';
import type { MadeBy, OperationKind, OperationOf } from './operation.ts';
import { pin } from './pin.ts';
import { pivotRoot } from './pivot-root.ts';
import { rootfs } from './rootfs.ts';
import { run } from './run.ts';
import { runc } from './runc.ts';
import { signal } from './signal.ts';
import { unpin } from './unpin.ts';
import { unshare } from './unshare.ts';
import { veth } from './veth.ts';

const OPERATIONS: { readonly [K in Operation['op']]: OperationKind<OperationOf<K>, MadeBy<K>> } = {
  rootfs,
  directory,
  cgroup,
  limit,
  'kill-group': killGroup,
  actor,
  run,
  mount,
  unmount,
  'pivot-root': pivotRoot,
  unshare,
  look,
  signal,
  bundle,
  'bundle-edit': bundleEdit,
  runc,
  dockerd,
  image,
  container,
  docker,
  veth,
  bridge,
  pin,
  unpin,
  'id-map': idMap,
};

/** The kind of an operation or of a ledger entry, by its `op`. */
export function kindOf(op: Operation['op']): OperationKind {
  return OPERATIONS[op];
}
