// Tries to use a state home, prints the one line of the error and exits with its code. Not a test: lab-isolation.test.ts starts it on a bad one.
import { liveFs } from '../../src/host/live-fs.ts';
import { openLab } from '../../src/lab/open.ts';
import { stateDir } from '../../src/lab/state-dir.ts';
import { UserError } from '../../src/text/errors.ts';

const [home = ''] = process.argv.slice(2);
try {
  const lab = await openLab({ stateDir: stateDir({ XDG_STATE_HOME: home }), fs: liveFs(), mode: 'root' });
  await lab.perform({ op: 'rootfs', name: 'base' });
  console.log('it could be used');
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.log(`${error.message} (${error.hint ?? ''})`);
  process.exitCode = error.exitCode;
}
