// The command that releases each holder, the names of known pins, the order, the kernel's own; and the forests of `nscope ns --tree`.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { takeSnapshot } from '../../src/host/host.ts';
import { RELATIONS_PATH } from '../../src/host/relations-text.ts';
import { processByPid } from '../../src/model/find.ts';
import { holdersOf, isKernelsOwn, pinName, releaseOf, sortHolders } from '../../src/model/holders.ts';
import { nsRows } from '../../src/model/nslist.ts';
import { nsForest, type NsTreeNode } from '../../src/model/nstree.ts';
import type { Holder } from '../../src/model/types.ts';
import { type FakeProcess, HOST_NS, hostOf, recordingOf } from '../support/host-text.ts';

const test = suite('model/holders');
const mount = (path: string, via: { id: number; chrooted: boolean } | null = null): Holder => ({
  kind: 'mount',
  filesystem: 'nsfs',
  path,
  mountNamespace: 1,
  via,
});

const RELEASES: readonly (readonly [Holder, string])[] = [
  [{ kind: 'process', pid: 7, starttime: 1 }, 'kill 7'],
  [{ kind: 'thread', pid: 7, starttime: 1, tid: 9 }, 'kill 7'],
  [{ kind: 'fd', pid: 7, starttime: 1, fd: 3 }, 'kill 7 # or have it close fd 3'],
  [{ kind: 'forChildren', pid: 7, starttime: 1, tid: null, link: 'pid_for_children' }, 'kill 7'],
  [mount('/run/netns/blue'), 'umount /run/netns/blue'],
  [mount('/run/x', { id: 7, chrooted: false }), 'nsenter -t 7 -m umount /run/x'],
  [mount('/run/x', { id: 7, chrooted: true }), 'nsenter -t 7 -m -r umount /run/x'],
  [mount("/a b'c"), "umount '/a b'\\''c'"],
  [mount('/网络'), "umount '/网络'"],
  [mount('/a\n$(x)\u001B'), "umount $'/a\\x0a$(x)\\x1b'"],
  [{ kind: 'child', type: 'user', inode: 5 }, 'nscope ns ns:user:5 --holders'],
  [{ kind: 'owned', type: 'uts', inode: 5 }, 'nscope ns ns:uts:5 --holders'],
];

for (const [holder, command] of RELEASES) {
  test(`released by ${JSON.stringify(command)}`, () => {
    assert.is(releaseOf(holder, null), command);
  });
}

test('a zombie goes by its parent, a thread of the kernel not at all', async () => {
  const snapshot = await takeSnapshot(
    hostOf(
      recordingOf([
        { pid: 1 },
        { pid: 2, comm: 'kthreadd' },
        { pid: 7, ppid: 6, state: 'Z' },
        { pid: 8, ppid: 1, state: 'Z' },
      ]),
    ),
  );
  const release = (pid: number) =>
    releaseOf({ kind: 'process', pid, starttime: pid * 10 }, processByPid(snapshot, pid));
  assert.equal([7, 8, 2].map(release), ['kill 6', null, null]);
});

const PINS: readonly (readonly [string, string | null, string | null])[] = [
  ['/run/netns/blue', 'ip netns', 'blue'],
  ['/var/run/netns/blue', 'ip netns', 'blue'],
  ['/run/netns/cni-0f3a', 'CNI', 'cni-0f3a'],
  ['/run/user/1000/netns/netns-0f3a-11', 'podman', 'netns-0f3a-11'],
  ['/run/docker/netns/7c9a1b2c3d4e', 'docker', '7c9a1b2c3d4e'],
  ['/tmp/d/exec/netns/7c9a1b2c3d4e', 'docker', '7c9a1b2c3d4e'],
  ['/run/docker/netns/default', 'docker', 'default'],
  ['/run/utsns/0f3a-11', 'CRI-O', '0f3a-11'],
  ['/run/snapd/ns/lxd.mnt', 'snap', 'lxd'],
  ['/root/.local/state/nscope/labs/0123abcd/pin', 'nscope lab', '0123abcd'],
  ['/mnt/blue', null, null],
  ['/mnt/run/netns/blue', null, null],
];

for (const [path, by, name] of PINS) {
  test(`the pin ${path} is ${by ?? "a stranger's"}`, () => {
    assert.equal(pinName(path), by === null ? null : { by, name });
  });
}

test('one order, however they came', () => {
  const all = RELEASES.map(([holder]) => holder).filter(({ kind }) => kind !== 'mount');
  assert.equal(sortHolders(all.toReversed()), sortHolders(all));
});

const DEVTMPFS: FakeProcess = {
  pid: 25,
  ppid: 2,
  comm: 'kdevtmpfs',
  flags: 0x00200000,
  ns: { mnt: 4026531860 },
};

test("kdevtmpfs' mount namespace is the kernel's own; one in which a process took that name is not", async () => {
  const own = async (processes: readonly FakeProcess[]) => {
    const snapshot = await takeSnapshot(hostOf(recordingOf([{ pid: 1 }, ...processes])));
    const namespace = snapshot.namespaces.find(({ inode }) => inode === 4026531860);
    assert.ok(namespace);
    const row = nsRows(snapshot).find(({ inode }) => inode === 4026531860);
    assert.is(row?.kernelsOwn, isKernelsOwn(snapshot, namespace));
    return row?.kernelsOwn;
  };
  assert.is(await own([DEVTMPFS]), true);
  assert.is(await own([{ ...DEVTMPFS, flags: 0 }]), false);
  assert.is(await own([DEVTMPFS, { pid: 26, ns: { mnt: 4026531860 } }]), false);
});

test('members are holders too, but not those of the host', async () => {
  const snapshot = await takeSnapshot(hostOf(recordingOf([{ pid: 1 }, { pid: 7, ns: { uts: 5 } }])), {
    deep: {},
  });
  const of = (type: string, inode: number) => {
    const namespace = snapshot.namespaces.find((one) => one.type === type && one.inode === inode);
    return namespace ? holdersOf(snapshot, namespace) : null;
  };
  assert.equal(of('uts', 5), [{ kind: 'process', pid: 7, starttime: 70 }]);
  assert.equal(of('uts', HOST_NS.uts), []);
});

test('forests: by owner everything below its user namespace, by parent pid and user alone, and the way to what is wanted', async () => {
  const { user, pid } = HOST_NS;
  const relations = [
    `user ${user} owner=- parent=-`,
    `user 100 owner=${user} parent=${user}`,
    `user 101 owner=100 parent=100`,
    `pid ${pid} owner=${user} parent=-`,
    `pid 110 owner=101 parent=${pid}`,
    'uts 120 owner=101 parent=-',
    'net 130 owner=? parent=-',
  ];
  const snapshot = await takeSnapshot(
    hostOf(
      recordingOf([{ pid: 1 }, { pid: 7, ns: { user: 101, pid: 110, uts: 120, net: 130 } }], {
        [RELATIONS_PATH]: `${relations.join('\n')}\n`,
      }),
    ),
  );
  const text = (nodes: readonly NsTreeNode[]): string =>
    nodes
      .map(
        ({ type, inode, children }) => `${type}:${inode}${children.length > 0 ? `(${text(children)})` : ''}`,
      )
      .join(' ');
  const wanted = (inode: number) => (one: { inode: number }) => one.inode === inode;
  assert.is(
    text(nsForest(snapshot, 'parent', () => true)),
    `user:${user}(user:100(user:101)) pid:${pid}(pid:110)`,
  );
  assert.is(text(nsForest(snapshot, 'owner', wanted(120))), `user:${user}(user:100(user:101(uts:120)))`);
  assert.is(text(nsForest(snapshot, 'owner', wanted(110))), `user:${user}(user:100(user:101(pid:110)))`);
  assert.is(text(nsForest(snapshot, 'owner', wanted(130))), 'net:130');
});

test.run();
