// The recorded hosts of fixtures/hosts read as the hosts that they were: a pure v2 one and a v1 hybrid one, with the same four containers' story.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recordedHost, takeSnapshot } from '../../src/host/host.ts';
import { ownTypes } from '../../src/model/links.ts';
import { buildTree, type TreeNode } from '../../src/model/tree.ts';

const test = suite('host/recorded-hosts');
const file = (name: string) => new URL(`../../fixtures/hosts/${name}.host`, import.meta.url).pathname;

function kinds(nodes: readonly TreeNode[], depth = 0): readonly string[] {
  return nodes.flatMap((node) => [
    `${' '.repeat(depth)}${node.kind}${node.edge === 'logical' ? ' (logical)' : ''}`,
    ...kinds(node.children, depth + 1),
  ]);
}

for (const { name, version, cgroupPath, own } of [
  {
    name: 'debian13-v2-docker',
    version: 2,
    cgroupPath: /^\/system\.slice\/docker-[0-9a-f]{64}\.scope$/,
    own: ['mnt', 'cgroup', 'uts', 'ipc', 'pid', 'net'],
  },
  {
    name: 'debian12-hybrid-docker',
    version: 1,
    cgroupPath: /^\/(system\.slice\/docker-[0-9a-f]{64}\.scope|docker\/[0-9a-f]{64})$/,
    own: ['mnt', 'uts', 'ipc', 'pid', 'net'],
  },
]) {
  const read = () => takeSnapshot(recordedHost(file(name)));

  test(`${name}: three containers and an exec session below dockerd and containerd`, async () => {
    assert.equal(kinds(buildTree(await read())), [
      'dockerd',
      ' containerd (logical)',
      '  shim (logical)',
      '   container',
      '   exec',
      '  shim (logical)',
      '   container',
      '  shim (logical)',
      '   container',
    ]);
  });

  test(`${name}: names, images and own namespaces`, async () => {
    const snapshot = await read();
    assert.equal(snapshot.containers.map((container) => container.name).sort(), ['db', 'sidecar', 'web']);
    const web = snapshot.containers.find((container) => container.name === 'web');
    assert.ok(web?.init);
    assert.equal(ownTypes(snapshot, web.init), own);
    assert.match(web.cgroupPath ?? '', cgroupPath);
    assert.is(web.image, 'busybox');
  });

  test(`${name}: the sidecar shares web's network namespace`, async () => {
    const snapshot = await read();
    const net = (name: string) => {
      const init = snapshot.containers.find((container) => container.name === name)?.init;
      return snapshot.processes.find(({ pid }) => pid === init?.pid)?.ns.net;
    };
    assert.ok(net('web')?.ok);
    assert.equal(net('sidecar'), net('web'));
    assert.not.equal(net('db'), net('web'));
  });

  test(`${name}: limits of web as docker was told: 64 MiB, half a cpu, 50 processes`, async () => {
    const first = await read();
    const init = first.containers.find((container) => container.name === 'web')?.init;
    assert.ok(init);
    const { groups } = await takeSnapshot(recordedHost(file(name)), { watch: [init] });
    const controller = (wanted: string) => groups[0]?.controllers.find((one) => one.name === wanted);
    assert.is(controller('memory')?.version, version);
    assert.equal(controller('memory')?.effective['limit']?.value, 67108864n);
    assert.equal(controller('cpu')?.limits['quota'], { ok: true, value: 50000n });
    assert.equal(controller('pids')?.effective['limit']?.value, 50n);
  });

  test(`${name}: parents and owners from the recording; the namespace of netns blue has no process`, async () => {
    const { namespaces, coverage } = await read();
    assert.is(coverage.owners, 'recorded');
    const pid = namespaces.find((namespace) => namespace.type === 'pid' && !namespace.initial);
    assert.equal(pid?.parent, { ok: true, value: 0xeffffffc });
    assert.equal(pid?.owner, { ok: true, value: 0xeffffffd });
    const blue = namespaces.find(({ pins }) => pins.includes('/run/netns/blue'));
    assert.is(blue?.members.length, 0);
  });
}

test.run();
