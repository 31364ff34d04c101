// The undo of a group of the lab's: by identity, with what runs in it; and of the room that was made in a delegated group. Makes nothing.
import { say } from '../../text/lang.ts';
import type { Lang } from '../../text/lang.ts';
import { shellWords } from '../argv.ts';
import { type GroupObstacle, isLabCgroupPath, removeGroup } from '../cgroupfs.ts';
import type { Identity } from '../ledger.ts';
import { CLEANUP } from '../messages.ts';
import { familyOf } from '../process.ts';
import { leaveRoom } from '../room.ts';
import { errnoOf, reasonOf } from '../state-dir.ts';
import type { Leftover } from '../types.ts';
import { type MadeBy, NOTHING_TO_SAY, type Undoing, type Undone } from './operation.ts';

function reasonFor(obstacle: GroupObstacle, lang: Lang): string {
  if (obstacle.kind === 'refused') {
    return say(lang, CLEANUP.stillThere, { reason: reasonOf(obstacle.error, lang) });
  }
  const { kind, process } = obstacle;
  if (kind === 'older') return say(lang, CLEANUP.olderThanLab, { pid: process.pid });
  if (kind === 'visitor') return say(lang, CLEANUP.notStartedByLab, { pid: process.pid });
  return say(lang, kind === 'own' ? CLEANUP.ownAncestor : CLEANUP.stillRuns);
}

export async function undoGroup(
  made: MadeBy<'cgroup'>,
  identity: Identity | null,
  undoing: Undoing,
): Promise<Undone> {
  const { lab, fs, lang, since, sameBoot } = undoing;
  const leftover = (reason: string): Leftover => ({
    kind: 'cgroup',
    lab,
    what: made.path,
    proof: shellWords(['ls', '-ldi', made.path]),
    live: false,
    reason,
  });
  const stat = fs.stat(made.path);
  if (!stat.ok && stat.why === 'gone') return NOTHING_TO_SAY;
  if (!sameBoot) return { outcome: 'refused', leftover: leftover(say(lang, CLEANUP.otherBoot)) };
  if (!isLabCgroupPath(fs, made.path, lab)) {
    return { outcome: 'refused', leftover: leftover(say(lang, CLEANUP.notOurs)) };
  }
  const known = identity !== null && 'ino' in identity ? identity : null;
  if (stat.ok && known !== null && (known.ino !== stat.value.ino || known.dev !== stat.value.dev)) {
    return {
      outcome: 'refused',
      leftover: leftover(say(lang, CLEANUP.otherIdentity, { found: stat.value.ino, expected: known.ino })),
    };
  }
  if (made.room !== undefined) {
    try {
      leaveRoom(fs, made.path, made.room);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return { outcome: 'left', leftover: leftover(reasonFor({ kind: 'refused', error }, lang)) };
    }
  }
  const family = undoing.family ?? familyOf(fs, lab, since, []);
  const obstacle = await removeGroup(fs, made.path, since, family);
  if (obstacle !== null) {
    const outcome = ['older', 'own', 'visitor'].includes(obstacle.kind) ? 'refused' : 'left';
    return { outcome, leftover: leftover(reasonFor(obstacle, lang)) };
  }
  return { outcome: 'undone', said: [say(lang, CLEANUP.cgroupRemoved, { path: made.path })] };
}
