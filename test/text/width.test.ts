// width, cut and pad on styled, wide and combining text.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clean } from '../../src/text/sanitize.ts';
import { paintFor, type Role } from '../../src/text/sgr.ts';
import { cut, pad, width } from '../../src/text/width.ts';
import { cells, plain } from './cells.ts';
import { hostile } from './hostile.ts';

const test = suite('text/width');
const paint = paintFor('256');

test('width counts columns, not characters', () => {
  const cases: readonly [string, number][] = [
    ['', 0],
    ['abc', 3],
    ['容器', 4],
    ['nai\u0308ve', 5],
    ['└╌ ● ▐', 6],
    [paint('bad', '中a'), 3],
    ['한글', 4],
  ];
  for (const [text, expected] of cases) assert.is(width(text), expected, text);
});

test('cut ends in an ellipsis, inside the style, and never halves a wide character', () => {
  const cases: readonly [string, number, string][] = [
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['abcd', 1, '…'],
    ['abcd', 0, ''],
    ['abcd', -1, ''],
    ['', 0, ''],
    ['容器运行时', 5, '容器…'],
    ['容器运行时', 4, '容…'],
    ['容器', 4, '容器'],
    ['a容器', 3, 'a…'],
    ['\x1b[1m容器运行时\x1b[22m', 4, '\x1b[1m容…\x1b[22m'],
    ['\x1b[7mabcd\x1b[27m', 3, '\x1b[7mab…\x1b[27m'],
  ];
  for (const [text, columns, expected] of cases)
    assert.is(cut(text, columns), expected, `${text} ${columns}`);
});

test('pad gives exactly the columns, on either side', () => {
  assert.is(pad('ab', 4), 'ab  ');
  assert.is(pad('ab', 4, 'right'), '  ab');
  assert.is(pad('容器', 5), '容器 ');
  assert.is(pad('容器运行', 4), '容… ');
  assert.is(pad('abcdef', 4, 'right'), 'abc…');
});

const styled = fc
  .array(fc.tuple(fc.constantFrom<Role>('bad', 'strong', 'selected', 'link'), hostile.map(clean)), {
    maxLength: 4,
  })
  .map((parts) => paint('host', parts.map(([role, text]) => paint(role, text)).join('')));

test('any clean text cut or padded to any width fits, keeps a beginning of the text and leaves no style open', () => {
  fc.assert(
    fc.property(styled, fc.nat(40), (line, columns) => {
      const short = cut(line, columns);
      assert.ok(width(short) <= columns);
      assert.is(cells(short).open, false);
      const text = plain(short);
      if (text !== plain(line)) assert.ok(columns === 0 ? text === '' : text.endsWith('…'));
      assert.ok(plain(line).startsWith(text === plain(line) ? text : text.slice(0, -1)));
      assert.is(width(pad(line, columns)), columns);
      assert.is(width(pad(line, columns, 'right')), columns);
    }),
    { numRuns: 500 },
  );
});

test.run();
