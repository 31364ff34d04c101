// Mounts and unmounts in an actor's own mount namespace, by mount(8) and umount(8) inside it. Never in the host's: refuses one whose mounts
// could reach it.
import { parseMountinfo } from '../../kernel/proc/mountinfo.ts';
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import { shellWords } from '../argv.ts';
import type { OperationPlan, OperationResult } from '../types.ts';
import { runCommand } from './command.ts';
import { MOUNT_ERRORS, MOUNT_PLANS } from './mount-messages.ts';
import { FROM_SOURCE, mountWords, unmountWords } from './mount-words.ts';
import {
  type Acting,
  commandOf,
  type Doing,
  type LiveActor,
  type MadeBy,
  type OperationKind,
  type OperationOf,
  plannedCommand,
} from './operation.ts';
import { enteringArgv, enteringShell, livingActor } from './run.ts';
import { undoProcesses } from './undo-processes.ts';

/** The peer groups (`shared:N`) of a process' mounts; null where they cannot be read. */
function peerGroups({ fs }: Acting, pid: number | 'self'): ReadonlySet<string> | null {
  const path = `/proc/${pid}/mountinfo`;
  const text = fs.readText(path);
  if (!text.ok) return null;
  const fields = parseMountinfo(text.value, path).flatMap(({ propagation }) => propagation);
  return new Set(fields.filter((field) => field.startsWith('shared:')));
}

/**
 * The living actor, if what is mounted in it stays in it: its mount namespace is not this program's, and no mount of it has a peer here that
 * a new mount below it would be copied to (mount_namespaces(7)). Throws a UserError where it is not so, or cannot be seen.
 */
export function mountingActor(lab: Acting, name: string, command: readonly string[]): LiveActor {
  const actor = livingActor(lab, name);
  const refuse = (message: keyof typeof MOUNT_ERRORS) =>
    new UserError(say(lab.lang, MOUNT_ERRORS[message], { command: command.join(' '), actor: name }));
  const own = lab.fs.readLink('/proc/self/ns/mnt');
  const its = lab.fs.readLink(`/proc/${actor.pid}/ns/mnt`);
  if (!actor.enter.includes('mnt') || !own.ok || !its.ok || own.value === its.value) {
    throw refuse('hostMounts');
  }
  const [here, there] = [peerGroups(lab, 'self'), peerGroups(lab, actor.pid)];
  if (here === null || there === null || [...there].some((group) => here.has(group))) {
    throw refuse('sharedWithHost');
  }
  return actor;
}

/** Runs one command of these in the actor, as `run` would. */
export function runMounting(
  lab: Acting,
  doing: Doing,
  made: MadeBy<'mount' | 'unmount' | 'pivot-root'>,
  name: string,
  command: readonly string[],
  exits?: readonly number[],
): Promise<OperationResult> {
  const actor = mountingActor(lab, name, command);
  return runCommand(lab, doing, made, enteringArgv(lab, actor, command), exits);
}

function planOf(lab: Acting, name: string, words: readonly string[]): OperationPlan {
  return {
    shell: enteringShell(lab, name, plannedCommand(lab, words)),
    touches: say(lab.lang, MOUNT_PLANS.touches, { name }),
    undo: say(lab.lang, MOUNT_PLANS.undo),
    privileged: lab.mode === 'root',
  };
}

export const mount: OperationKind<OperationOf<'mount'>, MadeBy<'mount'>> = {
  plan: (operation, lab) => planOf(lab, operation.in, mountWords(operation)),

  perform(operation, lab, doing) {
    if ((operation.source !== undefined) !== FROM_SOURCE.includes(operation.type)) {
      throw new UserError(say(lab.lang, MOUNT_ERRORS.source, { type: operation.type }));
    }
    const command = commandOf(lab, mountWords(operation));
    const made = { op: 'mount', command: shellWords(command) } as const;
    return runMounting(lab, doing, made, operation.in, command, operation.exits);
  },

  undo: undoProcesses,
};

export const unmount: OperationKind<OperationOf<'unmount'>, MadeBy<'unmount'>> = {
  plan: (operation, lab) => ({
    ...planOf(lab, operation.in, unmountWords(operation)),
    undo: say(lab.lang, MOUNT_PLANS.unmountUndo),
  }),

  perform(operation, lab, doing) {
    const command = commandOf(lab, unmountWords(operation));
    const made = { op: 'unmount', command: shellWords(command) } as const;
    return runMounting(lab, doing, made, operation.in, command, operation.exits);
  },

  undo: undoProcesses,
};
