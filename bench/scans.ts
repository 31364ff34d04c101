// The whole program against lsns and bare node, and the scan against the same system calls in C (floor.c).
import { liveHost } from '../src/host/host.ts';
import { scan } from '../src/host/scan.ts';
import { fixed, median } from './numbers.ts';
import { CLI, type Cost, costOf } from './programs.ts';

/** `node` runs nothing: no program of Node's can be below it. */
const MEASURED = ['nscope', 'lsns', 'node', 'scan', 'floor'] as const;
type Measured = (typeof MEASURED)[number];

/** Medians. */
export type ScanRow = Readonly<Record<Measured, Cost>> & { readonly processes: number };

/** `meter` and `floor`: cost.c and floor.c, compiled. Interleaved rounds, after one that warms caches and the compiler. */
export async function measureScans(meter: string, floor: string, rounds: number): Promise<ScanRow> {
  const host = liveHost();
  const taken: Record<Measured, Cost[]> = { nscope: [], lsns: [], node: [], scan: [], floor: [] };
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
      nscope: costOf(meter, [process.execPath, CLI, 'ns', '--json']),
      lsns: costOf(meter, ['lsns', '-J']),
      node: costOf(meter, [process.execPath, '-e', '0']),
    };
    if (round > 0) for (const key of MEASURED) taken[key].push(took[key]);
  }
  const medianOf = (key: Measured): Cost => ({
    wall: median(taken[key].map(({ wall }) => wall)),
    cpu: median(taken[key].map(({ cpu }) => cpu)),
  });
  return {
    processes,
    nscope: medianOf('nscope'),
    lsns: medianOf('lsns'),
    node: medianOf('node'),
    scan: medianOf('scan'),
    floor: medianOf('floor'),
  };
}

export function scanTable(rows: readonly ScanRow[]): readonly string[] {
  const ratio = (a: number, b: number) => fixed(a / b, 2, 8);
  const line = (row: ScanRow, kind: keyof Cost): string => {
    const [nscope, lsns, node, scanned, floor] = MEASURED.map((key) => row[key][kind]) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const ms = (time: number) => fixed(time, 1, 9);
    return `${fixed(row.processes, 0, 9)}  ${kind.padEnd(4)}${ms(nscope)} ${ms(lsns)}${ratio(nscope, lsns)} ${ms(node)} ${ms(scanned)} ${ms(floor)}${ratio(scanned, floor)}`;
  };
  return [
    'processes  ms      nscope      lsns  n/lsns      node      scan     floor s/floor',
    ...rows.flatMap((row) => [line(row, 'wall'), line(row, 'cpu')]),
  ];
}
