// Which ids a user namespace of the lab's is mapped to (user_namespaces(7)): decides, and writes no map.
import type { HostFs } from '../host/fs.ts';
import { userNames } from '../host/users.ts';
import type { IdRange } from '../kernel/proc/uid-map.ts';
import type { IdMap, LabMode } from './types.ts';

/**
 * The id that an actor takes in root mode so that its uid 0 is nobody's outside: above what useradd(8) gives to users (SUB_UID_MAX) and what
 * systemd-nspawn picks from, below 2^31.
 */
export const OTHER_ID = 2_000_000_000;

/** The id that a process takes before its user namespace is made; undefined where it keeps its own. */
export function uidFor(mode: LabMode, map: IdMap | undefined): number | undefined {
  return map !== undefined && mode === 'root' ? OTHER_ID : undefined;
}

/** As many ids as a container engine maps: 16 bits. */
const COUNT = 65_536;

/** The lines of a map, and by which tool they must be written where the kernel wants another's privilege. */
export interface Ids {
  readonly uid: readonly IdRange[];
  readonly gid: readonly IdRange[];
  /** newuidmap(1) and newgidmap(1) write them; null: who owns the namespace writes them itself. */
  readonly tools: { readonly uid: string; readonly gid: string } | null;
  /** setgroups(2) must be denied first: gid_map is refused otherwise. */
  readonly deny: boolean;
  /** A range was asked for and one id is what can be had. */
  readonly short: boolean;
}

/** The first range of a user in /etc/subuid or /etc/subgid (subuid(5)): `name:start:count`; null where there is none. */
export function subordinate(
  text: string,
  user: { readonly name: string | null; readonly uid: number },
): { readonly start: number; readonly count: number } | null {
  for (const line of text.split('\n')) {
    const [owner = '', start = '', count = ''] = line.trim().split(':');
    if (owner === '' || (owner !== user.name && owner !== String(user.uid))) continue;
    if (/^\d{1,10}$/.test(start) && /^[1-9]\d{0,9}$/.test(count)) {
      return { start: Number(start), count: Number(count) };
    }
  }
  return null;
}

/**
 * The ids for the user namespace of an actor. Root maps any; who is not root maps its own one, or what newuidmap(1) allows it.
 *
 * @param find the path of a program; null where there is none.
 */
export function idsFor(
  lab: { readonly mode: LabMode; readonly fs: HostFs },
  ids: 'own' | 'range',
  find: (program: string) => string | null,
  own: { readonly uid: number; readonly gid: number },
): Ids {
  const one = (outside: number, count = 1): IdRange => ({ inside: 0, outside, count });
  if (lab.mode === 'root') {
    const range = [one(OTHER_ID, ids === 'own' ? 1 : COUNT)];
    return { uid: range, gid: range, tools: null, deny: false, short: false };
  }
  const tools = ids === 'own' ? null : subordinates(lab.fs, find, own.uid);
  if (tools === null) {
    return { uid: [one(own.uid)], gid: [one(own.gid)], tools: null, deny: true, short: ids === 'range' };
  }
  const lines = (outside: number, { start, count }: { start: number; count: number }): IdRange[] => [
    one(outside),
    { inside: 1, outside: start, count: Math.min(count, COUNT - 1) },
  ];
  return {
    uid: lines(own.uid, tools.uids),
    gid: lines(own.gid, tools.gids),
    tools: { uid: 'newuidmap', gid: 'newgidmap' },
    deny: false,
    short: false,
  };
}

function subordinates(fs: HostFs, find: (program: string) => string | null, uid: number) {
  if (find('newuidmap') === null || find('newgidmap') === null) return null;
  const user = { name: userNames(fs).get(uid) ?? null, uid };
  const [uids, gids] = ['/etc/subuid', '/etc/subgid'].map((path) => {
    const text = fs.readText(path);
    return text.ok ? subordinate(text.value, user) : null;
  });
  return uids && gids ? { uids, gids } : null;
}

/** A map as it is written, one range a line. */
export function mapText(ranges: readonly IdRange[]): string {
  return ranges.map(({ inside, outside, count }) => `${inside} ${outside} ${count}`).join('\n');
}
