// `npm run bench`: measures, prints a table and writes bench/latest.json. What is compared is measured in one run; medians. Fails on no time:
// the machine may be shared and noisy. `--only scans,paint,keys,steady` measures less.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withCrowd } from './crowd.ts';
import { firstPaintTable, measureFirstPaint } from './first-paint.ts';
import { keysTable, measureKeys } from './keys.ts';
import { compile, HERE } from './programs.ts';
import { measureScans, type ScanRow, scanTable } from './scans.ts';
import { measureSteady, steadyTable } from './steady.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'scans,paint,keys,steady' },
    sizes: { type: 'string', default: '100,2000,10000' },
    rounds: { type: 'string', default: '7' },
    /** Of the measurement of keys: processes, containers' groups, and keys pressed. */
    processes: { type: 'string', default: '10000' },
    groups: { type: 'string', default: '500' },
    keys: { type: 'string', default: '600' },
    /** Of the measurement at rest: processes and seconds. An hour is 3600. */
    'steady-processes': { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '100' },
  },
});
const rounds = Number(values.rounds);
const wanted = new Set(values.only.split(','));
const result: Record<string, unknown> = {
  takenAt: new Date().toISOString(),
  machine: {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? '',
    kernel: release(),
    arch: arch(),
    node: process.version,
  },
};
const tell = (lines: readonly string[]): void => console.log(`${lines.join('\n')}\n`);

const dir = mkdtempSync(join(tmpdir(), 'nscope-bench-'));
try {
  const crowd = compile('crowd', dir);
  if (wanted.has('scans')) {
    const [floor, meter] = [compile('floor', dir), compile('cost', dir)];
    const rows: ScanRow[] = [];
    for (const processes of values.sizes.split(',').map(Number)) {
      rows.push(await withCrowd(crowd, { processes, groups: 0 }, () => measureScans(meter, floor, rounds)));
    }
    result['rows'] = rows;
    tell(scanTable(rows));
  }
  if (wanted.has('paint')) {
    const paint = await measureFirstPaint(rounds);
    result['firstPaint'] = paint;
    tell(firstPaintTable(paint));
  }
  if (wanted.has('keys')) {
    const around = { processes: Number(values.processes), groups: Number(values.groups) };
    const keys = await withCrowd(crowd, around, () => measureKeys(around, Number(values.keys)));
    result['keys'] = keys;
    tell(keysTable(keys));
  }
  if (wanted.has('steady')) {
    const processes = Number(values['steady-processes']);
    const steady = await withCrowd(crowd, { processes, groups: 0 }, () =>
      measureSteady(processes, Number(values.seconds)),
    );
    result['steady'] = steady;
    tell(steadyTable(steady));
  }
  writeFileSync(join(HERE, 'latest.json'), `${JSON.stringify(result, null, 2)}\n`);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
