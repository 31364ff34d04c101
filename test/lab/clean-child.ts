// Runs cleanup and audit over a state directory and prints what is left as JSON. Not a test: lab-rootless.test.ts starts it as another user.
import { liveFs } from '../../src/host/live-fs.ts';
import { audit } from '../../src/lab/audit.ts';
import { cleanup } from '../../src/lab/cleanup.ts';

const [stateDir = ''] = process.argv.slice(2);
const fs = liveFs();
// Labs of other users are none of this one's: only what is below this state directory, or of its labs, counts.
const { refused, left } = await cleanup({ stateDir, fs });
const own = (leftovers: readonly { what: string; reason?: string | undefined }[]) =>
  leftovers.filter(({ what, reason }) => what.startsWith(stateDir) || !/no journal/.test(reason ?? ''));
console.log(
  JSON.stringify({ refused: own(refused), left: own(left), audit: own(await audit({ stateDir, fs })) }),
);
