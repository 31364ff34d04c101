// timeout: 240
// A real dockerd of the test's own: the tree, names, limits, exec sessions, shared namespaces; and what is left when the daemons are killed.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveHost, takeSnapshot } from '../../src/host/host.ts';
import { preflight } from '../../src/lab/preflight.ts';
import { daemonOf } from '../../src/model/daemons.ts';
import { compareLinks } from '../../src/model/links.ts';
import { sharesWith } from '../../src/model/sharing.ts';
import { buildTree, type TreeNode } from '../../src/model/tree.ts';
import type { Snapshot } from '../../src/model/types.ts';
import { type PrivateDockerd, privateDockerd } from '../support/dockerd.ts';
import { maybe, need } from '../support/need.ts';
import { statOf, until } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const reason = need({ root: true, docker: true });
const test = suite<{ dockerd: PrivateDockerd }>('live/docker-tree');
const live = maybe(test, reason);

if (reason === null) {
  test.before(async (context) => {
    context.dockerd = await privateDockerd();
    await context.dockerd.run([
      'run',
      '-d',
      '--memory',
      '64m',
      '--pids-limit',
      '50',
      '--hostname',
      'web-1',
      '--name',
      'web',
      'busybox',
      'sleep',
      '1000',
    ]);
    await context.dockerd.run([
      'run',
      '-d',
      '--net',
      'container:web',
      '--pid',
      'container:web',
      '--name',
      'side',
      'busybox',
      'sleep',
      '1001',
    ]);
    await context.dockerd.run(['exec', '-d', 'web', 'sleep', '1002']);
  });
  test.after(async (context) => {
    await context.dockerd?.stop();
  });
}

function nodesOf(snapshot: Snapshot): readonly TreeNode[] {
  const flat = (nodes: readonly TreeNode[]): readonly TreeNode[] =>
    nodes.flatMap((node) => [node, ...flat(node.children)]);
  return flat(buildTree(snapshot));
}

async function look(): Promise<{ readonly snapshot: Snapshot; readonly nodes: readonly TreeNode[] }> {
  return until('the exec session', async () => {
    const snapshot = await takeSnapshot(liveHost());
    const nodes = nodesOf(snapshot);
    return nodes.some(({ kind }) => kind === 'exec') && { snapshot, nodes };
  });
}

live(
  'dockerd, containerd, shims, containers and the exec session, with the pids that docker gives',
  async ({ dockerd }) => {
    const { snapshot, nodes } = await look();
    const web = snapshot.containers.find(({ name }) => name === 'web');
    const id = await dockerd.run(['inspect', '-f', '{{.Id}}', 'web']);
    assert.is(web?.id, id);
    const inside = Number(await dockerd.run(['inspect', '-f', '{{.State.Pid}}', 'web']));
    const init = snapshot.processes.find(({ pid }) => pid === web?.init?.pid);
    // The private dockerd has a pid namespace of its own: its State.Pid is the second number of NSpid.
    assert.is(init?.nspid?.ok && init.nspid.value[1], inside);
    const top = nodes.find(({ pid }) => pid === dockerd.dockerdPid);
    assert.is(top?.kind, 'dockerd');
    const containerd = top?.children.find(({ kind }) => kind === 'containerd');
    assert.is(containerd?.edge, 'ppid');
    const shims = containerd?.children ?? [];
    assert.equal(
      shims.map(({ kind, edge }) => `${kind} ${edge}`),
      ['shim logical', 'shim logical'],
    );
    const below = shims.find(({ container }) => container === id)?.children ?? [];
    assert.equal(below.map(({ kind }) => kind).sort(), ['container', 'exec']);
    assert.match(below.find(({ kind }) => kind === 'exec')?.label ?? '', /sleep 1002/);
  },
);

live("selecting web: its own eight links beside the host's, and its memory limit", async () => {
  const { snapshot } = await look();
  const init = snapshot.containers.find(({ name }) => name === 'web')?.init;
  assert.ok(init);
  const rows = compareLinks(snapshot, init);
  assert.is(rows.length, 8);
  assert.equal(
    rows
      .filter(({ relation }) => relation === 'own')
      .map(({ type }) => type)
      .filter((type) => type !== 'cgroup'),
    ['mnt', 'uts', 'ipc', 'pid', 'net'],
  );
  const watched = await takeSnapshot(liveHost(), { watch: [init] });
  const memory = watched.groups[0]?.controllers.find(({ name }) => name === 'memory');
  assert.is(memory?.effective['limit']?.value, 67108864n);
  const pids = watched.groups[0]?.controllers.find(({ name }) => name === 'pids');
  assert.is(pids?.effective['limit']?.value, 50n);
});

live(
  'a container that joined another: shared pid and net; its first process is not 1 there and is found all the same',
  async () => {
    const { snapshot } = await look();
    const first = (name: string) => {
      const init = snapshot.containers.find((container) => container.name === name)?.init;
      return snapshot.processes.find(({ pid }) => pid === init?.pid);
    };
    const [web, side] = [first('web'), first('side')];
    assert.equal(side?.ns.net, web?.ns.net);
    const joined = snapshot.containers.find(({ name }) => name === 'side');
    assert.ok(joined);
    assert.equal(
      sharesWith(snapshot, joined).map(({ container, types }) => [container.name, types]),
      [['web', ['pid', 'net']]],
    );
    assert.equal(side?.ns.pid, web?.ns.pid);
    assert.not.equal(side?.ns.uts, web?.ns.uts);
    assert.ok(side?.nspid?.ok && side.nspid.value.at(-1) !== 1);
  },
);

live('preflight finds a daemon at whichever socket it was told to listen on', async ({ dockerd }) => {
  await withTempDir(async (dir) => {
    const needs = await preflight({ env: { XDG_STATE_HOME: dir } });
    const docker = needs.find(({ need }) => need === 'docker');
    assert.is(docker?.ok, true, docker?.message.en);
    assert.match(docker?.message.en ?? '', new RegExp(`${dockerd.socket}$|/run/docker.sock$`));
  });
});

live(
  'with the daemons killed, containers and shims stay in the tree; only names are gone',
  async ({ dockerd }) => {
    const before = await look();
    const containerd = before.nodes.find(
      ({ kind, pid }) => kind === 'containerd' && statOf(pid ?? 0)?.ppid === dockerd.dockerdPid,
    );
    process.kill(dockerd.dockerdPid, 'SIGKILL');
    if (containerd?.pid) process.kill(containerd.pid, 'SIGKILL');
    const after = await until('the daemons to be gone', async () => {
      const snapshot = await takeSnapshot(liveHost());
      return (
        !snapshot.processes.some(({ pid }) => pid === containerd?.pid || pid === dockerd.dockerdPid) &&
        snapshot
      );
    });
    const ours = (snapshot: Snapshot) =>
      snapshot.containers.filter(({ cgroupPath }) => cgroupPath?.startsWith(`${dockerd.cgroupParent}/`));
    const plain = (snapshot: Snapshot) =>
      ours(snapshot).map(({ id, init, shim, pids, cgroupPath }) => ({ id, init, shim, pids, cgroupPath }));
    assert.is(plain(after).length, 2);
    assert.equal(plain(after), plain(before.snapshot));
    assert.ok(ours(after).every(({ name }) => name === null));
    const links = (snapshot: Snapshot) =>
      ours(snapshot)
        .flatMap(({ pids }) => pids)
        .map((pid) => [pid, snapshot.processes.find((process) => process.pid === pid)?.ns]);
    assert.equal(links(after), links(before.snapshot));
    const shims = (nodes: readonly TreeNode[]) =>
      nodes
        .filter(({ kind, container }) => kind === 'shim' && ours(after).some(({ id }) => id === container))
        .map(({ pid, children }) => [
          pid,
          children.map((node) => [node.kind, node.pid, node.edge, node.namespaces]),
        ]);
    assert.equal(shims(nodesOf(after)), shims(before.nodes));
    const states = (snapshot: Snapshot) =>
      ours(snapshot).map((container) => daemonOf(snapshot, container).state);
    const words = ours(after).map(({ evidence }) => evidence.join(' '));
    assert.equal(words, ['bundle state cgroup', 'bundle state cgroup']);
    assert.ok(states(before.snapshot).every((state) => state === 'alive'));
    assert.ok(states(after).every((state) => state === 'dead'));
  },
);

test.run();
