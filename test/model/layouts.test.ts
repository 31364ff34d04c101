// Which engine and id a cgroup path speaks of: every layout of the table, and paths that only look like one.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { matchLayout, unescapeUnit } from '../../src/model/layouts.ts';

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
    '/system.slice/docker.service',
  ]) {
    assert.is(matchLayout(path), null, path);
  }
});

test('systemd escapes are undone', () => {
  assert.is(unescapeUnit('a\\x2db\\x5c'), 'a-b\\');
});

test.run();
