// timeout: 900
// What `nscope doctor` finds of real containers of a private dockerd: a healthy one nothing, then each thing that a container can be let to do or
// suffer; at last the daemons are killed, and a container's end leaves its shim behind.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveHost, takeSnapshot } from '../../src/host/host.ts';
import { CAPABILITIES } from '../../src/kernel/capabilities.ts';
import type { Container } from '../../src/model/types.ts';
import { doctor, only, type Told } from '../support/doctor.ts';
import { type PrivateDockerd, privateDockerd } from '../support/dockerd.ts';
import { placeOf } from '../support/groups.ts';
import { maybe, need } from '../support/need.ts';
import { children, runToEnd, statOf, until } from '../support/process.ts';

const reason = need({ root: true, docker: true });
const test = suite<{ dockerd: PrivateDockerd }>('live/doctor-docker');
const live = maybe(test, reason);

if (reason === null) {
  test.before(async (context) => {
    context.dockerd = await privateDockerd();
  });
  // One container less to look at, and v1 lets no parent have a quota below a child's.
  test.after.each(async ({ dockerd }) => {
    for (const name of names.splice(0)) if (statOf(dockerd.dockerdPid)) await dockerd.run(['rm', '-f', name]);
  });
  test.after(async (context) => {
    await context.dockerd?.stop();
  });
}

let made = 0;
const names: string[] = [];

/**
 * All that this machine can give: a privileged container, or, where we lack a capability ourselves, which runc then cannot raise, one with all others
 * and without a filter.
 */
function everything(): readonly string[] {
  const own = BigInt(`0x${/^CapBnd:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`);
  const lacking = CAPABILITIES.filter((_, bit) => (own & (1n << BigInt(bit))) === 0n);
  if (lacking.length === 0) return ['--privileged'];
  const drops = lacking.flatMap((name) => ['--cap-drop', name.replace('CAP_', '')]);
  return ['--cap-add', 'ALL', ...drops, '--security-opt', 'seccomp=unconfined'];
}

/** A container of these options; its name is the test's own, for a machine may have others. */
async function run(
  dockerd: PrivateDockerd,
  options: readonly string[],
  command: readonly string[] = ['sleep', '1000'],
): Promise<string> {
  made += 1;
  const name = `nscope-doctor-${process.pid}-${made}`;
  names.push(name);
  await dockerd.run(['run', '-d', '--name', name, ...options, 'busybox', ...command]);
  return name;
}

async function containerNamed(dockerd: PrivateDockerd, name: string): Promise<Container> {
  const id = await dockerd.run(['inspect', '-f', '{{.Id}}', name]);
  return until(`the container ${name}`, async () =>
    (await takeSnapshot(liveHost())).containers.find((one) => one.id === id && one.init !== null),
  );
}

const ids = (findings: readonly Told[]): readonly string[] => findings.map(({ id }) => id).sort();

live('a healthy container has no finding, with limits that are kept', async ({ dockerd }) => {
  // All CPUs: with less a slow machine stops it while it starts.
  const cpus = String(availableParallelism());
  const name = await run(dockerd, ['--memory', '64m', '--cpus', cpus, '--pids-limit', '50']);
  assert.equal(await doctor(name), []);
  const { id } = await containerNamed(dockerd, name);
  assert.equal(await doctor(id.slice(0, 12)), []);
});

live('the host’s namespaces: those of the engine that it runs on', async ({ dockerd }) => {
  const pid = await run(dockerd, ['--pid', 'host']);
  const finding = only(await doctor(pid), 'host-namespace');
  assert.match(finding.sentence, /shares the host's pid namespace/);
  assert.not.match(finding.sentence, /net namespace|ipc namespace|user namespace/);
  const { stdout } = await runToEnd(['sh', '-c', finding.proof]);
  assert.is(new Set(stdout.trim().split('\n')).size, 1, stdout);
  const more = await run(dockerd, ['--net', 'host', '--ipc', 'host']);
  assert.match(only(await doctor(more), 'host-namespace').sentence, /net namespace.*ipc namespace/);
});

live('privileged, seccomp off, and the engine’s socket in it', async ({ dockerd }) => {
  const privileged = await run(dockerd, everything());
  const init = (await containerNamed(dockerd, privileged)).init?.pid ?? 0;
  const confined = readFileSync(`/proc/${init}/status`, 'utf8');
  assert.equal(ids(await doctor(privileged)), ['full-capabilities', 'no-seccomp'], confined);
  const user = await run(dockerd, [...everything(), '--user', '1000']);
  assert.match(only(await doctor(user), 'full-capabilities').sentence, /may gain every capability/);
  const open = await run(dockerd, ['--security-opt', 'seccomp=unconfined']);
  assert.equal(ids(await doctor(open)), ['no-seccomp']);
  const socket = await run(dockerd, ['-v', `${dockerd.socket}:/var/run/docker.sock`]);
  assert.match(only(await doctor(socket), 'engine-socket').sentence, /at \/var\/run\/docker\.sock/);
  // The directory with the socket in it, under another name.
  const directory = await run(dockerd, ['-v', `${dockerd.socket.replace(/\/[^/]*$/, '')}:/host:ro`]);
  assert.match(only(await doctor(directory), 'engine-socket').sentence, /at \/host\/docker\.sock/);
});

live('paused', async ({ dockerd }) => {
  const name = await run(dockerd, []);
  await dockerd.run(['pause', name]);
  const finding = only(await doctor(name), 'frozen');
  assert.match(finding.next, new RegExp(`docker unpause ${name}`));
  await dockerd.run(['unpause', name]);
  assert.equal(await doctor(name), []);
});

live(
  'OOM-killed: while it lives, by the kernel’s counters; once it has ended, by its engine',
  async ({ dockerd }) => {
    // runc's own first process needs some 10 MiB in the group before it becomes the program.
    const grow = 'head -c 60m /dev/zero | tail -c 60m > /dev/null';
    const alive = await run(
      dockerd,
      ['--memory', '32m', '--memory-swap', '32m'],
      ['sh', '-c', `${grow}; sleep 1000`],
    );
    const finding = await until(
      'the kill',
      async () => (await doctor(alive)).find(({ id }) => id === 'oom-killed'),
      60_000,
    );
    assert.match(
      finding.sentence,
      /the memory limit of its own, 32 MiB, was reached/,
      JSON.stringify(finding),
    );
    const dead = await run(
      dockerd,
      ['--memory', '32m', '--memory-swap', '32m'],
      ['sh', '-c', `exec tail -c 60m /dev/zero`],
    );
    await until(
      'its end',
      async () => (await dockerd.run(['inspect', '-f', '{{.State.Running}}', dead])) === 'false',
      60_000,
    );
    const ended = only(await doctor(dead), 'oom-killed');
    assert.match(ended.sentence, /has ended with exit code 137; it was given a limit of 32 MiB/);
    const stopped = await run(dockerd, []);
    await dockerd.run(['kill', stopped]);
    assert.equal(await doctor(stopped), [], '137 without an OOM kill');
  },
);

live(
  'a limit that was changed behind the engine’s back, and one that an ancestor undercuts',
  async ({ dockerd }) => {
    const name = await run(dockerd, ['--pids-limit', '50']);
    const { cgroupPath } = await containerNamed(dockerd, name);
    const place = placeOf('pids');
    assert.ok(place && cgroupPath);
    const directory = `${place.mount}${cgroupPath}`;
    writeFileSync(`${directory}/pids.max`, '60');
    assert.match(
      only(await doctor(name), 'limit-not-in-force').sentence,
      /a pids limit of 50, but its group has 60/,
    );
    writeFileSync(`${directory}/pids.max`, '50');
    assert.equal(await doctor(name), []);
    const parent = `${place.mount}${dockerd.cgroupParent}`;
    writeFileSync(`${parent}/pids.max`, '40');
    try {
      assert.match(
        only(await doctor(name), 'limit-not-in-force').sentence,
        new RegExp(`but 40 of the ancestor ${dockerd.cgroupParent} is in force`),
      );
    } finally {
      writeFileSync(`${parent}/pids.max`, 'max');
    }
  },
);

live('throttled by the parent of its own group', async ({ dockerd }) => {
  const name = await run(dockerd, [], ['sh', '-c', 'while :; do :; done']);
  const place = placeOf('cpu');
  assert.ok(place);
  const parent = `${place.mount}${dockerd.cgroupParent}`;
  const [file, quota, none] =
    place.version === 1 ? ['cpu.cfs_quota_us', '5000', '-1'] : ['cpu.max', '5000 100000', 'max 100000'];
  writeFileSync(`${parent}/${file}`, quota);
  try {
    const finding = await until(
      'a throttled parent',
      async () => (await doctor(name)).find(({ id }) => id === 'throttled'),
      60_000,
    );
    assert.is(finding.subject.kind, 'container');
    assert.match(finding.sentence, new RegExp(`by the cpu quota of an ancestor, ${dockerd.cgroupParent}, `));
  } finally {
    writeFileSync(`${parent}/${file}`, none);
  }
});

live('at its pids limit, and throttled by its own quota', async ({ dockerd }) => {
  // With itself twenty; runc's own first process has some threads in the group before it becomes the program.
  const fill = 'i=0; while [ $i -lt 19 ]; do sleep 1000 & i=$((i+1)); done; exec sleep 1000';
  const full = await run(dockerd, ['--pids-limit', '20'], ['sh', '-c', fill]);
  const { init } = await containerNamed(dockerd, full);
  await until('nineteen children', () => children(init?.pid ?? 0).length === 19, 30_000);
  const limit = only(await doctor(full), 'pids-limit');
  assert.equal([limit.subject.kind, limit.subject.name], ['container', full]);
  assert.match(limit.sentence, /20 of 20 tasks/);
  const slow = await run(dockerd, ['--cpus', '0.05'], ['sh', '-c', 'while :; do :; done']);
  const throttled = await until(
    'its quota to stop it',
    async () => (await doctor(slow)).find(({ id }) => id === 'throttled'),
    60_000,
  );
  assert.is(throttled.subject.name, slow);
  assert.match(throttled.sentence, /was stopped by its own cpu quota/);
});

live('zombies that its PID 1 does not reap', async ({ dockerd }) => {
  const jobs = 'for i in 1 2 3 4 5 6; do (sleep 2) & done; exec sleep 1000';
  const name = await run(dockerd, [], ['sh', '-c', jobs]);
  const { init } = await containerNamed(dockerd, name);
  await until(
    'zombies',
    () => children(init?.pid ?? 0).filter(({ state }) => state === 'Z').length >= 5,
    30_000,
  );
  const finding = only(await doctor(name), 'zombies');
  assert.is(finding.subject.name, name);
});

maybe(test, reason ?? need({ cgroupV1: true }))(
  'a process of it that one controller has elsewhere',
  async ({ dockerd }) => {
    const name = await run(dockerd, []);
    const { init } = await containerNamed(dockerd, name);
    const place = placeOf('memory');
    assert.ok(place && init);
    writeFileSync(`${place.mount}${dockerd.cgroupParent}/cgroup.procs`, String(init.pid));
    const finding = only(await doctor(name), 'controllers-disagree');
    assert.match(
      finding.sentence,
      new RegExp(`memory has process ${init.pid} in ${dockerd.cgroupParent}, outside`),
    );
  },
);

live(
  'the daemons killed: the container lives on; then ended too: its shim is left, and nobody will end it',
  async ({ dockerd }) => {
    const name = await run(dockerd, []);
    const { id, init, shim } = await containerNamed(dockerd, name);
    assert.ok(init && shim);
    const containerd = children(dockerd.dockerdPid).find(({ comm }) => comm === 'containerd');
    assert.ok(containerd);
    process.kill(dockerd.dockerdPid, 'SIGKILL');
    process.kill(containerd.pid, 'SIGKILL');
    await until('their end', () =>
      [dockerd.dockerdPid, containerd.pid].every((pid) => statOf(pid) === undefined),
    );
    // The name was the daemon's to tell.
    const down = only(await doctor(id.slice(0, 12)), 'daemon-down');
    assert.match(down.sentence, /is alive, but dockerd, containerd of its engine is gone/);
    assert.equal(down.pids, [init.pid]);
    process.kill(init.pid, 'SIGKILL');
    await until('the end of the first process', () => statOf(init.pid) === undefined);
    const left = only(await doctor(id.slice(0, 12)), 'leaked-shim');
    assert.match(left.sentence, new RegExp(`the shim ${shim.pid} of .* its containerd is gone`));
    assert.equal(left.pids, [shim.pid]);
  },
);

test.run();
