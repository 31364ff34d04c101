// Network interfaces by namespace, and which is the other end of which: veth pairs and parents across namespaces. Pure; read by host/networks.ts.
import { namespaceAt, processByPid } from './find.ts';
import type { Snapshot } from './types.ts';

/** What ip-address(8) tells of one network interface. Texts are sanitised. */
export interface NetLink {
  /** Of its namespace; where nobody told (a name alone) the place in the list, from -1 downwards. */
  readonly ifindex: number;
  readonly name: string;
  /** `veth`, `bridge`, …; `loopback` for lo; null for what was not made by ip-link(8), a card, or where nobody told. */
  readonly kind: string | null;
  /** Administratively (IFF_UP of netdevice(7)); null where nobody told. */
  readonly up: boolean | null;
  /** With the lengths of their prefixes; those that the kernel gives by itself for one link (fe80::) are left out. */
  readonly addresses: readonly string[];
  /** The bridge (or bond) that it is a port of, by name. */
  readonly master: string | null;
  /** IFLA_LINK: the other end of a pair, or the parent of a vlan, macvlan, ipvlan …; null where it has none. */
  readonly other: OtherEnd | null;
}

/**
 * `here`: by its name, in the same namespace. `there`: in another one, by its ifindex there; `netnsid` is this namespace's own number for that one
 * (network_namespaces(7), ip-netns(8)), null where it has none for it.
 */
export type OtherEnd =
  | { readonly in: 'here'; readonly name: string }
  | { readonly in: 'there'; readonly ifindex: number; readonly netnsid: number | null };

/**
 * Why the interfaces of a namespace could not be told, or by name alone. `recorded`: a recording holds none. `missing`: there is no ip(8) or nsenter(1).
 * `unreachable`: neither a process nor a mount leads into it. `said`: what the command said, sanitised.
 */
export interface NetTrouble {
  readonly why: 'recorded' | 'missing' | 'denied' | 'unreachable' | 'failed';
  readonly said: string;
}

/** One network namespace as it was read. */
export interface NetReading {
  readonly inode: number;
  /** Ascending ifindex. */
  readonly links: readonly NetLink[];
  readonly trouble: NetTrouble | null;
  /** It has a member, so that lsns(8) lists it. */
  readonly hasProcess: boolean;
}

/** Where the other end is: null for what cannot be told. */
export interface FarEnd {
  readonly inode: number | null;
  readonly name: string | null;
}

export interface SeenLink extends NetLink {
  /** null where there is no other end. */
  readonly far: FarEnd | null;
}

export interface Network {
  readonly inode: number;
  readonly links: readonly SeenLink[];
  readonly trouble: NetTrouble | null;
}

/** Numbers of namespaces: by the inode of the one that numbers, number to inode. One that was asked in vain has an empty map. */
export type NetnsIds = ReadonlyMap<number, ReadonlyMap<number, number>>;

/** Kinds whose IFLA_LINK is the other end, which has this end as its own. */
const PAIRS: readonly string[] = ['veth', 'vxcan', 'netkit'];

export function isPair({ kind }: Pick<NetLink, 'kind'>): boolean {
  return kind !== null && PAIRS.includes(kind);
}

type Far = Extract<OtherEnd, { in: 'there' }>;
interface End {
  readonly inode: number;
  readonly link: NetLink;
  readonly other: Far & { readonly netnsid: number };
}

/** The ends whose other end is in another namespace that theirs has a number for. */
function endsOf(readings: readonly NetReading[]): readonly End[] {
  return readings.flatMap(({ inode, links }) =>
    links.flatMap((link): End[] => {
      const { other } = link;
      if (other?.in !== 'there' || other.netnsid === null) return [];
      return [{ inode, link, other: { ...other, netnsid: other.netnsid } }];
    }),
  );
}

/** Which namespace a namespace means by a number, as far as it is known. Every number is one namespace, and every namespace has one number. */
class Numbers {
  readonly #known = new Map<number, Map<number, number>>();

  get(of: number, netnsid: number): number | undefined {
    return this.#known.get(of)?.get(netnsid);
  }

  taken(of: number, inode: number): boolean {
    return [...(this.#known.get(of)?.values() ?? [])].includes(inode);
  }

  /** True where it was not known before. */
  learn(of: number, netnsid: number, inode: number): boolean {
    const known = this.#known.get(of) ?? new Map<number, number>();
    if (known.has(netnsid)) return false;
    this.#known.set(of, known.set(netnsid, inode));
    return true;
  }
}

/** The other side of a pair whose one end has told its namespace and ifindex: it must say the same of that end. */
function isOtherSide(link: NetLink | undefined, end: End): link is NetLink & { readonly other: Far } {
  return (
    link?.other?.in === 'there' && isPair(link) && isPair(end.link) && link.other.ifindex === end.link.ifindex
  );
}

/** What is known for sure: the numbers that were asked for, and what the other side of a pair must mean by its own number. */
function toldNumbers(readings: readonly NetReading[], ids: NetnsIds): Numbers {
  const numbers = new Numbers();
  for (const [of, map] of ids) for (const [netnsid, inode] of map) numbers.learn(of, netnsid, inode);
  spread(readings, numbers);
  return numbers;
}

function spread(readings: readonly NetReading[], numbers: Numbers): void {
  const ends = endsOf(readings);
  let learnt = true;
  while (learnt) {
    learnt = false;
    for (const end of ends) {
      const inode = numbers.get(end.inode, end.other.netnsid);
      const far = inode === undefined ? undefined : linkAt(readings, inode, end.other.ifindex);
      if (inode === undefined || !isOtherSide(far, end) || far.other.netnsid === null) continue;
      if (numbers.learn(inode, far.other.netnsid, end.inode)) learnt = true;
    }
  }
}

function linkAt(readings: readonly NetReading[], of: number, ifindex: number): NetLink | undefined {
  return readings.find(({ inode }) => inode === of)?.links.find((link) => link.ifindex === ifindex);
}

/**
 * Learns one number that nobody told: of the only namespace in which every pair that goes there has its other end, if that one has no other choice
 * either.
 */
function guess(readings: readonly NetReading[], ids: NetnsIds, numbers: Numbers): boolean {
  const open = new Map<string, End[]>();
  for (const end of endsOf(readings)) {
    if (!isPair(end.link) || numbers.get(end.inode, end.other.netnsid) !== undefined) continue;
    const key = `${end.inode} ${end.other.netnsid}`;
    open.set(key, [...(open.get(key) ?? []), end]);
  }
  for (const group of open.values()) {
    const [first] = group;
    const only = onlyChoice(readings, ids, numbers, group);
    if (!first || !only) continue;
    const mutual = group.every(({ other }) => {
      const back = linkAt(readings, only.inode, other.ifindex)?.other;
      if (back?.in !== 'there' || back.netnsid === null) return false;
      const same = open.get(`${only.inode} ${back.netnsid}`);
      return same === undefined || onlyChoice(readings, ids, numbers, same)?.inode === first.inode;
    });
    if (mutual) return numbers.learn(first.inode, first.other.netnsid, only.inode);
  }
  return false;
}

/**
 * The namespace in which all these ends of one namespace can have their other ends; undefined where there are several or none. Where the numbers of a
 * namespace were asked for, what lsns(8) did not list has no process.
 */
function onlyChoice(
  readings: readonly NetReading[],
  ids: NetnsIds,
  numbers: Numbers,
  group: readonly End[],
): NetReading | undefined {
  const of = group[0]?.inode ?? 0;
  const [only, ...others] = readings.filter(
    ({ inode, links, hasProcess }) =>
      inode !== of &&
      !(hasProcess && ids.has(of)) &&
      !numbers.taken(of, inode) &&
      group.every((end) => {
        const far = links.find(({ ifindex }) => ifindex === end.other.ifindex);
        if (!isOtherSide(far, end)) return false;
        const back = far.other.netnsid === null ? undefined : numbers.get(inode, far.other.netnsid);
        return back === undefined ? !numbers.taken(inode, of) : back === of;
      }),
  );
  return others.length === 0 ? only : undefined;
}

/** The namespaces whose numbers are still to be asked for, those with the most ends that nothing else settles first. */
export function unsettled(readings: readonly NetReading[], ids: NetnsIds): readonly number[] {
  const numbers = toldNumbers(readings, ids);
  const counts = new Map<number, number>();
  for (const { inode, other } of endsOf(readings)) {
    if (ids.has(inode) || numbers.get(inode, other.netnsid) !== undefined) continue;
    counts.set(inode, (counts.get(inode) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([inode]) => inode);
}

/**
 * Every interface with its other end. Where two namespaces could be meant, or none that was read, neither is named. An interface whose other end says
 * something else (it was read a moment later) has an end without a name.
 */
export function resolveNetworks(readings: readonly NetReading[], ids: NetnsIds): readonly Network[] {
  const numbers = toldNumbers(readings, ids);
  while (guess(readings, ids, numbers)) spread(readings, numbers);
  return readings.map(({ inode, links, trouble }) => ({
    inode,
    trouble,
    links: links.map((link) => ({ ...link, far: farOf(readings, numbers, inode, link) })),
  }));
}

function farOf(
  readings: readonly NetReading[],
  numbers: Numbers,
  inode: number,
  link: NetLink,
): FarEnd | null {
  const { other } = link;
  if (other === null) return null;
  if (other.in === 'here') return { inode, name: other.name };
  const there = other.netnsid === null ? undefined : numbers.get(inode, other.netnsid);
  if (there === undefined || other.netnsid === null) return { inode: null, name: null };
  const far = linkAt(readings, there, other.ifindex);
  const agrees = isPair(link)
    ? isOtherSide(far, { inode, link, other: { ...other, netnsid: other.netnsid } })
    : far;
  return { inode: there, name: agrees && far ? far.name : null };
}

/**
 * The words before a command that is to run in a network namespace: none for this program's own, nsenter(1) for that of a process or of a mount that
 * pins it. null where nothing leads into it, as in a recording.
 */
export function wayInto(snapshot: Snapshot, inode: number): readonly string[] | null {
  if (snapshot.source.kind === 'recorded') return null;
  const own = processByPid(snapshot, snapshot.self)?.ns.net;
  if (own?.ok && own.value === inode) return [];
  const namespace = namespaceAt(snapshot, 'net', inode);
  const [pid] = namespace?.members ?? [];
  if (pid !== undefined) return ['nsenter', '-t', String(pid), '-n'];
  const [pin] = namespace?.pins ?? [];
  return pin === undefined ? null : ['nsenter', `--net=${pin}`];
}
