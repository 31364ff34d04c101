// Preflight tries each need on the real host, says the same in both languages, and leaves nothing behind; plans need no lab.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveFs } from '../../src/host/live-fs.ts';
import { audit } from '../../src/lab/audit.ts';
import { labMode } from '../../src/lab/mode.ts';
import { planner } from '../../src/lab/plan.ts';
import { NEEDS, preflight } from '../../src/lab/preflight.ts';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { ALL_OPERATIONS } from '../lab/plan.ts';
import { maybe, need } from '../support/need.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('lab: preflight');

test('each need has an answer in both languages, one line each, and nothing is left', async () => {
  await withTempDir(async (dir) => {
    const results = await preflight({ env: { XDG_STATE_HOME: dir } });
    assert.equal(
      results.map(({ need }) => need),
      [...NEEDS],
    );
    for (const { need, message } of results) {
      for (const line of Object.values(message)) {
        assert.ok(line.length > 0, need);
        assert.not.match(line, /\n|\{\w+\}/, need);
      }
      assert.match(message['zh-CN'], /[\u4e00-\u9fff]|^util-linux|^busybox/, need);
    }
    assert.equal(JSON.parse(JSON.stringify(results)), results, 'plain data');
    assert.equal(
      (await audit({ stateDir: join(dir, 'nscope'), fs: liveFs() })).filter(({ what }) =>
        what.startsWith(dir),
      ),
      [],
    );
  });
});

test('a need that is not met says how to get it', async () => {
  await withTempDir(async (dir) => {
    writeFileSync(join(dir, 'nscope'), '');
    const results = await preflight({ env: { XDG_STATE_HOME: dir } });
    const state = results.find(({ need }) => need === 'state-directory');
    assert.is(state?.ok, false);
    assert.match(state?.message.en ?? '', /cannot be used: .*; set XDG_STATE_HOME/);
    assert.is(results.find(({ need }) => need === 'cgroups')?.ok, false, 'it is tried by way of a lab');
  });
});

const root = maybe(test, need({ root: true, tools: ['unshare', 'nsenter', 'setpriv'] }));

root('as root: namespaces, and the mode', async () => {
  await withTempDir(async (dir) => {
    const results = await preflight({ env: { XDG_STATE_HOME: dir } });
    const ok = results.filter((result) => result.ok).map(({ need }) => need);
    for (const need of ['util-linux', 'root', 'namespaces', 'state-directory'] as const)
      assert.ok(ok.includes(need), need);
    assert.is(await labMode(), 'root');
  });
});

test('plans without a lab: the id is LAB, pids are variables', () => {
  const plan = planner('en');
  const shells = ALL_OPERATIONS.map((operation) => plan(operation).shell);
  assert.match(shells[0] ?? '', /LAB\/rootfs-base/);
  assert.match(
    shells.join('\n'),
    /nsenter --target \$PLAIN (--user --preserve-credentials )?--uts hostname plain-7/,
  );
  assert.match(shells.join('\n'), /^readlink \/proc\/\$BOX\/ns\/uts$/m);
  for (const operation of ALL_OPERATIONS) {
    const { touches, undo } = planner('zh-CN')(operation);
    assert.match(touches + undo, /[\u4e00-\u9fff]/, operation.op);
  }
});

test.run();
