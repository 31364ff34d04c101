// Reads the network interfaces of every network namespace, with ip(8) inside each: sysfs and netlink show the namespace of who asks alone.
// Which ends belong together is model/network.ts'. Slow beside a scan: on demand, and never two looks at a time.
import { parseNetDev } from '../kernel/proc/net-dev.ts';
import {
  type Network,
  type NetLink,
  type NetReading,
  type NetTrouble,
  type NetnsIds,
  resolveNetworks,
  unsettled,
  wayInto,
} from '../model/network.ts';
import type { Namespace, Snapshot } from '../model/types.ts';
import { ParseError } from '../text/errors.ts';
import { clean } from '../text/sanitize.ts';
import { run, type RunResult } from './exec.ts';
import type { HostFs } from './fs.ts';
import type { Host } from './host.ts';
import { parseLinks } from './ip-link.ts';

const LIMIT_MS = 5_000;
/** Commands at a time. */
const AT_ONCE = 3;
/** lsns(8) looks at every process for each question: so many in one look, the rest in the next. */
const MOST_QUESTIONS = 4;

/** What one look leaves to the next, so that a host where nothing changes is not asked for its numbers again. */
export interface NetMemory {
  /** By inode of the namespace: the ends that its numbers were asked for with, and the answer. */
  readonly ids: Map<number, { readonly ends: string; readonly numbers: ReadonlyMap<number, number> }>;
}

/** Every network namespace of the snapshot, in its order. Nothing is rejected: what could not be read is a `trouble`. */
export async function readNetworks(
  host: Host,
  snapshot: Snapshot,
  memory: NetMemory,
): Promise<readonly Network[]> {
  const namespaces = snapshot.namespaces.filter(({ type }) => type === 'net');
  const readings = await inTurns(namespaces, (namespace) => readOne(host, snapshot, namespace));
  return resolveNetworks(readings, await numbersOf(host, snapshot, readings, memory));
}

async function inTurns<T, U>(all: readonly T[], work: (one: T) => Promise<U>): Promise<readonly U[]> {
  const done: U[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < all.length) {
      const at = next;
      next += 1;
      done[at] = await work(all[at] as T);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return done;
}

async function readOne(host: Host, snapshot: Snapshot, namespace: Namespace): Promise<NetReading> {
  const { inode, members } = namespace;
  const about = { inode, hasProcess: members.length > 0 };
  const unread = (trouble: NetTrouble): NetReading => ({
    ...about,
    links: namesAlone(host.fs, members),
    trouble,
  });
  if (host.fs.kind === 'recorded') return unread({ why: 'recorded', said: '' });
  const way = wayInto(snapshot, inode);
  if (way === null) return unread({ why: 'unreachable', said: '' });
  if (!leadsTo(host.fs, namespace, way)) return unread({ why: 'unreachable', said: clean(way.join(' ')) });
  const result = await there(host, way, ['ip', '-json', '-pretty', '-details', 'address', 'show']);
  if (result.exitCode !== 0) return unread(troubleOf(result));
  try {
    return { ...about, links: parseLinks(result.stdout), trouble: null };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return unread({ why: 'failed', said: error.message });
  }
}

/** A pid may be another's by now, and a pin may lie under a newer mount. */
function leadsTo(fs: HostFs, { inode, members, pins }: Namespace, way: readonly string[]): boolean {
  if (way.length === 0) return true;
  const [pid] = members;
  if (pid !== undefined) {
    const link = fs.readLink(`/proc/${pid}/ns/net`);
    return link.ok && link.value === `net:[${inode}]`;
  }
  const stat = fs.stat(pins[0] ?? '');
  return stat.ok && stat.value.ino === inode;
}

/** Without root the user namespace of one's own container is entered first, for the capabilities. */
async function there(host: Host, way: readonly string[], command: readonly string[]): Promise<RunResult> {
  const [file = '', ...args] = [...way, ...command];
  const result = await run(file, args, { timeoutMs: LIMIT_MS });
  if (result.exitCode === 0 || host.uid === 0 || way[1] !== '-t') return result;
  const [nsenter = '', ...rest] = [...way, '-U', '--preserve-credentials', ...command];
  const again = await run(nsenter, rest, { timeoutMs: LIMIT_MS });
  return again.exitCode === 0 ? again : result;
}

/** What a command that failed means. */
export function troubleOf({ exitCode, stderr, timedOut }: RunResult): NetTrouble {
  const said = stderr.split('\n')[0] ?? '';
  if (timedOut) return { why: 'failed', said: `${LIMIT_MS} ms` };
  if (exitCode === 127 || /failed to execute .*no such file/i.test(stderr)) return { why: 'missing', said };
  return { why: /not permitted|permission denied/i.test(stderr) ? 'denied' : 'failed', said };
}

/** What anybody may read of a process' namespace: the names (proc_pid_net(5)). */
function namesAlone(fs: HostFs, [pid]: readonly number[]): readonly NetLink[] {
  const text = pid === undefined ? null : fs.readText(`/proc/${pid}/net/dev`);
  if (!text?.ok) return [];
  return parseNetDev(text.value).map((name, at) => ({
    ifindex: -1 - at,
    name: clean(name),
    kind: null,
    up: null,
    addresses: [],
    master: null,
    other: null,
  }));
}

/** Asks for the numbers that nothing else settles, our own namespace's first: the other end of most pairs is there. */
async function numbersOf(
  host: Host,
  snapshot: Snapshot,
  readings: readonly NetReading[],
  memory: NetMemory,
): Promise<NetnsIds> {
  // A number is given anew only when its namespace has ended, and its pairs with it: new ends have other ifindexes.
  const ends = new Map(readings.map((reading) => [reading.inode, JSON.stringify(endsIn(reading))]));
  for (const [inode, kept] of memory.ids) if (ends.get(inode) !== kept.ends) memory.ids.delete(inode);
  const ids = () => new Map([...memory.ids].map(([inode, { numbers }]) => [inode, numbers] as const));
  for (let asked = 0; asked < MOST_QUESTIONS; asked += 1) {
    const open = unsettled(readings, ids());
    const inode = open.find((one) => wayInto(snapshot, one)?.length === 0) ?? open[0];
    const way = inode === undefined ? null : wayInto(snapshot, inode);
    if (inode === undefined || way === null) break;
    const numbers = await askNumbers(host, way);
    // Without lsns(8), or without its NETNSID (before util-linux 2.32), what can be told without is told.
    if (numbers === null) break;
    memory.ids.set(inode, { ends: ends.get(inode) ?? '', numbers });
  }
  return ids();
}

function endsIn({ links }: NetReading): readonly unknown[] {
  return links.flatMap(({ ifindex, other }) => (other?.in === 'there' ? [[ifindex, other]] : []));
}

const NUMBERS = ['lsns', '-t', 'net', '-n', '-r', '-o', 'NETNSID,NS'];

async function askNumbers(host: Host, way: readonly string[]): Promise<ReadonlyMap<number, number> | null> {
  const { exitCode, stdout } = await there(host, way, NUMBERS);
  if (exitCode !== 0) return null;
  return new Map(
    [...stdout.matchAll(/^(\d+) (\d+)$/gm)].map(([, number, inode]) => [Number(number), Number(inode)]),
  );
}
