// HostFs: the one way by which a host's files are reached, so that a recording can stand in for the live kernel.
// This file holds the interface alone; live-fs.ts and recorded-fs.ts fulfil it.
import type { Reading } from '../kernel/reading.ts';

/** Paths are absolute, as the host shows them (`/proc/1/stat`). No call throws on what the kernel refuses. */
export interface HostFs {
  readonly kind: 'live' | 'recorded';
  /** `live`, or the recording's title. */
  readonly title: string;
  /**
   * The whole file, decoded as UTF-8 with broken bytes made visible as `\xNN`, not otherwise sanitised.
   * One read buffer is shared: the answer is a copy and safe to keep.
   */
  readText(path: string): Reading<string>;
  /**
   * What `look` makes while the file is held open; `read` reads it from its beginning, each time anew. A file of /proc/PID that is open stays
   * that process' own and answers ESRCH once it has been reaped (fs/proc/base.c, proc_single_show), whoever has its pid by then: all that was
   * found between the opening and a `read` that answers is of one process.
   * Unread where it cannot be opened. Absent where no file can be held open. Throws what `look` throws, with the file closed.
   */
  readonly held?: <T>(path: string, look: (read: () => Reading<string>) => T) => Reading<T>;
  /** What readlink(2) answers. */
  readLink(path: string): Reading<string>;
  /** The names in a directory, in no order. */
  list(path: string): Reading<string[]>;
  /** Device, inode, owner; follows links (nsfs: stat of /proc/PID/ns/X gives the namespace's identity). */
  stat(path: string): Reading<{
    readonly dev: number;
    readonly ino: number;
    readonly uid: number;
    readonly directory: boolean;
  }>;
}
