// Runs where mounts are shared, as systemd leaves a host, and tries to mount in actors. Not a test: lab-files.test.ts starts it.
// argv: STATE_DIR. Prints as JSON what became of it: in a private actor, in one that has made itself a peer of ours, in a slave; then our own
// mounts of the lab, and what is left.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { liveFs } from '../../src/host/live-fs.ts';
import { openLab } from '../../src/lab/open.ts';

const [stateDir = ''] = process.argv.slice(2);
const lab = await openLab({ stateDir, fs: liveFs(), mode: 'root' });
await lab.perform({ op: 'directory', name: 'desk' });

async function mountIn(name: string): Promise<string> {
  try {
    const { asExpected } = await lab.perform({ op: 'mount', in: name, type: 'tmpfs', target: '{dir:desk}' });
    return asExpected ? 'mounted' : 'failed';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const own = { op: 'actor', namespaces: ['mnt'] } as const;
const forever = ['sleep', 'infinity'];
await lab.perform({ ...own, name: 'private', command: forever });
await lab.perform({ ...own, name: 'slave', propagation: 'slave', command: forever });
const back = ['nsenter', `--mount=/proc/${process.pid}/ns/mnt`];
const peer = ['unshare', '--mount', '--propagation', 'unchanged', ...forever];
await lab.perform({ ...own, name: 'box', command: [...back, ...peer] });
const { pid = 0 } = lab.actor('box') ?? {};
while (readFileSync(`/proc/${pid}/comm`, 'utf8') !== 'sleep\n') await sleep(20);

const seen = [await mountIn('private'), await mountIn('box'), await mountIn('slave')];
const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
  .split('\n')
  .filter((line) => line.includes(stateDir));
console.log(JSON.stringify([...seen, mounts, await lab.close()]));
