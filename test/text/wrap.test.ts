// wrap on Latin, CJK and styled text.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clean } from '../../src/text/sanitize.ts';
import { paintFor } from '../../src/text/sgr.ts';
import { width } from '../../src/text/width.ts';
import { isCjk, wrap } from '../../src/text/wrap.ts';
import { cells, plain } from './cells.ts';
import { hostile } from './hostile.ts';

const test = suite('text/wrap');
const paint = paintFor('256');

test('breaks at spaces, hard where a word is too long', () => {
  const cases: readonly [string, number, string[]][] = [
    ['', 5, ['']],
    ['one two', 7, ['one two']],
    ['one two', 6, ['one', 'two']],
    ['one  two', 5, ['one', 'two']],
    ['abcdefgh', 3, ['abc', 'def', 'gh']],
    ['a abcdefgh', 4, ['a', 'abcd', 'efgh']],
    ['  indented text', 10, ['  indented', 'text']],
    ['a\nb c', 3, ['a', 'b c']],
    ['--pid --fork', 8, ['--pid', '--fork']],
    ['abc', 0, ['a', 'b', 'c']],
  ];
  for (const [text, columns, expected] of cases)
    assert.equal(wrap(text, columns), expected, `${text} ${columns}`);
});

test('breaks CJK between characters, a Latin word inside it not', () => {
  const cases: readonly [string, number, string[]][] = [
    ['容器是进程', 4, ['容器', '是进', '程']],
    ['容器是进程', 5, ['容器', '是进', '程']],
    ['使用namespace隔离', 10, ['使用', 'namespace', '隔离']],
    ['内核保存主机名', 1, ['内', '核', '保', '存', '主', '机', '名']],
  ];
  for (const [text, columns, expected] of cases)
    assert.equal(wrap(text, columns), expected, `${text} ${columns}`);
});

test('no line begins with closing punctuation or ends with opening punctuation', () => {
  assert.equal(wrap('每个容器，都是进程。', 8), ['每个容', '器，都是', '进程。']);
  assert.equal(wrap('先看主机（host）再看', 10), ['先看主机', '（host）再', '看']);
  assert.equal(wrap('他说：“好。”然后', 8), ['他说：', '“好。”然', '后']);
  for (let columns = 6; columns < 40; columns++) {
    const text =
      '内核为每个命名空间（namespace）保存一份数据；修改“主机名”，只影响本命名空间内的进程！还有「引号」、顿号：等等？是的……';
    const lines = wrap(text, columns);
    for (const line of lines.slice(1))
      assert.not.match(line, /^[，。！？；：、）」』”…]/u, `${columns}: ${line}`);
    for (const line of lines) assert.not.match(line, /[（「“]$/u, `${columns}: ${line}`);
    assert.is(lines.join(''), text);
  }
});

test('styles go on over a break and end on each line', () => {
  assert.equal(wrap('\x1b[1m\x1b[38;5;28mab cd\x1b[39m ef gh\x1b[22m', 5), [
    '\x1b[1m\x1b[38;5;28mab cd\x1b[39m\x1b[22m',
    '\x1b[1mef gh\x1b[22m',
  ]);
  assert.equal(wrap('\x1b[2m\x1b[1m容器\x1b[22m', 2), [
    '\x1b[2m\x1b[1m容\x1b[22m',
    '\x1b[2m\x1b[1m器\x1b[22m',
  ]);
});

const parts = fc.array(
  fc.tuple(fc.boolean(), fc.oneof(hostile.map(clean), fc.constantFrom('容器，', ' a ', '（x）'))),
  {
    maxLength: 6,
  },
);

const dense = (line: string) => cells(line).cells.filter((cell) => cell.text !== ' ');

test('any clean text: each line fits, no style stays open, every character stays in order with its style', () => {
  fc.assert(
    fc.property(parts, fc.integer({ min: 2, max: 40 }), (list, columns) => {
      const text = list.map(([bold, each]) => (bold ? paint('bad', each) : each)).join('');
      const lines = wrap(text, columns);
      for (const line of lines) {
        const single = [...new Intl.Segmenter().segment(plain(line))].length === 1;
        assert.ok(width(line) <= columns || single, JSON.stringify(line));
        assert.is(cells(line).open, false);
      }
      assert.equal(lines.flatMap(dense), dense(text));
      assert.is(plain(lines.join('')).replaceAll(' ', ''), plain(text).replaceAll(' ', ''));
    }),
    { numRuns: 500 },
  );
});

test('isCjk tells scripts without spaces', () => {
  for (const yes of ['容', 'ひ', 'カ', '。', '，', '（']) assert.is(isCjk(yes), true, yes);
  for (const no of ['a', ' ', '(', '한', '', '“']) assert.is(isCjk(no), false, no);
});

test.run();
