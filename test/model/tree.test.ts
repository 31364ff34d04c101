// The docker tree from small hosts made of text: edges by ppid and by logic, two daemons with one socket path, exec sessions, impostors.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { takeSnapshot } from '../../src/host/host.ts';
import { buildTree, type TreeNode } from '../../src/model/tree.ts';
import { type FakeProcess, hostOf, recordingOf } from '../support/host-text.ts';

const test = suite('model/tree');
const ID = 'c0ffee'.repeat(10) + 'c0ff';

function bundle(id: string): string {
  return `/run/containerd/io.containerd.runtime.v2.task/moby/${id}`;
}

function shim(
  pid: number,
  id: string,
  address: string,
  start: number,
  extra: Partial<FakeProcess> = {},
): FakeProcess {
  return {
    pid,
    ppid: 1,
    comm: 'containerd-shim',
    cmdline: ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'moby', '-id', id, '-address', address],
    links: { cwd: bundle(id) },
    files: {
      'cwd/options.json': '{"root":"/run/docker/runtime-runc"}',
      [`root/run/docker/runtime-runc/moby/${id}/state.json`]: JSON.stringify({
        id,
        init_process_pid: 1,
        init_process_start: start,
        cgroup_paths: {},
        namespace_paths: {},
        config: { labels: [`bundle=${bundle(id)}`] },
      }),
    },
    ...extra,
  };
}

const SYSTEMD: readonly FakeProcess[] = [
  { pid: 1, comm: 'systemd' },
  { pid: 100, ppid: 1, comm: 'containerd', cmdline: ['/usr/bin/containerd'] },
  {
    pid: 200,
    ppid: 1,
    comm: 'dockerd',
    cmdline: ['/usr/sbin/dockerd', '-H', 'fd://', '--containerd=/run/containerd/containerd.sock'],
  },
  shim(300, ID, '/run/containerd/containerd.sock', 3100),
  {
    pid: 310,
    ppid: 300,
    comm: 'sh',
    starttime: 3100,
    cgroup: `0::/system.slice/docker-${ID}.scope\n`,
    cmdline: ['sh', '-c', 'x'],
    ns: { pid: 5001, uts: 5002 },
  },
  {
    pid: 311,
    ppid: 310,
    comm: 'sleep',
    starttime: 3200,
    cgroup: `0::/system.slice/docker-${ID}.scope\n`,
    cmdline: ['sleep', '9'],
    ns: { pid: 5001, uts: 5002 },
  },
  // An exec session whose start is older than nothing: only the runtime's own note tells it from the first process.
  {
    pid: 305,
    ppid: 300,
    comm: 'ash',
    starttime: 3300,
    cgroup: `0::/system.slice/docker-${ID}.scope\n`,
    cmdline: ['ash'],
    ns: { pid: 5001, uts: 5002 },
  },
];

/** `kind pid edge` a line, two spaces a level. */
function draw(nodes: readonly TreeNode[], indent = ''): readonly string[] {
  return nodes.flatMap((node) => [
    `${indent}${node.kind} ${node.pid} ${node.edge}`,
    ...draw(node.children, `${indent}  `),
  ]);
}

async function treeOf(processes: readonly FakeProcess[], all = false): Promise<readonly string[]> {
  return draw(buildTree(await takeSnapshot(hostOf(recordingOf(processes))), { all }));
}

test('systemd starts both daemons: containerd and shims hang by logic, the container by ppid, exec is its sibling', async () => {
  assert.equal(await treeOf(SYSTEMD), [
    'dockerd 200 ppid',
    '  containerd 100 logical',
    '    shim 300 logical',
    '      container 310 ppid',
    '      exec 305 ppid',
  ]);
});

test('with all, what runs inside stands below', async () => {
  assert.ok((await treeOf(SYSTEMD, true)).includes('        process 311 ppid'));
});

test('dockerd with its own containerd: ppid edges', async () => {
  const config = '/run/user/x/containerd/containerd.toml';
  const own = SYSTEMD.map((process) => {
    if (process.pid === 100) return { ...process, ppid: 200, cmdline: ['containerd', '--config', config] };
    if (process.pid === 200) return { ...process, cmdline: ['dockerd'] };
    return process.pid === 300 ? shim(300, ID, '/var/run/user/x/containerd/containerd.sock', 3100) : process;
  });
  assert.equal((await treeOf(own)).slice(0, 3), [
    'dockerd 200 ppid',
    '  containerd 100 ppid',
    '    shim 300 logical',
  ]);
});

test('daemons dead: shim and container are still there', async () => {
  const orphaned = SYSTEMD.filter(({ pid }) => pid !== 100 && pid !== 200);
  assert.equal(await treeOf(orphaned), ['shim 300 ppid', '  container 310 ppid', '  exec 305 ppid']);
});

test('a second pair with the same socket path in another pid namespace keeps its own shim', async () => {
  const other = 'd00d'.repeat(16);
  const ns = { pid: 7001 };
  const two = [
    ...SYSTEMD,
    { pid: 500, ppid: 1, comm: 'containerd', cmdline: ['containerd'], ns },
    { ...shim(510, other, '/run/containerd/containerd.sock', 5110), ns },
    {
      pid: 511,
      ppid: 510,
      comm: 'web',
      starttime: 5110,
      cgroup: `0::/docker/${other}\n`,
      cmdline: ['web'],
      ns: { pid: 7002 },
    },
  ];
  assert.equal((await treeOf(two)).slice(-3), [
    'containerd 500 ppid',
    '  shim 510 logical',
    '    container 511 ppid',
  ]);
});

test('a shim that has not daemonised hangs by ppid, whatever address it has', async () => {
  const near = SYSTEMD.map((process) =>
    process.pid === 300 ? { ...shim(300, ID, '/elsewhere/c.sock', 3100), ppid: 100 } : process,
  );
  assert.equal((await treeOf(near)).slice(1, 3), ['  containerd 100 logical', '    shim 300 ppid']);
});

test('a name alone makes no shim', async () => {
  const impostor: FakeProcess = {
    pid: 900,
    ppid: 1,
    comm: 'containerd-shim',
    cmdline: ['containerd-shim'],
    links: { cwd: '/tmp' },
  };
  assert.not((await treeOf([...SYSTEMD, impostor])).some((line) => line.includes('900')));
});

test('a leaked shim: the bundle is there, the container has no process', async () => {
  const leaked = SYSTEMD.filter(({ pid }) => ![305, 310, 311].includes(pid));
  assert.equal(await treeOf(leaked), [
    'dockerd 200 ppid',
    '  containerd 100 logical',
    '    shim 300 logical',
    '      container null ppid',
  ]);
});

test('the runtime says when the first process began: an older sibling is not taken for it', async () => {
  const older = SYSTEMD.map((process) => (process.pid === 305 ? { ...process, starttime: 3000 } : process));
  const lines = await treeOf(older);
  assert.ok(lines.includes('      container 310 ppid'));
  assert.ok(lines.includes('      exec 305 ppid'));
});

test('a chain of thousands of processes is cut, and drawn', async () => {
  const chain: readonly FakeProcess[] = Array.from({ length: 3000 }, (_, at) => ({
    pid: 1000 + at,
    ppid: at === 0 ? 1 : 999 + at,
    cgroup: '0::/lxc.payload.deep\n',
    cmdline: ['sh'],
  }));
  const lines = await treeOf([{ pid: 1, comm: 'systemd' }, ...chain], true);
  assert.ok(lines.length > 100 && lines.length < 300, String(lines.length));
});

test('a hostile id is made visible', async () => {
  const hostile: readonly FakeProcess[] = [
    { pid: 1, comm: 'systemd' },
    { pid: 40, ppid: 1, comm: 'x', cgroup: '0::/lxc.payload.a\u001B[31;8mb\u0007\n', cmdline: ['x'] },
  ];
  const [root] = buildTree(await takeSnapshot(hostOf(recordingOf(hostile))));
  assert.match(root?.label ?? '', /^a\\x1b\[31;8mb\\x07/);
});

test('a container without a shim (podman, LXC) is a root', async () => {
  const lxc: readonly FakeProcess[] = [
    { pid: 1, comm: 'systemd' },
    {
      pid: 40,
      ppid: 1,
      comm: 'init',
      cgroup: '0::/lxc.payload.web/init.scope\n',
      cmdline: ['/sbin/init'],
      ns: { pid: 9001 },
    },
  ];
  assert.equal(await treeOf(lxc), ['container 40 ppid']);
});

test.run();
