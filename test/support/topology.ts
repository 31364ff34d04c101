// Plans of random namespace topologies: what topology.py is to build, and what must then be found, in the terms of the plan (symbols, names of
// processes). Pure; the rules are namespaces(7)'s and unshare(2)'s, not nscope's.
import { NS_TYPES, type NsType } from '../../src/kernel/namespaces.ts';
import type { Random } from './random.ts';

/** Levels of processes below one another; each may make a namespace of every type. */
export const DEPTH = 6;

type Symbols = Readonly<Partial<Record<NsType, number>>>;

export type Op =
  | { readonly op: 'unshare'; readonly types: readonly NsType[]; readonly symbols: Symbols }
  | { readonly op: 'fd'; readonly type: NsType }
  | { readonly op: 'pin'; readonly type: NsType; readonly path: string }
  /** `firstOf`: the pid namespace whose first process it is. */
  | { readonly op: 'child'; readonly process: ProcessPlan; readonly firstOf: number | null }
  | { readonly op: 'zombie'; readonly name: string; readonly firstOf: number | null }
  /** A child that ends and is waited for. */
  | { readonly op: 'reaped'; readonly firstOf: number | null }
  | {
      readonly op: 'thread';
      readonly name: string;
      readonly types: readonly NsType[];
      readonly symbols: Symbols;
    };

export interface ProcessPlan {
  /** Its comm. */
  readonly name: string;
  readonly ops: readonly Op[];
}

/** What holds a namespace, in terms of the plan. */
export type Hold =
  | { readonly kind: 'member'; readonly process: string }
  | { readonly kind: 'thread'; readonly process: string; readonly thread: string }
  | { readonly kind: 'fd'; readonly process: string; readonly index: number }
  /** `within`: the mount namespace that the mount is in. */
  | { readonly kind: 'mount'; readonly path: string; readonly within: number }
  | {
      readonly kind: 'forChildren';
      readonly process: string;
      readonly thread: string | null;
      readonly link: 'pid_for_children' | 'time_for_children';
    }
  | { readonly kind: 'child' | 'owned'; readonly symbol: number };

export interface Expected {
  readonly symbol: number;
  readonly type: NsType;
  readonly owner: number;
  /** null for a type without parents. */
  readonly parent: number | null;
  readonly holds: readonly Hold[];
}

export interface Plan {
  readonly root: ProcessPlan;
  /** Symbols 0 to 7 are the namespaces of the test itself, in the order of NS_TYPES. */
  readonly expected: readonly Expected[];
  /** Files to bind upon. */
  readonly pinFiles: readonly string[];
  /** Pid namespaces that have been made for children and have none. */
  readonly unborn: number;
  /** How many levels of user and of pid namespaces lie below the test's own. */
  readonly nesting: Readonly<Record<'user' | 'pid', number>>;
}

interface Made {
  readonly symbol: number;
  readonly type: NsType;
  readonly owner: number;
  readonly parent: number | null;
  readonly depth: number;
  readonly holds: Hold[];
}

interface State {
  readonly ns: Record<NsType, number>;
  pidForChildren: number;
  timeForChildren: number;
}

/** Types that can be left again and again, by a thread too. */
const PLAIN: readonly NsType[] = ['net', 'uts', 'ipc', 'cgroup', 'mnt'];

/** `mark` begins each process' name; with the numbers behind it at most 15 bytes (comm). */
export function planTopology(random: Random, mark: string, dir: string): Plan {
  const made: Made[] = NS_TYPES.map((type, symbol) => ({
    symbol,
    type,
    owner: NS_TYPES.indexOf('user'),
    parent: null,
    depth: 0,
    holds: [],
  }));
  const initial = Object.fromEntries(NS_TYPES.map((type, at) => [type, at])) as Record<NsType, number>;
  /** The binds in each mount namespace. */
  const pins = new Map<number, { readonly path: string; readonly symbol: number }[]>();
  const pinFiles: string[] = [];
  /** Pid namespaces that have or had a first process. */
  const born = new Set<number>([initial.pid]);
  /** Their first process has ended: no other can be made (pid_namespaces(7)). */
  const dead = new Set<number>();
  const withUnborn: number[] = [];
  let processes = 0;

  const at = (symbol: number): Made => {
    const found = made[symbol];
    if (!found) throw new Error(`no symbol ${symbol}`);
    return found;
  };
  const isNew = (symbol: number): boolean => symbol >= NS_TYPES.length;
  const hold = (symbol: number, by: Hold): void => {
    at(symbol).holds.push(by);
  };
  const make = (type: NsType, state: State): number => {
    const nested = type === 'user' || type === 'pid';
    const parent = nested ? state.ns[type] : null;
    const depth = parent === null ? 0 : at(parent).depth + 1;
    made.push({ symbol: made.length, type, owner: state.ns.user, parent, depth, holds: [] });
    return made.length - 1;
  };
  const unshare = (types: readonly NsType[], state: State): Op & { op: 'unshare' } => {
    const symbols: Partial<Record<NsType, number>> = {};
    // The user namespace first: it owns the others.
    for (const type of [...types].sort((a, b) => Number(b === 'user') - Number(a === 'user'))) {
      const symbol = make(type, state);
      symbols[type] = symbol;
      if (type === 'pid') state.pidForChildren = symbol;
      else if (type === 'time') state.timeForChildren = symbol;
      else {
        // A new mount namespace has a copy of each mount, the binds of namespaces among them (mount_namespaces(7)).
        if (type === 'mnt') pins.set(symbol, [...(pins.get(state.ns.mnt) ?? [])]);
        state.ns[type] = symbol;
      }
    }
    return { op: 'unshare', types, symbols };
  };
  const some = (types: readonly NsType[], oneIn: number): NsType[] => types.filter(() => random.oneIn(oneIn));
  /** Some of the namespaces that it is in now stay, whatever it does next. */
  const keep = (name: string, state: State, ops: Op[]): void => {
    for (const type of some(NS_TYPES, 4)) {
      if (!isNew(state.ns[type])) continue;
      hold(state.ns[type], { kind: 'fd', process: name, index: ops.length });
      ops.push({ op: 'fd', type });
    }
    // It needs CAP_SYS_ADMIN in the owner of its mount namespace, and a mount namespace is not bound in itself.
    if (!isNew(state.ns.mnt) || at(state.ns.mnt).owner !== state.ns.user) return;
    for (const type of some(NS_TYPES, 4)) {
      if (type === 'mnt' || !isNew(state.ns[type])) continue;
      const path = `${dir}/pin-${pinFiles.length}`;
      pinFiles.push(path);
      pins.get(state.ns.mnt)?.push({ path, symbol: state.ns[type] });
      ops.push({ op: 'pin', type, path });
    }
  };
  /** What a child begins with; it is the first of its pid namespace where that had none. */
  const inherit = (state: State): { readonly child: State; readonly firstOf: number | null } => {
    const pid = state.pidForChildren;
    const firstOf = born.has(pid) ? null : pid;
    born.add(pid);
    const ns = { ...state.ns, pid, time: state.timeForChildren };
    return { child: { ns, pidForChildren: pid, timeForChildren: state.timeForChildren }, firstOf };
  };

  const plan = (level: number, state: State, spine: boolean): ProcessPlan => {
    const name = `${mark}${processes}`;
    processes += 1;
    const ops: Op[] = [];
    const first = NS_TYPES.filter((type) =>
      spine && (type === 'user' || type === 'pid') ? !random.oneIn(4) : random.oneIn(2),
    );
    ops.push(unshare(first.length > 0 ? first : ['uts'], state));
    keep(name, state, ops);
    if (random.oneIn(2)) {
      const again = some([...PLAIN, 'user'], 2);
      if (again.length > 0) ops.push(unshare(again, state));
      keep(name, state, ops);
    }
    const canFork = (): boolean => !dead.has(state.pidForChildren);
    if (!spine && level < DEPTH && random.oneIn(4)) {
      const { firstOf } = inherit(state);
      if (firstOf !== null) dead.add(firstOf);
      ops.push({ op: 'reaped', firstOf });
    }
    const children = spine && level < DEPTH ? 1 + random.below(2) : random.oneIn(4) && level < DEPTH ? 1 : 0;
    for (let count = 0; count < children && canFork(); count += 1) {
      const { child, firstOf } = inherit(state);
      ops.push({ op: 'child', process: plan(level + 1, child, spine && count === 0), firstOf });
    }
    if (random.oneIn(3) && canFork()) {
      const { child, firstOf } = inherit(state);
      if (firstOf !== null) dead.add(firstOf);
      const zombie = `${name}z`;
      // It keeps these two and has lost the rest (fs/proc/namespaces.c: its nsproxy is gone).
      for (const type of ['user', 'pid'] as const) hold(child.ns[type], { kind: 'member', process: zombie });
      ops.push({ op: 'zombie', name: zombie, firstOf });
    }
    // No thread can be made while the next child would be in another pid or time namespace (clone(2), EINVAL).
    const canThread = state.pidForChildren === state.ns.pid && state.timeForChildren === state.ns.time;
    for (let count = canThread ? random.below(3) : 0; count > 0; count -= 1) {
      const thread = `${name}t${count}`;
      const types = some([...PLAIN, 'time'], 2);
      // A thread starts with what its process has, and goes on alone.
      const own: State = { ...state, ns: { ...state.ns } };
      const { symbols } = unshare(types, own);
      for (const type of PLAIN)
        if (types.includes(type)) hold(own.ns[type], { kind: 'thread', process: name, thread });
      if (types.includes('time'))
        hold(own.timeForChildren, {
          kind: 'forChildren',
          process: name,
          thread,
          link: 'time_for_children',
        });
      ops.push({ op: 'thread', name: thread, types, symbols });
    }
    for (const type of NS_TYPES) hold(state.ns[type], { kind: 'member', process: name });
    if (state.timeForChildren !== state.ns.time)
      hold(state.timeForChildren, {
        kind: 'forChildren',
        process: name,
        thread: null,
        link: 'time_for_children',
      });
    if (state.pidForChildren !== state.ns.pid) {
      if (born.has(state.pidForChildren))
        hold(state.pidForChildren, {
          kind: 'forChildren',
          process: name,
          thread: null,
          link: 'pid_for_children',
        });
      else withUnborn.push(state.pidForChildren);
    }
    return { name, ops };
  };

  const root = plan(1, { ns: initial, pidForChildren: initial.pid, timeForChildren: initial.time }, true);
  for (const [within, binds] of pins) {
    // No process and no thread shows the mounts of one that an fd alone holds.
    if (!at(within).holds.some(({ kind }) => kind === 'member' || kind === 'thread')) continue;
    for (const { path, symbol } of binds) hold(symbol, { kind: 'mount', path, within });
  }
  const expected = reachable(made, isNew);
  const deepest = (type: NsType) =>
    Math.max(0, ...expected.filter((one) => one.type === type).map(({ symbol }) => at(symbol).depth));
  return {
    root,
    expected,
    pinFiles,
    unborn: withUnborn.length,
    nesting: { user: deepest('user'), pid: deepest('pid') },
  };
}

/** Those to which a file leads, and their owners and parents upwards; with what is below each as holders. */
function reachable(made: readonly Made[], isNew: (symbol: number) => boolean): readonly Expected[] {
  const found = new Set<number>();
  const add = (symbol: number | null): void => {
    if (symbol === null || !isNew(symbol) || found.has(symbol)) return;
    found.add(symbol);
    add(made[symbol]?.owner ?? null);
    add(made[symbol]?.parent ?? null);
  };
  for (const { symbol, holds } of made) if (holds.length > 0) add(symbol);
  const living = made.filter(({ symbol }) => found.has(symbol));
  return living.map((one) => ({
    symbol: one.symbol,
    type: one.type,
    owner: one.owner,
    parent: one.parent,
    holds: [
      ...one.holds,
      ...living.flatMap((below): Hold[] => {
        if (below.parent === one.symbol) return [{ kind: 'child', symbol: below.symbol }];
        return one.type === 'user' && below.owner === one.symbol
          ? [{ kind: 'owned', symbol: below.symbol }]
          : [];
      }),
    ],
  }));
}
