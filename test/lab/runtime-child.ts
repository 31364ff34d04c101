// Makes a container without privilege and prints what it saw as JSON. Not a test: lab-runc.test.ts starts it as another user.
import { readFileSync } from 'node:fs';
import { liveFs } from '../../src/host/live-fs.ts';
import { openLab } from '../../src/lab/open.ts';
import type { Operation } from '../../src/lab/types.ts';

const [stateDir = ''] = process.argv.slice(2);
const lab = await openLab({ stateDir, fs: liveFs() });
const perform = async (operation: Operation, stream = 'stdout') =>
  (await lab.perform(operation)).output.filter((line) => line.stream === stream).map(({ text }) => text);

await perform({ op: 'rootfs', name: 'base' });
const bundle: Operation = {
  op: 'bundle',
  name: 'box',
  rootfs: 'base',
  args: ['sleep', '1000'],
  limits: { 'pids.limit': '9' },
};
const planned = lab.plan(bundle).shell;
const notes = await perform(bundle, 'note');
await perform({ op: 'runc', verb: 'create', name: 'box', bundle: 'box' });
const pid = lab.actor('box')?.pid ?? 0;
const comm = readFileSync(`/proc/${pid}/comm`, 'utf8');
await perform({ op: 'runc', verb: 'start', container: 'box' });
const inside = await perform({
  op: 'runc',
  verb: 'exec',
  container: 'box',
  command: ['sh', '-c', 'id -u; hostname'],
});
const entered = await perform({ op: 'run', in: 'box', command: ['hostname'] });
const uidMap = readFileSync(`/proc/${pid}/uid_map`, 'utf8').trim().split(/\s+/);
const namespaces = lab.actor('box')?.namespaces;
const left = await lab.close();
console.log(
  JSON.stringify({ mode: lab.mode, planned, notes, comm, inside, entered, uidMap, namespaces, left }),
);
