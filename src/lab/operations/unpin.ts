// Takes a pin of the lab's away before the lab closes: the namespace lives on only where something else keeps it.
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import { shellWords } from '../argv.ts';
import {
  type Acting,
  directoryOf,
  MADE,
  named,
  NOTHING_TO_SAY,
  note,
  type OperationKind,
  type OperationOf,
} from './operation.ts';
import { mountShell, pin } from './pin.ts';
import { PIN_LINES, PINS } from './pin-messages.ts';

/** The entry of the pin at this path that is not undone. */
function entryOf(lab: Acting, path: string) {
  for (const { n, made, identity, undone } of lab.ledger.entries()) {
    if (made.op === 'pin' && made.path === path && !undone) return { n, made, identity };
  }
  return null;
}

export const unpin: OperationKind<OperationOf<'unpin'>, never> = {
  plan(operation, lab) {
    const path = directoryOf(lab, 'pin', operation.pin);
    const planned = lab.planned.pins.get(operation.pin) ?? null;
    return {
      shell: [mountShell(planned, ['umount', path]), shellWords(['rm', path])].join('\n'),
      touches: say(lab.lang, PIN_LINES.unpinTouches, { path }),
      undo: say(lab.lang, PIN_LINES.unpinUndo),
      privileged: lab.mode === 'root',
    };
  },

  async perform(operation, lab, doing) {
    const { fs, lang, ledger } = lab;
    const path = named(lab, PINS.kindPin, operation.pin, lab.pins);
    const entry = entryOf(lab, path);
    if (entry !== null) {
      const undoing = { lab: lab.id, directory: ledger.directory, fs, lang, since: 0, sameBoot: true };
      const outcome = await pin.undo(entry.made, entry.identity, undoing);
      if (outcome.outcome !== 'undone') {
        const { what, reason = '' } = outcome.leftover;
        throw new UserError(`${what}: ${reason}`, { exitCode: 1 });
      }
      ledger.undone(entry.n);
      for (const line of outcome.said) note(doing, line);
    }
    lab.pins.delete(operation.pin);
    return { ...MADE, output: [] };
  },

  undo: () => Promise.resolve(NOTHING_TO_SAY),
};
