// Runs a command in new namespaces that end with it (unshare(1)), and waits for it.
import { say } from '../../text/lang.ts';
import { dyingWithUs, namespacesOf, shellWords, type Unshare, unshareArgv, unshareShell } from '../argv.ts';
import { ERRORS, PLANS } from '../messages.ts';
import { LIMIT_SECONDS, refuseHostAct, runCommand } from './command.ts';
import {
  type Acting,
  commandOf,
  directoryOf,
  type MadeBy,
  named,
  type OperationKind,
  type OperationOf,
  plannedCommand,
} from './operation.ts';
import { undoProcesses } from './undo-processes.ts';

function describe(lab: Acting, operation: OperationOf<'unshare'>, command: readonly string[]): Unshare {
  const mountProc = operation.mountProc === true;
  return {
    namespaces: namespacesOf(operation.namespaces, lab.mode, mountProc),
    fork: operation.fork,
    root: operation.rootfs === undefined ? undefined : directoryOf(lab, 'rootfs', operation.rootfs),
    mountProc,
    command,
  };
}

export const unshare: OperationKind<OperationOf<'unshare'>, MadeBy<'unshare'>> = {
  plan(operation, lab) {
    const what = describe(lab, operation, plannedCommand(lab, operation.command));
    return {
      shell: unshareShell(what),
      touches: say(lab.lang, PLANS.unshareTouches, {
        types: what.namespaces.join(' '),
        seconds: LIMIT_SECONDS,
      }),
      undo: say(lab.lang, PLANS.unshareUndo),
      privileged: lab.mode === 'root',
    };
  },

  perform(operation, lab, doing) {
    if (operation.rootfs !== undefined) named(lab, ERRORS.kindRootfs, operation.rootfs, lab.rootfs);
    const command = commandOf(lab, operation.command);
    const what = describe(lab, operation, command);
    refuseHostAct(lab, 'unshare', what.namespaces, command, operation.command);
    const made = { op: 'unshare', command: shellWords(command) } as const;
    return runCommand(lab, doing, made, dyingWithUs(unshareArgv(what)), operation.exits);
  },

  undo: undoProcesses,
};
