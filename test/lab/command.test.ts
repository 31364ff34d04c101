// Commands that would act on the host because the actor shares the namespace: by the name of the program, wherever it lies.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLedger } from '../../src/lab/ledger.ts';
import { refuseHostAct } from '../../src/lab/operations/command.ts';
import type { NsType } from '../../src/kernel/namespaces.ts';
import { newActing } from '../../src/lab/operations/operation.ts';
import { identify } from '../../src/lab/process.ts';
import { liveFs } from '../../src/host/live-fs.ts';
import { UserError } from '../../src/text/errors.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('lab: commands that act on the host');

test('a path before the name of the program changes nothing', async () => {
  await withTempDir((dir) => {
    const ledger = createLedger(dir, 'root', { pid: 1, starttime: 1, boot: 'b', pidNamespace: 'pid:[1]' });
    const lab = newActing({ id: ledger.lab, mode: 'root', lang: 'en', fs: liveFs(), ledger });
    const refused = (namespaces: readonly NsType[], command: readonly string[]) =>
      refuseHostAct(lab, 'box', namespaces, command, command);
    for (const word of ['hostname', '/bin/hostname', './../bin/hostname', '/usr//bin/hostname']) {
      assert.throws(
        () => refused(['mnt'], [word, 'other']),
        (error: unknown) => error instanceof UserError && /would act on the host/.test(error.message),
        word,
      );
      refused(['uts'], [word, 'other']);
      refused(['mnt'], [word]);
    }
    refused([], ['/sbin/ip', 'link', 'show']);
    refused([], ['/bin/echo', 'hostname', 'other']);
    ledger.close();
  });
});

test('kill without a pid namespace: living actors of this lab, named as such, and nothing else', async () => {
  await withTempDir((dir) => {
    const ledger = createLedger(dir, 'root', { pid: 1, starttime: 1, boot: 'b', pidNamespace: 'pid:[1]' });
    const fs = liveFs();
    const lab = newActing({ id: ledger.lab, mode: 'root', lang: 'en', fs, ledger });
    const self = identify(fs, process.pid);
    assert.ok(self);
    const actor = {
      ...self,
      namespaces: [],
      root: undefined,
      uid: undefined,
      enter: [],
      groups: [],
      running: {} as never,
    };
    lab.actors.set('victim', { ...actor, name: 'victim' });
    lab.actors.set('dead', { ...actor, name: 'dead', starttime: 1 });
    const allowed = (...typed: string[]): boolean => {
      try {
        refuseHostAct(
          lab,
          'jail',
          [],
          typed.map((word) => word.replace(/^\{.*\}$/, '77')),
          typed,
        );
        return true;
      } catch (error) {
        if (error instanceof UserError) return false;
        throw error;
      }
    };
    assert.ok(allowed('kill', '{pid:victim}'));
    assert.ok(allowed('kill', '-TERM', '{pid:victim}', '{pid:victim}'));
    assert.ok(allowed('kill', '-9', '{pid:victim}'));
    for (const typed of [
      ['kill', '-TERM', '77'],
      ['kill', '-TERM', '-1'],
      ['kill', '-TERM', '{pid:victim}', '-1'],
      ['kill', '-TERM', '{pid:victim}', '77'],
      ['kill', '-TERM', '-{pid:victim}'],
      ['kill', '-TERM', '{pid:dead}'],
      ['kill', '-TERM', '{pid:nobody}'],
      ['kill', '-TERM'],
      ['killall', '{pid:victim}'],
    ])
      assert.not.ok(allowed(...typed), typed.join(' '));
    ledger.close();
  });
});

test.run();
