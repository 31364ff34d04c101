// A place on this kernel to play a lesson once, with witnesses of what is left that do not ask the lab's ledger: the audit, and the
// kernel's own list of who descends from this program. Plays nothing itself.
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostFs } from '../host/fs.ts';
import { descendants, reapOrphan } from '../host/orphans.ts';
import { audit } from '../lab/audit.ts';
import { openLab } from '../lab/open.ts';
import { isAlive, signalProcess } from '../lab/process.ts';
import type { ProcessRef, Snapshot } from '../model/types.ts';
import type { Lang } from '../text/lang.ts';
import type { Bench } from './gate.ts';
import { startVariant } from './mixed.ts';
import type { Lesson } from './types.ts';
import type { Variant } from './variant.ts';

/** Milliseconds that what is killed may take to be gone. */
const GONE_MS = 2000;

/**
 * A session on this kernel, and who is left of it. With `adoptOrphans` (host/orphans.ts) in force a process that wiped its environment
 * and left its parents is still found, told and ended: the kernel itself says that it is ours.
 */
export async function liveBench(options: {
  readonly lesson: Lesson;
  readonly lang: Lang;
  readonly variant: Variant;
  /** What of a step's need this host has not; null where it is met. */
  readonly lack: (need: string) => string | null;
  readonly stateDir: string;
  readonly fs: HostFs;
  readonly observe: (watch: readonly ProcessRef[]) => Promise<Snapshot>;
}): Promise<Bench> {
  const { lesson, lang, stateDir, fs, observe, variant, lack } = options;
  const keyOf = ({ pid, starttime }: ProcessRef): string => `${pid} ${starttime}`;
  const before = new Set(descendants(fs).map(keyOf));
  const strays = () => descendants(fs).filter((one) => !before.has(keyOf(one)));
  const session = await startVariant({
    lesson,
    lang,
    variant,
    lack,
    // A recording proves nothing here: such a step is skipped.
    recording: async () => null,
    lab: () => openLab({ stateDir, fs, lang }),
    observe,
  });
  return {
    session,
    async residue(labId) {
      const until = Date.now() + GONE_MS;
      while (strays().length > 0 && Date.now() < until) await sleep(20);
      const left = strays();
      for (const one of left) signalProcess(fs, one, 'SIGKILL');
      const dead = Date.now() + GONE_MS;
      while (left.some((one) => isAlive(fs, one)) && Date.now() < dead) await sleep(20);
      for (const { pid } of left) reapOrphan(pid);
      const found = (await audit({ stateDir, fs, lang })).filter(({ lab }) => lab === labId);
      return [
        ...left.map(({ pid, comm }) => ({
          kind: 'process' as const,
          what: `${pid} ${comm}`,
          proof: `ps -p ${pid} -o pid,ppid,lstart,args`,
        })),
        ...found,
      ];
    },
  };
}
