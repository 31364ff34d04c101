// Runs all operations and closes the lab; kills itself with SIGKILL after the ledger's Nth line. Not a test: lab-crash.test.ts starts it.
// argv: STATE_DIR N [net]. Prints the lab's id, then `lines COUNT` if it lives to the end.
import { writeSync } from 'node:fs';
import { liveFs } from '../../src/host/live-fs.ts';
import { openLab } from '../../src/lab/open.ts';
import { netOperations } from './net-plan.ts';
import { ALL_OPERATIONS } from './plan.ts';

const [stateDir = '', last = '0', plan] = process.argv.slice(2);
let lines = 0;
const lab = await openLab({
  stateDir,
  fs: liveFs(),
  mode: process.getuid?.() === 0 ? 'root' : 'rootless',
  onLedger: (line) => {
    lines += 1;
    if (line.line === 'open') writeSync(1, `${line.lab}\n`);
    if (lines === Number(last)) process.kill(process.pid, 'SIGKILL');
  },
});
for (const operation of plan === 'net' ? netOperations(lab.mode) : ALL_OPERATIONS) {
  const { asExpected, output } = await lab.perform(operation);
  if (!asExpected) writeSync(2, `${operation.op}: ${JSON.stringify(output)}\n`);
}
const left = await lab.close();
if (left.length > 0) writeSync(2, `${JSON.stringify(left)}\n`);
writeSync(1, `lines ${lines}\n`);
