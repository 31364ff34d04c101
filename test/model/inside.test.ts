// A process as it sees itself: paths by its own cgroup namespace, its pid in its own pid namespace.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recordedHost, takeSnapshot } from '../../src/host/host.ts';
import type { Host } from '../../src/host/host.ts';
import { unread, value } from '../../src/kernel/reading.ts';
import { insidePath } from '../../src/model/inside.ts';
import { psRow, shortPath } from '../../src/model/pslist.ts';
import { type FakeProcess, hostOf, recordingOf } from '../support/host-text.ts';

const test = suite('model/inside');
const ID = 'c'.repeat(64);

async function inside(processes: readonly FakeProcess[], pid: number, self = 0) {
  const host: Host = { ...hostOf(recordingOf([{ pid: 1 }, ...processes])), self };
  const snapshot = await takeSnapshot(host);
  const process = snapshot.processes.find((one) => one.pid === pid);
  const [membership] = process?.cgroups.ok ? process.cgroups.value : [];
  if (!process || !membership) throw new Error(`no process ${pid} with a cgroup`);
  return insidePath(snapshot, process, membership);
}

test('in our own cgroup namespace the path is as we see it', async () => {
  assert.equal(await inside([{ pid: 7, cgroup: '0::/a/b\n' }], 7), value('/a/b'));
});

test('a container with a namespace of its own sees / and what is below', async () => {
  const group = `/system.slice/docker-${ID}.scope`;
  const web = { pid: 7, cgroup: `0::${group}\n`, ns: { cgroup: 99 } };
  const deep = { pid: 8, ppid: 7, cgroup: `0::${group}/init\n`, ns: { cgroup: 99 } };
  assert.equal(await inside([web, deep], 7), value('/'));
  assert.equal(await inside([web, deep], 8), value('/init'));
});

test('a container whose first process moved on: the container’s group is still the root', async () => {
  const group = `/system.slice/docker-${ID}.scope`;
  const moved = { pid: 7, cgroup: `0::${group}/init.scope\n`, ns: { cgroup: 99 } };
  assert.equal(await inside([moved], 7), value('/init.scope'));
});

test('no container: the oldest member’s group is the root, and who was moved elsewhere sees a way up', async () => {
  const maker = { pid: 7, cgroup: '0::/a/b\n', ns: { cgroup: 99 } };
  const outside = { pid: 8, cgroup: '0::/a/x\n', ns: { cgroup: 99 } };
  assert.equal(await inside([maker, outside], 7), value('/'));
  assert.equal(await inside([maker, outside], 8), value('/../x'));
});

test('a refused link is not taken for our namespace; what lies outside of ours cannot be told', async () => {
  const denied = await inside([{ pid: 7, cgroup: '0::/a\n', ns: { cgroup: 'denied' } }], 7);
  assert.equal(denied, unread('denied', '/proc/7/ns/cgroup'));
  const outside = await inside([{ pid: 7, cgroup: '0::/../a\n', ns: { cgroup: 99 } }], 7);
  assert.is(outside.ok, false);
});

test('ps: pid inside, the path that says most, ids cut, a refused link said', async () => {
  const processes: readonly FakeProcess[] = [
    { pid: 1 },
    {
      pid: 5696,
      nspid: '5696\t8',
      ns: { pid: 77, net: 'denied' },
      cgroup: `9:name=systemd:/x\n4:memory:/docker/${ID}\n0::/\n`,
      cmdline: ['sleep', '9'],
    },
  ];
  const snapshot = await takeSnapshot(hostOf(recordingOf(processes)), { cmdlines: 'all' });
  const process = snapshot.processes.find(({ pid }) => pid === 5696);
  assert.ok(process);
  const row = psRow(snapshot, process);
  assert.equal(row.insidePid, value(8));
  assert.equal(row.namespaces, ['pid']);
  assert.equal(row.unknown, ['net']);
  assert.equal(row.cgroup, value(`/docker/${ID}`));
  assert.is(shortPath(`/docker/${ID}/x`), `/docker/${ID.slice(0, 12)}/x`);
  assert.is(row.command, 'sleep 9');
  assert.is(row.container, ID.slice(0, 12));
});

test('the recorded v2 host: web sees / where the host sees its scope', async () => {
  const file = new URL('../../fixtures/hosts/debian13-v2-docker.host', import.meta.url).pathname;
  const snapshot = await takeSnapshot(recordedHost(file));
  const web = snapshot.containers.find(({ name }) => name === 'web');
  for (const pid of web?.pids ?? []) {
    const process = snapshot.processes.find((one) => one.pid === pid);
    const [line] = process?.cgroups.ok ? process.cgroups.value : [];
    assert.ok(process && line);
    assert.match(line.path, /docker-46d61e7ce267/);
    assert.equal(insidePath(snapshot, process, line), value('/'));
  }
  assert.is(web?.pids.length, 4);
});

test.run();
