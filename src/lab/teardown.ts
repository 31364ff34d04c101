// Undoes what a lab made, newest first: thaw, end what carries its mark, then the inverse of each ledger entry.
// Used by a lab that closes and by the cleanup of a dead run. Knows no operation by itself.
import { say } from '../text/lang.ts';
import { thaw } from './cgroupfs.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';
import { CLEANUP } from './messages.ts';
import { kindOf } from './operations/index.ts';
import { processesOf, type Undoing } from './operations/operation.ts';
import { canBeOf, familyOf, killAll, markedProcesses, ownLine } from './process.ts';
import { errnoOf } from './state-dir.ts';
import type { Leftover } from './types.ts';

export interface TornDown {
  /** One line for each thing that was undone. */
  readonly done: readonly string[];
  readonly refused: readonly Leftover[];
  readonly left: readonly Leftover[];
}

/** Ends every process with the lab's mark; this program and its ancestors are left alone, and said. */
async function endMarked({ lab, fs, lang, since }: Undoing): Promise<TornDown> {
  const spared = ownLine(fs);
  const comms = new Map<number, string>();
  const ours = () => markedProcesses(fs, since).filter((process) => process.lab === lab);
  const leftover = (pid: number, reason: string): Leftover => ({
    kind: 'process',
    lab,
    what: String(pid),
    proof: `ps -p ${pid} -o pid,lstart,args`,
    live: false,
    reason,
  });
  const refused = ours()
    .filter(({ pid }) => spared.has(pid))
    .map(({ pid }) => leftover(pid, say(lang, CLEANUP.ownAncestor)));
  const { killed, left } = await killAll(fs, () => {
    const found = ours().filter(({ pid }) => !spared.has(pid));
    for (const { pid, comm } of found) comms.set(pid, comm);
    return found;
  });
  return {
    done: killed.map(({ pid }) => say(lang, CLEANUP.processEnded, { pid, comm: comms.get(pid) ?? '', lab })),
    refused,
    left: left.map(({ pid }) => leftover(pid, say(lang, CLEANUP.stillRuns))),
  };
}

/** A v1 process in a frozen group does not end, so groups thaw before anything is killed. */
function thawAll(entries: readonly LedgerEntry[], { fs }: Undoing): void {
  for (const { made, identity } of entries) {
    if (made.op !== 'cgroup' || identity === null || !('ino' in identity)) continue;
    const stat = fs.stat(made.path);
    if (!stat.ok || stat.value.ino !== identity.ino) continue;
    try {
      thaw(fs, made.path);
    } catch (error) {
      // Whatever keeps it frozen is said when its removal fails.
      if (errnoOf(error) === undefined) throw error;
    }
  }
}

/**
 * Undoes the entries in reverse and notes each in the journal. Goes on after what cannot be undone, and is safe to be
 * called again.
 *
 * @param only leaves out processes that no entry names: for the undoing of one operation that failed.
 */
export async function tearDown(
  ledger: Ledger,
  entries: readonly LedgerEntry[],
  undoing: Undoing,
  only: 'entries' | 'everything' = 'everything',
): Promise<TornDown> {
  const done: string[] = [];
  const refused: Leftover[] = [];
  const left: Leftover[] = [];
  const open = entries.filter(({ undone }) => !undone);
  let told = undoing;
  if (undoing.sameBoot && only === 'everything') {
    thawAll(open, undoing);
    const { fs, lab, since } = undoing;
    const roots = open.flatMap(({ identity }) => processesOf(identity));
    told = {
      ...undoing,
      family: familyOf(
        fs,
        lab,
        since,
        roots.filter((ref) => canBeOf(fs, lab, since, ref)),
      ),
    };
    const ended = await endMarked(undoing);
    done.push(...ended.done);
    refused.push(...ended.refused);
    left.push(...ended.left);
  }
  for (const entry of open.toReversed()) {
    const outcome = await kindOf(entry.made.op).undo(entry.made, entry.identity, told);
    if (outcome.outcome === 'undone') {
      ledger.undone(entry.n);
      done.push(...outcome.said);
    } else if (outcome.outcome === 'refused') {
      refused.push(outcome.leftover);
    } else {
      left.push(outcome.leftover);
    }
  }
  return { done, refused, left };
}
