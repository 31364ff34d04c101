// Runs a command inside an actor's namespaces, root and cgroups (nsenter(1)), and waits for it. Starts nothing that stays.
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import {
  dyingWithUs,
  type Enter,
  inGroups,
  nsenterArgv,
  nsenterShell,
  shellWords,
  unknownPid,
} from '../argv.ts';
import { ERRORS, PLANS } from '../messages.ts';
import { isAlive } from '../process.ts';
import { LIMIT_SECONDS, refuseHostAct, runCommand } from './command.ts';
import { MOUNT_ERRORS, MOUNT_PLANS } from './mount-messages.ts';
import {
  type Acting,
  commandOf,
  type LiveActor,
  type MadeBy,
  named,
  type OperationKind,
  type OperationOf,
  plannedCommand,
} from './operation.ts';
import { undoProcesses } from './undo-processes.ts';

/** The actor, which must live. */
export function livingActor(lab: Acting, name: string): LiveActor {
  const actor = named(lab, ERRORS.kindActor, name, lab.actors);
  if (!isAlive(lab.fs, actor)) {
    throw new UserError(say(lab.lang, ERRORS.actorGone, { name, pid: actor.pid }), { exitCode: 1 });
  }
  return actor;
}

/** True for an ordinary process of the host: to enter it would be to stay where one is. */
export function isPlain({ enter, root }: Pick<LiveActor, 'enter' | 'root'>): boolean {
  return enter.length === 0 && root === undefined;
}

/** How to enter an actor; before it has started, its pid is a shell variable. */
export function entering(lab: Acting, name: string, command: readonly string[]): Enter {
  const actor = lab.actors.get(name);
  const { enter, root } = actor ?? lab.planned.actors.get(name) ?? { enter: [], root: undefined };
  return { pid: actor?.pid ?? unknownPid(name), namespaces: enter, root: root !== undefined, command };
}

export const run: OperationKind<OperationOf<'run'>, MadeBy<'run'>> = {
  plan(operation, lab) {
    const { in: name } = operation;
    const enter = entering(lab, name, plannedCommand(lab, operation.command));
    return {
      shell: nsenterShell(enter),
      touches: say(lab.lang, enter.namespaces.length === 0 ? MOUNT_PLANS.rootTouches : PLANS.runTouches, {
        name,
        types: enter.namespaces.join(' '),
        seconds: LIMIT_SECONDS,
      }),
      undo: say(lab.lang, PLANS.runUndo, { name }),
      privileged: lab.mode === 'root',
    };
  },

  perform(operation, lab, doing) {
    const { in: name } = operation;
    const actor = livingActor(lab, name);
    const command = commandOf(lab, operation.command);
    if (isPlain(actor)) {
      const values = { command: command.join(' '), actor: name };
      throw new UserError(say(lab.lang, MOUNT_ERRORS.runOnHost, values));
    }
    refuseHostAct(lab, name, actor.enter, command, operation.command);
    const argv = dyingWithUs(inGroups(actor.groups, nsenterArgv(entering(lab, name, command))));
    return runCommand(lab, doing, { op: 'run', command: shellWords(command) }, argv, operation.exits);
  },

  undo: undoProcesses,
};
