// What the terminal program takes while nobody touches it, at one refresh a second: processor time, memory, and whether the memory grows.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { withTui } from '../test/tui/support/pty.ts';
import { fixed, median, slope } from './numbers.ts';

export interface Steady {
  readonly processes: number;
  readonly seconds: number;
  /** Per cent of one core, over the whole time after the warming up. */
  readonly cpu: number;
  /** MiB, the median. */
  readonly rss: number;
  /** MiB an hour, by least squares over the second half of the time: what a hundred seconds tell of it. */
  readonly growth: number;
}

const WARM_MS = 15_000;
/** USER_HZ (sysconf(3)). */
const TICKS = 100;

export async function measureSteady(processes: number, seconds: number): Promise<Steady> {
  return withTui({ args: ['inspect'] }, async (tui) => {
    await tui.waitFor(/├─|└─|4026\d{6}/, 60_000);
    await sleep(WARM_MS);
    const [startedAt, usedBefore] = [performance.now(), cpuTicks(tui.pid)];
    const samples: { readonly x: number; readonly y: number }[] = [];
    while (performance.now() - startedAt < seconds * 1000) {
      await sleep(500);
      samples.push({ x: (performance.now() - startedAt) / 3_600_000, y: rssMiB(tui.pid) });
    }
    const elapsed = (performance.now() - startedAt) / 1000;
    return {
      processes,
      seconds,
      cpu: ((cpuTicks(tui.pid) - usedBefore) / TICKS / elapsed) * 100,
      rss: median(samples.map(({ y }) => y)),
      growth: slope(samples.slice(Math.floor(samples.length / 2))),
    };
  });
}

/** utime and stime, fields 14 and 15 of proc_pid_stat(5). */
function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

function rssMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}

export function steadyTable({ processes, seconds, cpu, rss, growth }: Steady): readonly string[] {
  return [
    'steady             processes   seconds    % core   RSS MiB MiB/hour',
    `${' '.repeat(18)}${fixed(processes, 0, 10)}${fixed(seconds, 0, 10)}${fixed(cpu, 1, 10)}${fixed(rss, 0, 10)}${fixed(growth, 0, 9)}`,
  ];
}
