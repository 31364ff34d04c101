// The terminal helpers themselves, against a small program that draws.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countFds, isAlive, runToEnd, statOf } from '../../support/process.ts';
import { maybe, need } from '../../support/need.ts';
import { rejects } from '../../support/rejects.ts';
import { withTempDir } from '../../support/temp.ts';
import { bytesOf } from './keys.ts';
import { openTui, type TuiOptions, withTui } from './pty.ts';

const DRAWS: TuiOptions = {
  command: [process.execPath, fileURLToPath(new URL('draws.mjs', import.meta.url))],
};
const VERSION =
  /"version": "([^"]+)"/.exec(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))?.[1] ??
  '';
const test = suite('pty');
const live = maybe(test, need({ pty: true }));

live('the screen as text, with wide characters', async () => {
  await withTui(DRAWS, async (tui) => {
    const text = await tui.waitFor(/size/);
    const lines = text.split('\n');
    assert.is(lines.length, 24);
    assert.is(lines[0], 'red on blue rgb inverse');
    assert.is(lines[1], '命名空间|');
    assert.is(lines[2], 'size 80x24');
    assert.ok(tui.isAlternate());
    assert.match(tui.raw(), /\u001B\[1;31mred/);
  });
});

live('cells carry colours, weight and width', async () => {
  await withTui({ ...DRAWS, cols: 60, rows: 10 }, async (tui) => {
    await tui.waitFor('cursor');
    const cells = tui.cells();
    assert.is(cells.length, 10);
    assert.ok(cells.every((row) => row.length === 60));
    const at = (x: number, y: number) => cells[y]?.[x];
    assert.equal(at(0, 0)?.fg, { palette: 1 });
    assert.is(at(0, 0)?.bold, true);
    assert.equal(at(4, 0)?.bg, { palette: 21 });
    assert.equal(at(12, 0)?.fg, { rgb: 0x010203 });
    assert.is(at(16, 0)?.inverse, true);
    assert.equal([at(0, 1)?.chars, at(0, 1)?.width, at(1, 1)?.chars, at(1, 1)?.width], ['命', 2, '', 0]);
    assert.is(at(8, 1)?.chars, '|');
    assert.equal(tui.cursor(), { x: 29, y: 3 });
  });
});

live('keys arrive as an xterm sends them, in both cursor key modes', async () => {
  await withTui(DRAWS, async (tui) => {
    await tui.waitFor('cursor');
    for (const [key, bytes] of [
      ['Enter', '\r'],
      ['Up', '\u001B[A'],
      ['Esc', '\u001B'],
      ['ShiftTab', '\u001B[Z'],
      ['Ctrl-c', '\u0003'],
      ['界', '界'],
      ['a', 'a'],
      ['Down', '\u001BOB'],
    ] as const) {
      tui.press(key);
      await tui.waitFor(`key ${JSON.stringify(bytes)}`);
    }
    tui.click(2, 3);
    await tui.waitFor('[<0;3;4m');
    assert.throws(() => tui.press('Esc', 'a'), /Esc must be the last/);
  });
});

live('a resize reaches the program', async () => {
  await withTui(DRAWS, async (tui) => {
    await tui.waitFor('size 80x24');
    tui.resize(100, 30);
    const text = await tui.waitFor('size 100x30');
    assert.is(text.split('\n').length, 30);
  });
});

live('exit tells the code, a signal its number, and the screen is whole by then', async () => {
  await withTui(DRAWS, async (tui) => {
    await tui.waitFor('cursor');
    tui.press('q');
    assert.equal(await tui.exit, { code: 7, signal: 0 });
    assert.is(tui.isAlternate(), false);
    assert.throws(() => tui.press('x'), /has ended/);
  });
  await withTui(DRAWS, async (tui) => {
    await tui.waitFor('cursor');
    tui.kill('SIGTERM');
    assert.is((await tui.exit).signal, 15);
  });
});

live('a wait in vain throws with the screen', async () => {
  await withTui(DRAWS, async (tui) => {
    await tui.waitFor('cursor');
    await rejects(
      () => tui.waitFor('no such text', 100),
      /no such text; the program runs, and the screen is:\nred on blue/,
    );
  });
});

live('the environment: a state directory of its own, what a test sets, what a test removes', async () => {
  await withTui({ ...DRAWS, env: { NO_COLOR: '1' } }, (tui) => tui.waitFor('state own colours 1'));
  await withTui({ ...DRAWS, env: { XDG_STATE_HOME: undefined } }, (tui) =>
    tui.waitFor('state none colours free'),
  );
});

live('closing leaves no process and no fd', async () => {
  // The first terminal loads what stays loaded.
  await withTui(DRAWS, (tui) => tui.waitFor('cursor'));
  const before = countFds();
  const tui = openTui({ command: ['sh', '-c', 'sleep 300 & echo started $!; wait'] });
  const sleeper = statOf(Number(/started (\d+)/.exec(await tui.waitFor(/started \d+/))?.[1]));
  assert.ok(sleeper !== undefined && isAlive(sleeper));
  await tui.close();
  assert.not.ok(sleeper !== undefined && isAlive(sleeper));
  assert.is(countFds(), before);
});

live('the picture command draws the program', async () => {
  await withTempDir(async (dir) => {
    const out = `${dir}/screen.svg`;
    const script = fileURLToPath(new URL('../picture.ts', import.meta.url));
    const command = [
      process.execPath,
      '--import',
      'tsx',
      script,
      '--out',
      out,
      '--wait',
      VERSION,
      '--',
      '--version',
    ];
    const { code, stderr } = await runToEnd(command);
    assert.is(code, 0, stderr);
    assert.match(readFileSync(out, 'utf8'), /^<svg [\s\S]*<text /);
  });
});

test('an unknown key is refused', () => {
  assert.throws(() => bytesOf('Entr', false), /no key is named Entr/);
  assert.is(bytesOf('Ctrl-a', false), '\u0001');
});

test.run();
