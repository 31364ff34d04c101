// What keeps a namespace alive on this kernel: each kind of holder made alone, found, and gone by the command that is told for it; random nested
// topologies found whole; processes that come and go. Threads need koffi, which makes a thread of a child process leave (unshare(2)).
import { closeSync, openSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveHost, takeSnapshot } from '../../src/host/host.ts';
import { NS_TYPES, type NsType } from '../../src/kernel/namespaces.ts';
import { processOf, releaseOf } from '../../src/model/holders.ts';
import { nsRows } from '../../src/model/nslist.ts';
import type { Holder, Namespace, Snapshot } from '../../src/model/types.ts';
import { maybe, need } from '../support/need.ts';
import {
  countFds,
  descendants,
  runToEnd,
  type Started,
  start,
  until,
  withProcess,
} from '../support/process.ts';
import { mountsBelow, withTempDir } from '../support/temp.ts';

const test = suite('live/holders');
const live = maybe(test, need({ root: true, tools: ['unshare', 'nsenter', 'setpriv', 'umount'] }));
const DIES = ['setpriv', '--pdeathsig', 'KILL'];

const look = (): Promise<Snapshot> => takeSnapshot(liveHost(), { deep: {} });

function find(snapshot: Snapshot, type: NsType, inode: number): Namespace | undefined {
  return snapshot.namespaces.find((one) => one.type === type && one.inode === inode);
}

function inodeOf(pid: number | 'self', link: string): number {
  return Number(/\d+/.exec(readlinkSync(`/proc/${pid}/ns/${link}`))?.[0]);
}

/** Runs the very line that nscope tells, and looks again. */
async function release(snapshot: Snapshot, holder: Holder): Promise<void> {
  const line = releaseOf(holder, processOf(snapshot, holder));
  assert.ok(line);
  const { code, stderr } = await runToEnd(['sh', '-c', line]);
  assert.is(code, 0, `${line}: ${stderr}`);
}

/** A namespace goes some time after its last holder: the kernel frees it in the background. */
async function isGone(type: NsType, inode: number): Promise<void> {
  await until(`the end of ${type}:[${inode}]`, async () => find(await look(), type, inode) === undefined);
}

/** What a process wrote to its standard output in one line; waits for it. */
async function line(started: Started, pattern: RegExp): Promise<string> {
  return until(`a line like ${pattern}`, () => {
    if (started.child.exitCode !== null) throw new Error(`it ended: ${started.stderr()}`);
    return pattern.exec(started.stdout())?.[1];
  });
}

live('a network namespace that a bind mount alone holds', async () => {
  await withTempDir(async (dir) => {
    const pin = join(dir, 'a pin');
    writeFileSync(pin, '');
    const made = await runToEnd(['unshare', `--net=${pin}`, 'readlink', '/proc/self/ns/net']);
    try {
      const inode = Number(/\d+/.exec(made.stdout)?.[0]);
      const snapshot = await look();
      const namespace = find(snapshot, 'net', inode);
      assert.equal(namespace?.members, []);
      const [holder] = namespace?.holders.filter((one) => one.kind === 'mount' && one.via === null) ?? [];
      assert.equal(holder, {
        kind: 'mount',
        filesystem: 'nsfs',
        path: pin,
        mountNamespace: inodeOf('self', 'mnt'),
        via: null,
      });
      assert.is(namespace?.owner.ok && namespace.owner.value, inodeOf('self', 'user'));
      if (holder) await release(snapshot, holder);
      await isGone('net', inode);
    } finally {
      for (const mount of mountsBelow(dir)) await runToEnd(['umount', mount]);
    }
  });
});

live('a network namespace that an fd alone holds', async () => {
  const child = await start([...DIES, 'unshare', '--net', 'sh', '-c', 'echo ready; exec sleep 300']);
  let fd: number;
  let inode: number;
  try {
    await line(child, /(ready)/);
    inode = inodeOf(child.pid, 'net');
    fd = openSync(`/proc/${child.pid}/ns/net`, 'r');
  } finally {
    await child.end();
  }
  try {
    const namespace = find(await look(), 'net', inode);
    assert.equal(namespace?.members, []);
    const holders = namespace?.holders.map((one) => (one.kind === 'fd' ? [one.pid, one.fd] : one));
    assert.equal(holders, [[process.pid, fd]]);
  } finally {
    closeSync(fd);
  }
  await isGone('net', inode);
});

live('a pin in another mount namespace, and the command that enters it', async () => {
  await withTempDir(async (dir) => {
    const pin = join(dir, 'pin');
    writeFileSync(pin, '');
    const script = `unshare --uts="$0" readlink /proc/self/ns/uts; echo ready; exec sleep 300`;
    await withProcess(
      [...DIES, 'unshare', '--mount', '--propagation', 'private', 'sh', '-c', script, pin],
      async (started) => {
        await line(started, /(ready)/);
        const inode = Number(await line(started, /uts:\[(\d+)\]/));
        assert.equal(mountsBelow(dir), [], 'not in our own mount namespace');
        const snapshot = await look();
        const namespace = find(snapshot, 'uts', inode);
        const expected: Holder = {
          kind: 'mount',
          filesystem: 'nsfs',
          path: pin,
          mountNamespace: inodeOf(started.pid, 'mnt'),
          via: { id: started.pid, chrooted: false },
        };
        assert.equal(namespace?.holders, [expected]);
        assert.equal(namespace?.members, []);
        // Found by the mount alone, through the root directory of that process, and its owner with it.
        assert.is(namespace?.owner.ok && namespace.owner.value, inodeOf('self', 'user'));
        await release(snapshot, expected);
        await isGone('uts', inode);
      },
    );
  });
});

/** A thread of its own process leaves for new namespaces by unshare(2), tells them, and waits. */
const THREAD = `
const { Worker } = require('node:worker_threads');
const leave = () => {
  const unshare = require('koffi').load(null).func('int unshare(int flags)');
  const { readlinkSync } = require('node:fs');
  const rc = unshare(0x40000000 | 0x04000000 | 0x00020000);
  const links = ['net', 'uts', 'mnt'].map((type) => readlinkSync('/proc/thread-self/ns/' + type));
  const tid = readlinkSync('/proc/thread-self').split('/').pop();
  require('node:fs').writeSync(1, 'thread ' + [rc, tid, ...links].join(' ') + '\\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};
new Worker('(' + leave + ')()', { eval: true });
setInterval(() => {}, 1000);
`;

maybe(test, need({ root: true, files: ['node_modules/koffi'] }))(
  'namespaces that a thread alone is in: its network, its UTS and its mounts',
  async () => {
    await withProcess([...DIES, process.execPath, '-e', THREAD], async (started) => {
      const told = await line(started, /thread (0 \d+ .*)\n/);
      const [, tid = '', ...links] = told.split(' ');
      const snapshot = await look();
      for (const link of links) {
        const [, type = '', inode] = /^(\w+):\[(\d+)\]$/.exec(link) ?? [];
        const namespace = snapshot.namespaces.find((one) => one.type === type && one.inode === Number(inode));
        assert.equal(namespace?.members, [], link);
        const threads = namespace?.holders.flatMap((one) =>
          one.kind === 'thread' ? [[one.pid, one.tid]] : [],
        );
        assert.equal(threads, [[started.pid, Number(tid)]], link);
      }
      const main = snapshot.processes.find(({ pid }) => pid === started.pid);
      assert.is(main?.ns.net.ok && main.ns.net.value, inodeOf('self', 'net'), 'its process has stayed');
    });
  },
);

live('a user namespace that only its child holds', async () => {
  const nested = ['unshare', '--user', '--map-root-user', 'unshare', '--user', '--map-root-user'];
  await withProcess([...DIES, ...nested, 'sh', '-c', 'echo ready; exec sleep 300'], async (started) => {
    await line(started, /(ready)/);
    const inner = inodeOf(started.pid, 'user');
    const snapshot = await look();
    const parent = find(snapshot, 'user', inner)?.parent;
    const middle = find(snapshot, 'user', (parent?.ok && parent.value) || 0);
    assert.equal(middle?.members, []);
    assert.equal(middle?.holders, [{ kind: 'child', type: 'user', inode: inner }]);
    assert.is(middle?.initial, false);
  });
});

live('a pid namespace for children: after its first child has ended, and before there is one', async () => {
  const script = '/bin/true; echo ready; exec sleep 300';
  await withProcess([...DIES, 'unshare', '--pid', 'sh', '-c', script], async (started) => {
    await line(started, /(ready)/);
    const inode = inodeOf(started.pid, 'pid_for_children');
    assert.is.not(inode, inodeOf(started.pid, 'pid'));
    const snapshot = await look();
    const namespace = find(snapshot, 'pid', inode);
    assert.equal(namespace?.members, []);
    assert.equal(
      namespace?.holders.map((one) => one.kind === 'forChildren' && [one.pid, one.link, one.tid]),
      [[started.pid, 'pid_for_children', null]],
    );
    assert.is(nsRows(snapshot).find((row) => row.inode === inode)?.nprocs, 0);
  });
  await withProcess(
    [...DIES, 'unshare', '--pid', 'sh', '-c', 'echo ready; exec sleep 300'],
    async (started) => {
      await line(started, /(ready)/);
      assert.ok(((await look()).coverage.deep?.unborn ?? 0) >= 1);
    },
  );
});

live('a mount of proc holds the pid namespace that it shows', async () => {
  const command = [
    'unshare',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
    'sh',
    '-c',
    'echo ready; exec sleep 300',
  ];
  await withProcess([...DIES, ...command], async (started) => {
    await line(started, /(ready)/);
    const inner = await until('the first process', () => descendants(started.pid)[0]?.pid);
    const namespace = find(await look(), 'pid', inodeOf(inner, 'pid'));
    const mounts = namespace?.holders.filter((one) => one.kind === 'mount');
    assert.equal(
      mounts?.map((one) => one.kind === 'mount' && [one.filesystem, one.path, one.mountNamespace]),
      [['proc', '/proc', inodeOf(inner, 'mnt')]],
    );
  });
});

/** Numbers from a seed (mulberry32): one seed, one topology. */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const OPTIONS: readonly string[] = [
  '--user --map-root-user',
  '--net',
  '--mount',
  '--uts',
  '--ipc',
  '--cgroup',
];
const DEPTH = 6;

/**
 * Scripts, one for each level, that tell each namespace that will stay (TYPE:[INODE]) and make it stay: by a process left behind, by an fd
 * handed on, or by bind mounts. User and pid namespaces stay by those below them. Every other one goes with the next level.
 */
function writeTopology(dir: string, seed: number): string {
  const next = random(seed);
  const script = (level: number) => join(dir, `level-${level}.sh`);
  for (let level = 0; level <= DEPTH; level += 1) {
    const lines = ['set -e', 'readlink /proc/self/ns/user /proc/self/ns/pid'];
    const stay = level === 0 ? 3 : next(3);
    if (stay === 0) lines.push('sleep 300 &', 'readlink /proc/self/ns/*');
    for (const [at, type] of ['net', 'uts', 'ipc', 'cgroup'].entries()) {
      const link = `/proc/self/ns/${type}`;
      const pin = join(dir, `pin-${level}-${type}`);
      writeFileSync(pin, '');
      // dash takes fds of one digit: each level has its own.
      if (stay === 1 && at === level % 4) lines.push(`exec ${2 + level}< ${link}`, `readlink ${link}`);
      // Not in our own mount namespace; and one that belongs to an outer user namespace refuses.
      if (stay === 2)
        lines.push(
          `if [ $(readlink /proc/self/ns/mnt) != "$HOST_MNT" ] && mount --bind ${link} ${pin} 2> /dev/null`,
          `then readlink ${link}; fi`,
        );
    }
    const own = OPTIONS.filter(() => next(2) === 0);
    const fork = next(3) === 0 ? ['--pid', '--fork', '--kill-child'] : [];
    const options = [...own, ...fork, ...(own.length + fork.length === 0 ? ['--uts'] : [])].join(' ');
    lines.push(
      level === DEPTH
        ? 'readlink /proc/self/ns/*; echo ready; exec sleep 300'
        : `exec unshare ${options} sh ${script(level + 1)}`,
    );
    writeFileSync(script(level), `${lines.join('\n')}\n`);
  }
  return script(0);
}

/** What alone held some namespace of the topologies. */
const heldBy = new Set<string>();

for (const seed of [1, 2, 3, 4, 5, 6]) {
  live(
    `a random topology, ${DEPTH} deep (seed ${seed}): every namespace that was made to stay is found, with its holders`,
    async () => {
      await withTempDir(async (dir) => {
        const before = countFds();
        const env = { HOST_MNT: readlinkSync('/proc/self/ns/mnt') };
        await withProcess(
          [...DIES, 'sh', writeTopology(dir, seed)],
          async (started) => {
            await line(started, /(ready)/);
            const seen = new Set(started.stdout().match(/^\w+:\[\d+\]$/gm));
            const snapshot = await look();
            const found = new Map(snapshot.namespaces.map((one) => [`${one.type}:[${one.inode}]`, one]));
            assert.equal(
              [...seen].filter((link) => !found.has(link)),
              [],
              'not found',
            );
            assert.ok(seen.size >= NS_TYPES.length + 3, `only ${seen.size} namespaces`);
            for (const link of seen) {
              const namespace = found.get(link);
              assert.ok(
                namespace && namespace.members.length + namespace.holders.length > 0,
                `${link} has no holder`,
              );
              assert.ok(namespace.owner.ok, `${link} has an owner`);
              const kinds = new Set(
                namespace.holders.map(({ kind }) => (kind === 'owned' || kind === 'child' ? 'below' : kind)),
              );
              if (namespace.members.length === 0 && kinds.size === 1)
                for (const kind of kinds) heldBy.add(kind);
            }
          },
          { env },
        );
        assert.is(countFds(), before);
      });
    },
  );
}

live('those topologies had namespaces that an fd, a mount or what is below them alone held', () => {
  for (const kind of ['below', 'fd', 'mount']) assert.ok(heldBy.has(kind), kind);
});

live(
  'two hundred processes come and go meanwhile: no error, no descriptor left, and what stays is found each time',
  async () => {
    const churn = 'while :; do unshare --uts --ipc sleep 0.02 & unshare --net true; wait; printf .; done';
    await withProcess(
      [...DIES, 'unshare', '--uts', 'sh', '-c', 'echo ready; exec sleep 300'],
      async (stays) => {
        await line(stays, /(ready)/);
        const inode = inodeOf(stays.pid, 'uts');
        const fd = openSync(`/proc/${stays.pid}/ns/uts`, 'r');
        try {
          const host = liveHost();
          await takeSnapshot(host, { deep: {} });
          const before = countFds();
          let looks = 0;
          await withProcess([...DIES, 'sh', '-c', churn], async (started) => {
            // Two processes a round; however slow the machine, so many come and go in so many looks.
            while (looks < 5 || started.stdout().length < 100) {
              assert.is(started.child.exitCode, null, started.stderr());
              const snapshot = await takeSnapshot(host, { deep: {} });
              const namespace = find(snapshot, 'uts', inode);
              assert.equal(namespace?.members, [stays.pid]);
              assert.ok(
                namespace?.holders.some(
                  (one) => one.kind === 'fd' && one.pid === process.pid && one.fd === fd,
                ),
              );
              looks += 1;
            }
          });
          assert.is(countFds(), before);
        } finally {
          closeSync(fd);
        }
      },
    );
  },
);

live("kdevtmpfs' mount namespace is labelled where this host shows it", async () => {
  const snapshot = await look();
  const thread = snapshot.processes.find(({ comm, kernelThread }) => kernelThread && comm === 'kdevtmpfs');
  const link = thread?.ns.mnt;
  const row = nsRows(snapshot).find(({ type, inode }) => type === 'mnt' && link?.ok && link.value === inode);
  assert.is(
    row?.kernelsOwn ?? false,
    thread !== undefined && readFileSync(`/proc/${thread.pid}/comm`, 'utf8') === 'kdevtmpfs\n',
  );
});

test.run();
