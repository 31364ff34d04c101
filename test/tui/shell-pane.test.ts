// timeout: 400
// The shell in its pane, in the real program: what is typed shows beside it, keys and signals are the shell's, its bytes stay in the pane, and
// nothing of it outlives the program.
import { readdirSync, readlinkSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { maybe, need } from '../support/need.ts';
import { allProcesses, descendants, runToEnd, statOf, until, withProcess } from '../support/process.ts';
import { enterWord, play } from './support/play.ts';
import { type Tui, withTui } from './support/pty.ts';

const test = suite('tui/shell-pane');
const inTerminal = maybe(test, need({ pty: true }));
const withLab = maybe(test, need({ root: true, pty: true, tools: ['unshare', 'nsenter', 'setpriv'] }));
const RECORDED = 'fixtures/hosts/debian13-v2-docker.host';
const OWN_SHELL = { SHELL: '/bin/sh', PS1: 'here$ ' };
const FOCUSED = /▸shell/;

/** The part of the screen that the pane of the shell has: its lines, without the frame. */
function paneOf(screen: string): readonly string[] {
  const rows = screen.split('\n');
  const top = rows.findIndex((row) => /▸?shell\]? · /.test(row));
  const foot = rows.findIndex((row, at) => at > top && row.startsWith('└'));
  return rows.slice(top + 1, foot).map((row) => (row.split('││')[0] ?? '').slice(2).trimEnd());
}

async function said(tui: Tui, what: RegExp): Promise<readonly string[]> {
  return paneOf(await tui.waitFor((screen) => paneOf(screen).some((line) => what.test(line))));
}

/** A shell on the host, from the inspector. */
async function onHost(tui: Tui): Promise<void> {
  await tui.waitFor('› inspect');
  await tui.waitFor(/uts +\d/);
  tui.press('!');
  await said(tui, /^here\$ *$/);
}

/** To the second step of the first lesson, with its box made. */
async function withBox(tui: Tui): Promise<number> {
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

function isGone(pid: number): boolean {
  const state = statOf(pid)?.state;
  return state === undefined || state === 'Z';
}

withLab('uts-namespace: the task is done by hand in the pane, and its check turns beside it', async () => {
  await withTui({ args: ['learn', 'uts-namespace'], cols: 80, rows: 24 }, async (tui) => {
    await tui.waitFor('1 of 9');
    let done = false;
    await play(tui, 9, {
      tasks: Object.fromEntries(
        [1, 2, 3, 4, 5, 6, 7, 8, 9].map((step) => [
          step,
          async () => {
            tui.press('s');
            const first = await said(tui, /^box# *$/);
            assert.match(first.join(''), /nsenter --target \d+ .*--uts/);
            assert.match(tui.text(), /Ctrl-\]/);
            tui.type('hostname workshop; hostname\r');
            await said(tui, /^workshop$/);
            const screen = await tui.waitFor(/✓ .*workshop/);
            assert.match(screen, FOCUSED, 'without a key of the program');
            done = true;
            tui.press('Ctrl-]');
            await tui.waitFor((now) => !FOCUSED.test(now));
          },
        ]),
      ),
    });
    assert.ok(done, 'the lesson has a task');
  });
});

withLab(
  'Ctrl-C ends what runs in the shell of a pid namespace, and not the shell nor the program',
  async () => {
    await withTui({ args: ['learn', 'pid-namespace'], cols: 110, rows: 36 }, async (tui) => {
      await tui.waitFor('1 of 9');
      while (!tui.text().includes('◆ box ')) {
        const word = enterWord(tui.text());
        tui.press(word === 'choose' ? '1' : 'Enter');
        await tui.waitFor((screen) => enterWord(screen) !== word || screen.includes('◆ box '), 15_000);
        if (enterWord(tui.text()) === 'wait')
          await tui.waitFor((screen) => enterWord(screen) !== 'wait', 15_000);
      }
      await tui.waitFor((screen) => enterWord(screen) === 'next', 15_000);
      tui.press('s');
      await said(tui, /^box# *$/);
      tui.type('sleep 1234\r');
      const sleep = await until('sleep to run', () =>
        descendants(tui.pid).find(({ comm, ppid }) => comm === 'sleep' && statOf(ppid)?.comm === 'sh'),
      );
      tui.press('Ctrl-c');
      await until('sleep to end', () => isGone(sleep.pid));
      tui.type('echo still-$((40 + 2))\r');
      await said(tui, /^still-42$/);
      assert.match(tui.text(), FOCUSED);
      tui.press('Ctrl-]', 'Ctrl-c');
      assert.is((await tui.exit).code, 130);
      assert.not(tui.isAlternate());
    });
  },
);

withLab('inside another process: asked first, then in its namespaces and nobody else’s', async () => {
  await withProcess(['unshare', '--uts', '--ipc', 'sleep', '1000'], async ({ pid }) => {
    const link = (of: number | 'self', type: string) => readlinkSync(`/proc/${of}/ns/${type}`);
    await until('the namespaces', () => link(pid, 'ipc') !== link('self', 'ipc'));
    await withTui({ args: ['inspect', String(pid)], cols: 120, rows: 40 }, async (tui) => {
      await tui.waitFor(new RegExp(`host +sleep ${pid}`), 20_000);
      tui.press('s');
      await tui.waitFor(`inside sleep ${pid}`);
      tui.press('n');
      await tui.waitFor((screen) => !screen.includes('inside sleep'));
      tui.press('s');
      await tui.waitFor(`inside sleep ${pid}`);
      tui.press('y');
      const lines = await said(tui, new RegExp(`^sleep_${pid}# *$`));
      assert.is(lines[0], `$ nsenter --target ${pid} --ipc --uts sh`.replace('--ipc --uts', '--uts --ipc'));
      assert.match(tui.text(), new RegExp(`· sleep ${pid} `));
      tui.type('hostname from-the-pane; readlink /proc/self/ns/uts /proc/self/ns/mnt\r');
      await said(tui, /^uts:/);
      const now = (await said(tui, /^mnt:/)).join('\n');
      assert.ok(now.includes(link(pid, 'uts')) && now.includes(link('self', 'mnt')), now);
      const named = await runToEnd(['nsenter', '--target', String(pid), '--uts', 'hostname']);
      assert.is(named.stdout.trim(), 'from-the-pane');
      assert.is.not((await runToEnd(['hostname'])).stdout.trim(), 'from-the-pane');
      tui.type('exit\r');
      await said(tui, /^ended; any key/);
      tui.press('q');
      await tui.waitFor((screen) => !screen.includes('ended; any key'));
      assert.match(tui.text(), /› inspect/, 'that key did nothing else');
      tui.press('q');
      await tui.waitFor('› home');
      tui.press('q');
      assert.is((await tui.exit).code, 0);
    });
  });
});

inTerminal(
  'the way out and in again by keys and mouse; the wheel shows what went off at the top',
  async () => {
    await withTui({ args: ['inspect'], cols: 120, rows: 40, env: OWN_SHELL }, async (tui) => {
      await onHost(tui);
      tui.type('for n in 1 2 3 4 5 6 7 8 9; do echo "a$n"; echo; echo; echo; done\r');
      await said(tui, /^a9$/);
      tui.press('F12');
      await tui.waitFor((screen) => !FOCUSED.test(screen));
      assert.match(tui.text(), /s in/);
      const rows = tui.text().split('\n');
      const y = rows.findIndex((row) => /shell\] · /.test(row)) + 4;
      for (let turn = 0; turn < 10; turn += 1) tui.type(`\u001B[<64;5;${y + 1}M`);
      await said(tui, /^a1$/);
      tui.click(5, y);
      await tui.waitFor(FOCUSED);
      tui.type('echo back-$((1 + 1))\r');
      await said(tui, /^back-2$/);
      tui.press('Ctrl-]');
      await tui.waitFor((screen) => !FOCUSED.test(screen));
      tui.press('s');
      await tui.waitFor(FOCUSED);
      tui.type('\u4e2d\u6587\x7f\x7f\x15echo \u547d\u540d-\u7a7a\u95f4\r');
      await said(tui, /^命名-空间$/);
    });
  },
);

inTerminal('a resize of the window is a resize of the shell', async () => {
  await withTui({ args: ['inspect'], cols: 120, rows: 40, env: OWN_SHELL }, async (tui) => {
    await onHost(tui);
    tui.type('stty size\r');
    await said(tui, /^17 57$/);
    tui.resize(80, 24);
    await tui.waitFor((screen) => screen.split('\n').length === 24 && /▸shell\] · Ctrl-\]/.test(screen));
    await tui.settle(700);
    tui.type('clear; stty size\r');
    await said(tui, /^9 35$/);
  });
});

inTerminal(
  'a program with the whole screen: drawn in the pane, with keys in its mode, and gone after it',
  async () => {
    await withTui({ args: ['inspect'], cols: 120, rows: 40, env: OWN_SHELL }, async (tui) => {
      await onHost(tui);
      tui.type('seq 1 200 | less\r');
      const first = await said(tui, /^:$/);
      assert.is(first[0], '1');
      tui.press('Down', 'Down');
      await tui.waitFor((screen) => paneOf(screen)[0] === '3');
      tui.press('Up');
      await tui.waitFor((screen) => paneOf(screen)[0] === '2');
      tui.type('q');
      const after = await said(tui, /^here\$ *$/);
      assert.match(after.join('\n'), /seq 1 200/);
      assert.match(tui.text(), /Namespace links/);
    });
  },
);

inTerminal('what the shell writes reaches the terminal in cells alone', async () => {
  await withTui({ args: ['inspect'], cols: 120, rows: 40, env: OWN_SHELL }, async (tui) => {
    await onHost(tui);
    const before = tui.raw().length;
    const hostile = [
      '\\033]52;c;aGFjaw==\\007',
      '\\033]0;evil-title\\007',
      '\\033P$q"p\\033\\\\',
      '\\033P+q544e\\033\\\\',
      '\\033_apc-evil\\033\\\\',
      '\\302\\233?1049l',
      '\\302\\2350;c1-title\\302\\234',
      '\\302\\220dcs\\033]8;;http://evil\\007\\302\\234',
      '\\033[?1049h\\033[2J\\033c',
      '\\033]8;;http://evil\\033\\\\link\\033]8;;\\033\\\\',
      '\\033[38;2;1;2;3mtrue\\033[0m',
      '\\342\\200\\256bidi',
      '\\033[5i\\033[>c\\033[6n',
      // xterm takes it for a fault and would say so on the console.
      'a\\177b',
    ];
    for (const bytes of hostile) tui.type(` printf '${bytes}'\r`);
    // The typed words show up as text; what counts is what no text has.
    tui.type(' stty -echo; clear; echo do"ne"\r');
    await tui.waitFor((screen) => paneOf(screen).some((line) => line.startsWith('done')));
    const written = tui.raw().slice(before);
    assert.not.match(written, /\x1b[\]P_^X]/, 'no string sequence');
    assert.not.match(written, /[\x80-\x9f\u202e]/, 'no C1, no bidi');
    assert.not.match(written, /\x1b\[[\d;]*[34]8;2;/, 'no true colour');
    assert.not.match(written, /\x1b\[\?1049|\x1bc|\x1b\[5i|\x1b\[6n|\x07/);
    assert.not.match(written, /xterm\.js|Parsing error/);
    assert.match(tui.text(), /Namespace links/);
  });
});

withLab('q in the lesson, with jobs in the background: all of the shell’s session ends', async () => {
  await withTui({ args: ['learn', 'uts-namespace'], cols: 100, rows: 34, env: OWN_SHELL }, async (tui) => {
    await withBox(tui);
    tui.press('!');
    await said(tui, /^here\$ *$/);
    tui.type("(trap '' HUP; exec sleep 4321) & sleep 4321 &\r");
    const jobs = await until('two jobs', () => {
      const found = descendants(tui.pid).filter(
        ({ comm, ppid }) => comm === 'sleep' && statOf(ppid)?.comm === 'sh',
      );
      return found.length === 2 ? found : undefined;
    });
    tui.press('Ctrl-]', 'q');
    await tui.waitFor(/y.*yes|Enter yes/);
    tui.press('y');
    await tui.waitFor('› home', 20_000);
    await until('the jobs to end', () => jobs.every(({ pid }) => isGone(pid)));
    tui.press('q');
    assert.is((await tui.exit).code, 0);
  });
});

for (const how of ['SIGTERM', 'SIGHUP', 'SIGKILL', 'hang-up', 'Ctrl-C'] as const) {
  inTerminal(`${how} while the shell is open: the shell ends too`, async () => {
    await withTui({ args: ['inspect'], cols: 120, rows: 40, env: OWN_SHELL }, async (tui) => {
      await onHost(tui);
      tui.type('sleep 4322\r');
      // What the host can do is being tried meanwhile, with sleeps of its own.
      const sleep = await until('sleep', () =>
        descendants(tui.pid).find(({ comm, ppid }) => comm === 'sleep' && statOf(ppid)?.comm === 'sh'),
      );
      if (how === 'hang-up') tui.hangUp();
      else if (how === 'Ctrl-C') tui.press('Ctrl-]', 'Ctrl-c');
      else tui.kill(how);
      await until('the program to end', () => isGone(tui.pid), 20_000);
      await until('the shell to end', () => isGone(sleep.pid) && isGone(sleep.ppid));
      if (how === 'SIGTERM' || how === 'Ctrl-C') {
        assert.is((await tui.exit).code, how === 'SIGTERM' ? 143 : 130);
        assert.not(tui.isAlternate());
      }
    });
  });
}

withLab(
  'the shell has no descriptor of the program’s, and what the lab starts has none of the shell’s',
  async () => {
    await withTui({ args: ['learn', 'uts-namespace'], cols: 100, rows: 34, env: OWN_SHELL }, async (tui) => {
      await tui.waitFor('1 of 9', 20_000);
      tui.press('Enter');
      await tui.waitFor((screen) => enterWord(screen) === 'next', 15_000);
      tui.press('!');
      await said(tui, /^here\$ *$/);
      const own = new Set(readdirSync(`/proc/self/fd`).map((fd) => linkOf('self', fd)));
      const shell = allProcesses().find(({ ppid, comm }) => ppid === tui.pid && comm === 'sh');
      assert.ok(shell);
      const open = readdirSync(`/proc/${shell?.pid}/fd`).map((fd) => linkOf(shell?.pid ?? 0, fd));
      assert.equal(
        open.filter((path) => !path.startsWith('/dev/pts/') && path !== '/dev/tty' && !own.has(path)),
        [],
      );
      tui.press('Ctrl-]', 'Enter');
      await tui.waitFor('2 of 9');
      tui.press('1', 'Enter');
      const screen = await tui.waitFor(/◆ box +\S* *\S* *\d/, 15_000);
      const box = Number(/◆ box\D+(\d+)/.exec(screen)?.[1]);
      const held = readdirSync(`/proc/${box}/fd`).map((fd) => linkOf(box, fd));
      assert.not.ok(
        held.some((path) => path.includes('ptmx')),
        held.join(' '),
      );
    });
  },
);

function linkOf(pid: number | 'self', fd: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    return '/dev/pts/gone';
  }
}

inTerminal('on a recorded host there is none, and it says so', async () => {
  await withTui({ args: ['inspect', 'web', '--from', RECORDED], cols: 120, rows: 40 }, async (tui) => {
    await tui.waitFor(/›.*● web/);
    tui.press('s');
    await tui.waitFor('This is a recording');
    tui.press('!');
    await tui.waitFor('This is a recording');
    assert.not.match(tui.text(), /▸shell/);
  });
});

inTerminal('where the packages do not load, the shell has the whole terminal', async () => {
  const command = [process.execPath, '--import', './test/support/without-pty.mjs', 'dist/cli.js', 'inspect'];
  await withTui({ command, cols: 120, rows: 40, env: OWN_SHELL }, async (tui) => {
    await tui.waitFor(/uts +\d/);
    tui.press('!');
    await tui.waitFor(/nscope: a shell in this host; exit or Ctrl-D goes back/);
    await tui.waitFor(/^here\$ *$/m);
    assert.not(tui.isAlternate());
    tui.type('exit\r');
    await tui.waitFor('› inspect');
    assert.ok(tui.isAlternate());
  });
});

test.run();
