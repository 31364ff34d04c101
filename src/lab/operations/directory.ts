// Makes an empty directory below the lab's own, for experiments to mount on and to write into. Mounts nothing. Its removal takes along what is
// mounted on it in every other mount namespace (mount_namespaces(7)): a shell of the learner's may still be in one.
import { mkdirSync } from 'node:fs';
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import { shellWords } from '../argv.ts';
import { ERRORS, PLANS } from '../messages.ts';
import { errnoOf, stateDirError } from '../state-dir.ts';
import { lstatOf } from '../tree.ts';
import { MOUNT_NOTES, MOUNT_PLANS } from './mount-messages.ts';
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

export const directory: OperationKind<OperationOf<'directory'>, MadeBy<'directory'>> = {
  plan(operation, lab) {
    const path = directoryOf(lab, 'dir', operation.name);
    return {
      shell: shellWords(['mkdir', '-p', path]),
      touches: say(lab.lang, MOUNT_PLANS.directoryTouches, { path }),
      undo: say(lab.lang, PLANS.rootfsUndo),
      privileged: false,
    };
  },

  perform(operation, lab, doing) {
    claimName(lab, ERRORS.kindDirectory, operation.name, lab.directories);
    const path = directoryOf(lab, 'dir', operation.name);
    if (lstatOf(path) !== null) throw new UserError(say(lab.lang, ERRORS.exists, { path }));
    const n = lab.ledger.intend({ op: 'directory', path });
    try {
      mkdirSync(path, { mode: 0o755 });
      const { dev, ino } = lstatOf(path) ?? { dev: 0, ino: 0 };
      lab.ledger.done(n, { dev, ino });
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      throw stateDirError(path, error, lab.lang);
    }
    lab.directories.set(operation.name, path);
    note(doing, say(lab.lang, MOUNT_NOTES.directoryMade, { path }));
    return Promise.resolve({ ...MADE, output: [] });
  },

  undo: (made, identity, undoing) => undoTree(made, identity, undoing, 'dir'),
};
