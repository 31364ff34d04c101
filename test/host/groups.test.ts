// Where a controller's files are and what they say: v1, v2 and hybrid, the least limit of the ancestors, paths that have no directory here.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { membershipsAt, readGroupFiles, readWholeGroup } from '../../src/host/groups.ts';
import { takeSnapshot } from '../../src/host/host.ts';
import { groupDirectory } from '../../src/host/hierarchies.ts';
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
