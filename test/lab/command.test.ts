// Commands that would act on the host because the actor shares the namespace: by the name of the program, wherever it lies.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLedger } from '../../src/lab/ledger.ts';
import { refuseHostAct } from '../../src/lab/operations/command.ts';
import { newActing } from '../../src/lab/operations/operation.ts';
import { liveFs } from '../../src/host/live-fs.ts';
import { UserError } from '../../src/text/errors.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('lab: commands that act on the host');

test('a path before the name of the program changes nothing', async () => {
  await withTempDir((dir) => {
    const ledger = createLedger(dir, 'root', { pid: 1, starttime: 1, boot: 'b', pidNamespace: 'pid:[1]' });
    const lab = newActing({ id: ledger.lab, mode: 'root', lang: 'en', fs: liveFs(), ledger });
    for (const word of ['hostname', '/bin/hostname', './../bin/hostname', '/usr//bin/hostname']) {
      assert.throws(
        () => refuseHostAct(lab, 'box', ['mnt'], [word, 'other']),
        (error: unknown) => error instanceof UserError && /would act on the host/.test(error.message),
        word,
      );
      refuseHostAct(lab, 'box', ['uts'], [word, 'other']);
      refuseHostAct(lab, 'box', ['mnt'], [word]);
    }
    refuseHostAct(lab, 'box', [], ['/sbin/ip', 'link', 'show']);
    refuseHostAct(lab, 'box', [], ['/bin/echo', 'hostname', 'other']);
    ledger.close();
  });
});

test.run();
