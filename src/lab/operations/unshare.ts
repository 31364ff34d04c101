// Runs a command in new namespaces that end with it (unshare(1)), and waits for it.
import { say } from '../../text/lang.ts';
import {
  asUser,
  asUserShell,
  dyingWithUs,
  namespacesOf,
  shellWords,
  type Unshare,
  unshareArgv,
  unshareShell,
} from '../argv.ts';
import { uidFor } from '../ids.ts';
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
    // Without an id that it has a name for, a program would lose its capabilities at its execution (capabilities(7)).
    user: operation.map === 'none' ? ['--keep-caps'] : undefined,
    command,
  };
}

export const unshare: OperationKind<OperationOf<'unshare'>, MadeBy<'unshare'>> = {
  plan(operation, lab) {
    const what = describe(lab, operation, plannedCommand(lab, operation.command));
    return {
      shell: asUserShell(uidFor(lab.mode, operation.map), unshareShell(what)),
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
    const dying = dyingWithUs(unshareArgv(what));
    return runCommand(lab, doing, made, asUser(uidFor(lab.mode, operation.map), dying), operation.exits);
  },

  undo: undoProcesses,
};
