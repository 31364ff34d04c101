// `nscope verify`: our own reading beside that of lsns, ps, findmnt and the engines, on the spot. The comparing is model/verify.ts'.
import type { DeepOptions } from '../host/deep-findings.ts';
import { enginesOf, type Host, takeSnapshot } from '../host/host.ts';
import { askTops, inspectPids } from '../host/engine-api.ts';
import { askFindmnt, askLsfd, askLsns, askPs, askRunc } from '../host/oracles.ts';
import { runcRoots } from '../host/runtimes.ts';
import type { Reading } from '../kernel/reading.ts';
import type { Snapshot } from '../model/types.ts';
import {
  type Comparison,
  compareEngine,
  compareFindmnt,
  compareLsfd,
  compareLsns,
  comparePs,
  compareRunc,
  compareTop,
  type Trap,
} from '../model/verify.ts';
import { UserError } from '../text/errors.ts';
import { type Message, say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import type { Context } from './context.ts';
import { VERIFY } from './verify-messages.ts';

const TRIES = 3;

const TRAPS: Readonly<Record<Trap, Message>> = {
  'counts-itself': VERIFY.countsItself,
  'needs-a-process': VERIFY.needsAProcess,
  'unreadable-there': VERIFY.unreadableThere,
  'passing-process': VERIFY.passingProcess,
  'other-pid-namespace': VERIFY.otherPidNamespace,
};

interface Answer {
  readonly name: string;
  /** null: the program is missing or does not answer. */
  readonly comparison: Comparison | null;
}

/** 0 where every value that held still is the same, 1 with the list where not, 3 where no other program can be asked. */
export async function verifyCommand(context: Context): Promise<number> {
  if (context.from !== undefined) {
    throw new UserError('verify compares with programs that run on this machine', {
      hint: 'leave out --from',
    });
  }
  const host = context.host();
  const answers = [
    // Later versions list what a descriptor alone holds, as a deep look does.
    await againstProgram('lsns', host, askLsns, compareLsns, { deep: {} }),
    await againstProgram('ps', host, askPs, comparePs),
    await againstProgram('findmnt', host, askFindmnt, compareFindmnt),
    await againstProgram('lsfd', host, askLsfd, compareLsfd, { deep: {} }),
    ...(await againstEngines(host)),
    ...(await againstRunc(host)),
  ];
  const differences = answers.flatMap(({ comparison }) => comparison?.differences ?? []);
  if (context.json) context.printJson({ oracles: answers });
  else context.print(answers.flatMap((answer) => linesOf(context, answer)));
  if (answers.every(({ comparison }) => comparison === null)) return 3;
  return differences.length > 0 ? 1 : 0;
}

/** Own scan, the other program, own scan; again where something differs: a value can move and come back in between. */
async function againstProgram<T>(
  name: string,
  host: Host,
  ask: () => Promise<Reading<T>>,
  compare: (before: Snapshot, there: T, after: Snapshot) => Comparison,
  options: { readonly deep?: DeepOptions } = {},
): Promise<Answer> {
  let comparison: Comparison | null = null;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const before = await takeSnapshot(host, options);
    const there = await ask();
    if (!there.ok) return { name, comparison: null };
    comparison = compare(before, there.value, await takeSnapshot(host, options));
    if (comparison.differences.length === 0) break;
  }
  return { name, comparison };
}

async function againstEngines(host: Host): Promise<readonly Answer[]> {
  const { engines } = await enginesOf(host, await takeSnapshot(host));
  const answers: Answer[] = [];
  for (const { socket } of engines) {
    const name = clean(socket);
    answers.push(await againstProgram(name, host, () => inspectPids(socket), compareEngine));
    answers.push(await againstProgram(`${name} top`, host, () => askTops(socket), compareTop));
  }
  return answers;
}

/** A root without containers has nothing to compare and is left out. */
async function againstRunc(host: Host): Promise<readonly Answer[]> {
  const { processes } = await takeSnapshot(host);
  const answers: Answer[] = [];
  for (const { directory } of runcRoots(host.fs, processes))
    answers.push(
      await againstProgram(`runc ${clean(directory)}`, host, () => askRunc(directory), compareRunc),
    );
  return answers;
}

function linesOf(context: Context, { name, comparison }: Answer): readonly string[] {
  const { lang, paint } = context;
  if (!comparison) return [`${paint('warn', '?')} ${name}  ${say(lang, VERIFY.noAnswer)}`];
  const { compared, moved, differences, traps } = comparison;
  const mark = differences.length === 0 ? paint('good', '✓') : paint('bad', '✗');
  return [
    `${mark} ${name}  ${say(lang, VERIFY.counted, { compared, moved, differences: differences.length })}`,
    ...differences.map(
      ({ subject, here, there }) =>
        `    ${clean(subject)}  ${say(lang, VERIFY.differs, { here: clean(here), name, there: clean(there) })}`,
    ),
    ...(Object.entries(traps) as [Trap, number][]).map(([trap, count]) =>
      paint('dim', `    ${say(lang, TRAPS[trap], { count })}`),
    ),
  ];
}
