// What is at one path as an actor or the host sees it. An actor's is looked up behind /proc/PID/root, so that its own root and mounts count.
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  type Stats,
} from 'node:fs';
import { behindRoot } from '../../host/root-path.ts';
import { type Reading, unread, value, whyOf } from '../../kernel/reading.ts';
import { plannedCommand } from '../operations/operation.ts';
import { isAlive } from '../process.ts';
import type { FileKind, FileSeen } from '../questions.ts';
import { errnoOf } from '../state-dir.ts';
import type { Answerer } from './index.ts';

const LONGEST = 512;

function kindOf(stat: Stats): FileKind {
  if (stat.isDirectory()) return 'directory';
  if (stat.isSymbolicLink()) return 'link';
  if (stat.isCharacterDevice()) return 'character-device';
  if (stat.isBlockDevice()) return 'block-device';
  if (stat.isFIFO()) return 'fifo';
  return stat.isSocket() ? 'socket' : 'file';
}

/** makedev(3) as glibc and the kernel's new_encode_dev have it. */
function deviceOf({ rdev }: Stats): string {
  const major = (rdev >>> 8) & 0xfff;
  const minor = (rdev & 0xff) | ((rdev >>> 12) & 0xfff00);
  return `${major}:${minor}`;
}

/** Another may have been put in its place meanwhile: nothing but a regular file is read, and nothing is waited for. */
function textOf(at: string): string | null {
  let fd: number | null = null;
  try {
    fd = openSync(at, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_NOFOLLOW);
    if (!fstatSync(fd).isFile()) return null;
    const buffer = Buffer.alloc(LONGEST);
    return buffer.toString('utf8', 0, readSync(fd, buffer, 0, LONGEST, 0));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** `at` is where it is found, `path` what it is called. */
function look(at: string, path: string): Reading<FileSeen> {
  try {
    const stat = lstatSync(at);
    const kind = kindOf(stat);
    return value({
      path,
      exists: true,
      kind,
      mode: (stat.mode & 0o7777).toString(8),
      uid: stat.uid,
      gid: stat.gid,
      dev: stat.dev,
      ino: stat.ino,
      device: kind.endsWith('device') ? deviceOf(stat) : null,
      target: kind === 'link' ? readlinkSync(at) : null,
      text: kind === 'file' ? textOf(at) : null,
    });
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') return value({ path, exists: false });
    return unread(whyOf(code), at);
  }
}

export const file: Answerer<'file'> = ({ of, path: asked }, lab) => {
  const [path = asked] = plannedCommand(lab, [asked]);
  if (of === 'host') return Promise.resolve(look(path, path));
  const actor = lab.actors.get(of);
  const root = `/proc/${actor?.pid ?? of}/root`;
  const living = () => actor !== undefined && isAlive(lab.fs, actor);
  if (!living()) return Promise.resolve(unread('gone', root));
  // `/.`: the root itself is a link in /proc, and is followed.
  const at = path === '/' ? `${root}/.` : behindRoot(`${root}${path}`, false);
  const answer = look(at, path);
  // What has ended in between has no files: that is no answer about a path.
  return Promise.resolve(living() ? answer : unread('gone', root));
};
