// Tables of command output: alignment, limits of width, CJK, no spaces at the end.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clean } from '../../src/text/sanitize.ts';
import { paintFor } from '../../src/text/sgr.ts';
import { table } from '../../src/text/table.ts';
import { width } from '../../src/text/width.ts';
import { hostile } from './hostile.ts';

const test = suite('text/table');

const COLUMNS = [{ head: 'TYPE' }, { head: 'INODE', align: 'right' }, { head: 'COMMAND' }] as const;
const ROWS = [
  ['uts', '4026531838', 'systemd'],
  ['pid', '402653', '睡眠 infinity'],
];

test('aligns columns, heads too, and ends no line in spaces', () => {
  assert.equal(table(COLUMNS, ROWS), [
    'TYPE       INODE  COMMAND',
    'uts   4026531838  systemd',
    'pid       402653  睡眠 infinity',
  ]);
  assert.equal(table(COLUMNS, []), ['TYPE  INODE  COMMAND']);
  assert.equal(table([], [[]]), ['', '']);
});

test('the last column gives way to the width, then the widest', () => {
  assert.equal(table(COLUMNS, ROWS, { width: 26 }), [
    'TYPE       INODE  COMMAND',
    'uts   4026531838  systemd',
    'pid       402653  睡眠 in…',
  ]);
  assert.equal(table(COLUMNS, ROWS, { width: 22 }), [
    'TYPE    INODE  COMMAND',
    'uts   402653…  systemd',
    'pid    402653  睡眠 i…',
  ]);
});

test('max, missing cells and the right side in the last column', () => {
  assert.equal(
    table(
      [
        { head: 'NAME', max: 6 },
        { head: 'N', align: 'right' },
      ],
      [['a-long-name', '1'], ['b'], ['c', '100']],
    ),
    ['NAME      N', 'a-lon…    1', 'b', 'c       100'],
  );
});

test('heads are painted, cells keep their paint and nothing else', () => {
  const paint = paintFor('16');
  assert.equal(table([{ head: 'A' }, { head: 'B' }], [[paint('bad', 'x'), 'y\x1b[2J\n']], { paint }), [
    '\x1b[2mA\x1b[22m  \x1b[2mB\x1b[22m',
    '\x1b[1m\x1b[31mx\x1b[39m\x1b[22m  y\\x1b[2J\\n',
  ]);
});

test('any table fits a width that has room for four columns each', () => {
  const cell = hostile.map((text) => clean(text));
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { maxLength: 3 }), { maxLength: 4 }),
      fc.integer({ min: 16, max: 60 }),
      (rows, columns) => {
        const lines = table(COLUMNS, rows, { width: columns });
        assert.is(lines.length, rows.length + 1);
        for (const line of lines) {
          assert.ok(width(line) <= columns, line);
          assert.not.match(line, / $/);
        }
      },
    ),
  );
});

test.run();
