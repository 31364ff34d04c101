// Levels, rates of counters and pressure as the small charts have them.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HISTORY, NO_HISTORY, remembered } from '../../src/app/history.ts';
import { unread, value } from '../../src/kernel/reading.ts';
import type { ControllerState, GroupState } from '../../src/model/types.ts';
import { gauge, spark } from '../../src/view/spark.ts';

const test = suite('app/history');

function controller(name: string, more: Partial<ControllerState>): ControllerState {
  return {
    name,
    version: 2,
    path: '/g',
    directory: value('/sys/fs/cgroup/g'),
    limits: {},
    usage: {},
    events: {},
    effective: {},
    ...more,
  };
}

function group(cpuTime: bigint, io: bigint, version: 1 | 2 = 2): GroupState {
  const line = (avg10: number) => ({ avg10, avg60: 0, avg300: 0, total: 0n });
  return {
    of: { pid: 5, starttime: 50 },
    controllers: [
      controller('cpu', {
        version,
        usage: { cpuTime: value(cpuTime) },
        pressure: value({ some: line(1.5), full: null }),
      }),
      controller('memory', {
        usage: { usage: value(4096n) },
        pressure: value({ some: line(12.25), full: line(3) }),
      }),
      controller('io', { usage: { readBytes: value(io), writeBytes: value(0n) } }),
      controller('pids', { usage: { usage: unread('denied', '/sys/fs/cgroup/g/pids.current') } }),
    ],
  };
}

test('a rate needs two readings of one target', () => {
  const first = remembered(NO_HISTORY, 'a', 1000, group(0n, 0n));
  assert.equal(first.courses, { memory: [4096], cpu: [], pids: [], io: [], pressure: [1225] });
  // Half a second of cpu time in two seconds is a quarter of a cpu.
  const second = remembered(first, 'a', 3000, group(500_000n, 8192n));
  assert.equal(second.courses.cpu, [250]);
  assert.equal(second.courses.io, [4096]);
  assert.equal(remembered(second, 'b', 4000, group(9_000_000n, 0n)).courses.cpu, []);
});

test('v1 counts cpu time in nanoseconds', () => {
  const first = remembered(NO_HISTORY, 'a', 1000, group(0n, 0n, 1));
  assert.equal(remembered(first, 'a', 2000, group(1_000_000_000n, 0n, 1)).courses.cpu, [1000]);
});

test('a counter that went down and a clock that stood still give no rate', () => {
  const first = remembered(NO_HISTORY, 'a', 1000, group(500n, 0n));
  assert.equal(remembered(first, 'a', 2000, group(100n, 0n)).courses.cpu, []);
  assert.is(remembered(first, 'a', 1000, group(900n, 0n)), first);
});

test('no more than HISTORY readings are kept', () => {
  let history = NO_HISTORY;
  for (let i = 1; i <= HISTORY + 5; i += 1)
    history = remembered(history, 'a', i * 1000, group(BigInt(i), 0n));
  assert.is(history.courses.memory.length, HISTORY);
});

test('a gauge is ten columns and a percentage, a chart needs two readings', () => {
  assert.is(gauge(0.42), '[████░░░░░░] 42 %');
  assert.is(gauge(3), '[██████████] 300 %');
  assert.is(gauge(0), '[░░░░░░░░░░] 0 %');
  assert.is(spark([1]), '');
  assert.is(spark([0, 10]), '▁█');
});

test.run();
