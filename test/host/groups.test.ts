// Where a controller's files are and what they say: v1, v2 and hybrid, the least limit of the ancestors, paths that have no directory here.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { membershipsAt, readGroupFiles, readWholeGroup } from '../../src/host/groups.ts';
import { takeSnapshot } from '../../src/host/host.ts';
import { groupDirectory } from '../../src/host/hierarchies.ts';
import { whyOf } from '../../src/kernel/reading.ts';
import type { ControllerState, Hierarchy } from '../../src/model/types.ts';
import { hostOf, recordingOf } from '../support/host-text.ts';

const test = suite('host/groups');
const V2 = '30 20 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n';

async function controllersOf(
  cgroup: string,
  files: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, ControllerState>> {
  const host = hostOf(recordingOf([{ pid: 1 }, { pid: 7, cgroup }], files));
  const snapshot = await takeSnapshot(host, { watch: [{ pid: 7, starttime: 70 }] });
  return new Map((snapshot.groups[0]?.controllers ?? []).map((controller) => [controller.name, controller]));
}

test('v2: the least limit of the ancestors, and who sets it', async () => {
  const found = await controllersOf('0::/a/b/c\n', {
    '/proc/1/mountinfo': V2,
    '/sys/fs/cgroup/cgroup.controllers': 'cpu memory pids\n',
    '/sys/fs/cgroup/a/memory.max': '67108864\n',
    '/sys/fs/cgroup/a/b/memory.max': 'max\n',
    '/sys/fs/cgroup/a/b/c/memory.max': '134217728\n',
    '/sys/fs/cgroup/a/b/c/memory.current': '1152921504606846977\n',
    '/sys/fs/cgroup/a/b/c/memory.events': 'low 0\nhigh 0\nmax 3\noom 1\noom_kill 1\n',
    '/sys/fs/cgroup/a/b/c/cpu.max': '20000 100000\n',
  });
  const memory = found.get('memory');
  assert.is(memory?.version, 2);
  assert.equal(memory?.limits['limit'], { ok: true, value: 134217728n });
  assert.equal(memory?.effective['limit'], { value: 67108864n, setBy: '/a' });
  assert.equal(memory?.usage['usage'], { ok: true, value: 1152921504606846977n }, 'past 2^53');
  assert.equal(memory?.events['oomKill'], { ok: true, value: 1n });
  assert.equal(found.get('cpu')?.limits['quota'], { ok: true, value: 20000n });
});

test('a file that the group does not have is unsupported; a group that is gone is gone', async () => {
  const files = {
    '/proc/1/mountinfo': V2,
    '/sys/fs/cgroup/cgroup.controllers': 'memory\n',
    '/sys/fs/cgroup/cgroup.stat': '',
  };
  const root = await controllersOf('0::/\n', files);
  assert.equal(root.get('memory')?.usage['usage'], {
    ok: false,
    why: 'unsupported',
    path: '/sys/fs/cgroup/memory.current',
  });
  const gone = await controllersOf('0::/ended\n', files);
  assert.equal(gone.get('memory')?.usage['usage'], {
    ok: false,
    why: 'gone',
    path: '/sys/fs/cgroup/ended/memory.current',
  });
});

test('hybrid: each controller by its own version; v1 unlimited is max; cpu time stands in cpuacct', async () => {
  const found = await controllersOf('5:pids:/p\n4:memory:/m\n3:cpuacct:/acct\n2:cpu:/c\n0::/u\n', {
    '/proc/1/mountinfo': [
      '30 20 0:27 / /cg/unified rw - cgroup2 cgroup2 rw',
      '31 20 0:31 / /cg/memory rw - cgroup cgroup rw,memory',
      '32 20 0:32 / /cg/cpu rw - cgroup cgroup rw,cpu',
      '33 20 0:33 / /cg/cpuacct rw - cgroup cgroup rw,cpuacct',
      '34 20 0:34 / /cg/pids rw - cgroup cgroup rw,pids',
    ]
      .join('\n')
      .concat('\n'),
    '/cg/unified/cgroup.controllers': 'hugetlb\n',
    '/cg/memory/m/memory.limit_in_bytes': '9223372036854771712\n',
    '/cg/memory/m/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
    '/cg/cpuacct/acct/cpuacct.usage': '123\n',
    '/cg/cpu/c/cpu.cfs_quota_us': '-1\n',
    '/cg/pids/p/pids.max': '64\n',
  });
  assert.equal(found.get('memory')?.limits['limit'], { ok: true, value: 'max' });
  assert.equal(found.get('memory')?.events['oomKill'], { ok: true, value: 2n });
  assert.is(found.get('memory')?.path, '/m');
  assert.equal(found.get('cpu')?.limits['quota'], { ok: true, value: 'max' });
  assert.equal(found.get('cpu')?.usage['cpuTime'], { ok: true, value: 123n });
  assert.equal(found.get('pids')?.effective['limit'], { value: 64n, setBy: '/p' });
  assert.is(found.get('io')?.version, null, 'no blkio and no io is mounted');
});

test('co-mounted controllers in either order', async () => {
  const found = await controllersOf('2:cpu,cpuacct:/c\n', {
    '/proc/1/mountinfo': '32 20 0:32 / /cg/cpu,cpuacct rw - cgroup cgroup rw,cpuacct,cpu\n',
    '/cg/cpu,cpuacct/c/cpu.cfs_quota_us': '5000\n',
    '/cg/cpu,cpuacct/c/cpuacct.usage': '9\n',
  });
  assert.equal(found.get('cpu')?.limits['quota'], { ok: true, value: 5000n });
  assert.equal(found.get('cpu')?.usage['cpuTime'], { ok: true, value: 9n });
});

test('a path with `:` in it, as containerd writes it', async () => {
  const found = await controllersOf('0::/system.slice/x:cri-containerd:y\n', {
    '/proc/1/mountinfo': V2,
    '/sys/fs/cgroup/cgroup.controllers': 'pids\n',
    '/sys/fs/cgroup/system.slice/x:cri-containerd:y/pids.max': '5\n',
  });
  assert.equal(found.get('pids')?.limits['limit'], { ok: true, value: 5n });
});

test('of several mounts of one tree the widest is taken', async () => {
  const found = await controllersOf('0::/a\n', {
    '/proc/1/mountinfo': `29 20 0:27 /a /elsewhere rw - cgroup2 cgroup2 rw\n${V2}`,
    '/sys/fs/cgroup/cgroup.controllers': 'pids\n',
    '/sys/fs/cgroup/a/pids.max': '6\n',
  });
  assert.equal(found.get('pids')?.limits['limit'], { ok: true, value: 6n });
});

test('of two parts of one tree the wider; a mount made outside of our cgroup namespace is of no use', async () => {
  const mount = (id: number, root: string, point: string) =>
    `${id} 20 0:27 ${root} ${point} rw - cgroup2 cgroup2 rw\n`;
  const mounts = [mount(29, '/../..', '/up'), mount(30, '/a/b', '/narrow'), mount(31, '/a', '/wide')];
  const files = {
    '/narrow/cgroup.controllers': 'pids\n',
    '/wide/cgroup.controllers': 'pids\n',
    '/wide/b/pids.max': '6\n',
    '/wide/pids.max': '4\n',
    '/narrow/pids.max': '9\n',
  };
  for (const order of [mounts, mounts.toReversed()]) {
    const found = await controllersOf('0::/a/b\n', { ...files, '/proc/1/mountinfo': order.join('') });
    assert.equal(found.get('pids')?.limits['limit'], { ok: true, value: 6n });
    // What lies above the mount's root cannot be seen, and is not taken for the mount point.
    assert.equal(found.get('pids')?.effective['limit'], { value: 4n, setBy: '/a' });
  }
});

test('octal escapes in a mount point, and a named hierarchy beside v1 ones without controllers in common', async () => {
  const found = await controllersOf('3:name=my jobs:/j\n2:pids:/p\n1:name=systemd:/s\n', {
    '/proc/1/mountinfo': [
      '31 20 0:31 / /cg/my\\040pids rw - cgroup cgroup rw,xattr,pids',
      '32 20 0:32 / /cg/systemd rw - cgroup cgroup rw,xattr,name=systemd',
      '33 20 0:33 / /cg/jobs rw - cgroup cgroup rw,none,name=my\\040jobs',
    ]
      .join('\n')
      .concat('\n'),
    '/cg/my pids/p/pids.max': '3\n',
  });
  assert.equal(found.get('pids')?.limits['limit'], { ok: true, value: 3n });
  assert.equal(found.get('pids')?.directory, { ok: true, value: '/cg/my pids/p' });
});

test('a v1 hierarchy mounted below the v2 tree: its files are not the v2 group’s of that path', async () => {
  const files = {
    // The other one lies below a mount that the v2 tree covers in turn: it covers nothing.
    '/proc/1/mountinfo': [
      '29 20 0:39 / /sys/fs/cgroup rw - tmpfs tmpfs rw',
      '39 29 0:41 / /sys/fs/cgroup/net_cls_too rw - cgroup cgroup rw,net_prio',
      V2.trim(),
      '40 30 0:40 / /sys/fs/cgroup/net_cls rw - cgroup cgroup rw,net_cls\n',
    ].join('\n'),
    '/sys/fs/cgroup/cgroup.controllers': 'pids\n',
    // What a v1 root shows there, and a file that no v1 hierarchy has, to tell whose is read.
    '/sys/fs/cgroup/net_cls/net_cls.classid': '7\n',
    '/sys/fs/cgroup/net_cls/pids.max': '5\n',
    '/sys/fs/cgroup/net_cls/x/net_cls.classid': '8\n',
    '/sys/fs/cgroup/net_cls_too/pids.max': '6\n',
  };
  const cgroup = '1:net_cls:/x\n0::/net_cls\n';
  const found = await controllersOf(cgroup, files);
  const limit = found.get('pids')?.limits['limit'];
  assert.ok(limit && !limit.ok && limit.why === 'unsupported', 'covered');
  assert.equal(found.get('pids')?.effective, {});
  const host = hostOf(recordingOf([{ pid: 1 }, { pid: 7, cgroup }], files));
  const { hierarchies } = await takeSnapshot(host);
  const at = (path: string) =>
    membershipsAt(host.fs, hierarchies, path).map(({ controllers }) => controllers.join());
  assert.equal(at('/net_cls'), [], 'no v2 group can be seen there');
  assert.equal(at('/net_cls/x'), []);
  assert.equal(at('/net_cls_too'), [''], 'a name that only begins alike is not covered');
  assert.equal(at('/x'), ['net_cls']);
  const directories = readGroupFiles(host.fs, hierarchies, [
    { hierarchy: 0, controllers: [], path: '/net_cls' },
    { hierarchy: 1, controllers: ['net_cls'], path: '/x' },
  ]);
  assert.equal(
    directories.map(({ version, files: all }) => [version, all.map(({ name }) => name)]),
    [
      [2, []],
      [1, ['net_cls.classid']],
    ],
  );
});

test('outside our cgroup namespace: no file is read, and our own root sets it no limit', async () => {
  const files = {
    '/proc/1/mountinfo': V2,
    '/sys/fs/cgroup/cgroup.controllers': 'cpu memory pids\n',
    // A container's root has files that the host's has not.
    '/sys/fs/cgroup/memory.max': '4096\n',
    '/sys/fs/cgroup/cpu.max': '1000 100000\n',
    '/sys/fs/cgroup/x/memory.max': '8192\n',
  };
  const found = await controllersOf('0::/../x\n', files);
  const memory = found.get('memory');
  assert.match(memory && !memory.directory.ok ? memory.directory.path : '', /outside our cgroup namespace/);
  assert.equal(memory?.effective, {});
  assert.equal(found.get('cpu')?.effective, {});
  assert.equal(
    found.get('cpu')?.bandwidth?.map(({ path }) => path),
    ['/../x'],
  );
});

test('a zombie in a removed group: gone, and no container', async () => {
  const files = { '/proc/1/mountinfo': V2, '/sys/fs/cgroup/cgroup.controllers': 'pids\n' };
  const cgroup = '0::/lxc.payload.web (deleted)\n';
  const host = hostOf(recordingOf([{ pid: 1 }, { pid: 7, state: 'Z', cgroup }], files));
  const snapshot = await takeSnapshot(host, { watch: [{ pid: 7, starttime: 70 }] });
  assert.equal(snapshot.containers, []);
  const pids = snapshot.groups[0]?.controllers.find(({ name }) => name === 'pids');
  assert.is(pids?.limits['limit']?.ok === false && pids.limits['limit'].why, 'gone');
});

test('v2 without memory.peak (before Linux 5.19), and a memory.stat with keys that nobody knows', async () => {
  const found = await controllersOf('0::/a\n', {
    '/proc/1/mountinfo': V2,
    '/sys/fs/cgroup/cgroup.controllers': 'memory\n',
    '/sys/fs/cgroup/a/memory.current': '100\n',
    '/sys/fs/cgroup/a/memory.stat': 'new_first 1\nanon 2\ninactive_file_new 3\ninactive_file 40\nlast 5\n',
  });
  const usage = found.get('memory')?.usage;
  assert.is(usage?.['peak']?.ok === false && usage['peak'].why, 'unsupported');
  assert.equal(usage?.['usage'], { ok: true, value: 100n });
  assert.equal(usage?.['inactiveFile'], { ok: true, value: 40n });
});

test('a limit that an ancestor refuses to tell is not taken for none', async () => {
  const files = {
    '/proc/1/mountinfo': V2,
    '/sys/fs/cgroup/cgroup.controllers': 'cpu memory\n',
    '/sys/fs/cgroup/a/b/memory.max': '8192\n',
    '/sys/fs/cgroup/a/b/cpu.max': '1000 100000\n',
  };
  const recording = recordingOf([{ pid: 1 }, { pid: 7, cgroup: '0::/a/b\n' }], files);
  const entries = new Map(recording.entries);
  for (const file of ['memory.max', 'cpu.max'])
    entries.set(`/sys/fs/cgroup/a/${file}`, { kind: 'unread', why: 'denied' });
  const snapshot = await takeSnapshot(hostOf({ ...recording, entries }), {
    watch: [{ pid: 7, starttime: 70 }],
  });
  const found = (name: string) => snapshot.groups[0]?.controllers.find((one) => one.name === name);
  assert.equal(found('memory')?.effective['limit'], { value: 8192n, setBy: '/a/b', denied: ['/a'] });
  assert.equal(found('cpu')?.effective['quota'], {
    value: 1000n,
    setBy: '/a/b',
    per: 100000n,
    denied: ['/a'],
  });
});

test('a threaded group: cgroup.procs is refused with EOPNOTSUPP, cgroup.threads tells the members', async () => {
  const files = {
    '/proc/1/mountinfo': V2,
    '/sys/fs/cgroup/cgroup.controllers': 'cpu\n',
    '/sys/fs/cgroup/t/cgroup.type': 'threaded\n',
    '/sys/fs/cgroup/t/cgroup.threads': '9\n7\n9\n',
  };
  const recording = recordingOf([{ pid: 1 }, { pid: 7, cgroup: '0::/t\n' }], files);
  const entries = new Map(recording.entries).set('/sys/fs/cgroup/t/cgroup.procs', {
    kind: 'unread',
    why: whyOf('EOPNOTSUPP'),
  });
  const stats = new Map(recording.stats).set('/sys/fs/cgroup/t/cgroup.procs', {
    dev: 27,
    ino: 5,
    uid: 0,
    directory: false,
  });
  const host = hostOf({ ...recording, entries, stats });
  const { hierarchies } = await takeSnapshot(host);
  const [group] = readGroupFiles(host.fs, hierarchies, membershipsAt(host.fs, hierarchies, '/t'));
  const text = (name: string) => group?.files.find((one) => one.name === name)?.text;
  assert.equal(text('cgroup.procs'), {
    ok: false,
    why: 'unsupported',
    path: '/sys/fs/cgroup/t/cgroup.procs',
  });
  assert.equal(text('cgroup.threads'), { ok: true, value: '9\n7\n9\n' });
});

const tree = (root: string): Hierarchy => ({ version: 2, controllers: [], mountPoint: '/cg', root });
test('outside our cgroup namespace there is no directory', () => {
  const found = groupDirectory(tree('/'), '/../x');
  assert.is(found.ok, false);
  assert.match(found.ok ? '' : found.path, /outside our cgroup namespace/);
});

test('a mount that shows a part of the tree: the path is cut by its root', () => {
  assert.equal(groupDirectory(tree('/docker/x'), '/docker/x/y'), { ok: true, value: '/cg/y' });
  assert.equal(groupDirectory(tree('/docker/x'), '/docker/x'), { ok: true, value: '/cg' });
  assert.is(groupDirectory(tree('/docker/x'), '/docker/xy').ok, false);
  assert.equal(groupDirectory(tree('/'), '/'), { ok: true, value: '/cg' });
});

const WHOLE = {
  '/proc/1/mountinfo': [
    '30 20 0:27 / /cg/unified rw - cgroup2 cgroup2 rw',
    '31 20 0:31 / /cg/memory rw - cgroup cgroup rw,memory',
    '32 20 0:32 / /cg/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct',
    '33 20 0:33 / /cg/perf_event rw - cgroup cgroup rw,perf_event',
    '34 20 0:34 / /cg/systemd rw - cgroup cgroup rw,name=systemd',
  ]
    .join('\n')
    .concat('\n'),
  '/cg/unified/cgroup.controllers': 'hugetlb\n',
  '/cg/unified/a/hugetlb.2MB.max': '4194304\n',
  '/cg/unified/a/hugetlb.1GB.max': 'max\n',
  '/cg/unified/a/hugetlb.2MB.current': '0\n',
  '/cg/unified/a/b/hugetlb.2MB.max': 'max\n',
  '/cg/unified/a/b/cgroup.max.depth': 'max\n',
  '/cg/unified/a/b/cgroup.procs': '7\n8\n',
  '/cg/unified/a/b/cgroup.kill': '',
  '/cg/memory/a/memory.limit_in_bytes': '4096\n',
  '/cg/memory/a/memory.swappiness': '10\n',
  '/cg/memory/a/memory.vendors_own': '1\n',
  '/cg/memory/a/child.with.dots/memory.limit_in_bytes': '1\n',
  '/cg/cpu,cpuacct/x/cpu.shares': '2\n',
  '/cg/perf_event/a/tasks': '7\n',
};

async function whole(cgroup: string) {
  const host = hostOf(recordingOf([{ pid: 1 }, { pid: 7, cgroup }], WHOLE));
  const { hierarchies, processes } = await takeSnapshot(host);
  const lines = processes.find(({ pid }) => pid === 7)?.cgroups;
  return { host, hierarchies, memberships: lines?.ok ? lines.value : [] };
}

test('the whole group: controllers that no pane shows, page sizes as keys, details, the core of v2', async () => {
  const { host, hierarchies, memberships } = await whole('3:perf_event:/a\n1:memory:/a\n0::/a/b\n');
  const found = new Map(
    readWholeGroup(host.fs, hierarchies, memberships).map((controller) => [controller.name, controller]),
  );
  assert.equal(found.get('hugetlb')?.limits['limit.2MB'], { ok: true, value: 'max' });
  assert.equal(found.get('hugetlb')?.effective['limit.2MB'], { value: 4194304n, setBy: '/a' });
  assert.equal(Object.keys(found.get('hugetlb')?.limits ?? {}), ['limit.2MB'], 'only the sizes of the group');
  assert.equal(found.get('memory')?.limits['swappiness'], { ok: true, value: 10n });
  assert.is(found.get('perf_event')?.path, '/a');
  assert.is(found.get('perf_event')?.version, 1);
  assert.equal(found.get('cgroup')?.limits['maxDepth'], { ok: true, value: 'max' });
  assert.is(found.get('pids')?.version, null);
  assert.not(found.has('name=systemd'));
  assert.not(found.has('cpuacct'));
});

test('panes read what they read before: no detail, no controller besides', async () => {
  const found = await controllersOf('1:memory:/a\n', WHOLE);
  assert.equal([...found.keys()], ['memory', 'cpu', 'pids', 'io', 'cpuset', 'freezer']);
  assert.is(found.get('memory')?.limits['swappiness'], undefined);
});

test('a value that stands in another group is told as that group’s', async () => {
  const files = {
    '/proc/1/mountinfo':
      '32 20 0:32 / /cpu rw - cgroup cgroup rw,cpu\n33 20 0:33 / /acct rw - cgroup cgroup rw,cpuacct\n',
    '/cpu/c/cpu.shares': '2\n',
    '/acct/cpuacct.usage': '9\n',
  };
  assert.equal((await controllersOf('3:cpuacct:/\n2:cpu:/c\n', files)).get('cpu')?.readAt, { cpuTime: '/' });
  assert.is((await controllersOf('3:cpuacct:/c\n2:cpu:/c\n', files)).get('cpu')?.readAt, undefined);
});

test('a path without a process: every hierarchy that has it, none for one that is nowhere', async () => {
  const { host, hierarchies } = await whole('0::/\n');
  const at = (path: string) =>
    membershipsAt(host.fs, hierarchies, path).map(({ controllers, path: found }) => [
      controllers.join(),
      found,
    ]);
  assert.equal(at('/a'), [
    ['', '/a'],
    ['memory', '/a'],
    ['perf_event', '/a'],
  ]);
  assert.equal(at('/x'), [['cpu,cpuacct', '/x']]);
  assert.equal(at('/nowhere'), []);
});

test('every file of a group: known ones with their row, unknown ones told, what is only written not opened, child groups left out', async () => {
  const { host, hierarchies, memberships } = await whole('1:memory:/a\n0::/a/b\n');
  const directories = readGroupFiles(host.fs, hierarchies, memberships);
  assert.equal(
    directories.map(({ version, path, files }) => [version, path, files.map(({ name }) => name)]),
    [
      [2, '/a/b', ['cgroup.kill', 'cgroup.max.depth', 'cgroup.procs', 'hugetlb.2MB.max']],
      [1, '/a', ['memory.limit_in_bytes', 'memory.swappiness', 'memory.vendors_own']],
    ],
  );
  const file = (name: string) => directories.flatMap(({ files }) => files).find((one) => one.name === name);
  assert.is(file('cgroup.kill')?.text, null);
  assert.is(file('memory.vendors_own')?.row, null);
  assert.equal(file('memory.vendors_own')?.text, { ok: true, value: '1\n' });
  assert.is(file('memory.limit_in_bytes')?.row?.docker, '--memory');
});

test.run();
