// timeout: 2400
// Every lesson, killed by SIGKILL after every single line of its journal: cleanup() and audit() then find nothing, nor does a witness of our own.
import { basename } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lessonsDir, loadLessons } from '../../src/lesson/load.ts';
import { assertClean, crash } from '../lab/crash.ts';
import { tracesOf } from '../lab/traces.ts';
import { maybe, need } from '../support/need.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('lab: crashes in lessons');
const live = maybe(
  test,
  need({ root: true, tools: ['unshare', 'nsenter', 'setpriv', 'ip', 'runc', 'busybox'] }),
);

/** Labs do not meet, so two can be killed side by side. */
const AT_ONCE = 2;

async function killAfter(stateDir: string, folder: string, line: number): Promise<boolean> {
  const { lab, signal, complaints } = await crash(stateDir, line, { lesson: folder });
  assert.is(signal, 'SIGKILL', `${folder}, line ${line}: ${complaints}`);
  const dirty = tracesOf(lab, stateDir).length > 0;
  await assertClean(stateDir, lab, `${folder}, killed after line ${line}`);
  return dirty;
}

for (const { folder } of await loadLessons(lessonsDir())) {
  live(basename(folder), async () => {
    await withTempDir(async (stateDir) => {
      const whole = await crash(stateDir, 0, { lesson: folder });
      assert.is(whole.signal, null);
      assert.is(whole.complaints, '');
      assert.equal(tracesOf(whole.lab, stateDir), [], 'a lab that closes leaves nothing by itself');
      assert.ok(whole.lines >= 3, `${whole.lines} lines`);
      const lines = Array.from({ length: whole.lines }, (_, at) => at + 1);
      let dirty = 0;
      // A cleanup is for all dead labs of a state directory: each worker has one of its own.
      const work = async (own: string): Promise<void> => {
        for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
          if (await killAfter(own, folder, line)) dirty += 1;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, () => withTempDir(work)));
      assert.is(dirty, whole.lines, 'each crash had left its lab, so the test looks at something');
    });
  });
}

test.run();
