// Runs all operations and closes the lab; kills itself with SIGKILL after the ledger's Nth line. Not a test: lab-crash.test.ts starts it.
// argv: STATE_DIR N [runtime]. `runtime`: the operations on containers. Prints the lab's id, then `lines COUNT` if it lives to the end, and the numbers of the lines that are not about cgroups.
import { writeSync } from 'node:fs';
import { liveFs } from '../../src/host/live-fs.ts';
import { openLab } from '../../src/lab/open.ts';
import { ALL_OPERATIONS, runtimeOperations } from './plan.ts';

const [stateDir = '', last = '0', which = ''] = process.argv.slice(2);
const isRoot = process.getuid?.() === 0;
let lines = 0;
const cgroups = new Set<number>();
const others: number[] = [];
const lab = await openLab({
  stateDir,
  fs: liveFs(),
  mode: isRoot ? 'root' : 'rootless',
  onLedger: (line) => {
    lines += 1;
    if (line.line === 'intent' && line.made.op === 'cgroup') cgroups.add(line.n);
    if (line.line === 'open' || !cgroups.has(line.n)) others.push(lines);
    if (line.line === 'open') writeSync(1, `${line.lab}\n`);
    if (lines === Number(last)) process.kill(process.pid, 'SIGKILL');
  },
});
for (const operation of which === 'runtime' ? runtimeOperations(isRoot) : ALL_OPERATIONS) {
  const { asExpected, output } = await lab.perform(operation);
  if (!asExpected) writeSync(2, `${operation.op}: ${JSON.stringify(output)}\n`);
}
const left = await lab.close();
if (left.length > 0) writeSync(2, `${JSON.stringify(left)}\n`);
writeSync(1, `lines ${lines} ${others.join(',')}\n`);
