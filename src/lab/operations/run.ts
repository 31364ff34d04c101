// Runs a command inside an actor's namespaces, root and cgroups (nsenter(1)), and waits for it. Starts nothing that stays.
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import {
  asUser,
  asUserShell,
  dyingWithUs,
  type Enter,
  inGroups,
  inGroupsShell,
  nsenterArgv,
  nsenterShell,
  shellWords,
  unknownPid,
} from '../argv.ts';
import { ERRORS, NOTES, PLANS } from '../messages.ts';
import { isAlive } from '../process.ts';
import { LIMIT_SECONDS, refuseHostAct, runCommand } from './command.ts';
import { MOUNT_ERRORS, MOUNT_PLANS } from './mount-messages.ts';
import {
  type Acting,
  commandOf,
  type LiveActor,
  type MadeBy,
  named,
  note,
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

/** True for a process that shares all namespaces and the root with the host: to enter it would be to stay where one is. */
export function isPlain({ enter, root }: Pick<LiveActor, 'enter' | 'root'>): boolean {
  return enter.length === 0 && root === undefined;
}

/** True where it has no cgroup of the lab's either: what runs in it runs on the host, and nothing marks it off. */
export function isOfHost(actor: Pick<LiveActor, 'enter' | 'root' | 'groups'>): boolean {
  return isPlain(actor) && actor.groups.length === 0;
}

/** How to enter an actor; before it has started, its pid is a shell variable. */
export function entering(lab: Acting, name: string, command: readonly string[]): Enter {
  const actor = lab.actors.get(name);
  const { enter, root } = actor ?? lab.planned.actors.get(name) ?? { enter: [], root: undefined };
  return { pid: actor?.pid ?? unknownPid(name), namespaces: enter, root: root !== undefined, command };
}

/** The argument list that runs a command in an actor: in its groups, by its user, in its namespaces. It dies with this program. */
export function enteringArgv(lab: Acting, actor: LiveActor, command: readonly string[]): readonly string[] {
  const enter = nsenterArgv(entering(lab, actor.name, command));
  // A change of the user takes the parent's-death signal away (prctl(2), PR_SET_PDEATHSIG), so it is asked for again.
  const as = actor.uid === undefined ? enter : asUser(actor.uid, dyingWithUs(enter));
  return dyingWithUs(inGroups(actor.groups, as));
}

/** The same as a learner types it. */
export function enteringShell(lab: Acting, name: string, command: readonly string[]): string {
  const { groups, uid } = lab.actors.get(name) ??
    lab.planned.actors.get(name) ?? { groups: [], uid: undefined };
  return inGroupsShell(groups, asUserShell(uid, nsenterShell(entering(lab, name, command))));
}

export const run: OperationKind<OperationOf<'run'>, MadeBy<'run'>> = {
  plan(operation, lab) {
    const { in: name } = operation;
    const command = plannedCommand(lab, operation.command);
    const { namespaces: enter, root } = entering(lab, name, command);
    const types = enter.join(' ');
    const bareTouches = root ? MOUNT_PLANS.rootTouches : PLANS.runTouchesNone;
    return {
      shell: enteringShell(lab, name, command),
      touches: say(lab.lang, types === '' ? bareTouches : PLANS.runTouches, {
        name,
        types,
        seconds: LIMIT_SECONDS,
      }),
      undo: say(lab.lang, PLANS.runUndo, { name }),
      privileged: lab.mode === 'root',
    };
  },

  async perform(operation, lab, doing) {
    const { in: name } = operation;
    const actor = livingActor(lab, name);
    const command = commandOf(lab, operation.command);
    if (isOfHost(actor)) {
      const values = { command: command.join(' '), actor: name };
      throw new UserError(say(lab.lang, MOUNT_ERRORS.runOnHost, values));
    }
    refuseHostAct(lab, name, actor.enter, command, operation.command);
    const made = { op: 'run', command: shellWords(command) } as const;
    const result = await runCommand(lab, doing, made, enteringArgv(lab, actor, command), operation.exits);
    // Nothing else says it: a program that is killed prints nothing.
    if (result.exit !== null && result.exit > 128) {
      const values = { signal: result.exit - 128, status: result.exit };
      note(doing, say(lab.lang, NOTES.endedBySignal, values));
    }
    return result;
  },

  undo: undoProcesses,
};
