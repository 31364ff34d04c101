// A snapshot on its way from the thread that reads to the thread that draws: what has changed since the last one, in pieces, none of which takes
// long to unpack. Packs and unpacks; sends nothing.
import { isDeepStrictEqual } from 'node:util';
import type { Container, Mount, Namespace, Process, Snapshot } from '../model/types.ts';

type Table = 'ns' | 'cgroups';

/** A process whose sets of links and of groups, which most share, are sent once and named by number. */
type SentProcess = Omit<Process, Table> & Readonly<Record<Table, number>>;

export interface Piece {
  readonly ns: readonly (readonly [number, Process['ns']])[];
  readonly cgroups: readonly (readonly [number, Process['cgroups']])[];
  readonly processes: readonly SentProcess[];
  readonly namespaces: readonly Namespace[];
  readonly containers: readonly Container[];
  readonly mounts: readonly Mount[];
}

const LISTS = ['processes', 'namespaces', 'containers', 'mounts'] as const;
type List = (typeof LISTS)[number];

export interface Parcel {
  readonly rest: Omit<Snapshot, List>;
  /** For each entry its place in the last snapshot's list, or -1: the next one of the pieces. */
  readonly places: Readonly<Record<List, Int32Array>>;
  /** How many pieces belong to it. */
  readonly pieces: number;
  /** Numbers of sets that nothing has any more. */
  readonly gone: Readonly<Record<Table, readonly number[]>>;
}

/** Weight of a piece: an entry has one, and one more for so many numbers in it. */
const HEAVIEST = 250;
const NUMBERS = 40;
/** Parcels between two clearings of the sets' numbers. */
const CLEAR_EVERY = 32;

export interface Packer {
  /** The pieces are to be sent before the parcel. */
  pack(snapshot: Snapshot): { readonly parcel: Parcel; readonly pieces: readonly Piece[] };
}

export function makePacker(): Packer {
  let last: Pick<Snapshot, List> = { processes: [], namespaces: [], containers: [], mounts: [] };
  const numbers = { ns: new Map<Process['ns'], number>(), cgroups: new Map<Process['cgroups'], number>() };
  let next = 1;
  let packed = 0;
  return {
    pack(snapshot) {
      const { processes, namespaces, containers, mounts, ...rest } = snapshot;
      const pieces: Piece[] = [];
      let piece = emptyPiece();
      let weight = 0;
      const add = (more: number, put: (to: ReturnType<typeof emptyPiece>) => void): void => {
        if (weight > 0 && weight + more > HEAVIEST) {
          pieces.push(piece);
          piece = emptyPiece();
          weight = 0;
        }
        put(piece);
        weight += more;
      };
      const numberOf = <T extends Table>(table: T, set: Process[T]): number => {
        const known = (numbers[table] as Map<Process[T], number>).get(set);
        if (known !== undefined) return known;
        const number = next;
        next += 1;
        (numbers[table] as Map<Process[T], number>).set(set, number);
        (piece[table] as [number, Process[T]][]).push([number, set]);
        return number;
      };
      const places = {
        // A process of which nothing has changed is the same value (kept.ts): no need to look into ten thousand.
        processes: placesOf(
          last.processes,
          processes,
          ({ pid }) => pid,
          Object.is,
          (process) =>
            add(2, (to) =>
              to.processes.push({
                ...process,
                ns: numberOf('ns', process.ns),
                cgroups: numberOf('cgroups', process.cgroups),
              }),
            ),
        ),
        namespaces: placesOf(last.namespaces, namespaces, idOf, isDeepStrictEqual, (namespace) =>
          add(1 + namespace.members.length / NUMBERS, (to) => to.namespaces.push(namespace)),
        ),
        containers: placesOf(
          last.containers,
          containers,
          ({ id }) => id,
          isDeepStrictEqual,
          (container) => add(2 + container.pids.length / NUMBERS, (to) => to.containers.push(container)),
        ),
        mounts: placesOf(
          last.mounts,
          mounts,
          ({ id }) => id,
          isDeepStrictEqual,
          (mount) => add(2, (to) => to.mounts.push(mount)),
        ),
      };
      if (weight > 0) pieces.push(piece);
      last = { processes, namespaces, containers, mounts };
      packed += 1;
      const clearing = packed % CLEAR_EVERY === 0;
      const gone = {
        ns: clearing ? unused(numbers.ns, new Set(processes.map(({ ns }) => ns))) : [],
        cgroups: clearing ? unused(numbers.cgroups, new Set(processes.map(({ cgroups }) => cgroups))) : [],
      };
      return { parcel: { rest, places, pieces: pieces.length, gone }, pieces };
    },
  };
}

function idOf({ type, inode }: Namespace): string {
  return `${type}:${inode}`;
}

function emptyPiece() {
  return {
    ns: [] as [number, Process['ns']][],
    cgroups: [] as [number, Process['cgroups']][],
    processes: [] as SentProcess[],
    namespaces: [] as Namespace[],
    containers: [] as Container[],
    mounts: [] as Mount[],
  };
}

function placesOf<T>(
  last: readonly T[],
  now: readonly T[],
  keyOf: (one: T) => string | number,
  isSame: (a: T, b: T) => boolean,
  send: (one: T) => void,
): Int32Array {
  const known = new Map(last.map((one, at) => [keyOf(one), at]));
  return Int32Array.from(now, (one) => {
    const at = known.get(keyOf(one));
    const before = at === undefined ? undefined : last[at];
    if (at !== undefined && before !== undefined && isSame(before, one)) return at;
    send(one);
    return -1;
  });
}

/** Removes them from the table. */
function unused<T>(table: Map<T, number>, used: ReadonlySet<T>): readonly number[] {
  const gone = [...table].filter(([set]) => !used.has(set));
  for (const [set] of gone) table.delete(set);
  return gone.map(([, number]) => number);
}

export interface Unpacker {
  /** One piece of the parcel that comes next, in the order in which they were packed. */
  add(piece: Piece): void;
  /** The snapshot, after all of its pieces. What has not changed is the same value as in the last one. */
  finish(parcel: Parcel): Snapshot;
}

export function makeUnpacker(): Unpacker {
  let last: Pick<Snapshot, List> = { processes: [], namespaces: [], containers: [], mounts: [] };
  const sets = { ns: new Map<number, Process['ns']>(), cgroups: new Map<number, Process['cgroups']>() };
  let fresh = emptyFresh();
  return {
    add(piece) {
      for (const [number, set] of piece.ns) sets.ns.set(number, set);
      for (const [number, set] of piece.cgroups) sets.cgroups.set(number, set);
      for (const process of piece.processes) {
        const [ns, cgroups] = [sets.ns.get(process.ns), sets.cgroups.get(process.cgroups)];
        if (!ns || !cgroups) throw new Error(`process ${process.pid} came without its links or groups`);
        fresh.processes.push({ ...process, ns, cgroups });
      }
      fresh.namespaces.push(...piece.namespaces);
      fresh.containers.push(...piece.containers);
      fresh.mounts.push(...piece.mounts);
    },
    finish({ rest, places, gone }) {
      last = {
        processes: assembled(last.processes, places.processes, fresh.processes),
        namespaces: assembled(last.namespaces, places.namespaces, fresh.namespaces),
        containers: assembled(last.containers, places.containers, fresh.containers),
        mounts: assembled(last.mounts, places.mounts, fresh.mounts),
      };
      fresh = emptyFresh();
      for (const table of ['ns', 'cgroups'] as const)
        for (const number of gone[table]) sets[table].delete(number);
      return { ...rest, ...last };
    },
  };
}

function emptyFresh() {
  return {
    processes: [] as Process[],
    namespaces: [] as Namespace[],
    containers: [] as Container[],
    mounts: [] as Mount[],
  };
}

/** The very list where nothing of it has changed. */
function assembled<T>(last: readonly T[], places: Int32Array, fresh: readonly T[]): readonly T[] {
  if (fresh.length === 0 && places.length === last.length && places.every((place, at) => place === at))
    return last;
  let taken = 0;
  return Array.from(places, (place) => {
    const one = place === -1 ? fresh[taken++] : last[place];
    if (one === undefined) throw new Error('a piece of the snapshot is missing');
    return one;
  });
}
