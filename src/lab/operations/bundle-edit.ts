// Changes values of a bundle's config.json, as a learner does with an editor. Nobody is told: a runtime reads it when it creates a container.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from '../../text/lang.ts';
import { type Edit, edited, printConfig } from '../bundle.ts';
import { errnoOf, stateDirError } from '../state-dir.ts';
import { editShell, readConfig } from './bundle.ts';
import {
  directoryOf,
  MADE,
  named,
  note,
  NOTHING_TO_SAY,
  type OperationKind,
  type OperationOf,
} from './operation.ts';
import { KINDS, RUNC_NOTES, RUNC_PLANS } from './runc-messages.ts';

function editsOf(operation: OperationOf<'bundle-edit'>): readonly Edit[] {
  return Object.entries(operation.set).map(([path, value]) => ({ path, value }));
}

export const bundleEdit: OperationKind<OperationOf<'bundle-edit'>, never> = {
  plan(operation, lab) {
    const directory = directoryOf(lab, 'bundle', operation.bundle);
    const path = join(directory, 'config.json');
    return {
      shell: editShell(directory, editsOf(operation)),
      touches: say(lab.lang, RUNC_PLANS.editTouches, { path }),
      undo: say(lab.lang, RUNC_PLANS.editUndo),
      privileged: false,
    };
  },

  perform(operation, lab, doing) {
    return Promise.resolve().then(() => {
      const { directory } = named(lab, KINDS.bundle, operation.bundle, lab.bundles);
      const path = join(directory, 'config.json');
      try {
        writeFileSync(path, printConfig(edited(readConfig(path, lab.lang), editsOf(operation))));
      } catch (error) {
        if (errnoOf(error) === undefined) throw error;
        throw stateDirError(path, error, lab.lang);
      }
      note(doing, say(lab.lang, RUNC_NOTES.edited, { path, fields: Object.keys(operation.set).join(', ') }));
      return { ...MADE, output: [] };
    });
  },

  undo: () => Promise.resolve(NOTHING_TO_SAY),
};
