// Opens a rootless lab, looks around in it and prints what it saw as JSON. Not a test: lab-rootless.test.ts starts it as another user.
import { liveFs } from '../../src/host/live-fs.ts';
import { openLab } from '../../src/lab/open.ts';
import type { Operation } from '../../src/lab/types.ts';

const [stateDir = ''] = process.argv.slice(2);
const lab = await openLab({ stateDir, fs: liveFs() });
const lines = async (operation: Operation, stream = 'stdout') =>
  (await lab.perform(operation)).output.filter((line) => line.stream === stream).map(({ text }) => text);

const box: Operation = { op: 'actor', name: 'box', namespaces: ['uts'], command: ['sleep', 'infinity'] };
const planned = lab.plan(box).shell;
const note = (await lines({ op: 'cgroup', name: 'box', limits: { 'pids.limit': '9' } }, 'note')).join();
await lab.perform(box);
const whoami = await lines({ op: 'run', in: 'box', command: ['id', '-u'] });
await lab.perform({ op: 'run', in: 'box', command: ['hostname', 'inside'] });
const uts = await lines({ op: 'run', in: 'box', command: ['hostname'] });
const host = await lines({ op: 'look', command: ['hostname'] });
const namespaces = lab.actor('box')?.namespaces;
const left = [...(await lab.close())];
// A hierarchy that refuses: as root in a container sees it.
const closed = await openLab({ stateDir, fs: liveFs(), mode: 'root' });
const refused = (await closed.perform({ op: 'cgroup', name: 'box', limits: { 'pids.limit': '9' } })).output
  .filter(({ stream }) => stream === 'note')
  .map(({ text }) => text);
left.push(...(await closed.close()));
console.log(JSON.stringify({ refused, mode: lab.mode, planned, whoami, uts, host, note, namespaces, left }));
