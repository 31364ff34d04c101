// The undo that all operations share that start processes: ends those that the entry names, by identity.
import type { ProcessRef } from '../../model/types.ts';
import { type Message, say } from '../../text/lang.ts';
import type { Identity } from '../ledger.ts';
import { CLEANUP } from '../messages.ts';
import { canBeOf, isAlive, killAll, lasting, ownLine } from '../process.ts';
import type { Leftover } from '../types.ts';
import { type Undoing, type Undone, NOTHING_TO_SAY, processesOf } from './operation.ts';

/**
 * Ends the processes of an entry that still live. A pid that another process has by now is left alone: ours has ended.
 * One that the lab cannot have started is left alone, whatever the journal says, and named.
 */
export async function undoProcesses(
  _made: unknown,
  identity: Identity | null,
  { lab, fs, lang, since, sameBoot }: Undoing,
): Promise<Undone> {
  if (!sameBoot) return NOTHING_TO_SAY;
  const spared = ownLine(fs);
  const living = () => processesOf(identity).filter((ref) => !spared.has(ref.pid) && isAlive(fs, ref));
  const leftover = ({ pid }: ProcessRef, reason: Message): Leftover => ({
    kind: 'process',
    lab,
    what: String(pid),
    proof: `ps -p ${pid} -o pid,lstart,args`,
    live: false,
    reason: say(lang, reason),
  });
  const isOurs = (ref: ProcessRef) => canBeOf(fs, lab, since, ref);
  const foreign = await lasting(() => living().find((ref) => !isOurs(ref)));
  const ours = living().filter(isOurs);
  const { killed, left } = await killAll(fs, () => ours.filter((ref) => isAlive(fs, ref)));
  const [stubborn] = left;
  if (stubborn !== undefined) return { outcome: 'left', leftover: leftover(stubborn, CLEANUP.stillRuns) };
  if (foreign !== null) return { outcome: 'refused', leftover: leftover(foreign, CLEANUP.noMark) };
  return {
    outcome: 'undone',
    said: killed.map(({ pid }) => say(lang, CLEANUP.actorEnded, { pid, lab })),
  };
}
