// timeout: 120
// Network namespaces of our own with pairs between them and a bridge: what is found of them on this kernel, also where only numbers tell which is which.
import { spawnSync } from 'node:child_process';
import { readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveHost, recordedHost, takeSnapshot } from '../../src/host/host.ts';
import { readNetworks } from '../../src/host/networks.ts';
import { watchHost } from '../../src/host/watch.ts';
import type { Network, SeenLink } from '../../src/model/network.ts';
import { maybe, need } from '../support/need.ts';
import { until, withProcess } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('live/networks');
const live = maybe(
  test,
  need({ root: true, tools: ['unshare', 'nsenter', 'ip', 'lsns', 'mount', 'umount'], namespaces: ['net'] }),
);

/** A name that JSON, a shell and a terminal each stumble over. */
const HOSTILE = `e'"\x1b[31m`;

interface Place {
  readonly pid: number;
  readonly inode: number;
}

const inodeOf = (pid: number | string): number =>
  Number(/\d+/.exec(readlinkSync(`/proc/${pid}/ns/net`))?.[0]);

function sh(...argv: readonly string[]): void {
  const [file = '', ...args] = argv;
  const { status, stderr } = spawnSync(file, args, { encoding: 'utf8' });
  assert.is(status, 0, `${argv.join(' ')}: ${stderr}`);
}

const ipIn = ({ pid }: Place, ...args: readonly string[]) =>
  sh('nsenter', '-t', String(pid), '-n', 'ip', ...args);

/** So many processes, each in a network namespace of its own. */
async function withPlaces(count: number, use: (places: readonly Place[]) => Promise<void>): Promise<void> {
  const go = async (places: readonly Place[]): Promise<void> => {
    if (places.length === count) return use(places);
    // util-linux' unshare executes the command itself: the pid stays.
    await withProcess(['unshare', '--net', 'sleep', '300'], async ({ pid }) => {
      await until('a network namespace', () => inodeOf(pid) !== inodeOf('self'));
      await go([...places, { pid, inode: inodeOf(pid) }]);
    });
  };
  await go([]);
}

function linkOf(networks: readonly Network[], inode: number, name: string): SeenLink {
  const network = networks.find((one) => one.inode === inode);
  const link = network?.links.find((one) => one.name === name);
  assert.ok(link, `${name} in ${JSON.stringify(network)}`);
  return link;
}

live(
  'pairs, a bridge with its port, addresses, a hostile name, both ends in one namespace, a macvlan',
  async () => {
    await withPlaces(2, async ([a, b]) => {
      assert.ok(a && b);
      ipIn(a, 'link', 'add', 'br0', 'type', 'bridge');
      ipIn(a, 'link', 'add', 'one', 'type', 'veth', 'peer', 'name', 'two', 'netns', String(b.pid));
      ipIn(a, 'link', 'set', 'one', 'master', 'br0', 'up');
      ipIn(b, 'address', 'add', '10.9.0.2/24', 'dev', 'two');
      ipIn(b, 'link', 'add', HOSTILE, 'type', 'veth', 'peer', 'name', 'here');
      const host = liveHost();
      const networks = await readNetworks(host, await takeSnapshot(host), { ids: new Map() });
      const one = linkOf(networks, a.inode, 'one');
      assert.equal(one.far, { inode: b.inode, name: 'two' });
      assert.is(one.kind, 'veth');
      assert.is(one.master, 'br0');
      assert.is(one.up, true);
      assert.is(linkOf(networks, a.inode, 'br0').kind, 'bridge');
      const two = linkOf(networks, b.inode, 'two');
      assert.equal(two.far, { inode: a.inode, name: 'one' });
      assert.equal(two.addresses, ['10.9.0.2/24']);
      assert.is(two.up, false);
      assert.is(linkOf(networks, b.inode, 'here').far?.name, `e'"\\x1b[31m`);
      assert.is(linkOf(networks, b.inode, `e'"\\x1b[31m`).far?.name, 'here');
      assert.is(linkOf(networks, b.inode, 'lo').kind, 'loopback');
      for (const { inode, trouble } of networks)
        if (inode === a.inode || inode === b.inode) assert.is(trouble, null);
    });
  },
);

live(
  'pairs whose ifindexes are all alike are told apart, and the second look asks nothing anew',
  async () => {
    await withPlaces(4, async ([a, b, c, d]) => {
      assert.ok(a && b && c && d);
      for (const [left, right] of [
        [a, c],
        [b, d],
      ] as const)
        ipIn(left, 'link', 'add', 'x', 'type', 'veth', 'peer', 'name', 'y', 'netns', String(right.pid));
      const host = liveHost();
      const memory = { ids: new Map() };
      const networks = await readNetworks(host, await takeSnapshot(host), memory);
      assert.equal(linkOf(networks, a.inode, 'x').far, { inode: c.inode, name: 'y' });
      assert.equal(linkOf(networks, d.inode, 'y').far, { inode: b.inode, name: 'x' });
      const asked = new Map(memory.ids);
      assert.ok(asked.size > 0);
      await readNetworks(host, await takeSnapshot(host), memory);
      for (const [inode, answer] of asked) assert.is(memory.ids.get(inode), answer);
    });
  },
);

live('a namespace that only a mount holds is read through it, and its end is found', async () => {
  await withTempDir(async (directory) => {
    const pin = join(directory, 'pin');
    writeFileSync(pin, '');
    let inode = 0;
    try {
      await withPlaces(1, async ([a]) => {
        assert.ok(a);
        await withProcess(['unshare', '--net', 'sleep', '300'], async ({ pid }) => {
          await until('a network namespace', () => inodeOf(pid) !== inodeOf('self'));
          inode = inodeOf(pid);
          sh('mount', '--bind', `/proc/${pid}/ns/net`, pin);
          ipIn(a, 'link', 'add', 'out', 'type', 'veth', 'peer', 'name', 'in', 'netns', String(pid));
        });
        const host = liveHost();
        const networks = await readNetworks(host, await takeSnapshot(host), { ids: new Map() });
        assert.is(linkOf(networks, inode, 'in').far?.name, 'out');
        assert.equal(linkOf(networks, a.inode, 'out').far, { inode, name: 'in' });
      });
    } finally {
      if (inode !== 0) sh('umount', pin);
    }
  });
});

live('the worker answers beside its scans', async () => {
  const host = watchHost({ intervalMs: 60_000 });
  try {
    await host.refresh();
    const networks = await host.ask('networks');
    assert.is(linkOf(networks, inodeOf('self'), 'lo').ifindex, 1);
  } finally {
    await host.close();
  }
});

test('a recording has none, and says so', async () => {
  const file = new URL('../../fixtures/hosts/debian13-v2-docker.host', import.meta.url).pathname;
  const host = recordedHost(file);
  const networks = await readNetworks(host, await takeSnapshot(host), { ids: new Map() });
  assert.ok(networks.length > 1);
  for (const { links, trouble } of networks) {
    assert.equal(links, []);
    assert.is(trouble?.why, 'recorded');
  }
});

test.run();
