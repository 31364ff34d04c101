// timeout: 240
// Real containers without an engine's daemon: plain runc and crun from a bundle, and ctr through a containerd that dies; each known by its record.
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveHost, takeSnapshot } from '../../src/host/host.ts';
import { daemonOf } from '../../src/model/daemons.ts';
import { resolveTarget } from '../../src/model/target.ts';
import { buildTree, type TreeNode } from '../../src/model/tree.ts';
import type { Container, Snapshot } from '../../src/model/types.ts';
import { done, makeBundle, type Plain, withPlain } from '../support/bundle.ts';
import { privateDockerd } from '../support/dockerd.ts';
import { maybe, need } from '../support/need.ts';
import { statOf, until } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('live/runtimes');

const flat = (nodes: readonly TreeNode[]): readonly TreeNode[] =>
  nodes.flatMap((node) => [node, ...flat(node.children)]);

/** A container of the runtime's alone, with what nscope says of it. */
async function withContainer(
  runtime: 'runc' | 'crun',
  look: (
    seen: Plain & { readonly snapshot: Snapshot; readonly container: Container },
  ) => void | Promise<void>,
): Promise<void> {
  await withPlain(runtime, async (plain) => {
    const snapshot = await takeSnapshot(liveHost());
    const container = snapshot.containers.find((one) => one.id === plain.id);
    if (!container) throw new Error(`${runtime}'s container ${plain.id} was not found`);
    await look({ ...plain, snapshot, container });
  });
}

for (const runtime of ['runc', 'crun'] as const) {
  maybe(test, need({ root: true, tools: ['runc', runtime, 'busybox', 'unshare'] }))(
    `plain ${runtime}: certain by its record, with the group that it was given, found by its name, and in the tree`,
    async () => {
      await withContainer(runtime, ({ snapshot, container, pid, id, group }) => {
        assert.is(container.engine, runtime);
        assert.is(container.init?.pid, pid);
        assert.is(String(container.init?.starttime), statOf(pid)?.starttime);
        assert.equal(container.evidence, ['state', 'cgroup']);
        assert.is(container.confidence, 'certain');
        assert.is(container.cgroupPath, group);
        assert.equal(container.pids, [pid]);
        assert.equal(daemonOf(snapshot, container).state, 'none');
        const target = resolveTarget(snapshot, id);
        assert.is(target.kind === 'container' && target.container, container);
        const node = flat(buildTree(snapshot)).find((one) => one.container === id);
        assert.equal([node?.kind, node?.pid, node?.about?.engine], ['container', pid, runtime]);
        assert.ok(node?.namespaces.includes('pid'));
      });
    },
  );
}

maybe(test, need({ root: true, tools: ['runc', 'busybox'] }))(
  'runc: after the first process was killed its record speaks of nobody, and the container is shown without a process',
  async () => {
    await withContainer('runc', async ({ pid, id }) => {
      process.kill(pid, 'SIGKILL');
      const stopped = await until('the container without a process', async () => {
        const { containers } = await takeSnapshot(liveHost());
        const found = containers.find((one) => one.id === id);
        return found?.init === null && found;
      });
      assert.is(stopped.stale?.pid, pid);
      assert.equal(stopped.evidence.includes('state'), false);
    });
  },
);

maybe(test, need({ root: true, docker: true, tools: ['ctr'] }))(
  'ctr: a container of containerd alone, by its shim; with the daemons killed it is the same but for the daemon',
  async () => {
    const dockerd = await privateDockerd();
    try {
      const ctr = (...words: readonly string[]) =>
        done([
          ...`nsenter -t ${dockerd.holderPid} -p -n -m -r ctr -a ${dockerd.execRoot}/containerd/containerd.sock`.split(
            ' ',
          ),
          ...words,
        ]);
      await withTempDir(async (dir) => {
        const bundle = await makeBundle(join(dir, 'b'), `${dockerd.cgroupParent}/lab1`, '1000');
        await ctr('run', '--detach', '--config', `${bundle}/config.json`, 'lab1');
        const look = async () => {
          const snapshot = await takeSnapshot(liveHost());
          const lab = snapshot.containers.find(({ id, shim }) => id === 'lab1' && shim !== null);
          return { snapshot, lab };
        };
        const before = await look();
        assert.ok(before.lab?.init);
        assert.equal([before.lab.engine, before.lab.engineNamespace], ['containerd', 'default']);
        assert.equal(before.lab.evidence, ['bundle', 'state', 'cgroup']);
        assert.equal(before.lab.confidence, 'certain');
        const said = (await ctr('tasks', 'ls'))
          .split('\n')
          .find((line) => line.startsWith('lab1'))
          ?.split(/\s+/)[1];
        const init = before.snapshot.processes.find(({ pid }) => pid === before.lab?.init?.pid);
        // containerd's pid counts in the holder's pid namespace.
        assert.is(String(init?.nspid?.ok && init.nspid.value[1]), said);
        const daemon = daemonOf(before.snapshot, before.lab);
        assert.is(daemon.state, 'alive');
        process.kill(dockerd.dockerdPid, 'SIGKILL');
        if (daemon.process) process.kill(daemon.process.pid, 'SIGKILL');
        const after = await until('containerd to be gone', async () => {
          const seen = await look();
          return !seen.snapshot.processes.some(({ pid }) => pid === daemon.process?.pid) && seen;
        });
        assert.equal(after.lab, before.lab);
        assert.ok(after.lab);
        assert.is(daemonOf(after.snapshot, after.lab).state, 'dead');
      });
    } finally {
      await dockerd.stop();
    }
  },
);

test.run();
