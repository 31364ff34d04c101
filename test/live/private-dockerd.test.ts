// The tests' own dockerd: it runs a container with a limit, lives apart from the machine's daemon, and leaves nothing.
// timeout: 180
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { testCgroups } from '../support/cgroups.ts';
import { privateDockerd } from '../support/dockerd.ts';
import { maybe, need } from '../support/need.ts';
import { allProcesses, countFds, descendants, isAlive, statOf } from '../support/process.ts';
import { mountsBelow } from '../support/temp.ts';

const test = suite('private dockerd');
const live = maybe(test, need({ docker: true }));

live('runs a container with a memory limit, and stops without a trace', async () => {
  const fds = countFds();
  const docker = await privateDockerd();
  const prefix = docker.cgroupParent.slice(1);
  let family: ReturnType<typeof descendants> = [];
  try {
    const id = await docker.run([
      'run',
      '-d',
      '--memory',
      '64m',
      '--name',
      'web',
      'busybox',
      'sleep',
      '1000',
    ]);
    assert.match(id, /^[0-9a-f]{64}$/);
    assert.is(
      await docker.run(['ps', '--no-trunc', '--format', '{{.ID}} {{.Names}} {{.Image}}']),
      `${id} web busybox`,
    );
    assert.match(await docker.run(['exec', 'web', 'sh', '-c', 'echo $PPID; hostname']), id.slice(0, 12));

    family = descendants(docker.holderPid);
    const init = family.find((one) =>
      readFileSync(`/proc/${one.pid}/cgroup`, 'utf8').includes(`/${prefix}/${id}`),
    );
    assert.is(init?.comm, 'sleep');
    assert.ok(
      family.some((one) => one.comm.startsWith('containerd-shim')),
      'the shim reparents to the holder',
    );
    assert.is(statOf(docker.dockerdPid)?.comm, 'dockerd');
    const limits = testCgroups(prefix)
      .flatMap((dir) => ['memory.limit_in_bytes', 'memory.max'].map((file) => join(dir, id, file)))
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file, 'utf8').trim());
    assert.equal(limits, [String(64 * 1024 * 1024)]);

    for (const type of ['pid', 'net', 'mnt']) {
      const [own, held, daemon] = [process.pid, docker.holderPid, docker.dockerdPid].map((pid) =>
        readlinkSync(`/proc/${pid}/ns/${type}`),
      );
      assert.is.not(held, own, type);
      assert.is(daemon, held, type);
    }
  } finally {
    await docker.stop();
  }
  assert.ok(family.length > 0);
  assert.equal(family.filter(isAlive), []);
  assert.not.ok(allProcesses().some((one) => one.pid === docker.dockerdPid && isAlive(one)));
  assert.equal(testCgroups(prefix), []);
  assert.not.ok(existsSync(docker.dataRoot));
  assert.equal(mountsBelow(dirname(docker.dataRoot)), []);
  // One that was open at the start may have been closed meanwhile; none is new.
  assert.ok(countFds() <= fds, `${countFds()} descriptors, ${fds} before`);
});

test.run();
