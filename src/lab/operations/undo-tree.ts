// The undo that operations share that make a directory: removes it with all that is in it, by identity, never across a mount.
import { basename, dirname } from 'node:path';
import { say } from '../../text/lang.ts';
import { shellWords } from '../argv.ts';
import type { Identity } from '../ledger.ts';
import { CLEANUP } from '../messages.ts';
import { errnoOf, reasonOf } from '../state-dir.ts';
import { lstatOf, removeTree } from '../tree.ts';
import { type DirectoryKind, NOTHING_TO_SAY, type Undoing, type Undone } from './operation.ts';

/**
 * Removes the tree that an entry names, if it is below the lab's own directory, has the name of its kind and is the one that was made.
 * Refuses another; leaves one that something is mounted in.
 */
export async function undoTree(
  made: { readonly path: string },
  identity: Identity | null,
  undoing: Undoing,
  kind: DirectoryKind,
): Promise<Undone> {
  const { lab, directory, fs, lang, sameBoot } = undoing;
  const leave = (outcome: 'refused' | 'left', reason: string): Undone => ({
    outcome,
    leftover: {
      kind: 'file',
      lab,
      what: made.path,
      proof: shellWords(['ls', '-ld', made.path]),
      live: false,
      reason,
    },
  });
  if (dirname(made.path) !== directory || !basename(made.path).startsWith(`${kind}-`)) {
    return leave('refused', say(lang, CLEANUP.outsideLab));
  }
  try {
    const stat = lstatOf(made.path);
    if (stat === null) return NOTHING_TO_SAY;
    const known = identity !== null && 'ino' in identity ? identity : null;
    const other = known !== null && (known.ino !== stat.ino || (sameBoot && known.dev !== stat.dev));
    if (!stat.isDirectory() || other) {
      return leave(
        'refused',
        say(lang, CLEANUP.otherIdentity, { found: stat.ino, expected: known?.ino ?? '?' }),
      );
    }
    const obstacle = removeTree(fs, made.path);
    if (obstacle?.kind === 'mount') {
      return {
        outcome: 'left',
        leftover: {
          kind: 'mount',
          lab,
          what: obstacle.path,
          proof: shellWords(['findmnt', obstacle.path]),
          live: false,
          reason: say(lang, CLEANUP.mountBelow, { mount: obstacle.path }),
        },
      };
    }
    if (obstacle !== null) return leave('left', say(lang, CLEANUP.otherDevice, { path: obstacle.path }));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return leave('left', say(lang, CLEANUP.stillThere, { reason: reasonOf(error, lang) }));
  }
  return { outcome: 'undone', said: [say(lang, CLEANUP.treeRemoved, { path: made.path })] };
}
