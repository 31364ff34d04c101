// Keeps a namespace without a process: binds its file onto one of the lab's directory (namespaces(7)), in a mount namespace. Enters nothing that is kept.
import { closeSync, openSync, unlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { run } from '../../host/exec.ts';
import type { HostFs } from '../../host/fs.ts';
import { parseMountinfo } from '../../kernel/proc/mountinfo.ts';
import type { Mount, ProcessRef } from '../../model/types.ts';
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import { dyingWithUs, nsenterArgv, nsenterShell, shellWords, unknownPid } from '../argv.ts';
import { environment } from '../environment.ts';
import type { Identity } from '../ledger.ts';
import { CLEANUP, ERRORS } from '../messages.ts';
import { isAlive } from '../process.ts';
import { errnoOf, reasonOf } from '../state-dir.ts';
import { lstatOf } from '../tree.ts';
import type { Leftover, LeftoverKind } from '../types.ts';
import {
  type Acting,
  claimName,
  directoryOf,
  type LiveActor,
  MADE,
  type MadeBy,
  NOTHING_TO_SAY,
  note,
  type OperationKind,
  type OperationOf,
  type Undoing,
  type Undone,
} from './operation.ts';
import { PIN_LINES, PINS } from './pin-messages.ts';
import { livingActor } from './run.ts';

type Pin = OperationOf<'pin'>;

/** The mount namespace: that of an actor, or the program's own. */
type MountPlace = { readonly pid: number | string; readonly user: boolean } | null;

function entered(place: NonNullable<MountPlace>, command: readonly string[]) {
  const namespaces = place.user ? (['user', 'mnt'] as const) : (['mnt'] as const);
  return { pid: place.pid, namespaces, root: false, command };
}

/** A command in that mount namespace, as a learner types it. */
export function mountShell(place: MountPlace, command: readonly string[]): string {
  return place === null ? shellWords(command) : nsenterShell(entered(place, command));
}

async function runThere(lab: string, place: MountPlace, command: readonly string[]): Promise<string | null> {
  const argv = place === null ? command : nsenterArgv(entered(place, command));
  const [file = '', ...args] = dyingWithUs(argv);
  const { exitCode, stderr } = await run(file, args, { timeoutMs: 5000, env: environment(lab) });
  return exitCode === 0 ? null : stderr.split('\n')[0] || String(exitCode);
}

/** Where a pin is mounted; an actor that has not started yet has a shell variable for a pid. */
function plannedPlace(lab: Acting, name: string | undefined): MountPlace {
  if (name === undefined) return null;
  const actor = lab.actors.get(name);
  const { enter = [] } = actor ?? lab.planned.actors.get(name) ?? {};
  const user = lab.mode === 'rootless' && enter.includes('user');
  return { pid: actor?.pid ?? unknownPid(name), user };
}

function livingPlace(lab: Acting, name: string | undefined): LiveActor | null {
  if (name === undefined) {
    if (lab.mode === 'rootless') throw new UserError(say(lab.lang, PINS.needsMount), { exitCode: 3 });
    return null;
  }
  const actor = livingActor(lab, name);
  // Its mountinfo shows what is below its root alone.
  if (!actor.enter.includes('mnt') || actor.root !== undefined) {
    throw new UserError(say(lab.lang, PINS.noMountNs, { name }));
  }
  return actor;
}

/** What is mounted on a path in the mount namespace of a process, the uppermost last. */
function mountsAt(fs: HostFs, pid: number | 'self', path: string): readonly Mount[] {
  const file = `/proc/${pid}/mountinfo`;
  const text = fs.readText(file);
  return text.ok ? parseMountinfo(text.value, file).filter(({ mountPoint }) => mountPoint === path) : [];
}

/** The inode of the namespace that a mount of nsfs shows: its root is the link's text (proc_pid_mountinfo(5)). */
function inodeOf({ fstype, root }: Mount): number | null {
  const [, digits] = /^[a-z_]+:\[(\d+)\]$/.exec(root) ?? [];
  return fstype === 'nsfs' && digits !== undefined ? Number(digits) : null;
}

function linesOf(path: string, source: string, place: MountPlace): string {
  return [
    shellWords(['mkdir', '-p', dirname(path)]),
    shellWords(['touch', path]),
    mountShell(place, ['mount', '--bind', source, path]),
  ].join('\n');
}

const sourceOf = (lab: Acting, { of, type }: Pin) =>
  `/proc/${lab.actors.get(of)?.pid ?? unknownPid(of)}/ns/${type}`;

export const pin: OperationKind<Pin, MadeBy<'pin'>> = {
  plan(operation, lab) {
    const path = directoryOf(lab, 'pin', operation.name);
    const where = operation.in ?? say(lab.lang, PINS.host);
    const place = plannedPlace(lab, operation.in);
    lab.planned.pins.set(operation.name, place);
    return {
      shell: linesOf(path, sourceOf(lab, operation), place),
      touches: say(lab.lang, PIN_LINES.pinTouches, { path, where }),
      undo: say(lab.lang, PIN_LINES.pinUndo),
      privileged: lab.mode === 'root',
    };
  },

  async perform(operation, lab, doing) {
    const { fs, lang } = lab;
    claimName(lab, PINS.kindPin, operation.name, lab.pins);
    livingActor(lab, operation.of);
    const keeper = livingPlace(lab, operation.in);
    const path = directoryOf(lab, 'pin', operation.name);
    const source = sourceOf(lab, operation);
    if (lstatOf(path) !== null) throw new UserError(say(lang, ERRORS.exists, { path }));
    const holder = keeper === null ? null : { pid: keeper.pid, starttime: keeper.starttime };
    const n = lab.ledger.intend({ op: 'pin', path, in: holder });
    closeSync(openSync(path, 'wx', 0o600));
    const command = ['mount', '--bind', source, path];
    const place = plannedPlace(lab, operation.in);
    const reason = await runThere(lab.id, place, command);
    const stat = fs.stat(source);
    const mount = mountsAt(fs, holder?.pid ?? 'self', path).at(-1);
    const inode = mount === undefined ? null : inodeOf(mount);
    if (inode === null || !stat.ok) {
      throw new UserError(
        say(lang, PINS.refused, { command: mountShell(place, command), reason: reason ?? '?' }),
        { exitCode: 3 },
      );
    }
    lab.ledger.done(n, { dev: stat.value.dev, ino: inode });
    lab.pins.set(operation.name, path);
    note(doing, say(lang, PIN_LINES.pinMade, { path, type: operation.type, inode }));
    return { ...MADE, output: [] };
  },

  undo,
};

/**
 * Unmounts what the lab mounted and removes the file. In the mount namespace of an actor that has ended nothing is mounted any
 * more; one that a stranger has entered would lose its mount with the file (unlink(2) detaches it in other mount namespaces).
 */
async function undo(made: MadeBy<'pin'>, identity: Identity | null, undoing: Undoing): Promise<Undone> {
  const { lab, directory, fs, lang, sameBoot } = undoing;
  const { path } = made;
  const leave = (outcome: 'refused' | 'left', kind: LeftoverKind, reason: string): Undone => {
    const proof = shellWords(kind === 'file' ? ['ls', '-l', path] : ['findmnt', path]);
    const leftover: Leftover = { kind, lab, what: path, proof, live: false, reason };
    return { outcome, leftover };
  };
  if (dirname(path) !== directory || !basename(path).startsWith('pin-')) {
    return leave('refused', 'file', say(lang, CLEANUP.outsideLab));
  }
  const place = !sameBoot || (made.in !== null && !isAlive(fs, made.in)) ? undefined : placeOf(fs, made.in);
  const known = identity !== null && 'ino' in identity ? identity.ino : null;
  const mounts = () => (place === undefined ? [] : mountsAt(fs, made.in?.pid ?? 'self', path));
  for (let top = mounts().at(-1); top !== undefined; ) {
    const inode = inodeOf(top);
    if (inode === null) return leave('refused', 'mount', say(lang, PINS.otherMount, { found: top.fstype }));
    if (known !== null && known !== inode) {
      const reason = say(lang, CLEANUP.otherIdentity, { found: inode, expected: known });
      return leave('refused', 'namespace pin', reason);
    }
    const reason = await runThere(lab, place ?? null, ['umount', path]);
    if (reason !== null && mounts().length > 0) {
      return leave('left', 'namespace pin', say(lang, CLEANUP.stillThere, { reason }));
    }
    top = mounts().at(-1);
  }
  try {
    const stat = lstatOf(path);
    if (stat === null) return NOTHING_TO_SAY;
    if (!stat.isFile() || stat.size > 0) return leave('refused', 'file', say(lang, PINS.notEmpty));
    unlinkSync(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return leave('left', 'file', say(lang, CLEANUP.stillThere, { reason: reasonOf(error, lang) }));
  }
  return { outcome: 'undone', said: [say(lang, PINS.unpinned, { path })] };
}

/** How to get into the mount namespace of a process, by what this program is now. */
function placeOf(fs: HostFs, holder: ProcessRef | null): MountPlace {
  if (holder === null) return null;
  const [own, its] = ['self', String(holder.pid)].map((pid) => fs.readLink(`/proc/${pid}/ns/user`));
  const differs = own?.ok === true && its?.ok === true && own.value !== its.value;
  return { pid: holder.pid, user: process.geteuid?.() !== 0 && differs };
}
