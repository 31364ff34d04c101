// Runs operations and closes the lab; kills itself with SIGKILL after the ledger's Nth line. Not a test: the crash tests start it.
// argv: STATE_DIR N [LESSON]: one of each operation, or all that a lesson (its folder) and its solutions run; `net`: those on networks and pins; `runtime`: on
// containers; `docker`: on a dockerd; `user`: on user namespaces. Prints the lab's id, then `lines COUNT` if it lives to the end, and the numbers of
// the lines that are not about cgroups.
import { writeSync } from 'node:fs';
import { liveFs } from '../../src/host/live-fs.ts';
import { openLab } from '../../src/lab/open.ts';
import type { Operation } from '../../src/lab/types.ts';
import { loadLesson } from '../../src/lesson/load.ts';
import { netOperations } from './net-plan.ts';
import { ALL_OPERATIONS, DOCKER_OPERATIONS, runtimeOperations, USER_OPERATIONS } from './plan.ts';

const mode = process.getuid?.() === 0 ? 'root' : 'rootless';

async function operationsOf(folder: string | undefined): Promise<readonly Operation[]> {
  if (folder === undefined) return ALL_OPERATIONS;
  if (folder === 'user') return USER_OPERATIONS;
  if (folder === 'net') return netOperations(mode);
  if (folder === 'docker') return DOCKER_OPERATIONS;
  if (folder === 'runtime') return runtimeOperations(mode === 'root');
  const { steps } = await loadLesson(folder);
  return steps.flatMap(({ operations, solution }) => [...operations, ...solution]);
}

const [stateDir = '', last = '0', folder] = process.argv.slice(2);
const operations = await operationsOf(folder);
let lines = 0;
const cgroups = new Set<number>();
const others: number[] = [];
const lab = await openLab({
  stateDir,
  fs: liveFs(),
  mode,
  onLedger: (line) => {
    lines += 1;
    if (line.line === 'intent' && line.made.op === 'cgroup') cgroups.add(line.n);
    if (line.line === 'open' || !cgroups.has(line.n)) others.push(lines);
    if (line.line === 'open') writeSync(1, `${line.lab}\n`);
    if (lines === Number(last)) process.kill(process.pid, 'SIGKILL');
  },
});
for (const operation of operations) {
  const { asExpected, output } = await lab.perform(operation);
  if (!asExpected) writeSync(2, `${operation.op}: ${JSON.stringify(output)}\n`);
}
const left = await lab.close();
if (left.length > 0) writeSync(2, `${JSON.stringify(left)}\n`);
writeSync(1, `lines ${lines} ${others.join(',')}\n`);
