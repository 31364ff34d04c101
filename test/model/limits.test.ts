// What a group's numbers come to: quotas per period, throttled ancestors, working set, rates that never go below 0.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { takeSnapshot } from '../../src/host/host.ts';
import { unread, value } from '../../src/kernel/reading.ts';
import { cpusOf, ratePerSecond, throttledGroups, workingSet } from '../../src/model/limits.ts';
import type { ControllerState } from '../../src/model/types.ts';
import { hostOf, recordingOf } from '../support/host-text.ts';

const test = suite('model/limits');

async function controller(
  name: string,
  cgroup: string,
  files: Readonly<Record<string, string>>,
): Promise<ControllerState> {
  const host = hostOf(recordingOf([{ pid: 1 }, { pid: 7, cgroup }], files));
  const { groups } = await takeSnapshot(host, { watch: [{ pid: 7, starttime: 70 }] });
  const found = groups[0]?.controllers.find((one) => one.name === name);
  if (!found) throw new Error(`no controller ${name}`);
  return found;
}

const V2 = {
  '/proc/1/mountinfo': '30 20 0:27 / /cg rw - cgroup2 cgroup2 rw\n',
  '/cg/cgroup.controllers': 'cpu memory\n',
};

test('the quota in force is the least per period, not the least number; a nearer group wins between equals', async () => {
  const cpu = await controller('cpu', '0::/a/b/c\n', {
    ...V2,
    '/cg/a/cpu.max': '100000 1000000\n',
    '/cg/a/b/cpu.max': '20000 200000\n',
    '/cg/a/b/c/cpu.max': '50000 100000\n',
  });
  // 10 % at /a and at /a/b, 50 % at the group itself; the least number of all is 20000.
  assert.equal(cpu.effective['quota'], { value: 20000n, setBy: '/a/b', per: 200000n });
  assert.equal(cpu.limits['quota'], value(50000n));
});

test('no quota anywhere is max; a root without cpu.max does not hide it', async () => {
  const cpu = await controller('cpu', '0::/a\n', { ...V2, '/cg/a/cpu.max': 'max 100000\n' });
  assert.equal(cpu.effective['quota'], { value: 'max', setBy: '/a', per: 100000n });
  assert.is(cpusOf(cpu.effective['quota'] ?? { value: 0n }), 'max');
});

test('cpusOf: hundredths of a CPU', () => {
  assert.is(cpusOf({ value: 50000n, per: 100000n }), 50n);
  assert.is(cpusOf({ value: 150000n, per: 100000n }), 150n);
  assert.is(cpusOf({ value: 1n, per: 0n }), null);
  assert.is(cpusOf({ value: 1n }), null);
});

test('v2: an ancestor is throttled, and the group’s own counters do not tell', async () => {
  const stat = (throttled: number) =>
    `usage_usec 1\nuser_usec 1\nsystem_usec 0\nnr_periods 9\nnr_throttled ${throttled}\nthrottled_usec ${throttled}000\n`;
  const cpu = await controller('cpu', '0::/a/b\n', {
    ...V2,
    '/cg/a/cpu.stat': stat(7),
    '/cg/a/b/cpu.stat': stat(0),
  });
  assert.equal(cpu.events['nrThrottled'], value(0n));
  assert.equal(
    throttledGroups(cpu).map(({ path, nrThrottled, throttledTime }) => [path, nrThrottled, throttledTime]),
    [['/a', value(7n), value(7000n)]],
  );
});

test('v1: throttled time is nanoseconds and becomes microseconds', async () => {
  const cpu = await controller('cpu', '2:cpu:/a\n', {
    '/proc/1/mountinfo': '32 20 0:32 / /cpu rw - cgroup cgroup rw,cpu\n',
    '/cpu/a/cpu.stat': 'nr_periods 3\nnr_throttled 2\nthrottled_time 5000999\n',
  });
  assert.equal(throttledGroups(cpu)[0]?.throttledTime, value(5000n));
});

test('pressure: read on v2, unsupported where the file is missing or refuses, never the host’s for a group', async () => {
  const text = 'some avg10=1.50 avg60=0.00 avg300=0.00 total=12\n';
  const there = await controller('memory', '0::/a\n', { ...V2, '/cg/a/memory.pressure': text });
  assert.is(there.pressure?.ok === true && there.pressure.value.some.avg10, 1.5);
  assert.is(there.pressure?.ok === true && there.pressure.value.full, null);
  const missing = await controller('memory', '0::/a\n', { ...V2, '/cg/a/memory.max': 'max\n' });
  assert.equal(missing.pressure, unread('unsupported', '/cg/a/memory.pressure'));
  const hybrid = await controller('memory', '4:memory:/m\n0::/\n', {
    '/proc/1/mountinfo':
      '30 20 0:27 / /cg rw - cgroup2 cgroup2 rw\n31 20 0:31 / /mem rw - cgroup cgroup rw,memory\n',
    '/cg/cgroup.controllers': '\n',
    '/cg/memory.pressure': text,
    '/mem/m/memory.limit_in_bytes': '4096\n',
  });
  assert.is(hybrid.pressure?.ok, false);
  const pids = await controller('pids', '0::/a\n', V2);
  assert.is(pids.pressure, undefined);
});

function memory(usage: ControllerState['usage']): ControllerState {
  const empty = { limits: {}, events: {}, effective: {} };
  return { name: 'memory', version: 2, path: '/', directory: value('/cg'), usage, ...empty };
}

test('working set: usage minus inactive_file, never below 0, unread where one of both is', () => {
  assert.equal(workingSet(memory({ usage: value(10n), inactiveFile: value(4n) })), value(6n));
  assert.equal(workingSet(memory({ usage: value(4n), inactiveFile: value(10n) })), value(0n));
  const denied = unread('denied', '/cg/memory.stat');
  assert.equal(workingSet(memory({ usage: value(10n), inactiveFile: denied })), denied);
  assert.is(workingSet(memory({})), null);
});

test('rates: per second, 0 where a counter went down or no time has gone, exact past 2^53', () => {
  assert.is(ratePerSecond(100n, 150n, 500), 100n);
  assert.is(ratePerSecond(100n, 40n, 1000), 0n);
  assert.is(ratePerSecond(100n, 150n, 0), 0n);
  assert.is(ratePerSecond(2n ** 60n, 2n ** 60n + 3n, 1000), 3n);
});

test.run();
