// Opens rootless labs in the group that it was started in, one or two at once, and prints what it saw as JSON. Not a test: lab-delegated.test.ts
// starts it as another user. argv: STATE_DIR, then `one`, or which of two labs is closed first: `first`, `second`.
import { readFileSync } from 'node:fs';
import { liveFs } from '../../src/host/live-fs.ts';
import { openLab } from '../../src/lab/open.ts';
import type { Lab } from '../../src/lab/types.ts';

const [stateDir = '', order = 'one'] = process.argv.slice(2);
const own = () => /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '';
const open = () => openLab({ stateDir, fs: liveFs(), mode: 'rootless' });
const notes: string[] = [];

async function fill(lab: Lab): Promise<void> {
  // Files of every v2 group, whatever controllers there are.
  const limits = { 'cgroup.maxDescendants': '3', 'freezer.freeze': '0', 'pids.limit': '30' };
  const { output } = await lab.perform({ op: 'cgroup', name: 'box', limits });
  notes.push(...output.filter(({ stream }) => stream === 'note').map(({ text }) => text));
  await lab.perform({
    op: 'actor',
    name: 'box',
    namespaces: ['uts'],
    cgroup: 'box',
    command: ['sleep', 'infinity'],
  });
}

const before = own();
const first = await open();
await fill(first);
const during = own();
const actor = readFileSync(`/proc/${first.actor('box')?.pid ?? 0}/cgroup`, 'utf8');
const left = [];
let between = '';
if (order !== 'one') {
  const second = await open();
  await fill(second);
  left.push(...(await (order === 'first' ? first : second).close()));
  between = own();
  left.push(...(await second.close()));
}
left.push(...(await first.close()));
console.log(JSON.stringify({ before, during, between, after: own(), actor, left, lab: first.id, notes }));
