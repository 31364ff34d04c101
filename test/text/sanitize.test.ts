// clean, cleanLines, decode and onlySgr against what strangers write.
import { createRequire } from 'node:module';
import * as fc from 'fast-check';
import stringWidth from 'string-width';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cleanLines } from '../../src/text/lines.ts';
import { clean, decode, onlySgr } from '../../src/text/sanitize.ts';
import { hostile } from './hostile.ts';

const test = suite('text/sanitize');

/** C0, DEL, C1, bidi controls, zero-width, line separators, lone surrogates: spelled out here, not taken from the source. */
const FORBIDDEN =
  /[\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/u;

const CASES: readonly [string, string][] = [
  ['', ''],
  ['sleep infinity', 'sleep infinity'],
  ['a\nb', 'a\\nb'],
  ['a\tb\r', 'a\\tb\\r'],
  ['\x1b[31mred', '\\x1b[31mred'],
  ['\0\x07\x7f', '\\x00\\x07\\x7f'],
  ['\x9b31m\x9d', '\\u{9b}31m\\u{9d}'],
  ['abc\u202egpj', 'abc\\u{202e}gpj'],
  ['\u2066x\u2069\u061c\u200e\u200f', '\\u{2066}x\\u{2069}\\u{61c}\\u{200e}\\u{200f}'],
  ['a\u200bb\u200d\u2060\ufeff', 'a\\u{200b}b\\u{200d}\\u{2060}\\u{feff}'],
  ['a\u2028b\u2029', 'a\\u{2028}b\\u{2029}'],
  ['x\ud800y', 'x\\u{d800}y'],
  ['\u{e0041}', '\\u{e0041}'],
  ['ok \u{1f600}', 'ok \\u{1f600}'],
  ['\u2705 \u26a1', '\\u{2705} \\u{26a1}'],
  ['1\ufe0f\u20e3', '1\\u{fe0f}\\u{20e3}'],
  ['soft\u00adhyphen', 'soft\\u{ad}hyphen'],
  ['容器，主机', '容器，主机'],
  ['naïve nai\u0308ve', 'naïve nai\u0308ve'],
  ['\u0301x', '\\u{301}x'],
  ['a\u0301\u0301\u0301\u0301', 'a\u0301\u0301\u0301\\u{301}'],
  ['back\\slash', 'back\\slash'],
  ['✓ ● └╌ ▐', '✓ ● └╌ ▐'],
];

test('clean makes each kind visible and leaves the rest', () => {
  for (const [text, expected] of CASES) assert.is(clean(text), expected, JSON.stringify(text));
});

test('clean leaves nothing that a terminal obeys, and cleaning twice is cleaning once', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const cleaned = clean(text);
      assert.not.match(cleaned, FORBIDDEN);
      assert.not.match(cleaned, /[\u{10000}-\u{10ffff}]/u);
      assert.is(clean(cleaned), cleaned);
    }),
    { numRuns: 1000 },
  );
});

test('every text that clean passes is as wide for blessed as for string-width', () => {
  const blessed: { charWidth(c: string): number; combining: Record<number, boolean> } = createRequire(
    import.meta.url,
  )('blessed/lib/unicode.js');
  const blessedWidth = (text: string): number =>
    [...text].reduce(
      (sum, c) => sum + (blessed.combining[c.codePointAt(0) ?? 0] === true ? 0 : blessed.charWidth(c)),
      0,
    );
  for (let point = 0x20; point < 0x1_1000; point++) {
    const text = clean(`a${String.fromCodePoint(point)}`);
    assert.is(stringWidth(text), blessedWidth(text), `U+${point.toString(16)}`);
  }
  fc.assert(
    fc.property(hostile, (text) => assert.is(stringWidth(clean(text)), blessedWidth(clean(text)))),
    { numRuns: 500 },
  );
});

test('cleanLines splits at LF, CRLF and CR, and expands tabs', () => {
  const cases: readonly [string, string[]][] = [
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\n\n', ['a', '']],
    ['\n', ['']],
    ['a\r\nb\r\r\nc\rd', ['a', 'b', 'c', 'd']],
    ['PID\tCMD', ['PID     CMD']],
    ['12345678\tx', ['12345678        x']],
    ['中\t\tx', ['中              x']],
    ['\x1b[1mx\x1b[0m\n\u202e', ['\\x1b[1mx\\x1b[0m', '\\u{202e}']],
    ['a\fb\x85c', ['a\\x0cb\\u{85}c']],
  ];
  for (const [text, expected] of cases) assert.equal(cleanLines(text), expected, JSON.stringify(text));
});

test('cleanLines leaves nothing that a terminal obeys', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      for (const line of cleanLines(text)) assert.not.match(line, FORBIDDEN);
    }),
  );
});

test('decode takes strict UTF-8 and shows each broken byte', () => {
  const cases: readonly [number[], string][] = [
    [[], ''],
    [[0x61, 0xff, 0x62], 'a\\xffb'],
    [[0xe4, 0xb8, 0xad], '中'],
    [[0xe4, 0xb8], '\\xe4\\xb8'],
    [[0xc0, 0xaf], '\\xc0\\xaf'],
    [[0xe0, 0x80, 0xaf], '\\xe0\\x80\\xaf'],
    [[0xed, 0xa0, 0x80], '\\xed\\xa0\\x80'],
    [[0xf4, 0x90, 0x80, 0x80], '\\xf4\\x90\\x80\\x80'],
    [[0xf0, 0x9f, 0x98, 0x80], '\u{1f600}'],
    [[0xef, 0xbf, 0xbd, 0x80], '\ufffd\\x80'],
    [[0xef, 0xbb, 0xbf, 0x61], '\ufeffa'],
    [[0x9b], '\\x9b'],
  ];
  for (const [bytes, expected] of cases) assert.is(decode(Uint8Array.from(bytes)), expected, bytes.join(' '));
});

test('decode gives back any well-formed text, a view into a larger buffer too', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const encoded = new TextEncoder().encode(`xx${text}`);
      assert.is(decode(encoded.subarray(2)), text);
    }),
  );
});

test('decode finds broken what the platform finds broken', () => {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      let wellFormed: string | null = null;
      try {
        wellFormed = strict.decode(bytes);
      } catch {
        assert.match(decode(bytes), /\\x[89a-f][0-9a-f]/);
      }
      if (wellFormed !== null) assert.is(decode(bytes), wellFormed);
    }),
    { numRuns: 2000 },
  );
});

test('onlySgr keeps SGR and shows every other sequence', () => {
  const cases: readonly [string, string][] = [
    ['\x1b[1;38;5;28mok\x1b[0m\x1b[m', '\x1b[1;38;5;28mok\x1b[0m\x1b[m'],
    ['\x1b[2J\x1b[H', '\\x1b[2J\\x1b[H'],
    ['\x1b]0;title\x07', '\\x1b]0;title\\x07'],
    ['\x1b[?1049h', '\\x1b[?1049h'],
    ['\x1b[31', '\\x1b[31'],
    ['\x9b31m', '\\u{9b}31m'],
    ['a\nb\u202e', 'a\\nb\\u{202e}'],
    ['中文 ▐', '中文 ▐'],
  ];
  for (const [line, expected] of cases) assert.is(onlySgr(line), expected, JSON.stringify(line));
});

test('onlySgr leaves SGR sequences and nothing else that a terminal obeys', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const guarded = onlySgr(text);
      assert.not.match(guarded.replace(/\x1b\[[0-9;]*m/g, ''), FORBIDDEN);
      assert.is(onlySgr(guarded), guarded);
    }),
    { numRuns: 1000 },
  );
});

test.run();
