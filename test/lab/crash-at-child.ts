// Mounts, pivots and unmounts in a lab, and kills itself with SIGKILL once the intent of a command is in the journal. Not a test: lab-files.test.ts
// starts it. argv: STATE_DIR WORD (the command's first). Prints the lab's id.
import { writeSync } from 'node:fs';
import { liveFs } from '../../src/host/live-fs.ts';
import { openLab } from '../../src/lab/open.ts';

const [stateDir = '', word = ''] = process.argv.slice(2);
const lab = await openLab({
  stateDir,
  fs: liveFs(),
  mode: 'root',
  onLedger: (line) => {
    if (line.line !== 'intent' || !('command' in line.made)) return;
    if (line.made.command.startsWith(`${word} `)) process.kill(process.pid, 'SIGKILL');
  },
});
writeSync(1, `${lab.id}\n`);
await lab.perform({ op: 'rootfs', name: 'base' });
await lab.perform({ op: 'directory', name: 'desk' });
await lab.perform({ op: 'actor', name: 'box', namespaces: ['mnt'], command: ['sleep', 'infinity'] });
await lab.perform({ op: 'mount', in: 'box', type: 'tmpfs', target: '{dir:desk}' });
await lab.perform({ op: 'pivot-root', in: 'box', newRoot: '{rootfs:base}', old: 'unmounted' });
await lab.close();
