// The bench's programs in C, compiled for the run, and what a command costs as one of them (cost.c) measures it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const HERE = fileURLToPath(new URL('.', import.meta.url));
export const CLI = join(HERE, '..', 'dist', 'cli.js');

/** Compiles one C file into `dir`; throws with the compiler's words. */
export function compile(name: string, dir: string): string {
  const out = join(dir, name);
  const { status, stderr, error } = spawnSync('cc', ['-O2', '-o', out, join(HERE, `${name}.c`)], {
    encoding: 'utf8',
  });
  if (error || status !== 0) throw new Error(`bench needs a C compiler (cc): ${error?.message ?? stderr}`);
  return out;
}

/** Milliseconds: from start to end, and of processor time, which hardly changes when others use the machine too. */
export interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** Of a command, by cost.c. lsns fails where a process ends while it reads: such a run is not counted, but made again. */
export function costOf(meter: string, command: readonly string[], attempts = 5): Cost {
  const { status, stdout, error } = spawnSync(meter, command, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status === 1 && attempts > 1) return costOf(meter, command, attempts - 1);
  const [wall = Number.NaN, cpu = Number.NaN] = (stdout ?? '').trim().split(' ').map(Number);
  if (error || status !== 0 || Number.isNaN(cpu))
    throw new Error(`${command.join(' ')}: ${error?.message ?? `exit ${status}`}`);
  return { wall, cpu };
}
