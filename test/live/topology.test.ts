// timeout: 300
// Random topologies of namespaces on this kernel: what a plan says is built, and the deep look must find that, whole, with every holder, owner and
// parent, and nothing else; and lsns and ps must say the same. Then thousands of processes that come and go. NSCOPE_TEST_SEED=N runs one again.
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Host, liveHost, takeSnapshot } from '../../src/host/host.ts';
import type { DeepOptions } from '../../src/host/deep-findings.ts';
import { askLsns, askPs } from '../../src/host/oracles.ts';
import { NS_TYPES, type NsType } from '../../src/kernel/namespaces.ts';
import type { Reading } from '../../src/kernel/reading.ts';
import type { Holder, Namespace, Snapshot } from '../../src/model/types.ts';
import { type Comparison, compareLsns, comparePs } from '../../src/model/verify.ts';
import { maybe, need } from '../support/need.ts';
import {
  children,
  countFds,
  descendants,
  type Started,
  statOf,
  until,
  withProcess,
} from '../support/process.ts';
import { randomOf, seeds } from '../support/random.ts';
import { withTempDir } from '../support/temp.ts';
import { DEPTH, type Hold, type Plan, planTopology, type ProcessPlan } from '../support/topology.ts';

const test = suite('live/topology');
const live = maybe(
  test,
  need({ root: true, tools: ['python3', 'setpriv', 'lsns', 'ps'], namespaces: [...NS_TYPES] }),
);
const BUILDER = fileURLToPath(new URL('../support/topology.py', import.meta.url));
const DIES = ['setpriv', '--pdeathsig', 'KILL'];
const MARK = 'nst';

/** The pids, tids, fds and inodes that the symbols of a plan have got. */
interface Built {
  readonly plan: Plan;
  /** By the names of processes and threads. */
  readonly ids: ReadonlyMap<string, number>;
  readonly fds: ReadonlyMap<string, number>;
  /** By symbol. */
  readonly inodes: ReadonlyMap<number, number>;
}

async function withTopology(seed: number, fn: (built: Built) => Promise<void>): Promise<void> {
  await withTempDir(async (dir) => {
    const plan = planTopology(randomOf(seed), MARK, dir);
    for (const file of plan.pinFiles) writeFileSync(file, '');
    await withProcess([...DIES, 'python3', BUILDER], async (started) => fn(await built(plan, started)), {
      input: JSON.stringify(plan.root),
    });
  });
}

async function built(plan: Plan, started: Started): Promise<Built> {
  await until(
    'the topology',
    () => {
      if (started.child.exitCode !== null || started.child.signalCode !== null)
        throw new Error(`the builder ended: ${started.stderr()}`);
      return started.stdout().endsWith('ready\n');
    },
    60_000,
  );
  const inodes = new Map(
    NS_TYPES.map((type, symbol) => [symbol, inodeOf(readlinkSync(`/proc/self/ns/${type}`))]),
  );
  const fds = new Map<string, number>();
  for (const line of started.stdout().split('\n')) {
    const [word, ...rest] = line.split(' ');
    if (word === 'ns') inodes.set(Number(rest[0]), inodeOf(rest[1] ?? ''));
    if (word === 'fd') fds.set(`${rest[0]} ${rest[1]}`, Number(rest[2]));
  }
  const ids = new Map<string, number>();
  // setpriv and a launcher of python become the builder by exec, or stay above it.
  const family = [...descendants(started.pid), statOf(started.pid)];
  for (const one of family) {
    if (!one?.comm.startsWith(MARK)) continue;
    ids.set(one.comm, one.pid);
    for (const tid of readdirSync(`/proc/${one.pid}/task`).map(Number)) {
      const comm = readFileSync(`/proc/${one.pid}/task/${tid}/comm`, 'utf8').trim();
      if (comm !== one.comm) ids.set(comm, tid);
    }
  }
  return { plan, ids, fds, inodes };
}

function inodeOf(link: string): number {
  return Number(/\[(\d+)\]$/.exec(link)?.[1]);
}

/** A text for a holder, in the numbers of this run. */
function holdWords({ plan, ids, fds, inodes }: Built, hold: Hold): string {
  const id = (name: string) => ids.get(name) ?? `no process ${name}`;
  switch (hold.kind) {
    case 'member':
      return `process ${id(hold.process)}`;
    case 'thread':
      return `thread ${id(hold.process)} ${id(hold.thread)}`;
    case 'fd':
      return `fd ${id(hold.process)} ${fds.get(`${hold.process} ${hold.index}`)}`;
    case 'mount':
      return `mount nsfs ${hold.path} in ${inodes.get(hold.within)}`;
    case 'forChildren':
      return `${hold.link} ${id(hold.process)} ${hold.thread === null ? '-' : id(hold.thread)}`;
    case 'child':
    case 'owned': {
      const below = plan.expected.find(({ symbol }) => symbol === hold.symbol);
      return `${hold.kind} ${below?.type} ${inodes.get(hold.symbol)}`;
    }
  }
}

function holderWords(holder: Holder): string {
  switch (holder.kind) {
    case 'process':
      return `process ${holder.pid}`;
    case 'thread':
      return `thread ${holder.pid} ${holder.tid}`;
    case 'fd':
      return `fd ${holder.pid} ${holder.fd}`;
    case 'mount':
      return `mount ${holder.filesystem} ${holder.path} in ${holder.mountNamespace}`;
    case 'forChildren':
      return `${holder.link} ${holder.pid} ${holder.tid ?? '-'}`;
    case 'child':
    case 'owned':
      return `${holder.kind} ${holder.type} ${holder.inode}`;
  }
}

const word = (reading: Reading<number | null>) => (reading.ok ? reading.value : reading.why);

/** Expected and found, as lines that can be compared at once: identity, owner, parent, and every holder. */
function expectedLines(one: Built): readonly string[] {
  return one.plan.expected
    .map((expected) => {
      const holds = expected.holds.map((hold) => holdWords(one, hold)).sort();
      const parent = expected.parent === null ? null : one.inodes.get(expected.parent);
      return `${expected.type}:${one.inodes.get(expected.symbol)} owner ${one.inodes.get(expected.owner)} parent ${parent}: ${holds.join(', ')}`;
    })
    .sort();
}

function foundLine({ type, inode, owner, parent, members, holders }: Namespace): string {
  const holds = [...members.map((pid) => `process ${pid}`), ...holders.map(holderWords)].sort();
  return `${type}:${inode} owner ${word(owner)} parent ${word(parent)}: ${holds.join(', ')}`;
}

const keyOf = ({ type, inode }: { readonly type: NsType; readonly inode: number }) => `${type}:${inode}`;

/** Keys of namespaces that somebody else made meanwhile: held by a process, or by a mount, that is none of ours; and what is above those. */
function foreign(snapshot: Snapshot, { ids, inodes }: Built): ReadonlySet<string> {
  const pids = new Set(ids.values());
  const ours = new Set(inodes.values());
  const byKey = new Map(snapshot.namespaces.map((one) => [keyOf(one), one]));
  const found = new Set<string>();
  const add = (one: Namespace | undefined): void => {
    if (!one || found.has(keyOf(one))) return;
    found.add(keyOf(one));
    if (one.owner.ok && one.owner.value !== null) add(byKey.get(`user:${one.owner.value}`));
    if (one.parent.ok && one.parent.value !== null) add(byKey.get(`${one.type}:${one.parent.value}`));
  };
  for (const one of snapshot.namespaces) {
    const others = one.holders.some((holder) =>
      holder.kind === 'mount'
        ? !ours.has(holder.mountNamespace ?? 0)
        : 'pid' in holder && !pids.has(holder.pid),
    );
    if (others || one.members.some((pid) => !pids.has(pid))) add(one);
  }
  return found;
}

/** Own scan, the other program, own scan (kernel-facts: the protocol); again where something differs. */
async function against<T>(
  host: Host,
  ask: () => Promise<Reading<T>>,
  compare: (before: Snapshot, there: T, after: Snapshot) => Comparison,
  options: { readonly deep?: DeepOptions } = {},
): Promise<Comparison> {
  for (let attempt = 0; ; attempt += 1) {
    const before = await takeSnapshot(host, options);
    const there = await ask();
    if (!there.ok) throw new Error(`${there.path}: ${there.why}`);
    const comparison = compare(before, there.value, await takeSnapshot(host, options));
    if (comparison.differences.length === 0 || attempt === 2) return comparison;
  }
}

function countOps({ ops }: ProcessPlan): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const op of ops) {
    counts[op.op] = (counts[op.op] ?? 0) + 1;
    if (op.op !== 'child') continue;
    for (const [kind, count] of Object.entries(countOps(op.process)))
      counts[kind] = (counts[kind] ?? 0) + count;
  }
  return counts;
}

for (const seed of seeds(3)) {
  live(
    `a random topology (seed ${seed}): found whole, with every holder, and equal to lsns and ps`,
    async () => {
      const before = { fds: countFds(), children: children().map(({ pid }) => pid) };
      const host = liveHost();
      const baseline = await takeSnapshot(host, { deep: {} });
      await withTopology(seed, async (one) => {
        const snapshot = await takeSnapshot(host, { deep: {} });
        const expected = expectedLines(one);
        const keys = new Set(
          one.plan.expected.map(({ type, symbol }) => `${type}:${one.inodes.get(symbol)}`),
        );
        assert.equal(
          snapshot.namespaces
            .filter((found) => keys.has(keyOf(found)))
            .map(foundLine)
            .sort(),
          expected,
          'holders',
        );
        const known = new Set(baseline.namespaces.map(keyOf));
        const others = foreign(snapshot, one);
        const more = snapshot.namespaces.filter(
          (found) => !keys.has(keyOf(found)) && !known.has(keyOf(found)) && !others.has(keyOf(found)),
        );
        assert.equal(more.map(foundLine), [], 'nothing that was not made');
        assert.ok((snapshot.coverage.deep?.unborn ?? 0) >= one.plan.unborn, 'unborn');
        const lsns = await against(host, askLsns, compareLsns, { deep: {} });
        assert.equal(lsns.differences, [], 'lsns');
        const ps = await against(host, askPs, comparePs);
        assert.equal(ps.differences, [], 'ps');
        assert.ok(lsns.compared >= one.plan.expected.length, `lsns: ${lsns.compared}`);
        assert.ok(ps.compared >= one.ids.size, `ps: ${ps.compared}`);
        console.log(
          `seed ${seed}: ${one.plan.expected.length} namespaces, ${JSON.stringify(countOps(one.plan.root))}, nesting ${JSON.stringify(one.plan.nesting)}`,
        );
      });
      // A pipe of a program that has ended is closed a moment later.
      await until('the descriptors of before', () => countFds() === before.fds);
      assert.equal(
        children()
          .map(({ pid }) => pid)
          .filter((pid) => !before.children.includes(pid)),
        [],
        'children',
      );
    },
  );
}

test('the plans are as deep and as different as is told of them', () => {
  const plans = Array.from({ length: 40 }, (_, seed) => planTopology(randomOf(seed), MARK, '/tmp'));
  for (const type of ['user', 'pid'] as const)
    assert.ok(Math.max(...plans.map(({ nesting }) => nesting[type])) >= DEPTH, `${type} to depth ${DEPTH}`);
  const holds = plans.flatMap(({ expected }) => expected.map((one) => one.holds));
  const below = (kind: Hold['kind']) => (kind === 'child' || kind === 'owned' ? 'below' : kind);
  const alone = new Set(
    holds
      .map((list) => [...new Set(list.map(({ kind }) => below(kind)))])
      .flatMap(([first, ...more]) => (first && more.length === 0 ? [first] : [])),
  );
  for (const kind of ['fd', 'mount', 'thread', 'forChildren', 'below'] as const)
    assert.ok(alone.has(kind), `no namespace is held by ${kind} alone`);
  const ops = new Set(plans.flatMap(({ root }) => Object.keys(countOps(root))));
  for (const op of ['zombie', 'reaped', 'thread', 'pin']) assert.ok(ops.has(op), op);
  assert.ok(plans.some(({ unborn }) => unborn > 0));
});

/** Waves of short processes, fifty at once, half of them in namespaces of their own; a few hundred a second, until the deadline or the limit. */
const CHURN = `
import os, signal, sys, time, ctypes
libc = ctypes.CDLL(None)
libc.prctl(1, signal.SIGKILL, 0, 0, 0)
made = 0
end = time.monotonic() + 40
os.write(1, b'ready ')
while made < int(sys.argv[1]) and time.monotonic() < end:
    wave = []
    for at in range(50):
        pid = os.fork()
        if pid == 0:
            libc.prctl(1, signal.SIGKILL, 0, 0, 0)
            if at % 2 == 0:
                libc.unshare(0x04000000 | 0x08000000)
            os._exit(0)
        wave.append(pid)
    for pid in wave:
        os.waitpid(pid, 0)
    made += 50
os.write(1, b'made %d ' % made)
`;

live('processes that come and go by the thousand: no error, no descriptor left, none half read', async () => {
  const host = liveHost();
  await takeSnapshot(host, { deep: {} });
  const before = countFds();
  const wanted = 5000;
  await withProcess([...DIES, 'python3', '-c', CHURN, String(wanted)], async (started) => {
    await until('the churn', () => started.stdout().includes('ready'), 30_000);
    let [looks, passing] = [0, 0];
    while (started.child.exitCode === null) {
      const snapshot = await takeSnapshot(host, looks % 4 === 3 ? { deep: {} } : {});
      looks += 1;
      assert.equal(
        snapshot.coverage.unread.filter(({ path }) => path.startsWith('/proc/')),
        [],
        'a file of another form',
      );
      const pids = new Set<number>();
      for (const process of snapshot.processes) {
        assert.ok(!pids.has(process.pid), `${process.pid} twice`);
        pids.add(process.pid);
        if (process.ppid === started.pid) passing += 1;
        // Whole, or a zombie, which keeps its user and pid namespace alone; a process that ends between two links is one by the last.
        if (process.state === 'Z' || process.state === 'X') continue;
        const lost = NS_TYPES.filter((type) => !process.ns[type].ok);
        if (lost.length > 0)
          assert.is(process.ns.user.ok || lost.length === NS_TYPES.length, true, String(process.pid));
      }
      for (const { type, inode, members } of snapshot.namespaces)
        for (const pid of members)
          assert.ok(pids.has(pid), `${type}:[${inode}] has ${pid}, which was not read`);
      const self = snapshot.processes.find(({ pid }) => pid === process.pid);
      assert.ok(self && NS_TYPES.every((type) => self.ns[type].ok), 'this process is always found whole');
    }
    const made = Number(/made (\d+)/.exec(started.stdout())?.[1]);
    assert.ok(made >= 1000, `${made} processes: ${started.stderr()}`);
    assert.ok(looks >= 3, `${looks} looks`);
    console.log(`${made} processes, ${looks} looks, ${passing} of them met`);
  });
  assert.is(countFds(), before, 'descriptors');
});

test.run();
