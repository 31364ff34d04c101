// timeout: 900
// The author's gate over every lesson of the program, on this kernel: no lesson with a fault. What this host lacks for one is printed.
import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CheckEvent } from '../../src/commands/lesson-check.ts';
import { maybe, need } from '../support/need.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('live: lesson gate');
const live = maybe(test, need({ root: true, tools: ['unshare', 'nsenter', 'setpriv'] }));

live('every lesson of the program', () =>
  withTempDir((dir) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['dist/cli.js', 'lesson', 'check', '--json'],
      { encoding: 'utf8', env: { ...process.env, XDG_STATE_HOME: dir, LANG: 'C' }, timeout: 880_000 },
    );
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as CheckEvent);
    for (const event of events) {
      if (event.event === 'skipped' || event.event === 'skippedStep')
        process.stdout.write(`skipped: ${event.lesson}: ${event.message}\n`);
    }
    assert.equal(
      events.filter(({ event }) => event === 'fault' || event === 'broken'),
      [],
      stderr,
    );
    assert.ok(events.some((event) => event.event === 'end' && event.passed > 0));
    assert.ok(status === 0 || status === 3, `exit ${status}: ${stderr}`);
  }),
);

test.run();
