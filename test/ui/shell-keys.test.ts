// Bytes of a terminal while a shell has the keys: what each one is.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cursorKeys, outKey, piecesOf } from '../../src/ui/shell-keys.ts';

const test = suite('shell-keys');

test('what is neither the way out nor the mouse stays as it is, byte for byte', () => {
  for (const bytes of [
    'ls\r',
    '\x03',
    '\x04',
    '\x1b',
    '\x1b[A',
    '\x1bOP',
    '\t',
    '\x7f',
    '\xe4\xb8\xad',
    '\x1b[200~a\nb',
  ]) {
    assert.equal(piecesOf(bytes), { pieces: [{ kind: 'keys', bytes }], rest: '' });
  }
});

test('Ctrl-] and F12 lead out', () => {
  assert.equal(piecesOf('ab\x1dq'), {
    pieces: [
      { kind: 'keys', bytes: 'ab' },
      { kind: 'out', bytes: '\x1d' },
      { kind: 'keys', bytes: 'q' },
    ],
    rest: '',
  });
  assert.equal(piecesOf('\x1b[24~').pieces, [{ kind: 'out', bytes: '\x1b[24~' }]);
  assert.equal(['\x1d', '\x1b[24~'].map(outKey), ['C-]', 'f12']);
});

test('each report of the mouse is a piece, also where it comes in two halves', () => {
  assert.equal(piecesOf('a\x1b[<64;3;4M\x1b[<64;3;4Mb').pieces, [
    { kind: 'keys', bytes: 'a' },
    { kind: 'mouse', bytes: '\x1b[<64;3;4M' },
    { kind: 'mouse', bytes: '\x1b[<64;3;4M' },
    { kind: 'keys', bytes: 'b' },
  ]);
  const half = piecesOf('a\x1b[<64;3');
  assert.equal(half, { pieces: [{ kind: 'keys', bytes: 'a' }], rest: '\x1b[<64;3' });
  assert.equal(piecesOf(`${half.rest};4m`).pieces, [{ kind: 'mouse', bytes: '\x1b[<64;3;4m' }]);
});

test('cursor keys are sent in the mode of the shell’s own terminal', () => {
  assert.is(cursorKeys('x\x1bOA\x1b[B', false), 'x\x1b[A\x1b[B');
  assert.is(cursorKeys('\x1b[A\x1b[H', true), '\x1bOA\x1bOH');
  assert.is(cursorKeys('\x1bOP\x1b[3~\x1b[1;5A', true), '\x1bOP\x1b[3~\x1b[1;5A');
});

test.run();
