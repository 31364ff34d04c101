// Sends a signal to an actor: from the host, or by a process inside its pid namespace to its PID 1. Waits a moment to see what it did.
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../text/errors.ts';
import { type Lang, say } from '../../text/lang.ts';
import { shellWords, unknownPid } from '../argv.ts';
import { ERRORS, NOTES, PLANS } from '../messages.ts';
import { isAlive, signalProcess } from '../process.ts';
import type { OutputLine } from '../types.ts';
import { runCommand } from './command.ts';
import { MADE, type MadeBy, note, type OperationKind, type OperationOf } from './operation.ts';
import { enteringArgv, enteringShell, livingActor } from './run.ts';
import { undoProcesses } from './undo-processes.ts';

/** How long an actor may take to end before it is said that it still runs. */
const SETTLE_MS = 300;

function signalOf(lang: Lang, text: string): { full: NodeJS.Signals; short: string } {
  const short = text.replace(/^SIG/, '');
  const full = Object.keys(constants.signals).find((name): name is NodeJS.Signals => name === `SIG${short}`);
  if (full === undefined) throw new UserError(say(lang, ERRORS.badSignal, { signal: text }));
  return { full, short };
}

export const signal: OperationKind<OperationOf<'signal'>, MadeBy<'signal'>> = {
  plan(operation, lab) {
    const { actor: name } = operation;
    const { short } = signalOf(lab.lang, operation.signal);
    const pid = lab.actors.get(name)?.pid ?? unknownPid(name);
    const inside = operation.from === 'inside';
    return {
      shell: inside
        ? enteringShell(lab, name, ['kill', `-${short}`, '1'])
        : shellWords(['kill', `-${short}`, String(pid)]),
      touches: inside
        ? say(lab.lang, PLANS.signalInsideTouches, { name })
        : say(lab.lang, PLANS.signalTouches, { name, pid: lab.actors.get(name)?.pid ?? '…' }),
      undo: say(lab.lang, PLANS.signalUndo),
      privileged: lab.mode === 'root',
    };
  },

  async perform(operation, lab, doing) {
    const { lang, fs } = lab;
    const actor = livingActor(lab, operation.actor);
    const { full, short } = signalOf(lang, operation.signal);
    const output: OutputLine[] = [];
    const tell = (text: string) => {
      output.push({ stream: 'note', text });
      note(doing, text);
    };
    let result = { ...MADE };
    if (operation.from === 'inside') {
      if (!actor.namespaces.includes('pid')) {
        throw new UserError(say(lang, ERRORS.insideNeedsPid, { name: actor.name }));
      }
      const command = ['kill', `-${short}`, '1'];
      const argv = enteringArgv(lab, actor, command);
      const made = { op: 'signal', command: shellWords(command) } as const;
      // 137: a signal that ends PID 1 takes the sender inside with it (pid_namespaces(7)).
      const sent = await runCommand(lab, doing, made, argv, [0, 137]);
      output.push(...sent.output);
      result = { exit: sent.exit, asExpected: sent.asExpected };
    } else if (signalProcess(fs, actor, full)) {
      tell(say(lang, NOTES.signalSent, { signal: short, pid: actor.pid }));
    } else {
      throw new UserError(say(lang, ERRORS.actorGone, { name: actor.name, pid: actor.pid }), { exitCode: 1 });
    }
    for (let waited = 0; waited < SETTLE_MS && isAlive(fs, actor); waited += 20) await sleep(20);
    tell(say(lang, isAlive(fs, actor) ? NOTES.stillRuns : NOTES.hasEnded, { name: actor.name }));
    return { ...result, output };
  },

  undo: undoProcesses,
};
