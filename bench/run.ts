// `npm run bench`: ratios measured in one run, interleaved, medians: the whole program against lsns, the scan against the same system calls in C.
// Prints a table and writes bench/latest.json. Fails on no time: the machine may be shared and noisy.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { liveHost } from '../src/host/host.ts';
import { scan } from '../src/host/scan.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const cli = join(here, '..', 'dist', 'cli.js');
const { values } = parseArgs({
  options: { sizes: { type: 'string', default: '100,2000,10000' }, rounds: { type: 'string', default: '7' } },
});

/** Compiles one C file; throws with the compiler's words. */
function compile(name: string, dir: string): string {
  const out = join(dir, name);
  const { status, stderr, error } = spawnSync('cc', ['-O2', '-o', out, join(here, `${name}.c`)], {
    encoding: 'utf8',
  });
  if (error || status !== 0) throw new Error(`bench needs a C compiler (cc): ${error?.message ?? stderr}`);
  return out;
}

/** Milliseconds: from start to end, and of processor time, which hardly changes when others use the machine too. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** Of a command, by cost.c. lsns fails where a process ends while it reads: such a run is not counted, but made again. */
function costOf(meter: string, command: readonly string[], attempts = 5): Cost {
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

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function withCrowd<T>(crowd: string, size: number, fn: () => Promise<T>): Promise<T> {
  const child = spawn(crowd, [String(size)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', (code) => reject(new Error(`the crowd ended with ${code}`)));
    });
    return await fn();
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

/** `node` runs nothing: no program of Node's can be below it. */
const MEASURED = ['nscope', 'lsns', 'node', 'scan', 'floor'] as const;
type Medians = Readonly<Record<(typeof MEASURED)[number], Cost>>;

interface Row extends Medians {
  readonly processes: number;
}

async function measure(meter: string, floor: string, rounds: number): Promise<Row> {
  const host = liveHost();
  const taken: Record<(typeof MEASURED)[number], Cost[]> = {
    nscope: [],
    lsns: [],
    node: [],
    scan: [],
    floor: [],
  };
  let processes = 0;
  const scanCost = (): Cost => {
    const [start, used] = [performance.now(), process.cpuUsage()];
    processes = scan(host.fs, host.relations, { self: host.self, uid: host.uid }).processes.length;
    const { user, system } = process.cpuUsage(used);
    return { wall: performance.now() - start, cpu: (user + system) / 1000 };
  };
  for (let round = 0; round < rounds + 1; round += 1) {
    await host.relations.prepare();
    const took = {
      scan: scanCost(),
      floor: costOf(meter, [floor]),
      nscope: costOf(meter, [process.execPath, cli, 'ns', '--json']),
      lsns: costOf(meter, ['lsns', '-J']),
      node: costOf(meter, [process.execPath, '-e', '0']),
    };
    // The first round warms caches and the compiler.
    if (round > 0) for (const key of MEASURED) taken[key].push(took[key]);
  }
  const medianOf = (costs: readonly Cost[]): Cost => ({
    wall: median(costs.map(({ wall }) => wall)),
    cpu: median(costs.map(({ cpu }) => cpu)),
  });
  return {
    processes,
    nscope: medianOf(taken.nscope),
    lsns: medianOf(taken.lsns),
    node: medianOf(taken.node),
    scan: medianOf(taken.scan),
    floor: medianOf(taken.floor),
  };
}

const dir = mkdtempSync(join(tmpdir(), 'nscope-bench-'));
try {
  const [crowd, floor, meter] = [compile('crowd', dir), compile('floor', dir), compile('cost', dir)];
  const rows: Row[] = [];
  for (const size of values.sizes.split(',').map(Number)) {
    rows.push(await withCrowd(crowd, size, () => measure(meter, floor, Number(values.rounds))));
  }
  const ms = (time: number) => time.toFixed(1).padStart(9);
  const ratio = (a: number, b: number) => (a / b).toFixed(2).padStart(8);
  console.log(`processes  ms      nscope      lsns  n/lsns      node      scan     floor s/floor`);
  for (const row of rows) {
    for (const kind of ['wall', 'cpu'] as const) {
      const of = (key: (typeof MEASURED)[number]): number => row[key][kind];
      console.log(
        `${String(row.processes).padStart(9)}  ${kind.padEnd(4)}${ms(of('nscope'))} ${ms(of('lsns'))}${ratio(of('nscope'), of('lsns'))} ${ms(of('node'))} ${ms(of('scan'))} ${ms(of('floor'))}${ratio(of('scan'), of('floor'))}`,
      );
    }
  }
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? '',
    kernel: release(),
    arch: arch(),
    node: process.version,
  };
  writeFileSync(
    join(here, 'latest.json'),
    `${JSON.stringify({ takenAt: new Date().toISOString(), machine, rows }, null, 2)}\n`,
  );
} finally {
  rmSync(dir, { recursive: true, force: true });
}
