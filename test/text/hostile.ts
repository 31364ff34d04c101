// Arbitraries of texts that strangers write, for the property tests of the pure wings.
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { ParseError } from '../../src/text/errors.ts';

const NASTY = [
  '\x1b[31m',
  '\x1b]52;c;eA==\x07',
  '\x9b31m',
  '\x9d0;t\x9c',
  '\r\n',
  '\n',
  '\r',
  '\t',
  '\0',
  '\x7f',
  '\u202e',
  '\u2066',
  '\u200f',
  '\u061c',
  '\u200d',
  '\ufeff',
  '\u2028',
  '\ud800',
  '\udc00',
  '\u{e0041}',
  '\u{1f600}',
  '\u2764\ufe0f',
  '1\u20e3',
  'e\u0301\u0301\u0301\u0301\u0301',
  '\u0301',
  '\u094d',
  '中文',
  '，',
  '한글',
  '\u1112\u1161\u11ab',
  '(',
  ')',
  ':',
  '\\',
  '\\040',
  ' ',
  'a',
  '-',
  '0',
  '18446744073709551616',
  'max',
];

/** Any text: pieces that have broken programs before, any code points, any UTF-16 units. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...NASTY), { maxLength: 30 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.string(),
);

/** A valid text with a hostile piece put in or a part cut out: nearer to what a parser takes than any text. */
export function damaged(valid: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(valid, hostile, fc.nat(400), fc.nat(20))
    .map(([text, piece, at, gap]) => text.slice(0, at) + piece + text.slice(at + gap));
}

/** Any input yields a value or a ParseError that names the file, and nothing else. */
export function onlyParseErrors(
  parse: (text: string, path: string) => unknown,
  valid: fc.Arbitrary<string>,
): void {
  fc.assert(
    fc.property(fc.oneof(hostile, damaged(valid)), (text) => {
      try {
        parse(text, '/proc/1/x');
      } catch (error) {
        if (!(error instanceof ParseError)) throw error;
        assert.is(error.file, '/proc/1/x');
      }
    }),
    { numRuns: 400 },
  );
}

/** The error that `run` throws must be a ParseError whose message begins with the file. */
export function isParseError(run: () => unknown, path: string): void {
  try {
    run();
  } catch (error) {
    assert.instance(error, ParseError);
    assert.ok(error instanceof ParseError && error.message.startsWith(`${path}: expected `));
    return;
  }
  assert.unreachable('parsed');
}
