// From what a shell writes to the runs that are drawn: colours, wide characters, the cursor, and nothing that a terminal obeys.
import xterm from '@xterm/headless';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ShellRun } from '../../src/app/state.ts';
import { clean } from '../../src/text/sanitize.ts';
import { width } from '../../src/text/width.ts';
import { linesOf } from '../../src/ui/shell-cells.ts';

const test = suite('shell-cells');

const PLAIN: Omit<ShellRun, 'text'> = {
  fg: null,
  bg: null,
  bold: false,
  underline: false,
  inverse: false,
  cursor: false,
};

/** The screen of 20×4 after some bytes; without the cursor if not said. */
async function shown(bytes: string, cursor = false): Promise<readonly (readonly ShellRun[])[]> {
  const screen = new xterm.Terminal({ cols: 20, rows: 4, logLevel: 'off', allowProposedApi: true });
  await new Promise<void>((resolve) => screen.write(bytes, resolve));
  const lines = linesOf(screen.buffer.active, screen, cursor);
  screen.dispose();
  return lines;
}

const textOf = (line: readonly ShellRun[] | undefined): string =>
  (line ?? []).map(({ text }) => text).join('');

test('colours: the sixteen, the 256, and true colour as the nearest of them', async () => {
  const [line] = await shown('a\x1b[31mb\x1b[48;5;21mc\x1b[0;38;2;255;0;0md\x1b[0;97me');
  assert.equal(line, [
    { ...PLAIN, text: 'a' },
    { ...PLAIN, text: 'b', fg: 1 },
    { ...PLAIN, text: 'c', fg: 1, bg: 21 },
    { ...PLAIN, text: 'd', fg: 196 },
    { ...PLAIN, text: 'e', fg: 15 },
  ]);
});

test('bold, underline, inverse; hidden text stays hidden', async () => {
  const [line] = await shown('\x1b[1ma\x1b[0;4mb\x1b[0;7mc\x1b[0;8mpassword\x1b[0m.');
  assert.equal(line, [
    { ...PLAIN, text: 'a', bold: true },
    { ...PLAIN, text: 'b', underline: true },
    { ...PLAIN, text: 'c', inverse: true },
    { ...PLAIN, text: '        .' },
  ]);
});

test('the cursor is a cell of its own, also on a blank and on a wide character, and not behind the last column', async () => {
  assert.equal(await shown('ab', true), [
    [
      { ...PLAIN, text: 'ab' },
      { ...PLAIN, text: ' ', cursor: true },
    ],
    [],
    [],
    [],
  ]);
  const [wide] = await shown('中文\x1b[3G', true);
  assert.equal(wide, [
    { ...PLAIN, text: '中' },
    { ...PLAIN, text: '文', cursor: true },
  ]);
  const [full] = await shown('12345678901234567890', true);
  assert.equal(full?.at(-1), { ...PLAIN, text: '0', cursor: true });
});

test('a line is never wider than the screen, whatever characters stand in it', async () => {
  for (const text of [
    '中文字',
    '😀a',
    'e\u0301\u0302\u0303\u0304',
    '\u202eabc',
    'a\u200bb',
    '\u0e33',
    '한국',
  ]) {
    for (const line of await shown(text, true)) assert.ok(width(textOf(line)) <= 20, JSON.stringify(text));
  }
  assert.is(textOf((await shown('😀a'))[0]), '\ufffda');
  assert.is(textOf((await shown('a\u202eb'))[0]), '\ufffdb');
});

test('what a terminal obeys goes nowhere: OSC, DCS, APC, titles, C1, bidi', async () => {
  const hostile = [
    '\x1b]52;c;aGFjaw==\x07',
    '\x1b]0;title\x1b\\',
    '\x1bP$q"p\x1b\\',
    '\x1b_apc\x1b\\',
    '\u009b31m',
    '\u009d52;c;aGFjaw==\u009c',
    '\x1b[?1049h\x1b[?1000h\x1b[5i',
    '\u2066\u202e\u2028',
    '\x07\x00\x7f',
  ];
  for (const bytes of hostile) {
    const [line] = await shown(`\x1b[2J\x1b[Hx${bytes}y`);
    const text = textOf(line);
    assert.is(clean(text), text, JSON.stringify(bytes));
    assert.not.match(text, /aGFj|title|apc/);
  }
});

test('older lines in sight show no cursor', async () => {
  const screen = new xterm.Terminal({
    cols: 20,
    rows: 4,
    logLevel: 'off',
    allowProposedApi: true,
    scrollback: 100,
  });
  await new Promise<void>((resolve) => screen.write('1\r\n2\r\n3\r\n4\r\n5\r\n6', resolve));
  screen.scrollLines(-2);
  const lines = linesOf(screen.buffer.active, screen, true);
  screen.dispose();
  assert.equal(lines.map(textOf), ['1', '2', '3', '4']);
  assert.ok(lines.every((line) => line.every(({ cursor }) => !cursor)));
});

test.run();
