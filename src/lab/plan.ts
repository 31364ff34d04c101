// Plans operations before a lab is open: for showing what a lesson will do. Opens, reads and makes nothing of a lab's.
import { join } from 'node:path';
import type { HostFs } from '../host/fs.ts';
import { liveFs } from '../host/live-fs.ts';
import type { Lang } from '../text/lang.ts';
import type { Ledger } from './ledger.ts';
import { kindOf } from './operations/index.ts';
import { newActing } from './operations/operation.ts';
import { labsDir, statePath } from './state-dir.ts';
import type { Operation, OperationPlan } from './types.ts';

/** Stands where the lab's id will be. */
const NO_ID = 'LAB';

/** A ledger that nothing may be written to. */
const NO_LEDGER: Ledger = {
  lab: NO_ID,
  directory: NO_ID,
  intend: () => refuse(),
  done: () => refuse(),
  undone: () => refuse(),
  entries: () => [],
  next: () => 1,
  close: () => undefined,
};

function refuse(): never {
  throw new Error('a plan writes no ledger');
}

/**
 * Answers what a lab would do for an operation. The lab's id is not known yet (`LAB` stands for it), nor are the pids of
 * actors (`$BOX`). Operations of one lesson are given in their order: a later one may name what an earlier one makes.
 *
 * @param labs where the lab's directory will be; that of this program's environment if not given.
 */
export function planner(
  lang: Lang,
  { fs = liveFs(), labs = labsDir(statePath(process.env)) }: { fs?: HostFs; labs?: string } = {},
): (operation: Operation) => OperationPlan {
  const mode = process.getuid?.() === 0 ? 'root' : 'rootless';
  const ledger = { ...NO_LEDGER, directory: join(labs, NO_ID) };
  const lab = newActing({ id: NO_ID, mode, lang, fs, ledger });
  return (operation) => kindOf(operation.op).plan(operation, lab);
}
