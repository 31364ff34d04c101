// What a mistyped word most likely meant.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closest } from '../../src/text/closest.ts';

const test = suite('text/closest');
const COMMANDS = [
  'ns',
  'tree',
  'ps',
  'cgroup',
  'explain',
  'diff',
  'doctor',
  'preflight',
  'snapshot',
  'lesson',
  'learn',
];

test('finds near names, prefixes and other case, and nothing where nothing is near', () => {
  const cases: readonly [string, string | null][] = [
    ['tree', 'tree'],
    ['TREE', 'tree'],
    ['tre', 'tree'],
    ['cgruop', 'cgroup'],
    ['expalin', 'explain'],
    ['snap', 'snapshot'],
    ['pre', 'preflight'],
    ['lessons', 'lesson'],
    ['xyzzy', null],
    ['', null],
    ['q', null],
    ['kubernetes', null],
  ];
  for (const [word, expected] of cases) assert.is(closest(word, COMMANDS), expected, word);
  assert.is(closest('tree', []), null);
});

test('answers null or one of the names, and a name for itself', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (word, names) => {
      const found = closest(word, names);
      assert.ok(found === null || names.includes(found));
      if (word !== '' && names.includes(word)) assert.is(found?.toLowerCase(), word.toLowerCase());
    }),
  );
});

test.run();
