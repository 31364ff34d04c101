// timeout: 900
// The proof of the ledger: a program is killed by SIGKILL after each line of its journal, and at any moment; cleanup() and audit() then find nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertClean, crash } from '../lab/crash.ts';
import { tracesOf } from '../lab/traces.ts';
import { maybe, need } from '../support/need.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('lab: crashes');
const live = maybe(test, need({ root: true, tools: ['unshare', 'nsenter', 'setpriv'] }));

live('SIGKILL after each line of the journal leaves nothing once cleanup has run', async () => {
  await withTempDir(async (stateDir) => {
    const whole = await crash(stateDir, 0);
    assert.is(whole.signal, null);
    assert.is(whole.complaints, '');
    assert.equal(tracesOf(whole.lab, stateDir), [], 'a lab that closes leaves nothing by itself');
    assert.ok(whole.lines > 20, `${whole.lines} lines`);
    let dirty = 0;
    for (let line = 1; line <= whole.lines; line++) {
      const { lab, signal, complaints } = await crash(stateDir, line);
      assert.is(signal, 'SIGKILL', `line ${line}: ${complaints}`);
      assert.match(lab, /^[0-9a-f]{8}$/);
      if (tracesOf(lab, stateDir).length > 0) dirty += 1;
      await assertClean(stateDir, lab, `killed after line ${line}`);
    }
    assert.is(dirty, whole.lines, 'each crash had left its lab, so the test looks at something');
  });
});

live('SIGKILL at any moment', async () => {
  await withTempDir(async (stateDir) => {
    for (const ms of [0, 5, 12, 20, 35, 50, 80, 120, 200, 450]) {
      const { lab } = await crash(stateDir, 0, { ms });
      await assertClean(stateDir, lab, `killed after ${ms} ms`);
    }
  });
});

live('actors die with the program even before cleanup has run', async () => {
  await withTempDir(async (stateDir) => {
    // Line 15 and later: both actors run; their own end needs no cleanup.
    const { lab } = await crash(stateDir, 0, { ms: 400 });
    await sleep(300);
    const named = tracesOf(lab, stateDir);
    assert.ok(named.length > 0);
    const processes = named.filter((trace) => trace.startsWith('process'));
    // Only what had detached itself (setsid sh, sleep) may be left.
    assert.ok(processes.length <= 2, processes.join(', '));
    await assertClean(stateDir, lab, 'after the crash');
  });
});

test.run();
