// What keeps a namespace alive: the order of holders, the command that would release each, the names of pins that others make. Reads nothing and
// releases nothing.
import { clean } from '../text/sanitize.ts';
import { processAt, processByPid } from './find.ts';
import type { Holder, Namespace, Process, Snapshot } from './types.ts';

const ORDER: readonly Holder['kind'][] = [
  'process',
  'thread',
  'forChildren',
  'fd',
  'mount',
  'child',
  'owned',
];

/** By kind, then by pid, then as they came: two looks at one state give one list. */
export function sortHolders(holders: readonly Holder[]): readonly Holder[] {
  const pid = (holder: Holder): number => ('pid' in holder ? holder.pid : 0);
  return [...holders].sort(
    (a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || pid(a) - pid(b) || inodeOf(a) - inodeOf(b),
  );
}

function inodeOf(holder: Holder): number {
  if (holder.kind === 'mount') return holder.mountNamespace ?? 0;
  return 'inode' in holder ? holder.inode : 0;
}

/**
 * Whether a holder of an initial namespace is worth telling. Nothing releases that namespace, every mount of proc and every namespace of the host
 * lies below it; a thread, an fd or a bind mount of it is the way by which something reaches it.
 */
export function isNotable(holder: Holder): boolean {
  if (holder.kind === 'mount') return holder.filesystem === 'nsfs';
  return holder.kind !== 'child' && holder.kind !== 'owned';
}

/** Member processes and then `namespace.holders`. Of an initial namespace the members, which are most of the host, are left out. */
export function holdersOf(snapshot: Snapshot, namespace: Namespace): readonly Holder[] {
  const members = namespace.initial ? [] : namespace.members;
  return [
    ...members.flatMap((pid): Holder[] => {
      const process = processByPid(snapshot, pid);
      return process ? [{ kind: 'process', pid, starttime: process.starttime }] : [];
    }),
    ...namespace.holders,
  ];
}

/** The process whose file a holder is; null for a mount, for another namespace, and once the process has ended. */
export function processOf(snapshot: Snapshot, holder: Holder): Process | null {
  return 'pid' in holder ? processAt(snapshot, holder) : null;
}

/**
 * The shell line that would release the namespace from this holder: never run by nscope. Where the holder is itself a namespace, the line that
 * tells what holds that one. `process` is the holder's (`processOf`); null where there is no such line, as for a thread of the kernel.
 */
export function releaseOf(holder: Holder, process: Process | null): string | null {
  switch (holder.kind) {
    case 'process':
      if (process?.kernelThread) return null;
      // A zombie has ended; only its parent can take it away, or init once the parent has ended.
      if (process?.state === 'Z') return process.ppid > 1 ? `kill ${process.ppid}` : null;
      return `kill ${holder.pid}`;
    case 'thread':
    case 'forChildren':
      return `kill ${holder.pid}`;
    case 'fd':
      return `kill ${holder.pid} # or have it close fd ${holder.fd}`;
    case 'mount': {
      const umount = `umount ${shellWord(holder.path)}`;
      if (!holder.via) return umount;
      return `nsenter -t ${holder.via.id} -m${holder.via.chrooted ? ' -r' : ''} ${umount}`;
    }
    case 'child':
    case 'owned':
      return `nscope ns ns:${holder.type}:${holder.inode} --holders`;
  }
}

/** As a POSIX shell takes it for one word; control characters in the `$'…'` form of bash, so that the line can be printed. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  if (clean(text) === text) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = [...new TextEncoder().encode(text)].map((byte) =>
    byte < 0x20 || byte > 0x7e || byte === 0x27 || byte === 0x5c
      ? `\\x${byte.toString(16).padStart(2, '0')}`
      : String.fromCharCode(byte),
  );
  return `$'${escaped.join('')}'`;
}

/** Who makes mounts at such a path, and the name it gave; `name` is not sanitised. */
export interface PinName {
  readonly by: 'ip netns' | 'docker' | 'CNI' | 'podman' | 'CRI-O' | 'snap' | 'nscope lab';
  readonly name: string;
}

/** First fit wins. The path of a private dockerd's pins ends in `/netns/ID` below its own exec-root. */
const PINS: readonly (readonly [PinName['by'], RegExp])[] = [
  ['nscope lab', /\/nscope\/labs\/([0-9a-f]{8})(?:\/|$)/],
  ['docker', /\/docker\/netns\/([^/]+)$/],
  ['CNI', /^\/(?:var\/)?run\/netns\/(cni-[^/]+)$/],
  ['podman', /^\/(?:var\/)?run\/(?:user\/\d+\/)?netns\/(netns-[0-9a-f-]+)$/],
  ['ip netns', /^\/(?:var\/)?run\/netns\/([^/]+)$/],
  ['CRI-O', /^\/(?:var\/)?run\/(?:uts|ipc|net|user|pid|cgroup)ns\/([^/]+)$/],
  ['snap', /^\/run\/snapd\/ns\/(.+)\.mnt$/],
  ['docker', /\/netns\/([0-9a-f]{12}|default|ingress_sbox)$/],
];

/** Whose pin a mount point is by its path; null for one of a stranger. */
export function pinName(path: string): PinName | null {
  for (const [by, pattern] of PINS) {
    const name = pattern.exec(path)?.[1];
    if (name !== undefined) return { by, name };
  }
  return null;
}

/**
 * True for the mount namespace of kdevtmpfs, the thread of the kernel that serves devtmpfs: every host has it, and it is no leak
 * (drivers/base/devtmpfs.c: devtmpfsd unshares).
 */
export function isKernelsOwn(snapshot: Snapshot, namespace: Namespace): boolean {
  return (
    namespace.type === 'mnt' &&
    !namespace.initial &&
    namespace.members.length > 0 &&
    namespace.members.every((pid) => {
      const process = processByPid(snapshot, pid);
      return process?.kernelThread === true && process.comm === 'kdevtmpfs';
    })
  );
}
