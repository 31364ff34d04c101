// timeout: 180
// The real program: a lesson that was left goes on, its progress says what was met; and a lesson from elsewhere is asked about before the screen opens.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Progress } from '../../src/lesson/progress-schema.ts';
import { maybe, need } from '../support/need.ts';
import { runToEnd, until } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';
import { withTui } from './support/pty.ts';

const test = suite('tui/resume');
const live = maybe(test, need({ root: true, pty: true, tools: ['unshare', 'nsenter', 'setpriv'] }));
const pty = maybe(test, need({ pty: true }));

function stepsOf(state: string): Progress['lessons'][string]['steps'] {
  const file = join(state, 'nscope', 'progress.json');
  if (!existsSync(file)) return {};
  const { lessons } = JSON.parse(readFileSync(file, 'utf8')) as Progress;
  return lessons['uts-namespace']?.steps ?? {};
}

live('a lesson that was left: what was done is marked, what was met is counted, each run has its nonce', () =>
  withTempDir(async (state) => {
    const env = { XDG_STATE_HOME: state };
    for (const run of [1, 2]) {
      await withTui({ args: ['learn', 'uts-namespace'], cols: 120, rows: 40, env }, async (tui) => {
        const first = await tui.waitFor('1 of 9', 30_000);
        assert.is(first.includes('done before'), run === 2);
        tui.press('Enter');
        await tui.waitFor(/Enter next/, 30_000);
        tui.press('Enter');
        await tui.waitFor('2 of 9');
        await until(
          'the second step to be written down',
          () => stepsOf(state)['copy']?.attempts === run,
          20_000,
        );
        tui.press('Ctrl-c');
        await tui.exit;
      });
    }
    const { link, copy } = stepsOf(state);
    assert.is(link?.attempts, 2);
    assert.ok(link?.doneAt);
    assert.is(copy?.doneAt, null);
    assert.is(new Set(link?.tries.map(({ nonce }) => nonce)).size, 2);
    assert.equal(
      link?.tries.map(({ nonce }) => nonce),
      copy?.tries.map(({ nonce }) => nonce),
    );
  }),
);

pty('a lesson from elsewhere: no is no, yes opens it, and the second time nobody asks', () =>
  withTempDir(async (dir) => {
    const pack = join(dir, 'pack');
    mkdirSync(pack);
    const made = await runToEnd([process.execPath, 'dist/cli.js', 'lesson', 'new', 'fresh', '--dir', pack]);
    assert.is(made.code, 0, made.stderr);
    const options = {
      args: ['learn', 'fresh', '--dir', pack, '--lang', 'en'],
      cols: 100,
      rows: 40,
      env: { XDG_STATE_HOME: dir },
    };
    await withTui(options, async (tui) => {
      const asked = await tui.waitFor('[y/N]', 30_000);
      assert.match(asked, '$ unshare');
      assert.not(tui.isAlternate());
      tui.type('n\r');
      assert.is((await tui.exit).code, 2);
      assert.match(tui.raw(), 'not trusted, so not run: fresh');
    });
    await withTui(options, async (tui) => {
      await tui.waitFor('[y/N]', 30_000);
      tui.type('y\r');
      await tui.waitFor('1 of 4', 30_000);
      tui.press('Ctrl-c');
      await tui.exit;
    });
    await withTui(options, async (tui) => {
      await tui.waitFor('1 of 4', 30_000);
      assert.not.match(tui.raw(), '[y/N]');
      tui.press('Ctrl-c');
      await tui.exit;
    });
  }),
);

test.run();
