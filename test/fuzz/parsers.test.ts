// timeout: 600
// 100,000 spoilt and random texts through every parser: each gives a value or a ParseError, and gives it. No value is looked at: what a
// parser says of a text is its own test's. NSCOPE_TEST_SEED runs one account again, NSCOPE_TEST_INPUTS sets another number.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import glob from 'fast-glob';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ParseError } from '../../src/text/errors.ts';
import { spoil } from '../support/mutate.ts';
import { randomOf, seeds } from '../support/random.ts';
import { PARSERS, type Parser } from './table.ts';

const test = suite('fuzz/parsers');
const INPUTS = Number(process.env['NSCOPE_TEST_INPUTS'] ?? 100_000);
const [seed = 0] = seeds(1);

/** Runs one input; returns whether there was a value, throws with the input in its message where the error was no ParseError. */
function tryOne({ name, parse }: Parser, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch (error) {
    if (error instanceof ParseError) return false;
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new Error(`${name}(${JSON.stringify(text)}): ${what}`, { cause: error });
  }
}

for (const [at, parser] of PARSERS.entries()) {
  test(`${parser.name}: ${INPUTS} inputs (seed ${seed})`, () => {
    for (const text of parser.texts) assert.ok(tryOne(parser, text), `refuses ${JSON.stringify(text)}`);
    assert.ok(parser.texts.length > 0, 'has texts');
    const random = randomOf(seed + at);
    let values = 0;
    // Most inputs are refused, and most of the time would go into stacks that nobody reads.
    const stack = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      for (let count = 0; count < INPUTS; count += 1) {
        if (tryOne(parser, spoil(parser.texts, random))) values += 1;
      }
    } finally {
      Error.stackTraceLimit = stack;
    }
    // An input that is never taken tries the first check alone.
    assert.ok(values > INPUTS / 1000, `only ${values} of ${INPUTS} inputs were taken`);
  });
}

test('long texts that repeat one piece end too: no parser is slower than the length of its text allows', () => {
  // With a step for each pair of characters this would take hours, and the runner ends the file.
  const pieces = [
    ' ',
    '0',
    'a',
    '(',
    ')',
    '-',
    '\\',
    '|',
    ':',
    ',',
    '\n',
    '\n|',
    '0 ',
    'a ',
    '/..',
    '[',
    '{"a":',
    '\ud800',
  ];
  for (const parser of PARSERS) {
    for (const piece of pieces) {
      tryOne(parser, piece.repeat(100_000 / piece.length));
      for (const text of parser.texts.slice(0, 1))
        tryOne(parser, text + piece.repeat(100_000 / piece.length));
    }
  }
});

test('the table has every parser of kernel/, oci/ and host/', async () => {
  const root = fileURLToPath(new URL('../../src/', import.meta.url));
  const files = await glob(['kernel/**/*.ts', 'oci/**/*.ts', 'host/**/*.ts'], { cwd: root });
  const exported = files.flatMap((file) =>
    [...readFileSync(root + file, 'utf8').matchAll(/^export (?:async )?(?:function|const) (parse\w+)/gm)].map(
      ([, name = '']) => name,
    ),
  );
  assert.ok(exported.length >= 18, `${exported.length} found`);
  const known = new Set(PARSERS.map(({ name }) => name));
  assert.equal(
    exported.filter((name) => !known.has(name)),
    [],
    'parsers without a row in test/fuzz/table.ts',
  );
});

test.run();
