// Runs one awaited command of the lab's: in the ledger while it runs, with a time limit, its output as lines. Enters nothing by itself.
import { basename } from 'node:path';
import { start } from '../../host/exec.ts';
import type { NsType } from '../../kernel/namespaces.ts';
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import { environment } from '../environment.ts';
import type { Made } from '../ledger.ts';
import { ERRORS, NOTES } from '../messages.ts';
import { identify, isAlive } from '../process.ts';
import type { OperationResult, OutputLine } from '../types.ts';
import type { Acting, Doing } from './operation.ts';

/** No experiment of a lesson takes longer; one that does is stuck. */
export const LIMIT_SECONDS = 20;

/**
 * Starts `argv`, waits for its end and gives its lines.
 *
 * @param made what to note in the ledger; null for a command that changes nothing.
 */
export async function runCommand(
  lab: Acting,
  doing: Doing,
  made: Made | null,
  argv: readonly string[],
  exits: readonly number[] = [0],
): Promise<OperationResult> {
  const { ledger, lang } = lab;
  const output: OutputLine[] = [];
  const give = (line: OutputLine) => {
    output.push(line);
    doing.say(line);
  };
  const n = made === null ? null : ledger.intend(made);
  const running = await start(argv, {
    env: environment(lab.id),
    cwd: '/',
    timeoutMs: LIMIT_SECONDS * 1000,
    signal: doing.signal,
    onLine: give,
  });
  try {
    // A short one may have ended already: then there is nobody to name.
    const ref = running.pid === 0 ? null : identify(lab.fs, running.pid);
    if (n !== null) ledger.done(n, { processes: ref === null ? [] : [ref] });
  } catch (error) {
    running.kill();
    await running.ended;
    throw error;
  }
  const end = await running.ended;
  if (n !== null && !end.stuck) ledger.undone(n);
  if (end.failure !== null) {
    throw new UserError(say(lang, ERRORS.notStarted, { command: argv[0] ?? '', reason: end.failure }), {
      hint: say(lang, ERRORS.installUtilLinux),
      exitCode: 3,
    });
  }
  if (end.dropped > 0) give({ stream: 'note', text: say(lang, NOTES.dropped, { count: end.dropped }) });
  if (end.timedOut) {
    give({ stream: 'note', text: say(lang, NOTES.timeLimit, { seconds: LIMIT_SECONDS }) });
  } else if (end.aborted) {
    give({ stream: 'note', text: say(lang, NOTES.aborted) });
  }
  const asExpected = !end.timedOut && !end.aborted && exits.includes(end.exit);
  return { output, exit: end.exit, asExpected };
}

/** Commands that act on what a namespace type holds, so that without one of its own they act on the host. */
const ACTS_ON: Readonly<Record<string, NsType>> = {
  hostname: 'uts',
  domainname: 'uts',
  mount: 'mnt',
  umount: 'mnt',
  pivot_root: 'mnt',
  ip: 'net',
  ifconfig: 'net',
  iptables: 'net',
  nft: 'net',
  ipcmk: 'ipc',
  ipcrm: 'ipc',
  kill: 'pid',
  killall: 'pid',
  pkill: 'pid',
};

/**
 * True for kill(1) with nothing but actors of this lab as its targets, that live: a process of the lab may end another. `typed` is the
 * command with its placeholders.
 */
function killsOwn(lab: Acting, [word = '', ...operands]: readonly string[]): boolean {
  const targets = /^-[A-Z0-9]+$/.test(operands[0] ?? '') ? operands.slice(1) : operands;
  return (
    word === 'kill' &&
    targets.length > 0 &&
    targets.every((target) => {
      const [, name = ''] = /^\{pid:([a-z0-9-]+)\}$/.exec(target) ?? [];
      const actor = lab.actors.get(name);
      return actor !== undefined && isAlive(lab.fs, actor);
    })
  );
}

/**
 * Refuses a command that would act on the host because the actor shares that namespace with it. It reads the name of
 * the program only: what a shell line does is its author's to answer for.
 */
export function refuseHostAct(
  lab: Acting,
  actor: string,
  namespaces: readonly NsType[],
  command: readonly string[],
  typed: readonly string[],
): void {
  const [first = '', ...operands] = command;
  const word = basename(first);
  const type = Object.hasOwn(ACTS_ON, word) ? ACTS_ON[word] : undefined;
  if (type === undefined || namespaces.includes(type) || killsOwn(lab, typed)) return;
  if (operands.length === 0 || (word === 'ip' && operands.every((operand) => LISTING.has(operand)))) return;
  throw new UserError(say(lab.lang, ERRORS.touchesHost, { command: command.join(' '), actor, type }));
}

/** ip(8) with these words alone only lists. */
const LISTING = new Set(['-o', '-br', '-brief', 'addr', 'address', 'link', 'route', 'show', 'list', 'ls']);
