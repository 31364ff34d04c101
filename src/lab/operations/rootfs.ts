// Makes a directory with a small Linux user land, for actors to have as their root. Mounts nothing.
import { mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import { shellWords } from '../argv.ts';
import type { Identity } from '../ledger.ts';
import { CLEANUP, ERRORS, NOTES, PLANS } from '../messages.ts';
import { errnoOf, reasonOf, stateDirError } from '../state-dir.ts';
import { lstatOf, removeTree } from '../tree.ts';
import { userlandShell } from '../userland-shell.ts';
import { populate, source, staticBusybox } from '../userland.ts';
import {
  claimName,
  directoryOf,
  MADE,
  type MadeBy,
  NOTHING_TO_SAY,
  note,
  type OperationKind,
  type OperationOf,
  type Undoing,
  type Undone,
} from './operation.ts';

async function undo(made: MadeBy<'rootfs'>, identity: Identity | null, undoing: Undoing): Promise<Undone> {
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
  if (dirname(made.path) !== directory || !basename(made.path).startsWith('rootfs-')) {
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

export const rootfs: OperationKind<OperationOf<'rootfs'>, MadeBy<'rootfs'>> = {
  plan(operation, lab) {
    const path = directoryOf(lab, 'rootfs', operation.name);
    return {
      shell: userlandShell(path, lab.mode === 'root', staticBusybox()),
      touches: say(lab.lang, PLANS.rootfsTouches, { path }),
      undo: say(lab.lang, PLANS.rootfsUndo),
      privileged: false,
    };
  },

  async perform(operation, lab, doing) {
    claimName(lab, ERRORS.kindRootfs, operation.name, lab.rootfs);
    const path = directoryOf(lab, 'rootfs', operation.name);
    if (lstatOf(path) !== null) throw new UserError(say(lab.lang, ERRORS.exists, { path }));
    const n = lab.ledger.intend({ op: 'rootfs', path });
    try {
      mkdirSync(path, { mode: 0o755 });
      const { dev, ino } = lstatOf(path) ?? { dev: 0, ino: 0 };
      lab.ledger.done(n, { dev, ino });
      const made = await populate(path, lab.mode === 'root');
      if (!made || readdirSync(join(path, 'bin')).length === 0) {
        throw new UserError(say(lab.lang, ERRORS.noUserland), {
          hint: say(lab.lang, ERRORS.installBusybox),
          exitCode: 3,
        });
      }
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      throw stateDirError(path, error, lab.lang);
    }
    lab.rootfs.set(operation.name, path);
    note(doing, say(lab.lang, NOTES.rootfsMade, { path, source: source() }));
    return { ...MADE, output: [] };
  },

  undo,
};
