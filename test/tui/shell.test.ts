// timeout: 200
// The shell on the whole terminal, where the packages of the shell pane do not load, and the way back: under a shell with job control, as people
// start the program, and with a signal while it is open.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { maybe, need } from '../support/need.ts';
import { descendants, runToEnd } from '../support/process.ts';
import { enterWord } from './support/play.ts';
import { type Tui, withTui } from './support/pty.ts';

const test = suite('tui/shell');
const live = maybe(test, need({ root: true, pty: true, tools: ['bash', 'unshare', 'nsenter', 'setpriv'] }));

/** An interactive bash in which the program runs as a job. */
const BASH = {
  command: ['env', '--default-signal=INT', 'bash', '--norc', '--noprofile', '-i'],
  cols: 110,
  rows: 34,
};

const WITHOUT_PTY = './test/support/without-pty.mjs';

/** To the first step of a lesson that makes a box, run. */
async function withBox(tui: Tui, lesson: string): Promise<void> {
  await tui.waitFor(/[$#] $/m);
  tui.type(`${process.execPath} --import ${WITHOUT_PTY} dist/cli.js learn ${lesson}; echo "code $?"\r`);
  await tui.waitFor('1 of 9', 20_000);
  while (!tui.text().includes('◆ box ')) {
    const word = enterWord(tui.text());
    tui.press(word === 'choose' ? '1' : 'Enter');
    await tui.waitFor((screen) => enterWord(screen) !== word || screen.includes('◆ box '), 15_000);
    if (enterWord(tui.text()) === 'wait') await tui.waitFor((screen) => enterWord(screen) !== 'wait', 15_000);
  }
  await tui.waitFor((screen) => enterWord(screen) === 'next', 15_000);
}

for (const lesson of ['uts-namespace', 'pid-namespace']) {
  live(
    `${lesson}: s, a command, exit: back in the lesson, nothing stopped, as often as one likes`,
    async () => {
      await withTui(BASH, async (tui) => {
        await withBox(tui, lesson);
        for (let round = 0; round < 2; round += 1) {
          tui.press('s');
          await tui.waitFor(/box# *$/m);
          tui.type('echo inside-$((40 + 2))\r');
          await tui.waitFor('inside-42');
          tui.type('exit\r');
          await tui.waitFor((screen) => screen.includes('of 9') && enterWord(screen) === 'next');
        }
        assert.not(tui.raw().includes('Stopped'));
        tui.press('Ctrl-c');
        await tui.waitFor('code 130', 15_000);
        assert.not(tui.isAlternate());
      });
    },
  );
}

live('SIGTERM while the shell is open: the lab is cleaned, exit code 143, nothing is stopped', async () => {
  await withTui(BASH, async (tui) => {
    await withBox(tui, 'pid-namespace');
    tui.press('s');
    await tui.waitFor(/box# *$/m);
    const program = descendants(tui.pid).find(({ ppid, comm }) => ppid === tui.pid && comm === 'node');
    assert.ok(program);
    process.kill(program.pid, 'SIGTERM');
    await tui.waitFor('code 143', 20_000);
    assert.not(tui.raw().includes('Stopped'));
    const { code, stdout } = await runToEnd([process.execPath, 'dist/cli.js', 'audit'], {
      env: { XDG_STATE_HOME: tui.home },
    });
    assert.is(code, 0, stdout);
  });
});

test.run();
