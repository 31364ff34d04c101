// Makes a directory with a small Linux user land, for actors to have as their root. Mounts nothing.
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import { ERRORS, NOTES, PLANS } from '../messages.ts';
import { errnoOf, stateDirError } from '../state-dir.ts';
import { lstatOf } from '../tree.ts';
import { userlandShell } from '../userland-shell.ts';
import { populate, source, staticBusybox } from '../userland.ts';
import {
  claimName,
  directoryOf,
  MADE,
  type MadeBy,
  note,
  type OperationKind,
  type OperationOf,
} from './operation.ts';
import { undoTree } from './undo-tree.ts';

export const rootfs: OperationKind<OperationOf<'rootfs'>, MadeBy<'rootfs'>> = {
  plan(operation, lab) {
    const path = directoryOf(lab, 'rootfs', operation.name);
    return {
      shell: userlandShell(path, lab.mode === 'root', staticBusybox()),
      touches: say(lab.lang, PLANS.rootfsTouches, { path }),
      undo: say(lab.lang, PLANS.rootfsUndo),
      privileged: false,
    };
  },

  async perform(operation, lab, doing) {
    claimName(lab, ERRORS.kindRootfs, operation.name, lab.rootfs);
    const path = directoryOf(lab, 'rootfs', operation.name);
    if (lstatOf(path) !== null) throw new UserError(say(lab.lang, ERRORS.exists, { path }));
    const n = lab.ledger.intend({ op: 'rootfs', path });
    try {
      mkdirSync(path, { mode: 0o755 });
      const { dev, ino } = lstatOf(path) ?? { dev: 0, ino: 0 };
      lab.ledger.done(n, { dev, ino });
      const made = await populate(path, lab.mode === 'root');
      if (!made || readdirSync(join(path, 'bin')).length === 0) {
        throw new UserError(say(lab.lang, ERRORS.noUserland), {
          hint: say(lab.lang, ERRORS.installBusybox),
          exitCode: 3,
        });
      }
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      throw stateDirError(path, error, lab.lang);
    }
    lab.rootfs.set(operation.name, path);
    note(doing, say(lab.lang, NOTES.rootfsMade, { path, source: source() }));
    return { ...MADE, output: [] };
  },

  undo: (made, identity, undoing) => undoTree(made, identity, undoing, 'rootfs'),
};
