// Runs a command inside an actor's namespaces, root and cgroups (nsenter(1)), and waits for it. Starts nothing that stays.
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import {
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

/** How to enter an actor; before it has started, its pid is a shell variable. */
export function entering(lab: Acting, name: string, command: readonly string[]): Enter {
  const actor = lab.actors.get(name);
  const { namespaces, root } = actor ?? lab.planned.actors.get(name) ?? { namespaces: [], root: undefined };
  return { pid: actor?.pid ?? unknownPid(name), namespaces, root: root !== undefined, command };
}

export const run: OperationKind<OperationOf<'run'>, MadeBy<'run'>> = {
  plan(operation, lab) {
    const { in: name } = operation;
    const enter = entering(lab, name, plannedCommand(lab, operation.command));
    const types = enter.namespaces.join(' ');
    const { groups } = lab.actors.get(name) ?? lab.planned.actors.get(name) ?? { groups: [] };
    // Where the cgroup is all that the actor has of its own, the line without it would do something else.
    const bare = enter.namespaces.every((type) => type === 'user');
    return {
      shell: inGroupsShell(bare ? groups : [], nsenterShell(enter)),
      touches: say(lab.lang, types === '' ? PLANS.runTouchesNone : PLANS.runTouches, {
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
    refuseHostAct(lab, name, actor.namespaces, command);
    const argv = dyingWithUs(inGroups(actor.groups, nsenterArgv(entering(lab, name, command))));
    const made = { op: 'run', command: shellWords(command) } as const;
    const result = await runCommand(lab, doing, made, argv, operation.exits);
    // Nothing else says it: a program that is killed prints nothing.
    if (result.exit !== null && result.exit > 128) {
      const values = { signal: result.exit - 128, status: result.exit };
      note(doing, say(lab.lang, NOTES.endedBySignal, values));
    }
    return result;
  },

  undo: undoProcesses,
};
