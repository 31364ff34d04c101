// timeout: 240
// The program as a stranger meets it: wrong keys, small windows, resizes, signals, pipes, a dumb terminal, help, both languages.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { labCgroups } from '../support/cgroups.ts';
import { maybe, need } from '../support/need.ts';
import { runToEnd, statOf, until } from '../support/process.ts';
import { enterWord } from './support/play.ts';
import { type Tui, withTui } from './support/pty.ts';

const test = suite('tui/program');
const inTerminal = maybe(test, need({ pty: true }));
const withLab = maybe(test, need({ root: true, pty: true, tools: ['unshare', 'nsenter', 'setpriv'] }));
const CLI = [process.execPath, 'dist/cli.js'];
const RECORDED = 'fixtures/hosts/debian13-v2-docker.host';

/** To the second step of the first lesson, with its box made. */
async function intoLesson(tui: Tui): Promise<number> {
  await tui.waitFor('1 of 9');
  tui.press('Enter');
  await tui.waitFor((screen) => enterWord(screen) === 'next', 15_000);
  tui.press('Enter');
  await tui.waitFor('2 of 9');
  tui.press('1', 'Enter');
  const screen = await tui.waitFor('◆ box ', 15_000);
  await tui.waitFor((now) => enterWord(now) === 'next', 15_000);
  return Number(/◆ box (\d+)/.exec(screen)?.[1]);
}

inTerminal('home: lessons and the host, then help with every key, then out', async () => {
  await withTui({ cols: 100, rows: 30 }, async (tui) => {
    await tui.waitFor('A host name of its own');
    await tui.waitFor(/kernel +\d/);
    tui.press('?');
    await tui.waitFor(/open the lesson/);
    tui.press('Esc');
    await tui.waitFor((screen) => !screen.includes('open the lesson'));
    tui.press('q');
    assert.equal(await tui.exit, { code: 0, signal: 0 });
    assert.not(tui.isAlternate());
    assert.ok(tui.raw().trimEnd().includes('\u001B[?25h'), 'the cursor is shown again');
    for (const mode of ['1000', '1002', '1003', '1006']) {
      const last = Math.max(tui.raw().lastIndexOf(`[?${mode}h`), -1);
      if (last >= 0) assert.ok(tui.raw().lastIndexOf(`[?${mode}l`) > last, `mouse mode ${mode} is off again`);
    }
  });
});

inTerminal('wrong keys do nothing that is seen, and end nothing', async () => {
  await withTui({ cols: 100, rows: 30 }, async (tui) => {
    // The host at the right, not the lesson's text, which speaks of docker too.
    await tui.waitFor(/docker {2,}\S+/);
    const lessons = (screen: string) => screen.split('\n').map((line) => line.split('││')[0]);
    const before = lessons(tui.text());
    tui.press('x', 'Z', 'F5', '%', 'Insert', 'Ctrl-k', 'Backspace');
    await tui.settle();
    assert.equal(lessons(tui.text()), before);
    tui.press('q');
    assert.is((await tui.exit).code, 0);
  });
});

inTerminal(
  '60×15 says how much room is wanted; it goes on when the window grows; q works meanwhile',
  async () => {
    await withTui({ cols: 60, rows: 15 }, async (tui) => {
      const screen = await tui.waitFor('80');
      assert.match(screen, /80.?[×x].?24/);
      tui.resize(120, 40);
      await tui.waitFor('A host name of its own');
      tui.resize(60, 15);
      await tui.waitFor(/80.?[×x].?24/);
      tui.press('q');
      assert.is((await tui.exit).code, 0);
    });
  },
);

inTerminal('a storm of resizes keeps the selection', async () => {
  await withTui({ args: ['inspect', 'db', '--from', RECORDED], cols: 160, rows: 50 }, async (tui) => {
    await tui.waitFor(/›.*● db/);
    for (const [cols, rows] of [
      [80, 24],
      [200, 60],
      [81, 25],
      [120, 40],
      [60, 15],
      [160, 50],
    ] as const)
      tui.resize(cols, rows);
    await tui.settle(600);
    assert.match(tui.text(), /›.*● db/);
    tui.press('q');
    await tui.waitFor('› home');
    tui.press('q');
    assert.is((await tui.exit).code, 0);
  });
});

inTerminal(
  "inspect a recorded docker host: selecting the container shows its links against the host's and its memory limit",
  async () => {
    await withTui({ args: ['inspect', '--from', RECORDED], cols: 140, rows: 45 }, async (tui) => {
      await tui.waitFor('● web');
      const selected = (screen: string) => screen.split('\n').findIndex((line) => line.startsWith('│ ›'));
      while (!/›.*● web/.test(tui.text())) {
        const before = selected(tui.text());
        tui.press('j');
        await tui.waitFor((now) => selected(now) !== before, 3000);
      }
      const screen = await tui.waitFor(/64\.0 MiB|64 MiB/);
      for (const type of ['mnt', 'cgroup', 'uts', 'ipc', 'user', 'pid', 'net', 'time']) {
        assert.ok(
          screen.split('\n').some((line) => new RegExp(`\\b${type} +40\\d{8} `).test(line)),
          `${type}: ${screen}`,
        );
      }
      assert.match(screen, /recorded|Debian 13/);
      tui.press('Ctrl-c');
      assert.is((await tui.exit).code, 130);
    });
  },
);

withLab('Ctrl-C in the middle of an experiment: 130, the box ends, the lab is gone', async () => {
  await withTui({ args: ['learn', 'uts-namespace'], cols: 100, rows: 30 }, async (tui) => {
    const pid = await intoLesson(tui);
    assert.ok(statOf(pid));
    tui.press('Enter');
    await tui.waitFor('3 of 9');
    tui.press('1', 'Enter', 'Ctrl-c');
    assert.is((await tui.exit).code, 130);
    await until('the box to be gone', () => statOf(pid) === undefined);
    assert.not(tui.isAlternate());
    assert.is((await auditOf(tui)).code, 0);
  });
});

withLab('q in mid-lesson asks first; no stays, yes cleans up and goes home', async () => {
  await withTui({ args: ['learn', 'uts-namespace'], cols: 100, rows: 30 }, async (tui) => {
    const pid = await intoLesson(tui);
    tui.press('q');
    await tui.waitFor(/y.*yes|Enter yes/);
    tui.press('n');
    await tui.settle();
    assert.ok(statOf(pid), 'the box still runs');
    tui.press('q');
    await tui.waitFor(/y.*yes|Enter yes/);
    tui.press('y');
    await tui.waitFor('› home');
    await until('the box to be gone', () => statOf(pid) === undefined);
    tui.press('q');
    assert.is((await tui.exit).code, 0);
    assert.is((await auditOf(tui)).code, 0);
  });
});

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  withLab(`${signal} in mid-lesson: exit code ${code}, terminal restored, nothing left`, async () => {
    await withTui({ args: ['learn', 'uts-namespace'], cols: 100, rows: 30 }, async (tui) => {
      const pid = await intoLesson(tui);
      tui.kill(signal);
      assert.is((await tui.exit).code, code);
      await until('the box to be gone', () => statOf(pid) === undefined);
      assert.not(tui.isAlternate());
      assert.is((await auditOf(tui)).code, 0);
    });
  });
}

withLab('a closed window in mid-lesson: the program ends, nothing is left', async () => {
  await withTui({ args: ['learn', 'uts-namespace'], cols: 100, rows: 30 }, async (tui) => {
    const pid = await intoLesson(tui);
    const labs = join(tui.home, 'nscope', 'labs');
    const [lab = ''] = readdirSync(labs);
    assert.ok(
      labCgroups().some((path) => path.endsWith(`nscope-${lab}`)),
      'the lab has cgroups',
    );
    tui.hangUp();
    await until(
      'the program to end',
      () => statOf(tui.pid) === undefined || statOf(tui.pid)?.state === 'Z',
      20_000,
    );
    assert.is(statOf(pid), undefined, 'the box is gone');
    assert.equal(
      labCgroups().filter((path) => path.endsWith(`nscope-${lab}`)),
      [],
    );
    assert.equal(readdirSync(labs), []);
    const audit = await runToEnd([...CLI, 'audit'], { env: { XDG_STATE_HOME: tui.home } });
    assert.is(audit.code, 0, audit.stdout);
  });
});

/** What `audit` says of the state directory that the program in this terminal has. */
function auditOf(tui: Tui): Promise<{ readonly code: number | null }> {
  return runToEnd([...CLI, 'audit'], { env: { XDG_STATE_HOME: tui.home } });
}

inTerminal('TERM=dumb: the overview as lines, exit 0', async () => {
  await withTui({ env: { TERM: 'dumb' }, cols: 100, rows: 40 }, async (tui) => {
    assert.is((await tui.exit).code, 0);
    assert.match(tui.text(), /uts-namespace/);
    assert.match(tui.text(), /TERM=dumb/);
    assert.not(tui.raw().includes('\u001B'), 'no escape sequence');
  });
});

test('into a pipe: the overview, no escape sequence, exit 0', async () => {
  const { code, stdout } = await runToEnd(CLI);
  assert.is(code, 0);
  assert.match(stdout, /uts-namespace/);
  assert.not(stdout.includes('\u001B'));
});

inTerminal('Chinese: the same screens, CJK in line', async () => {
  await withTui({ args: ['--lang', 'zh-CN'], cols: 100, rows: 30 }, async (tui) => {
    const screen = await tui.waitFor(/主机名/);
    const right = new Set(
      screen
        .split('\n')
        .filter((line) => line.startsWith('│'))
        .map((line) => tuiWidth(line)),
    );
    assert.is(right.size, 1, `the right border is straight:\n${screen}`);
    tui.press('q');
    assert.is((await tui.exit).code, 0);
  });
});

/** Columns of a line: CJK characters take two. */
function tuiWidth(line: string): number {
  return Array.from(line).reduce(
    (sum, character) =>
      sum +
      (/[\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6]/.test(character)
        ? 2
        : 1),
    0,
  );
}

test.run();
