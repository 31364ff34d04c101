// The live host: HostFs over this machine's own files, by synchronous calls and one shared buffer (the fastest way to read /proc).
// Opens nothing for writing.
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  readdirSync,
  readlinkSync,
  statSync,
} from 'node:fs';
import { type Reading, unread, value, whyOf } from '../kernel/reading.ts';
import { decode } from '../text/sanitize.ts';
import type { HostFs } from './fs.ts';
import { behindRoot } from './root-path.ts';

/** No file that nscope reads is larger; a larger one is cut there (a hostile /proc/PID/cmdline can be 2 MiB and more). */
const LARGEST = 8 * 1024 * 1024;

let shared = Buffer.allocUnsafe(64 * 1024);

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function refused(error: unknown, path: string): Reading<never> {
  const code = codeOf(error);
  if (code === undefined) throw error;
  return unread(whyOf(code), path);
}

/** What lies behind a process' root and working directory is not the kernel's own, though its path is below /proc. */
function isForeign(path: string): boolean {
  return path.includes('/root/') || path.includes('/cwd/');
}

/**
 * Files of the kernel that are one record of a seq_file: one read(2) gives all of it, up to the length of the buffer (fs/seq_file.c), so that
 * no second one has to ask for the end.
 */
function isOneRecord(path: string): boolean {
  return path.startsWith('/proc/') && (path.endsWith('/stat') || path.endsWith('/cgroup'));
}

/** A stranger can put a FIFO or a device where a file is expected: never wait at one. Throws as open(2) fails. */
function openToRead(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
}

function readText(path: string): Reading<string> {
  let fd: number | null = null;
  try {
    const foreign = isForeign(path);
    fd = openToRead(foreign ? behindRoot(path, true) : path);
    const kernels = !foreign && (path.startsWith('/proc/') || path.startsWith('/sys/'));
    if (!kernels && !fstatSync(fd).isFile()) return unread('unsupported', path);
    return value(textOf(fd, kernels && isOneRecord(path), null));
  } catch (error) {
    return refused(error, path);
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** From `start`, or from where the descriptor stands. */
function textOf(fd: number, oneRecord: boolean, start: number | null): string {
  let length = 0;
  for (;;) {
    const room = shared.length - length;
    const got = readSync(fd, shared, length, room, start === null ? null : start + length);
    length += got;
    if (got === 0 || length >= LARGEST || (oneRecord && got < room)) break;
    if (length === shared.length) {
      const larger = Buffer.allocUnsafe(shared.length * 2);
      shared.copy(larger, 0, 0, length);
      shared = larger;
    }
  }
  const text = shared.toString('utf8', 0, length);
  return text.includes('\ufffd') ? decode(shared.subarray(0, length)) : text;
}

function held<T>(path: string, look: (read: () => Reading<string>) => T): Reading<T> {
  let fd: number;
  try {
    fd = openToRead(path);
  } catch (error) {
    return refused(error, path);
  }
  try {
    return value(
      look(() => {
        try {
          return value(textOf(fd, isOneRecord(path), 0));
        } catch (error) {
          return refused(error, path);
        }
      }),
    );
  } finally {
    closeSync(fd);
  }
}

function readLink(path: string): Reading<string> {
  try {
    return value(readlinkSync(isForeign(path) ? behindRoot(path, false) : path));
  } catch (error) {
    return refused(error, path);
  }
}

function list(path: string): Reading<string[]> {
  try {
    return value(readdirSync(isForeign(path) ? behindRoot(path, true) : path));
  } catch (error) {
    return refused(error, path);
  }
}

function stat(path: string): ReturnType<HostFs['stat']> {
  try {
    const found = statSync(isForeign(path) ? behindRoot(path, true) : path);
    return value({ dev: found.dev, ino: found.ino, uid: found.uid, directory: found.isDirectory() });
  } catch (error) {
    return refused(error, path);
  }
}

/** This machine. */
export function liveFs(): HostFs {
  return { kind: 'live', title: 'live', readText, held, readLink, list, stat };
}
