// Recorded hosts of other engines: four runtimes side by side (recorded in a guest), Kubernetes and podman (made by hand from the layouts).
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recordedHost, takeSnapshot } from '../../src/host/host.ts';
import { daemonOf } from '../../src/model/daemons.ts';
import { psRow } from '../../src/model/pslist.ts';
import { sharesWith } from '../../src/model/sharing.ts';
import { resolveTarget } from '../../src/model/target.ts';
import { buildTree, containerLabel, type TreeNode } from '../../src/model/tree.ts';
import type { Container, Snapshot } from '../../src/model/types.ts';
import { UserError } from '../../src/text/errors.ts';

const test = suite('host/recorded-hosts-engines');
const open = (name: string) =>
  recordedHost(new URL(`../../fixtures/hosts/${name}.host`, import.meta.url).pathname);
const read = (name: string) => takeSnapshot(open(name));

/** `kind label pid`, two spaces a level, `~` before a logical edge. */
function draw(nodes: readonly TreeNode[], indent = ''): readonly string[] {
  return nodes.flatMap(({ kind, label, pid, edge, children }) => [
    `${indent}${edge === 'logical' ? '~' : ''}${kind} ${label.split('  ')[0]} ${pid}`,
    ...draw(children, `${indent}  `),
  ]);
}

function target(snapshot: Snapshot, word: string): Container {
  const found = resolveTarget(snapshot, word);
  if (found.kind !== 'container') throw new Error(`${word} is ${found.kind}`);
  return found.container;
}

test('docker, ctr, runc and crun in one tree; each known by its record', async () => {
  const snapshot = await read('debian13-v2-runtimes');
  assert.equal(
    draw(buildTree(snapshot)).map((line) => line.replace(/ \d+$/, '').replace(/[0-9a-f]{12}/, 'ID')),
    [
      'dockerd dockerd',
      '  ~containerd containerd',
      '    ~shim shim ID',
      '      container web',
      '      exec exec',
      '    ~shim shim ID',
      '      container sidecar',
      '    ~shim shim lab1',
      '      container lab1',
      'container box',
      'container plain',
    ],
  );
  const rows = ['web', 'lab1', 'box', 'plain'].map((word) => {
    const { engine, evidence, confidence, cgroupPath } = target(snapshot, word);
    return [word, engine, evidence.join(' '), confidence, cgroupPath?.replace(/[0-9a-f]{64}/, 'ID')];
  });
  assert.equal(rows, [
    ['web', 'docker', 'api bundle state cgroup', 'certain', '/system.slice/docker-ID.scope'],
    ['lab1', 'containerd', 'bundle state cgroup', 'certain', '/default/lab1'],
    ['box', 'crun', 'state cgroup', 'certain', '/system.slice/crun-box.scope/container'],
    ['plain', 'runc', 'state cgroup', 'certain', '/user.slice/user-0.slice/plain'],
  ]);
  assert.equal(
    sharesWith(snapshot, target(snapshot, 'sidecar')).map(({ container, types }) => [container.name, types]),
    [['web', ['net']]],
  );
  assert.is(daemonOf(snapshot, target(snapshot, 'web')).state, 'alive');
  assert.is(daemonOf(snapshot, target(snapshot, 'plain')).state, 'none');
});

const K8S = 'kubernetes-v2-by-hand';

test('Kubernetes: a shim a pod, the sandbox first, its containers and an exec session below', async () => {
  const snapshot = await read(K8S);
  assert.equal(draw(buildTree(snapshot)), [
    'containerd containerd 200',
    '  ~shim shim c1c1c1c1c1c1 400',
    '    container c1c1c1c1c1c1 410',
    '    container etcd 420',
    '  ~shim shim a1a1a1a1a1a1 500',
    '    container a1a1a1a1a1a1 510',
    '    container app 520',
    '    exec exec 522',
    '    container proxy 530',
    '  ~shim shim b1b1b1b1b1b1 600',
    '    container b1b1b1b1b1b1 610',
    '    container app 620',
  ]);
});

test('Kubernetes: pods by name, a name in two pods is asked back, a place in one is not', async () => {
  const snapshot = await read(K8S);
  try {
    resolveTarget(snapshot, 'app');
    assert.unreachable('two pods have an app');
  } catch (error) {
    assert.ok(error instanceof UserError);
    assert.match(error.hint ?? '', 'a2a2a2a2a2a2 (app), b2b2b2b2b2b2 (app)');
  }
  assert.is(target(snapshot, 'shop/web-0/app').init?.pid, 520);
  assert.is(target(snapshot, 'job-7/app').init?.pid, 620);
  const sandbox = target(snapshot, 'shop/web-0');
  assert.equal([sandbox.sandbox, sandbox.init?.pid, sandbox.name], [true, 510, null]);
  assert.equal(target(snapshot, 'etcd').pod, {
    uid: 'ab'.repeat(16),
    namespace: 'kube-system',
    name: 'etcd',
  });
  assert.ok(
    snapshot.containers.every(
      ({ engine, confidence }) => engine === 'kubernetes' && confidence === 'certain',
    ),
  );
});

test('Kubernetes: who shares what in a pod; the static pod on the host network shares nothing', async () => {
  const snapshot = await read(K8S);
  const shares = (word: string) =>
    sharesWith(snapshot, target(snapshot, word)).map(
      ({ container, types }) => `${containerLabel(container)}: ${types.join(' ')}`,
    );
  assert.equal(shares('proxy'), ['a1a1a1a1a1a1: uts ipc net', 'app: uts ipc pid net']);
  assert.equal(shares('etcd'), []);
});

test('Kubernetes: the pod limits its container below its own limit', async () => {
  const first = await read(K8S);
  const init = target(first, 'shop/web-0/app').init;
  assert.ok(init);
  const { groups } = await takeSnapshot(open(K8S), { watch: [init] });
  const memory = groups[0]?.controllers.find(({ name }) => name === 'memory');
  assert.is(memory?.limits['limit']?.ok && memory.limits['limit'].value, 536870912n);
  assert.is(memory?.effective['limit']?.value, 268435456n);
  assert.match(memory?.effective['limit']?.setBy ?? '', /kubepods-burstable-pod[0-9a-f_]+\.slice$/);
});

const PODMAN = 'podman-v2-by-hand';

test('podman: conmon, container and exec session, rootful, rootless and of a unit', async () => {
  const snapshot = await read(PODMAN);
  assert.equal(draw(buildTree(snapshot)), [
    'shim conmon d1d1d1d1d1d1 400',
    '  container db 410',
    'shim conmon d2d2d2d2d2d2 920',
    '  container mine 930',
    '  ~exec exec 950',
    'shim conmon d3d3d3d3d3d3 980',
    '  container systemd-web 990',
  ]);
  const rows = ['db', 'mine', 'systemd-web'].map((word) => {
    const { engine, user, evidence, confidence, pids } = target(snapshot, word);
    return [word, engine, user, evidence.join(' '), confidence, pids];
  });
  assert.equal(rows, [
    ['db', 'podman', 0, 'state shim cgroup', 'certain', [410, 411]],
    ['mine', 'podman', 1000, 'api state shim cgroup', 'certain', [930, 950]],
    ['systemd-web', 'podman', 0, 'shim cgroup', 'likely', [990]],
  ]);
  assert.is(daemonOf(snapshot, target(snapshot, 'db')).state, 'none', 'no daemon is normal');
});

test("podman: a user's engine names that user's container, and not root's", async () => {
  const snapshot = await read(PODMAN);
  assert.is(target(snapshot, 'mine').image, 'localhost/busybox:latest');
  assert.not(snapshot.containers.some(({ name }) => name === 'stolen'));
});

test('podman: rows of ps say the container, conmon is in none', async () => {
  const snapshot = await read(PODMAN);
  const row = (wanted: number) => {
    const process = snapshot.processes.find(({ pid }) => pid === wanted);
    if (!process) throw new Error(`no process ${wanted}`);
    const { container, insidePid } = psRow(snapshot, process);
    return [container, insidePid.ok && insidePid.value];
  };
  assert.equal(
    [row(411), row(950), row(920)],
    [
      ['db', 20],
      ['mine', 7],
      [null, 920],
    ],
  );
});

test.run();
