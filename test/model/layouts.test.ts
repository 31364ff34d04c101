// Which engine and id a cgroup path speaks of: every layout of the table, and paths that only look like one.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { layoutChain, matchLayout, podOf, unescapeUnit, userOfPath } from '../../src/model/layouts.ts';

const test = suite('model/layouts');
const ID = 'a1'.repeat(32);
const POD = '0f1e2d3c-0000-4000-8000-123456789abc';

const KNOWN: readonly (readonly [string, string, string])[] = [
  [`/docker/${ID}`, 'docker', ID],
  [`/system.slice/docker-${ID}.scope`, 'docker', ID],
  [`/my.slice/docker-${ID}.scope/init.scope`, 'docker', ID],
  [`/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${ID}.scope`, 'docker', ID],
  [`/machine.slice/libpod-${ID}.scope/container`, 'podman', ID],
  [`/libpod_parent/libpod-${ID}`, 'podman', ID],
  [`/system.slice/web.service/libpod-payload-${ID}`, 'podman', ID],
  [
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podx.slice/cri-containerd-${ID}.scope`,
    'kubernetes',
    ID,
  ],
  [`/kubepods.slice/kubepods-podx.slice/crio-${ID}.scope`, 'crio', ID],
  [`/kubepods/burstable/pod${POD}/${ID}`, 'kubernetes', ID],
  [`/system.slice/containerd.service/kubepods-besteffort-podx.slice:cri-containerd:${ID}`, 'kubernetes', ID],
  ['/lxc.payload.web', 'lxc', 'web'],
  ['/lxc.payload/web/init.scope', 'lxc', 'web'],
  ['/lxc/web', 'lxc', 'web'],
  ['/machine.slice/machine-my\\x2dbox.scope/payload', 'nspawn', 'my-box'],
  ['/machine.slice/systemd-nspawn@web.service/payload', 'nspawn', 'web'],
  [`/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope/container`, 'podman', ID],
  [`/kubepods.slice/kubepods-podx.slice/crio-${ID}.scope/container`, 'crio', ID],
  [`/kubepods/burstable/pod${POD}/crio-${ID}`, 'crio', ID],
  [`/kubepods/besteffort/pod${'ab'.repeat(16)}/${ID}`, 'kubernetes', ID],
  [`/kubepods.slice/kubepods-podx.slice/docker-${ID}.scope`, 'docker', ID],
  ['/default/lab1', 'containerd', 'lab1'],
  ['/system.slice/crun-box.scope/container', 'crun', 'box'],
  ['/system.slice/runc-box.scope', 'runc', 'box'],
  ['/default/lab1/below', 'containerd', 'lab1'],
  [`/../../docker/${ID}`, 'docker', ID],
];

for (const [path, engine, id] of KNOWN) {
  test(path, () => {
    const match = matchLayout(path);
    assert.is(match?.engine, engine);
    assert.is(match?.id, id);
    assert.ok(path.startsWith(match?.path ?? '!'));
  });
}

test('the innermost container wins: docker in docker', () => {
  const inner = 'b2'.repeat(32);
  assert.is(matchLayout(`/docker/${ID}/docker/${inner}`)?.id, inner);
});

test('no container', () => {
  for (const path of [
    '/',
    '',
    '/user.slice/user-0.slice',
    `/docker/${ID.slice(1)}`,
    '/docker',
    `/${ID}`,
    '/lxc.monitor.web',
    '/lxc.monitor/web',
    `/machine.slice/libpod-conmon-${ID}.scope`,
    `/kubepods.slice/crio-conmon-${ID}.scope`,
    '/machine.slice/machine-box.scope/supervisor',
    '/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/libvirt/emulator',
    '/system.slice/default/lab1',
    '/mine/lab1',
    '/system.slice/docker.service',
  ]) {
    assert.is(matchLayout(path), null, path);
  }
});

test('the whole chain, outermost first, watchers told from what they watch', () => {
  const inner = 'b2'.repeat(32);
  const chain = layoutChain(`/system.slice/docker-${ID}.scope/lxc.payload.web/docker/${inner}/x`);
  assert.equal(
    chain.map(({ engine, id, path }) => [engine, id, path.split('/').length]),
    [
      ['docker', ID, 3],
      ['lxc', 'web', 4],
      ['docker', inner, 6],
    ],
  );
  const [monitor] = layoutChain('/lxc.monitor.web');
  assert.equal([monitor?.id, monitor?.watcher], ['web', true]);
  const [supervisor] = layoutChain('/machine.slice/machine-my\\x2dbox.scope/supervisor');
  assert.equal([supervisor?.id, supervisor?.watcher], ['my-box', true]);
});

test('the pod of a path, whichever driver wrote it', () => {
  const slice = POD.replaceAll('-', '_');
  assert.is(podOf(`/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${slice}.slice/x`), POD);
  assert.is(podOf(`/kubepods.slice/kubepods-pod${slice}.slice`), POD);
  assert.is(podOf(`/kubepods/besteffort/pod${POD}/${ID}`), POD);
  assert.is(podOf(`/system.slice/kubepods-pod${slice}.slice:cri-containerd:${ID}`), POD);
  assert.is(podOf(`/kubepods/pod${'0a'.repeat(16)}/x`), '0a'.repeat(16));
  for (const path of ['/', '/kubepods/podx', `/pod/${ID}`, `/tripod${POD}`])
    assert.is(podOf(path), null, path);
});

test('the user of a path', () => {
  assert.is(userOfPath('/user.slice/user-1000.slice/user@1000.service/app.slice'), 1000);
  assert.is(userOfPath('/user.slice/user-7.slice/session-1.scope'), 7);
  assert.is(userOfPath('/system.slice/user@x.service'), null);
});

test('systemd escapes are undone', () => {
  assert.is(unescapeUnit('a\\x2db\\x5c'), 'a-b\\');
});

test.run();
