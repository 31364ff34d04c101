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

/** Milliseconds that a command takes to its end. */
function timeOf(command: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    maxBuffer: 1 << 30,
  });
  if (error || status !== 0)
    throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? `exit ${status}`}`);
  return performance.now() - start;
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

interface Row {
  readonly processes: number;
  /** Milliseconds, medians. */
  readonly nscope: number;
  readonly lsns: number;
  /** Node that runs nothing: what no program of Node's can be below. */
  readonly node: number;
  readonly scan: number;
  readonly floor: number;
}

async function measure(floor: string, rounds: number): Promise<Row> {
  const host = liveHost();
  const keys = ['nscope', 'lsns', 'node', 'scan', 'floor'] as const;
  const times: Record<(typeof keys)[number], number[]> = {
    nscope: [],
    lsns: [],
    node: [],
    scan: [],
    floor: [],
  };
  let processes = 0;
  for (let round = 0; round < rounds + 1; round += 1) {
    await host.relations.prepare();
    const start = performance.now();
    processes = scan(host.fs, host.relations, { self: host.self, uid: host.uid }).processes.length;
    const took = {
      scan: performance.now() - start,
      floor: timeOf(floor, []),
      nscope: timeOf(process.execPath, [cli, 'ns', '--json']),
      lsns: timeOf('lsns', ['-J']),
      node: timeOf(process.execPath, ['-e', '0']),
    };
    // The first round warms caches and the compiler.
    if (round > 0) for (const key of keys) times[key].push(took[key]);
  }
  return {
    processes,
    nscope: median(times.nscope),
    lsns: median(times.lsns),
    node: median(times.node),
    scan: median(times.scan),
    floor: median(times.floor),
  };
}

const dir = mkdtempSync(join(tmpdir(), 'nscope-bench-'));
try {
  const [crowd, floor] = [compile('crowd', dir), compile('floor', dir)];
  const rows: Row[] = [];
  for (const size of values.sizes.split(',').map(Number)) {
    rows.push(await withCrowd(crowd, size, () => measure(floor, Number(values.rounds))));
  }
  const ms = (time: number) => time.toFixed(1).padStart(9);
  const ratio = (a: number, b: number) => (a / b).toFixed(2).padStart(9);
  console.log('processes  nscope ms   lsns ms    n/lsns   node ms    scan ms  floor ms   s/floor');
  for (const row of rows) {
    console.log(
      `${String(row.processes).padStart(9)}  ${ms(row.nscope)} ${ms(row.lsns)} ${ratio(row.nscope, row.lsns)} ${ms(row.node)}  ${ms(row.scan)} ${ms(row.floor)} ${ratio(row.scan, row.floor)}`,
    );
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
