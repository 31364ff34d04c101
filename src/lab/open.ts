// Opens a lab: one run's id, ledger and actors, and the door through which every act goes. Undoing the labs of dead runs is cleanup.ts.
import type { HostFs } from '../host/fs.ts';
import { UserError } from '../text/errors.ts';
import { type Lang, say } from '../text/lang.ts';
import { answer } from './ask/index.ts';
import { asUser, inGroups, nsenterArgv, shellWords } from './argv.ts';
import { environment } from './environment.ts';
import { createLedger, type Ledger, type LedgerLine, removeLabDir } from './ledger.ts';
import { ERRORS } from './messages.ts';
import { kindOf } from './operations/index.ts';
import { type Acting, type Doing, newActing, type Undoing } from './operations/operation.ts';
import { entering, enteringShell, isOfHost } from './operations/run.ts';
import { jobControl, shellEnvironment } from './shell.ts';
import { labMode } from './mode.ts';
import { isAlive, thisRunner } from './process.ts';
import { errnoOf, stateDirError, trustedLabsDir } from './state-dir.ts';
import { tearDown } from './teardown.ts';
import type { Lab, LabMode, Leftover, Operation, OperationResult, OutputLine } from './types.ts';

export interface LabOptions {
  /** From stateDir(). */
  readonly stateDir: string;
  readonly fs: HostFs;
  /** Tried out if not given. */
  readonly mode?: LabMode | undefined;
  /** Of plans, notes and errors; English if not given. */
  readonly lang?: Lang | undefined;
  /** Called after each synced line of the journal; for tests of crashes. */
  readonly onLedger?: ((line: LedgerLine) => void) | undefined;
}

function newLedger({ stateDir, fs, onLedger }: LabOptions, mode: LabMode, lang: Lang): Ledger {
  try {
    return createLedger(trustedLabsDir(stateDir, lang), mode, thisRunner(fs), onLedger);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    throw stateDirError(stateDir, error, lang);
  }
}

/**
 * Opens a lab with a journal of its own. Throws a UserError (exit 3) where this host lets nothing be made, or the state
 * directory cannot be written or is not ours alone.
 */
export async function openLab(options: LabOptions): Promise<Lab> {
  const { fs, lang = 'en' } = options;
  const mode = options.mode ?? (await labMode());
  if (mode === null) {
    throw new UserError(say(lang, ERRORS.noMode), { hint: say(lang, ERRORS.noModeHint), exitCode: 3 });
  }
  const ledger = newLedger(options, mode, lang);
  const lab = newActing({ id: ledger.lab, mode, lang, fs, ledger });
  const undoing: Undoing = {
    lab: ledger.lab,
    directory: ledger.directory,
    fs,
    lang,
    since: thisRunner(fs).starttime,
    sameBoot: true,
  };
  const closing = new AbortController();
  let busy: Promise<unknown> = Promise.resolve();
  let closed: Promise<readonly Leftover[]> | null = null;
  let isGone = false;

  /** Undoes what one operation had made before it failed, so that nothing is half done. */
  const rollBack = async (first: number) => {
    await tearDown(
      ledger,
      ledger.entries().filter(({ n }) => n >= first),
      undoing,
      'entries',
    );
  };

  const act = async (operation: Operation, doing: Doing): Promise<OperationResult> => {
    if (closing.signal.aborted) throw new UserError(say(lang, ERRORS.closed));
    if (doing.signal.aborted) throw new UserError(say(lang, ERRORS.interrupted));
    const kind = kindOf(operation.op);
    const first = ledger.next();
    const shown: OutputLine[] = [];
    const tell = (line: OutputLine) => {
      shown.push(line);
      doing.say(line);
    };
    try {
      for (const text of kind.plan(operation, lab).shell.split('\n')) tell({ stream: 'command', text });
      const result = await kind.perform(operation, lab, { ...doing, say: tell });
      return { ...result, output: shown };
    } catch (error) {
      await rollBack(first);
      if (errnoOf(error) === undefined || error instanceof UserError) throw error;
      throw stateDirError(ledger.directory, error, lang);
    }
  };

  const closeNow = async (): Promise<readonly Leftover[]> => {
    closing.abort();
    await busy;
    if (isGone) return [];
    const { refused, left } = await tearDown(ledger, ledger.entries(), undoing);
    const leftovers = [...refused, ...left];
    if (leftovers.length > 0) return leftovers.map((leftover) => ({ ...leftover, live: true }));
    await Promise.all([...lab.actors.values()].map(({ running }) => running.ended));
    ledger.close();
    try {
      removeLabDir(ledger.directory);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return [directoryLeft(ledger.directory, ledger.lab)];
    }
    isGone = true;
    return [];
  };

  return {
    id: lab.id,
    mode,
    plan: (operation) => kindOf(operation.op).plan(operation, lab),
    perform(operation, { onOutput, signal } = {}) {
      const doing: Doing = {
        say: (line) => onOutput?.(line),
        signal: signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal]),
      };
      // One after the other: each operation may stand on the one before.
      const result = busy.then(() => act(operation, doing));
      busy = result.catch(() => undefined);
      return result;
    },
    ask(question, signal) {
      // After what is under way: an answer shall not be of half an operation.
      const result = busy.then(() => answer(question, lab, AbortSignal.any([closing.signal, signal])));
      busy = result.catch(() => undefined);
      return result;
    },
    actor: (name) => plainActor(lab, name),
    actors: () =>
      [...lab.actors.keys()].map((name) => plainActor(lab, name)).filter((found) => found !== undefined),
    shellIn(name, term) {
      const actor = lab.actors.get(name);
      if (actor === undefined || isGone || isOfHost(actor) || !isAlive(fs, actor)) return null;
      const shell = [...shellEnvironment(environment(lab.id), name, term), 'sh', ...jobControl(term)];
      const entered = ['env', `NSCOPE_LAB=${lab.id}`, ...nsenterArgv(entering(lab, name, shell))];
      return {
        argv: inGroups(actor.groups, asUser(actor.uid, entered)),
        typed: enteringShell(lab, name, ['sh']),
      };
    },
    close() {
      closed ??= closeNow().finally(() => {
        closed = null;
      });
      return closed;
    },
  };
}

function plainActor(lab: Acting, name: string): ReturnType<Lab['actor']> {
  const actor = lab.actors.get(name);
  if (actor === undefined) return undefined;
  const { pid, starttime, namespaces } = actor;
  return { name, pid, starttime, namespaces };
}

function directoryLeft(directory: string, lab: string): Leftover {
  return { kind: 'file', lab, what: directory, proof: shellWords(['ls', '-la', directory]), live: true };
}
