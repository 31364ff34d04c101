// Makes a directory the root of an actor's mount namespace, stage by stage: bind it on itself, pivot_root(8), unmount what was the root.
// Each stage is one command inside the actor.
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import { shellWords } from '../argv.ts';
import { MOUNT_ERRORS, MOUNT_PLANS } from './mount-messages.ts';
import { mountingActor, runMounting } from './mount.ts';
import {
  commandOf,
  MADE,
  type MadeBy,
  type OperationKind,
  type OperationOf,
  plannedCommand,
} from './operation.ts';
import { enteringShell } from './run.ts';
import { undoProcesses } from './undo-processes.ts';

/** Where the old root stays, as the new one sees it. */
const OLD = '/.old';

/** pivot_root(2): the new root must be a mount point, and the old one must have a place below it. */
function stages({ newRoot, old }: OperationOf<'pivot-root'>): readonly (readonly string[])[] {
  return [
    ['mount', '--bind', newRoot, newRoot],
    ['mkdir', '-p', `${newRoot}${OLD}`],
    ['pivot_root', newRoot, `${newRoot}${OLD}`],
    // Lazily: the actor's own program was started from there.
    ...(old === 'unmounted'
      ? [
          ['umount', '-l', OLD],
          ['rmdir', OLD],
        ]
      : []),
  ];
}

export const pivotRoot: OperationKind<OperationOf<'pivot-root'>, MadeBy<'pivot-root'>> = {
  plan(operation, lab) {
    const { in: name } = operation;
    const lines = stages(operation).map((words) => plannedCommand(lab, words));
    return {
      shell: lines.map((words) => enteringShell(lab, name, words)).join('\n'),
      touches: say(lab.lang, MOUNT_PLANS.pivotTouches, { name }),
      undo: say(lab.lang, MOUNT_PLANS.undo),
      privileged: lab.mode === 'root',
    };
  },

  async perform(operation, lab, doing) {
    const { in: name } = operation;
    const lines = stages(operation).map((words) => commandOf(lab, words));
    const { root } = mountingActor(lab, name, ['pivot_root']);
    if (root !== undefined) throw new UserError(say(lab.lang, MOUNT_ERRORS.pivotChroot, { actor: name }));
    for (const command of lines) {
      const made = { op: 'pivot-root', command: shellWords(command) } as const;
      const { asExpected } = await runMounting(lab, doing, made, name, command);
      if (asExpected) continue;
      const values = { actor: name, command: made.command };
      throw new UserError(say(lab.lang, MOUNT_ERRORS.pivotFailed, values), { exitCode: 1 });
    }
    return { ...MADE, output: [] };
  },

  undo: undoProcesses,
};
