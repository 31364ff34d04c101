// Containers of every engine from small hosts made of text: how each is known and how surely, records that lie, pods, nesting, sharing, daemons.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EngineAnswers } from '../../src/host/engine-api.ts';
import { takeSnapshot } from '../../src/host/host.ts';
import { daemonOf } from '../../src/model/daemons.ts';
import { sharedNamespaces, sharesWith } from '../../src/model/sharing.ts';
import { buildTree, type TreeNode } from '../../src/model/tree.ts';
import type { Container, Snapshot } from '../../src/model/types.ts';
import { type FakeProcess, hostOf, recordingOf } from '../support/host-text.ts';

const test = suite('model/containers');
const A = 'a1'.repeat(32);
const B = 'b2'.repeat(32);
const C = 'c3'.repeat(32);
const POD = '0f1e2d3c-0000-4000-8000-123456789abc';
const INIT: FakeProcess = { pid: 1, comm: 'systemd' };

async function look(
  processes: readonly FakeProcess[],
  files: Readonly<Record<string, string>> = {},
  engines?: EngineAnswers,
): Promise<Snapshot> {
  return takeSnapshot(hostOf(recordingOf([INIT, ...processes], files)), engines ? { engines } : {});
}

function only(snapshot: Snapshot): Container {
  assert.is(snapshot.containers.length, 1, JSON.stringify(snapshot.containers.map(({ id }) => id)));
  const [container] = snapshot.containers;
  if (!container) throw new Error('no container');
  return container;
}

function byId(snapshot: Snapshot, id: string): Container {
  const found = snapshot.containers.find((container) => container.id === id);
  if (!found) throw new Error(`no container ${id}`);
  return found;
}

function draw(nodes: readonly TreeNode[], indent = ''): readonly string[] {
  return nodes.flatMap(({ kind, pid, edge, children, leaked }) => [
    `${indent}${kind} ${pid} ${edge}${leaked ? ' leaked' : ''}`,
    ...draw(children, `${indent}  `),
  ]);
}

const runcState = (id: string, pid: number, start: number, group: string) =>
  JSON.stringify({
    id,
    init_process_pid: pid,
    init_process_start: start,
    cgroup_paths: { '': `/sys/fs/cgroup${group}` },
    namespace_paths: {},
    config: { labels: ['bundle=/srv/lab'] },
  });

const crunStatus = (pid: number, start: number, group: string) =>
  JSON.stringify({ pid, 'process-start-time': start, 'cgroup-path': group, bundle: '/srv/box' });

test('plain runc: its record, checked by the start, is certain; its group may be of any name', async () => {
  const snapshot = await look(
    [
      { pid: 50, ppid: 1, cgroup: '0::/lab/x\n', ns: { pid: 5001 }, nspid: '50 1' },
      { pid: 51, ppid: 50, cgroup: '0::/lab/x/below\n', ns: { pid: 5001 } },
    ],
    { '/run/runc/web/state.json': runcState('web', 50, 500, '/lab/x') },
  );
  const web = only(snapshot);
  assert.equal(
    [web.engine, web.evidence, web.confidence, web.init, web.pids, web.cgroupPath, web.bundle],
    ['runc', ['state', 'cgroup'], 'certain', { pid: 50, starttime: 500 }, [50, 51], '/lab/x', '/srv/lab'],
  );
  assert.equal(daemonOf(snapshot, web), { state: 'none', process: null });
});

test("a state.json whose pid is another's by now is refused: the container has no process", async () => {
  const snapshot = await look([{ pid: 50, ppid: 1, starttime: 777, cgroup: '0::/lab/x\n' }], {
    '/run/runc/web/state.json': runcState('web', 50, 500, '/lab/x'),
  });
  const web = only(snapshot);
  assert.equal([web.init, web.pids, web.evidence, web.confidence], [null, [], [], 'guess']);
  assert.equal(web.stale, { pid: 50, starttime: 500 });
  assert.equal(draw(buildTree(snapshot)), ['container null ppid']);
});

test('a runtime of another pid namespace wrote another number: NSpid and the start tell', async () => {
  const snapshot = await look(
    [{ pid: 4050, ppid: 1, starttime: 500, nspid: '4050 50 1', ns: { pid: 5001 }, cgroup: '0::/lab/x\n' }],
    { '/run/runc/web/state.json': runcState('web', 50, 500, '/lab/x') },
  );
  assert.equal(only(snapshot).init, { pid: 4050, starttime: 500 });
});

test("crun: its own form; without a cgroup manager the first process' pid namespace is the container", async () => {
  const snapshot = await look(
    [
      { pid: 50, ppid: 1, ns: { pid: 5001 } },
      { pid: 52, ppid: 1, ns: { pid: 5001 } },
      { pid: 60, ppid: 1, cgroup: '0::/system.slice/crun-two.scope/container\n' },
      { pid: 70, ppid: 1 },
    ],
    {
      '/run/crun/one/status': crunStatus(50, 500, ''),
      '/run/crun/two/status': crunStatus(60, 600, '/system.slice/crun-two.scope'),
      '/run/crun/old/status': '{"pid":70}',
      '/run/crun/cut/status': '{"pid":7',
    },
  );
  const [one, two] = [byId(snapshot, 'one'), byId(snapshot, 'two')];
  assert.is(snapshot.containers.length, 2, 'a pid without a start is nobody, and half a file says nothing');
  assert.equal([one.engine, one.pids, one.cgroupPath, one.evidence], ['crun', [50, 52], null, ['state']]);
  assert.equal([two.pids, two.cgroupPath], [[60], '/system.slice/crun-two.scope']);
});

test("a user's record makes no container of root's process, and of their own it does", async () => {
  const users = await look(
    [
      { pid: 50, ppid: 1, uid: 0 },
      { pid: 60, ppid: 1, uid: 1000, ns: { user: 6001, pid: 6002 } },
      { pid: 70, ppid: 1, uid: 100999, ns: { user: 6001, pid: 6003 } },
    ],
    {
      '/run/user/1000/runc/mine/state.json': runcState('mine', 60, 600, ''),
      '/run/user/1000/crun/sub/status': crunStatus(70, 700, ''),
      '/run/user/1000/runc/roots/state.json': runcState('roots', 50, 500, ''),
    },
  );
  assert.equal([byId(users, 'mine').user, byId(users, 'mine').pids], [1000, [60]]);
  assert.equal(byId(users, 'sub').pids, [70]);
  assert.equal([byId(users, 'roots').init, byId(users, 'roots').pids], [null, []]);
});

const conmon = (pid: number, id: string, extra: readonly string[] = [], more: Partial<FakeProcess> = {}) => ({
  pid,
  ppid: 1,
  comm: 'conmon',
  cmdline: ['/usr/bin/conmon', '--api-version', '1', '-c', id, '-u', id, '-r', '/usr/bin/crun', ...extra],
  cgroup: `0::/machine.slice/libpod-conmon-${id}.scope\n`,
  ...more,
});

test("podman: conmon tells the name, crun's status the first process, a second conmon the exec session", async () => {
  const cgroup = `0::/machine.slice/libpod-${A}.scope/container\n`;
  const snapshot = await look(
    [
      conmon(40, A, ['-b', '/var/lib/containers/storage/overlay-containers/a/userdata', '-n', 'db']),
      { pid: 50, ppid: 40, cgroup, ns: { pid: 5001 } },
      { pid: 51, ppid: 50, cgroup, ns: { pid: 5001 } },
      conmon(45, A, ['-e', '--exec-attach']),
      { pid: 60, ppid: 45, cgroup, ns: { pid: 5001 } },
    ],
    { [`/run/crun/${A}/status`]: crunStatus(50, 500, `/machine.slice/libpod-${A}.scope`) },
  );
  const db = only(snapshot);
  assert.equal([db.engine, db.name, db.user, db.confidence], ['podman', 'db', 0, 'certain']);
  assert.equal(db.evidence, ['state', 'shim', 'cgroup']);
  assert.equal([db.init?.pid, db.shim?.pid, db.pids, db.execSessions], [50, 40, [50, 51, 60], [60]]);
  assert.equal(draw(buildTree(snapshot)), ['shim 40 ppid', '  container 50 ppid', '  exec 60 logical']);
  assert.is(daemonOf(snapshot, db).state, 'none');
});

test('rootless podman: the user is told, and the record lies in their own directory', async () => {
  const slice = '/user.slice/user-1000.slice/user@1000.service/user.slice';
  const snapshot = await look(
    [
      conmon(40, A, ['-n', 'mine'], { uid: 1000, cgroup: `0::${slice}/libpod-conmon-${A}.scope\n` }),
      {
        pid: 50,
        ppid: 40,
        uid: 1000,
        cgroup: `0::${slice}/libpod-${A}.scope/container\n`,
        ns: { user: 5000, pid: 5001 },
      },
    ],
    { [`/run/user/1000/crun/${A}/status`]: crunStatus(50, 500, `${slice}/libpod-${A}.scope`) },
  );
  const mine = only(snapshot);
  assert.equal([mine.name, mine.user, mine.evidence], ['mine', 1000, ['state', 'shim', 'cgroup']]);
});

test("a user's engine is believed about that user's containers alone", async () => {
  const said = (user?: number): EngineAnswers => ({
    engines: [],
    containers: [
      { engine: 'docker', id: A, name: 'said', image: null, ...(user === undefined ? {} : { user }) },
    ],
  });
  const roots = [{ pid: 50, ppid: 1, cgroup: `0::/system.slice/docker-${A}.scope\n` }];
  const slice = '/user.slice/user-1000.slice/user@1000.service/user.slice';
  const users = [{ pid: 50, ppid: 1, cgroup: `0::${slice}/docker-${A}.scope\n` }];
  assert.is(only(await look(roots, {}, said(1000))).name, null);
  assert.is(only(await look(roots, {}, said())).name, 'said');
  assert.is(only(await look(users, {}, said(1000))).name, 'said');
  assert.is(only(await look(users, {}, said(1001))).name, null);
});

test('CRI-O: conmon with the kubelet’s name, below crio by logic', async () => {
  const name = `k8s_POD_web-0_shop_${POD}_0`;
  const snapshot = await look([
    { pid: 30, ppid: 1, comm: 'crio', cmdline: ['/usr/bin/crio'] },
    conmon(40, A, ['--exit-dir', '/var/run/crio/exits', '-n', name]),
    { pid: 50, ppid: 40, comm: 'pause', cgroup: `0::/kubepods.slice/crio-${A}.scope\n` },
  ]);
  const pause = only(snapshot);
  assert.equal([pause.engine, pause.sandbox], ['crio', true]);
  assert.equal(pause.pod, { uid: POD, namespace: 'shop', name: 'web-0' });
  assert.equal(draw(buildTree(snapshot)), ['daemon 30 ppid', '  shim 40 logical', '    container 50 ppid']);
  assert.equal(daemonOf(snapshot, pause), { state: 'alive', process: { pid: 30, starttime: 300 } });
});

const TASKS = '/run/containerd/io.containerd.runtime.v2.task/k8s.io';
const inShim = 'root/run/containerd';
const podGroup = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${POD.replaceAll('-', '_')}.slice`;
const bundleFiles = (id: string, start: number, annotations: Readonly<Record<string, string>>) => ({
  [`root${TASKS}/${id}/address`]: 'unix:///run/containerd/s/pod-a',
  [`root${TASKS}/${id}/config.json`]: JSON.stringify({ annotations }),
  [`${inShim}/runc/k8s.io/${id}/state.json`]: runcState(
    id,
    1,
    start,
    `${podGroup}/cri-containerd-${id}.scope`,
  ),
});
const podOf = { 'io.kubernetes.cri.sandbox-name': 'web-0', 'io.kubernetes.cri.sandbox-namespace': 'shop' };
const PODSHIM: FakeProcess = {
  pid: 40,
  ppid: 1,
  comm: 'containerd-shim',
  cmdline: [
    '/usr/bin/containerd-shim-runc-v2',
    '-namespace',
    'k8s.io',
    '-id',
    A,
    '-address',
    '/run/containerd/containerd.sock',
  ],
  links: { cwd: `${TASKS}/${A}` },
  files: {
    ...bundleFiles(A, 500, { ...podOf, 'io.kubernetes.cri.container-type': 'sandbox' }),
    ...bundleFiles(B, 600, { ...podOf, 'io.kubernetes.cri.container-name': 'app' }),
    [`root${TASKS}/${C}/address`]: 'unix:///run/containerd/s/another',
  },
};
const PODMEMBERS: readonly FakeProcess[] = [
  {
    pid: 50,
    ppid: 40,
    comm: 'pause',
    cgroup: `0::${podGroup}/cri-containerd-${A}.scope\n`,
    ns: { net: 8001, pid: 8002 },
  },
  { pid: 60, ppid: 40, cgroup: `0::${podGroup}/cri-containerd-${B}.scope\n`, ns: { net: 8001, pid: 8003 } },
];

test('a pod: one shim serves the sandbox and its container; names from the annotations; who shares the network', async () => {
  const snapshot = await look([PODSHIM, ...PODMEMBERS]);
  assert.equal(draw(buildTree(snapshot)), ['shim 40 ppid', '  container 50 ppid', '  container 60 ppid']);
  const [pause, app] = [byId(snapshot, A), byId(snapshot, B)];
  assert.equal([pause.sandbox, app.sandbox, app.name, app.engine], [true, false, 'app', 'kubernetes']);
  assert.equal(app.pod, { uid: POD, namespace: 'shop', name: 'web-0' });
  assert.equal(app.evidence, ['bundle', 'state', 'cgroup']);
  assert.equal(app.execSessions, [], "the pod's other container is no exec session");
  assert.equal(
    sharedNamespaces(snapshot).map(({ type, inode, containers }) => [
      type,
      inode,
      containers.map(({ id }) => id),
    ]),
    [['net', 8001, [A, B]]],
  );
  assert.equal(
    sharesWith(snapshot, app).map(({ container, types }) => [container.id, types]),
    [[A, ['net']]],
  );
  assert.is(daemonOf(snapshot, app).state, 'dead');
});

test('the same without privileges: no link, no record; the shim’s words and the groups are likely, and no more', async () => {
  const denied = {
    mnt: 'denied',
    uts: 'denied',
    ipc: 'denied',
    user: 'denied',
    pid: 'denied',
    net: 'denied',
    cgroup: 'denied',
    time: 'denied',
  } as const;
  const recording = recordingOf([
    INIT,
    { ...PODSHIM, ns: denied, files: {}, links: {} },
    ...PODMEMBERS.map((one) => ({ ...one, ns: denied })),
  ]);
  const entries = new Map(recording.entries).set('/proc/40/cwd', { kind: 'unread', why: 'denied' });
  const snapshot = await takeSnapshot(hostOf({ ...recording, entries }));
  const [pause, app] = [byId(snapshot, A), byId(snapshot, B)];
  assert.equal(
    [pause.evidence, pause.confidence, pause.shim?.pid, pause.sandbox],
    [['shim', 'cgroup'], 'likely', 40, true],
  );
  assert.equal([app.evidence, app.confidence, app.shim], [['cgroup'], 'likely', null]);
  assert.equal([app.pod?.uid, app.name, app.init?.pid], [POD, null, 60]);
  assert.equal(sharesWith(snapshot, app), []);
});

test('a shim whose containers are gone is leaked; one whose runtime is at work is not', async () => {
  const gone = await look([PODSHIM]);
  assert.equal(draw(buildTree(gone)), [
    'shim 40 ppid leaked',
    '  container null ppid',
    '  container null ppid',
  ]);
  assert.equal(byId(gone, B).stale, { pid: 1, starttime: 600 });
  const starting = await look([PODSHIM, { pid: 99, ppid: 40, comm: 'runc' }]);
  assert.is(draw(buildTree(starting))[0], 'shim 40 ppid');
});

test('a container whose shim was killed stays known by its record', async () => {
  const snapshot = await look([{ pid: 50, ppid: 1, cgroup: `0::/docker/${A}\n`, ns: { pid: 5001 } }], {
    [`/run/docker/runtime-runc/moby/${A}/state.json`]: runcState(A, 50, 500, `/docker/${A}`),
  });
  const orphan = only(snapshot);
  assert.equal([orphan.engine, orphan.shim, orphan.evidence], ['docker', null, ['state', 'cgroup']]);
  assert.is(daemonOf(snapshot, orphan).state, 'dead');
});

test('LXC and nspawn: the monitor is no member, and a free name alone is a guess', async () => {
  const snapshot = await look([
    { pid: 20, ppid: 1, comm: 'lxc-start', cgroup: '0::/lxc.monitor.web\n' },
    { pid: 21, ppid: 20, comm: 'init', cgroup: '0::/lxc.payload.web/init.scope\n' },
    {
      pid: 30,
      ppid: 1,
      comm: 'systemd-nspawn',
      cgroup: '0::/machine.slice/machine-my\\x2dbox.scope/supervisor\n',
    },
    {
      pid: 31,
      ppid: 30,
      comm: 'systemd',
      cgroup: '0::/machine.slice/machine-my\\x2dbox.scope/payload/init.scope\n',
    },
    { pid: 41, ppid: 1, cgroup: '0::/lxc/other\n' },
    { pid: 42, ppid: 1, cgroup: '0::/default/lab1\n' },
  ]);
  const words = snapshot.containers.map(({ id, engine, pids, shim, confidence }) => [
    id,
    engine,
    pids,
    shim?.pid,
    confidence,
  ]);
  assert.equal(words, [
    ['lab1', 'containerd', [42], undefined, 'guess'],
    ['my-box', 'nspawn', [31], 30, 'likely'],
    ['other', 'lxc', [41], undefined, 'guess'],
    ['web', 'lxc', [21], 20, 'likely'],
  ]);
  assert.equal(draw(buildTree(snapshot)).slice(0, 4), [
    'shim 20 ppid',
    '  container 21 ppid',
    'shim 30 ppid',
    '  container 31 ppid',
  ]);
});

test('one word in two engines is two containers', async () => {
  const snapshot = await look(
    [
      { pid: 41, ppid: 1, cgroup: '0::/lxc.payload.web\n' },
      { pid: 50, ppid: 1, cgroup: '0::/x\n' },
    ],
    { '/run/runc/web/state.json': runcState('web', 50, 500, '/x') },
  );
  assert.equal(
    snapshot.containers.map(({ engine, pids }) => [engine, pids]),
    [
      ['lxc', [41]],
      ['runc', [50]],
    ],
  );
});

test('docker in docker: the inner engine stands below the outer container, the chain is kept', async () => {
  const outer = `/docker/${A}`;
  const snapshot = await look([
    { pid: 50, ppid: 1, cgroup: `0::${outer}\n`, comm: 'sh', ns: { pid: 5001 } },
    { pid: 51, ppid: 50, cgroup: `0::${outer}\n`, comm: 'dockerd', cmdline: ['dockerd'], ns: { pid: 5001 } },
    {
      pid: 52,
      ppid: 51,
      cgroup: `0::${outer}\n`,
      comm: 'containerd',
      cmdline: ['containerd'],
      ns: { pid: 5001 },
    },
    { pid: 60, ppid: 50, cgroup: `0::${outer}/docker/${B}\n`, ns: { pid: 6001 } },
  ]);
  assert.equal([byId(snapshot, A).parent, byId(snapshot, B).parent], [null, A]);
  assert.equal(byId(snapshot, A).pids, [50, 51, 52]);
  assert.equal(draw(buildTree(snapshot)), [
    'container 50 ppid',
    '  dockerd 51 ppid',
    '    containerd 52 ppid',
    '  container 60 ppid',
  ]);
  const all = draw(buildTree(snapshot, { all: true }));
  assert.is(all.filter((line) => line.includes(' 51 ')).length, 1, 'a daemon is drawn once');
  assert.is(all.filter((line) => line.includes(' 60 ')).length, 1);
});

test('groups named so that each is within the other: both are drawn, nothing hangs', async () => {
  const snapshot = await look([
    { pid: 50, ppid: 1, cgroup: `0::/docker/${A}/docker/${B}\n` },
    { pid: 60, ppid: 1, cgroup: `0::/docker/${B}/docker/${A}\n` },
    { pid: 70, ppid: 1, cgroup: `0::/docker/${C}/docker/${C}\n` },
  ]);
  assert.equal(
    [A, B, C].map((id) => byId(snapshot, id).parent),
    [null, A, null],
  );
  const lines = draw(buildTree(snapshot, { all: true })).join('\n');
  for (const pid of [50, 60, 70]) assert.match(lines, `container ${pid} `);
});

test('the daemon of docker: alive, dead with its containerd still there, unknown where /proc hides', async () => {
  const shim: FakeProcess = {
    pid: 40,
    ppid: 1,
    comm: 'containerd-shim',
    cmdline: ['s', '-namespace', 'moby', '-id', A, '-address', '/run/containerd/containerd.sock'],
    links: { cwd: `/run/containerd/io.containerd.runtime.v2.task/moby/${A}` },
  };
  const member: FakeProcess = { pid: 50, ppid: 40, cgroup: `0::/docker/${A}\n` };
  const containerd: FakeProcess = { pid: 20, ppid: 1, comm: 'containerd', cmdline: ['/usr/bin/containerd'] };
  const dockerd: FakeProcess = {
    pid: 30,
    ppid: 1,
    comm: 'dockerd',
    cmdline: ['dockerd', '--containerd=/run/containerd/containerd.sock'],
  };
  const state = async (...processes: readonly FakeProcess[]) => {
    const snapshot = await look([...processes, shim, member]);
    return daemonOf(snapshot, only(snapshot)).state;
  };
  assert.is(await state(containerd, dockerd), 'alive');
  assert.is(await state(dockerd), 'alive', 'known by the address alone');
  assert.is(await state(containerd), 'dead');
  assert.is(await state(), 'dead');
  const hidden = await look([shim, member], {
    '/proc/1/mountinfo': '22 1 0:20 / /proc rw - proc proc rw,hidepid=invisible\n',
  });
  const seen = { ...hidden, host: { ...hidden.host, uid: 1000 } };
  assert.is(daemonOf(seen, only(seen)).state, 'unknown');
  assert.is(daemonOf(hidden, only(hidden)).state, 'dead', 'root is hidden nothing');
});

test.run();
