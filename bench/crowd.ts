// The crowd that a measurement wants around it (crowd.c): made, waited for, and ended with all that it made, whatever happens.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cgroupMounts, CGROUP_PREFIX, removeTestCgroups } from '../test/support/cgroups.ts';
import { until } from '../test/support/process.ts';

/** Hierarchies that a container of the crowd has a group in: those that need no setting before a process may enter, and cost little. */
const HIERARCHIES = /\/(?:pids|freezer|memory|unified|cgroup)$/;
const READY_MS = 60_000;
const END_MS = 60_000;

export interface Crowd {
  readonly processes: number;
  /** Containers' groups that the processes are spread over; 0 for none. */
  readonly groups: number;
}

/** `program`: crowd.c, compiled. Needs root where there are groups. */
export async function withCrowd<T>(
  program: string,
  { processes, groups }: Crowd,
  fn: () => Promise<T>,
): Promise<T> {
  const name = `${CGROUP_PREFIX}bench-${process.pid}`;
  const tops = cgroupMounts().filter((point) => HIERARCHIES.test(point));
  const args = groups === 0 ? [] : [String(groups), name, ...tops];
  const before = countProcesses();
  const child = spawn(program, [String(processes), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the crowd ended with ${code}`)));
    });
    await until('the crowd', () => countProcesses() >= before + processes * 0.99, READY_MS);
    return await fn();
  } finally {
    // It ends with its standard input, and takes along all that it made.
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
    await ended;
    clearTimeout(timer);
    if (groups > 0) await removeTestCgroups(name);
  }
}

function countProcesses(): number {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).length;
}
