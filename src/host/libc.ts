// Functions of libc by koffi, an optional package, for what Node has no call for. What they do to this program is their caller's to know.
import { createRequire } from 'node:module';

export type LibcCall = (...words: readonly (number | null)[]) => number;

/** A function of libc by its C prototype; null where koffi does not load. */
export function libc(prototype: string): LibcCall | null {
  try {
    const require = createRequire(import.meta.url);
    const koffi = require('koffi') as typeof import('koffi');
    return koffi.load(null).func(prototype) as LibcCall;
  } catch {
    return null;
  }
}

/** F_SETFD and FD_CLOEXEC of fcntl(2). */
const F_SETFD = 2;
const FD_CLOEXEC = 1;

/** Keeps a descriptor of this program from the programs that it starts from now on; false where koffi does not load. */
export function closeOnExec(fd: number): boolean {
  return libc('int fcntl(int fd, int cmd, int arg)')?.(fd, F_SETFD, FD_CLOEXEC) === 0;
}
