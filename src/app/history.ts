// What the panes' target has used lately: levels as they are, counters as rates between two snapshots, pressure as the kernel averages it. Pure.
import { controlFile } from '../kernel/cgroup/files.ts';
import type { ControllerState, GroupState } from '../model/types.ts';

/** How many readings are kept for the small charts. */
export const HISTORY = 24;

/**
 * `memory` bytes; `pids` tasks; `cpu` thousandths of one cpu; `io` bytes a second, read and written; `pressure` hundredths of a percent: the
 * most of cpu, memory and io that some task waited for in the last ten seconds.
 */
const COURSES = ['memory', 'cpu', 'pids', 'io', 'pressure'] as const;
export type Course = (typeof COURSES)[number];

export interface History {
  /** The target's key: another target begins anew. */
  readonly of: string;
  /** Milliseconds since the epoch, of the newest snapshot in it. */
  readonly at: number;
  /** Counters as they were then: microseconds of cpu time, bytes read and written. */
  readonly counters: Readonly<Partial<Record<'cpu' | 'io', bigint>>>;
  /** Oldest first, at most HISTORY each. */
  readonly courses: Readonly<Record<Course, readonly number[]>>;
}

const EMPTY: History['courses'] = { memory: [], cpu: [], pids: [], io: [], pressure: [] };

export const NO_HISTORY: History = { of: '', at: 0, counters: {}, courses: EMPTY };

/** The history with one more reading. A counter that went down (another group) or a clock that stood still gives no rate. */
export function remembered(old: History, of: string, at: number, group: GroupState): History {
  const before = old.of === of ? old : { ...NO_HISTORY, of };
  if (at <= before.at) return before;
  const counters = countersOf(group);
  const seconds = before.at === 0 ? 0 : (at - before.at) / 1000;
  const rate = (name: 'cpu' | 'io'): number | null => {
    const [was, is] = [before.counters[name], counters[name]];
    return was === undefined || is === undefined || is < was || seconds === 0
      ? null
      : Number(is - was) / seconds;
  };
  const micros = rate('cpu');
  const readings: Readonly<Record<Course, number | null>> = {
    memory: usageOf(group, 'memory', 'usage'),
    pids: usageOf(group, 'pids', 'usage'),
    cpu: micros === null ? null : Math.round(micros / 1000),
    io: rate('io'),
    pressure: pressureOf(group),
  };
  const courses = Object.fromEntries(
    COURSES.map((name) => {
      const reading = readings[name];
      const kept = before.courses[name];
      return [name, reading === null ? kept : [...kept, reading].slice(-HISTORY)];
    }),
  ) as Record<Course, readonly number[]>;
  return { of, at, counters, courses };
}

function controllerOf({ controllers }: GroupState, name: string): ControllerState | undefined {
  return controllers.find((one) => one.name === name);
}

function usageOf(group: GroupState, name: string, key: string): number | null {
  const usage = controllerOf(group, name)?.usage[key];
  return usage?.ok ? Number(usage.value) : null;
}

function countersOf(group: GroupState): History['counters'] {
  const time = controllerOf(group, 'cpu');
  const spent = time?.usage['cpuTime'];
  const field = controlFile('cpu', 'cpuTime')?.[time?.version === 1 ? 'v1' : 'v2'];
  const io = controllerOf(group, 'io');
  const [read, written] = [io?.usage['readBytes'], io?.usage['writeBytes']];
  return {
    ...(spent?.ok ? { cpu: field?.unit === 'ns' ? spent.value / 1000n : spent.value } : {}),
    ...(read?.ok && written?.ok ? { io: read.value + written.value } : {}),
  };
}

function pressureOf({ controllers }: GroupState): number | null {
  const waits = controllers.flatMap(({ pressure }) => (pressure?.ok ? [pressure.value.some.avg10] : []));
  return waits.length === 0 ? null : Math.round(Math.max(...waits) * 100);
}
