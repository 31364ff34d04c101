// Owner and parent of namespaces (ioctl_ns(2)), by koffi where it loads, else by lsns. Never enters a namespace.
// Owners and parents that have no process of their own are found here, by walking up.
import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { NsType } from '../kernel/namespaces.ts';
import { isNsType } from '../kernel/namespaces.ts';
import { type Reading, unread, value, whyOf } from '../kernel/reading.ts';
import type { Coverage } from '../model/types.ts';

const NS_GET_USERNS = 0xb701;
const NS_GET_PARENT = 0xb702;
const EPERM = 1;

export interface Relation {
  readonly type: NsType;
  readonly inode: number;
  /** null: outside of our sight (EPERM), which the kernel does not tell apart from the initial user namespace's having none. */
  readonly owner: Reading<number | null>;
  /** null: none (a type without parents, the initial one), or outside of our sight. */
  readonly parent: Reading<number | null>;
}

export interface Relations {
  readonly how: Coverage['owners'];
  /** Called before a scan; asks lsns where there is no ioctl. */
  prepare(): Promise<void>;
  /**
   * The namespace at `path` (a link of /proc/PID/ns, or a bind mount), its owner and its ancestors, each once.
   * `key` names it among the answers kept from earlier scans: the kernel never changes an owner or parent.
   */
  of(type: NsType, inode: number, path: string, key: string): readonly Relation[];
}

type Ioctl = (fd: number, request: number) => { result: number; errno: number };

/** ioctl(2) by koffi: an optional package; null where it is not installed or does not load here. */
function loadIoctl(): Ioctl | null {
  try {
    const require = createRequire(import.meta.url);
    const koffi = require('koffi') as typeof import('koffi');
    const call = koffi.load(null).func('int ioctl(int fd, ulong request, ...)') as (
      fd: number,
      request: number,
    ) => number;
    return (fd, request) => {
      const result = call(fd, request);
      return { result, errno: result < 0 ? koffi.errno() : 0 };
    };
  } catch {
    return null;
  }
}

function errnoName(errno: number): string {
  return errno === EPERM ? 'EPERM' : `errno ${errno}`;
}

/** Asks one ioctl and hands the answer's descriptor on; null where the kernel says EPERM (outside of sight) . The caller closes. */
function related(
  ioctl: Ioctl,
  fd: number,
  request: number,
  path: string,
): Reading<{ fd: number; inode: number } | null> {
  const { result, errno } = ioctl(fd, request);
  if (result >= 0) return value({ fd: result, inode: fstatSync(result).ino });
  if (errno === EPERM) return value(null);
  return unread(whyOf(errnoName(errno)), path);
}

/** nsfs is one file system of the kernel's own, mounted nowhere as a whole: our own links lie on it. */
const NSFS = '/proc/self/ns/uts';

/** An inode number says nothing without its device: a file of another file system can bear the same. */
function isNamespace(fd: number, inode: number): boolean {
  const file = fstatSync(fd);
  return file.ino === inode && file.dev === statSync(NSFS).dev;
}

/** `fd` is closed by the caller; all that is opened here is closed here. */
function walk(
  ioctl: Ioctl,
  type: NsType,
  inode: number,
  fd: number,
  path: string,
  found: Map<string, Relation>,
): void {
  const key = `${type}:${inode}`;
  if (found.has(key)) return;
  const owner = related(ioctl, fd, NS_GET_USERNS, path);
  const nested = type === 'pid' || type === 'user';
  const parent = nested ? related(ioctl, fd, NS_GET_PARENT, path) : value(null);
  const inodeOf = (reading: typeof owner): Reading<number | null> =>
    reading.ok ? value(reading.value?.inode ?? null) : reading;
  found.set(key, { type, inode, owner: inodeOf(owner), parent: inodeOf(parent) });
  try {
    if (owner.ok && owner.value) walk(ioctl, 'user', owner.value.inode, owner.value.fd, path, found);
    if (parent.ok && parent.value) walk(ioctl, type, parent.value.inode, parent.value.fd, path, found);
  } finally {
    if (owner.ok && owner.value) closeSync(owner.value.fd);
    if (parent.ok && parent.value) closeSync(parent.value.fd);
  }
}

function byIoctl(ioctl: Ioctl): Relations {
  let kept = new Map<string, readonly Relation[]>();
  let next = new Map<string, readonly Relation[]>();
  return {
    how: 'ioctl',
    async prepare() {
      // Answers of namespaces that the last scan no longer saw are dropped: their inodes may be given out again.
      kept = next;
      next = new Map();
    },
    of(type, inode, path, key) {
      const known = kept.get(key) ?? next.get(key);
      if (known) {
        next.set(key, known);
        return known;
      }
      let fd: number;
      try {
        fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
        const refused = unread(whyOf(code), path);
        return [{ type, inode, owner: refused, parent: refused }];
      }
      try {
        // Between the link's reading and now the process may have changed its namespace: answer for what was asked only.
        if (!isNamespace(fd, inode)) {
          const gone = unread('gone', path);
          return [{ type, inode, owner: gone, parent: gone }];
        }
        const found = new Map<string, Relation>();
        walk(ioctl, type, inode, fd, path, found);
        const answers = [...found.values()];
        next.set(key, answers);
        return answers;
      } finally {
        closeSync(fd);
      }
    },
  };
}

interface LsnsRow {
  readonly ns: number;
  readonly type: string;
  readonly pns?: number | null;
  readonly ons?: number | null;
}

function byLsns(): Relations {
  let how: Coverage['owners'] = 'unavailable';
  let answers = new Map<string, Relation>();
  return {
    get how() {
      return how;
    },
    async prepare() {
      const rows = await askLsns();
      how = rows === null ? 'unavailable' : 'lsns';
      answers = new Map(
        (rows ?? []).flatMap((row) =>
          isNsType(row.type)
            ? [
                [
                  `${row.type}:${row.ns}`,
                  {
                    type: row.type,
                    inode: row.ns,
                    owner: value(row.ons || null),
                    parent: value(row.pns || null),
                  },
                ],
              ]
            : [],
        ),
      );
    },
    of(type, inode, path) {
      const missing = unread('unsupported', path);
      return [answers.get(`${type}:${inode}`) ?? { type, inode, owner: missing, parent: missing }];
    },
  };
}

/** lsns(8) of util-linux 2.37 and later; null where it is missing, fails or prints something else. */
async function askLsns(): Promise<readonly LsnsRow[] | null> {
  try {
    // Only where there is no ioctl: it takes as long to load as a small host to read.
    const { run } = await import('./exec.ts');
    const { stdout, exitCode } = await run('lsns', ['-J', '-l', '-o', 'NS,TYPE,PNS,ONS'], {
      timeoutMs: 10_000,
    });
    if (exitCode !== 0) return null;
    const parsed: unknown = JSON.parse(stdout);
    if (
      typeof parsed !== 'object' ||
      parsed === null ||
      !('namespaces' in parsed) ||
      !Array.isArray(parsed.namespaces)
    )
      return null;
    return parsed.namespaces.filter(
      (row): row is LsnsRow => typeof row?.ns === 'number' && typeof row?.type === 'string',
    );
  } catch {
    return null;
  }
}

/** The best means that this installation has. */
export function liveRelations(): Relations {
  const ioctl = loadIoctl();
  return ioctl ? byIoctl(ioctl) : byLsns();
}
