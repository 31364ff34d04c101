// timeout: 240
// Real containers without an engine's daemon: plain runc and crun from a bundle, and ctr through a containerd that dies; each known by its record.
import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveHost, takeSnapshot } from '../../src/host/host.ts';
import { daemonOf } from '../../src/model/daemons.ts';
import { resolveTarget } from '../../src/model/target.ts';
import { buildTree, type TreeNode } from '../../src/model/tree.ts';
import type { Container, Snapshot } from '../../src/model/types.ts';
import { removeTestCgroups } from '../support/cgroups.ts';
import { privateDockerd } from '../support/dockerd.ts';
import { maybe, need, which } from '../support/need.ts';
import { runToEnd, statOf, until } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('live/runtimes');

/** A root directory with busybox alone, and a config.json of runc's own making for it, in `group`; the bundle. */
async function makeBundle(dir: string, group: string, seconds: string): Promise<string> {
  const bin = join(dir, 'rootfs/bin');
  for (const name of ['bin', 'dev', 'proc', 'sys', 'tmp'])
    mkdirSync(join(dir, 'rootfs', name), { recursive: true });
  copyFileSync(which('busybox') ?? 'busybox', join(bin, 'busybox'));
  symlinkSync('busybox', join(bin, 'sleep'));
  await done(['runc', 'spec', '--bundle', dir]);
  const config = JSON.parse(readFileSync(join(dir, 'config.json'), 'utf8'));
  config.process.terminal = false;
  config.process.args = ['/bin/sleep', seconds];
  config.root = { path: join(dir, 'rootfs') };
  config.linux.cgroupsPath = group;
  writeFileSync(join(dir, 'config.json'), JSON.stringify(config));
  return dir;
}

async function done(command: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runToEnd(command);
  if (code !== 0) throw new Error(`${command.join(' ')}: exit ${code}: ${stderr.trim()}`);
  return stdout.trim();
}

const flat = (nodes: readonly TreeNode[]): readonly TreeNode[] =>
  nodes.flatMap((node) => [node, ...flat(node.children)]);

/** crun 1.8 refuses a host of both versions: it is shown one without the second, in a mount namespace of its own. */
function withoutHybrid(command: string): readonly string[] {
  const second = '/sys/fs/cgroup/unified';
  return existsSync(join(second, 'cgroup.controllers'))
    ? ['unshare', '--mount', 'sh', '-c', `mount -t tmpfs none ${second} && exec ${command}`]
    : ['sh', '-c', `exec ${command}`];
}

/** Runs a container by `run`, hands what nscope says of it to `look`, and removes it by `remove`, with its group. */
async function withContainer(
  runtime: 'runc' | 'crun',
  look: (seen: {
    readonly snapshot: Snapshot;
    readonly container: Container;
    readonly pid: number;
    readonly id: string;
    readonly group: string;
  }) => void | Promise<void>,
): Promise<void> {
  const id = `nscope-test-${process.env['NSCOPE_TEST_MARK'] ?? ''}${randomBytes(4).toString('hex')}`;
  const root = `/run/${runtime}`;
  const hadRoot = existsSync(root);
  const own = (command: string) =>
    runtime === 'crun'
      ? withoutHybrid(`crun --root ${root} ${command}`)
      : ['sh', '-c', `exec runc --root ${root} ${command}`];
  await withTempDir(async (dir) => {
    const group = `/${id}/box`;
    const bundle = await makeBundle(join(dir, 'b'), group, '1000');
    try {
      // A detached container keeps its standard streams: they must not be the test's pipes.
      await done(
        own(`run --detach --bundle ${bundle} --pid-file ${dir}/pid ${id} </dev/null >/dev/null 2>${dir}/err`),
      );
      const pid = Number(readFileSync(`${dir}/pid`, 'utf8'));
      const snapshot = await takeSnapshot(liveHost());
      const container = snapshot.containers.find((one) => one.id === id);
      if (!container) throw new Error(`${runtime}'s container ${id} was not found`);
      await look({ snapshot, container, pid, id, group });
    } finally {
      await done(own(`delete --force ${id}`));
      await removeTestCgroups(id);
      if (!hadRoot && existsSync(root)) rmdirSync(root);
    }
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
