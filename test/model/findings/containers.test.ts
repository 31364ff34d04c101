// Findings about containers, their shims and daemons, and what they were let to do; what would fool a naive reader stands beside each.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ContainerFacts } from '../../../src/model/findings/finding.ts';
import { settled } from '../../../src/model/findings/index.ts';
import type { FakeProcess } from '../../support/host-text.ts';
import { ID, look, OWN_NS, told, v1Lines } from './fake.ts';

const test = suite('model/findings containers');
const WEB = `docker/${ID}`;
const name = ID.slice(0, 12);
const BUNDLE = `/run/containerd/io.containerd.runtime.v2.task/moby/${ID}`;
const ADDRESS = '/run/containerd/containerd.sock';

const web: FakeProcess = { pid: 50, ppid: 40, ns: OWN_NS, nspid: '50\t1', cgroup: `0::/${WEB}\n` };
const containerd: FakeProcess = { pid: 20, comm: 'containerd', cmdline: ['containerd'] };
const dockerd: FakeProcess = {
  pid: 21,
  comm: 'dockerd',
  cmdline: ['dockerd', '-H', 'fd://', `--containerd=${ADDRESS}`],
};

const UNIX_HEAD = 'Num       RefCount Protocol Flags    Type St Inode Path\n';
const listens = `${UNIX_HEAD}0: 00000002 00000000 00010000 0001 01 7 ${ADDRESS}\n`;
/** What a killed daemon leaves: shims that are connected to nobody, or a socket of the same name that nobody accepts at. */
const silent = `${UNIX_HEAD}0: 00000003 00000000 00000000 0001 03 9 ${ADDRESS}\n`;

function shimOf(netUnix: string): FakeProcess {
  return {
    pid: 40,
    comm: 'containerd-shim',
    cmdline: ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'moby', '-id', ID, '-address', ADDRESS],
    links: { cwd: BUNDLE },
    files: { 'net/unix': netUnix },
  };
}

test('daemons: all there; containerd silent though its socket’s file may still be there; dockerd gone', async () => {
  const seen = async (...processes: readonly FakeProcess[]) => told((await look(2, processes)).findings);
  assert.equal(await seen(dockerd, containerd, shimOf(listens), web), []);
  assert.match(
    (await seen(dockerd, shimOf(silent), web)).join(),
    /^daemon-down error: a{12} is alive, but containerd of its engine is gone/,
  );
  assert.match((await seen(containerd, shimOf(listens), web)).join(), /but dockerd of its engine is gone/);
  assert.match((await seen(shimOf(silent), web)).join(), /but dockerd, containerd of its engine is gone/);
});

test('daemons: a dockerd in another pid namespace is not this container’s; hidden processes are not dead ones', async () => {
  const other = { ...dockerd, ns: { pid: 77 }, nspid: '21\t1' };
  assert.match(
    told((await look(2, [other, containerd, shimOf(listens), web])).findings).join(),
    /but dockerd of its engine is gone/,
  );
  const { snapshot } = await look(2, [shimOf(listens), web]);
  const hidden = await look(
    2,
    [shimOf(listens), web],
    {},
    {
      snapshot: {
        coverage: { ...snapshot.coverage, procOptions: ['hidepid=2'] },
        host: { ...snapshot.host, uid: 1000 },
      },
    },
  );
  assert.equal(told(hidden.findings), []);
});

test('shims: one whose container is gone, orphaned where its containerd is too; a zombie is no process any more', async () => {
  const seen = async (...processes: readonly FakeProcess[]) => (await look(2, processes)).findings;
  const leaked = await seen(dockerd, containerd, shimOf(listens), {
    pid: 50,
    ppid: 40,
    state: 'Z',
    cgroup: '0::/\n',
  });
  assert.equal(told(leaked), [
    `leaked-shim warning: the shim 40 of ${name} lives on, though no process of the container is left`,
  ]);
  assert.match(told(await seen(shimOf(silent))).join(), /its containerd is gone, so that nobody will end it/);
  // In Kubernetes one shim serves a pod: its other containers are its children.
  const pod = { pid: 60, ppid: 40, ns: OWN_NS, cgroup: '0::/elsewhere\n' };
  assert.equal(told(await seen(dockerd, containerd, shimOf(listens), pod)), []);
});

test('a second look takes back what was only passing', async () => {
  const starting = await look(2, [dockerd, containerd, shimOf(listens)]);
  const started = await look(2, [dockerd, containerd, shimOf(listens), web]);
  assert.is(starting.findings.length, 1);
  assert.equal(settled(starting.findings, started), []);
  assert.equal(settled(starting.findings, starting), starting.findings);
});

test('host namespaces: pid, net and ipc are told, user is not; a namespace shared with another container is not the host’s', async () => {
  const { pid, ...rest } = OWN_NS;
  assert.ok(pid);
  const seen = await look(2, [dockerd, containerd, shimOf(listens), { ...web, ns: rest }]);
  assert.equal(
    seen.findings.map(({ id, evidence }) => [id, evidence.map(({ file }) => file)]),
    [['host-namespace', ['/proc/50/ns/pid', '/proc/40/ns/pid']]],
  );
  const side = { ...web, pid: 51, cgroup: `0::/docker/${'b'.repeat(64)}\n` };
  assert.equal((await look(2, [web, side])).findings, []);
});

test('host namespaces: the host is where the engine is (docker in docker), and a refused link is unknown', async () => {
  const inner = { pid: 99, net: 98 };
  const shim = { ...shimOf(listens), ns: inner, nspid: '40\t4' };
  const daemons = [dockerd, containerd].map((process) => ({ ...process, ns: inner, nspid: '20\t2' }));
  const shared = { ...web, ns: { ...OWN_NS, pid: 99 } };
  const ids = async (process: FakeProcess) =>
    (await look(2, [...daemons, shim, process])).findings.map(({ id }) => id);
  assert.equal(await ids(shared), ['host-namespace']);
  assert.equal(await ids(web), []);
  const refused = { pid: 'denied', net: 'denied', ipc: 'denied', user: 'denied' } as const;
  assert.equal(await ids({ ...web, ns: refused }), []);
});

const FULL = 0x1fffeffffffn;
const DOCKERS = 0xa80425fbn;

function facts(capEff: bigint, capBnd: bigint, seccomp: number | null): ContainerFacts {
  const of = (file: string, eff: bigint, bnd: bigint, filter: number | null) =>
    ({ ok: true, value: { file, capEff: eff, capBnd: bnd, seccomp: filter } }) as const;
  return {
    id: ID,
    privileges: of('/proc/50/status', capEff, capBnd, seccomp),
    // An engine that lacks a capability itself (bit 24 here) cannot give it.
    engine: of('/proc/40/status', FULL, FULL, 0),
    usernsHost: false,
    asked: { ok: true, value: [] },
    sockets: { ok: true, value: [] },
  };
}

test('capabilities: all that the engine has; in a user namespace of its own they are harmless', async () => {
  const ids = async (container: ContainerFacts, ns: FakeProcess['ns'] = OWN_NS) =>
    (await look(2, [{ ...web, ns: { ...ns } }], {}, { examined: { containers: [container] } })).findings.map(
      ({ id, sentence }) => `${id} ${/may gain/.test(sentence.en) ? 'bounding' : ''}`.trim(),
    );
  assert.equal(await ids(facts(FULL, FULL, 2)), ['full-capabilities']);
  assert.equal(await ids(facts(0n, FULL, 2)), ['full-capabilities bounding']);
  // An engine that is older than the kernel gives what it knows.
  assert.equal(await ids(facts(0x3ffeffffffn, 0x3ffeffffffn, 2)), ['full-capabilities']);
  assert.equal(await ids(facts(DOCKERS, DOCKERS, 2)), []);
  assert.equal(await ids(facts(FULL & ~(1n << 12n), FULL & ~(1n << 12n), 2)), []);
  assert.equal(await ids(facts(FULL, FULL, 2), { ...OWN_NS, user: 55 }), []);
});

test('seccomp: off is told, a filter is not, nor a kernel that has none', async () => {
  const ids = async (container: ContainerFacts) =>
    (await look(2, [web], {}, { examined: { containers: [container] } })).findings.map(({ id }) => id);
  assert.equal(await ids(facts(DOCKERS, DOCKERS, 0)), ['no-seccomp']);
  assert.equal(await ids(facts(DOCKERS, DOCKERS, 2)), []);
  assert.equal(await ids(facts(DOCKERS, DOCKERS, null)), []);
});

test('an engine’s socket in it, and one user namespace that the engine was asked to spare', async () => {
  const container = {
    ...facts(DOCKERS, DOCKERS, 2),
    usernsHost: true,
    sockets: { ok: true, value: [{ mountPoint: '/host/run/docker.sock', source: '/run/docker.sock' }] },
  } as const;
  const { findings } = await look(2, [web], {}, { examined: { containers: [container] } });
  assert.equal(
    findings.map(({ id }) => id),
    ['host-namespace', 'engine-socket'],
  );
  assert.match(findings[0]?.sentence.en ?? '', /user namespace though its engine remaps users/);
  assert.match(findings[1]?.sentence.en ?? '', /at \/host\/run\/docker\.sock/);
});

test('zombies: five below a PID 1 that does not reap; four are a moment; those of another parent are its own', async () => {
  const dead = (count: number, ppid: number): readonly FakeProcess[] =>
    Array.from({ length: count }, (_, at) => ({
      pid: 100 + at,
      ppid,
      state: 'Z',
      comm: 'job',
      cgroup: `0::/${WEB}\n`,
    }));
  const seen = async (...processes: readonly FakeProcess[]) => told((await look(2, processes)).findings);
  assert.match(
    (await seen(web, ...dead(5, 50))).join(),
    /^zombies warning: 5 zombies wait below PID 1 of a{12} \(50 sleep\), which does not reap them$/,
  );
  assert.equal(await seen(web, ...dead(4, 50)), []);
  const shell = { ...web, pid: 51, ppid: 50, nspid: '51\t7' };
  assert.equal(await seen(web, shell, ...dead(9, 51)), []);
  const box = { pid: 70, ns: { pid: 71 }, nspid: '70\t1' };
  assert.match((await seen(box, ...dead(6, 70))).join(), /below PID 1 of pid:71/);
});

test('zombies that were reaped meanwhile, with others in their place, are a parent that reaps', async () => {
  const dead = (from: number): readonly FakeProcess[] =>
    Array.from({ length: 6 }, (_, at) => ({ pid: from + at, ppid: 50, state: 'Z', cgroup: `0::/${WEB}\n` }));
  const first = await look(2, [web, ...dead(100)]);
  assert.is(first.findings.length, 1);
  assert.equal(settled(first.findings, await look(2, [web, ...dead(200)])), []);
  assert.equal(settled(first.findings, await look(2, [web, ...dead(100)])), first.findings);
});

test('controllers: one that has a process elsewhere; named hierarchies and those that no engine joins do not count', async () => {
  const seen = async (others: Readonly<Record<string, string>>) =>
    told((await look(1, [{ ...web, cgroup: v1Lines(`/${WEB}`, others) }])).findings);
  assert.equal(await seen({ memory: '/' }), [
    `controllers-disagree warning: the controllers of ${name} disagree: memory has process 50 in /, outside of the container’s /${WEB}; its limits do not hold there`,
  ]);
  assert.equal(await seen({ 'name=systemd': '/' }), []);
  // Groups below the container's own are its own business.
  assert.equal(await seen({ memory: `/${WEB}/inner` }), []);
  assert.equal(await seen({ memory: '/../outside' }), []);
});

const MIB = 1024n * 1024n;

test('limits: what was asked for is not what the kernel has, or an ancestor allows less', async () => {
  const seen = async (
    asked: readonly { controller: 'memory' | 'cpu' | 'pids'; value: bigint; per?: bigint }[],
    files: Readonly<Record<string, string>>,
    source = 'GET /containers/web/json',
  ) => {
    const container: ContainerFacts = {
      ...facts(DOCKERS, DOCKERS, 2),
      asked: { ok: true, value: asked.map((one) => ({ ...one, field: 'HostConfig.X', source })) },
    };
    return (await look(2, [web], files, { examined: { containers: [container] } })).findings.filter(
      ({ id }) => id === 'limit-not-in-force',
    );
  };
  const memory = { controller: 'memory', value: 64n * MIB } as const;
  const other = await seen([memory], { [`${WEB}/memory.max`]: String(32n * MIB) });
  assert.equal(told(other), [
    `limit-not-in-force warning: ${name} was to have a memory limit of 64 MiB, but its group has 32 MiB`,
  ]);
  const unset = await seen([memory], { [`${WEB}/memory.max`]: 'max\n' }, '/proc/40/cwd/config.json');
  assert.match(told(unset).join(), /but its group has none/);
  assert.match(unset[0]?.next.en ?? '', /an update by the engine changes the kernel and not config\.json/);
  const above = { [`${WEB}/memory.max`]: String(64n * MIB), 'docker/memory.max': String(48n * MIB) };
  assert.match(told(await seen([memory], above)).join(), /but 48 MiB of the ancestor \/docker is in force/);
  // The kernel keeps whole pages, and an ancestor that allows more changes nothing.
  const pages = { [`${WEB}/memory.max`]: '9998336\n', 'docker/memory.max': String(48n * MIB) };
  assert.equal(await seen([{ controller: 'memory', value: 10_000_001n }], pages), []);
  const half = { controller: 'cpu', value: 50_000n, per: 100_000n } as const;
  assert.equal(await seen([half], { [`${WEB}/cpu.max`]: '25000 50000\n' }), []);
  // Less time, of a shorter period, is more.
  const more = { [`${WEB}/cpu.max`]: '50000 100000\n', 'docker/cpu.max': '40000 50000\n' };
  assert.equal(await seen([half], more), []);
  assert.match(
    told(
      await seen([half], { [`${WEB}/cpu.max`]: '50000 100000\n', 'docker/cpu.max': '10000 50000\n' }),
    ).join(),
    /a cpu limit of 0\.50 CPU, but 0\.20 CPU of the ancestor \/docker is in force/,
  );
  assert.match(
    told(await seen([{ controller: 'pids', value: 50n }], { [`${WEB}/pids.max`]: '51\n' })).join(),
    /pids limit of 50, but its group has 51/,
  );
  // A controller that the group has not: nothing to compare with.
  assert.equal(await seen([memory], {}), []);
});

test.run();
