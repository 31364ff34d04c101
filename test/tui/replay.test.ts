// timeout: 200
// A host with nothing but Node: the program opens, says what is missing and how to get it, and the lessons play from their recordings.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { maybe, need, which } from '../support/need.ts';
import { children } from '../support/process.ts';
import { play } from './support/play.ts';
import { type TuiOptions, withTui } from './support/pty.ts';

const test = suite('tui/replay');
const live = maybe(test, need({ pty: true, root: true, tools: ['unshare', 'busybox'] }));

/**
 * The program in a mount namespace of its own where the tools that make namespaces cannot be executed: there is nothing that it could
 * run a lesson with. The machine's own files are not touched.
 */
function bare(args: readonly string[]): TuiOptions {
  const hidden = ['unshare', 'nsenter', 'busybox']
    .map((tool) => which(tool))
    .filter((path) => path !== undefined);
  const hide = hidden.map((path) => `mount --bind /dev/null ${path}`);
  const script = [...hide, `exec ${process.execPath} dist/cli.js "$@"`].join(' && ');
  return { command: ['unshare', '--mount', 'sh', '-c', script, 'nscope', ...args], cols: 120, rows: 40 };
}

live('home says in one line each what is missing, with the way to get it', async () => {
  await withTui(bare([]), async (tui) => {
    const screen = await tui.waitFor(/✗ .*util-linux/);
    assert.match(screen, /apt(-get)? install|install/);
    await tui.waitFor(/recorded here/);
    tui.press('q');
    assert.is((await tui.exit).code, 0);
  });
});

for (const [id, steps] of [
  ['uts-namespace', 9],
  ['pid-namespace', 9],
] as const) {
  live(`${id} plays from its recording, and every pane says so; no process is started`, async () => {
    await withTui(bare(['learn', id]), async (tui) => {
      await tui.waitFor('1 of 9', 20_000);
      let started = 0;
      await play(tui, steps, {
        tasks: {
          7: async (at) => at.press('Enter'),
        },
        onDone: (step, screen, at) => {
          started = Math.max(started, children(at.pid).length);
          if (step !== 2) return;
          const titles = screen.split('\n').filter((line) => /[┌├].*(tree|links|files)/.test(line));
          assert.is(titles.length, 3, screen);
          for (const title of titles) assert.match(title, /recorded on Debian 13/);
          assert.match(screen, /◆ box/);
        },
      });
      assert.is(started, 0);
      tui.press('Enter');
      await tui.waitFor('› home');
      tui.press('q');
      assert.is((await tui.exit).code, 0);
    });
  });
}

test.run();
