// Bytes of a terminal while a shell has the keys: whose each one is.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cursorKeys, sortedForShell } from '../../src/ui/shell-keys.ts';

const test = suite('shell-keys');

test('everything but the way out and the mouse is the shell’s, byte for byte', () => {
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
    assert.equal(sortedForShell(bytes), { typed: [{ to: 'shell', bytes }], rest: '' });
  }
});

test('Ctrl-] and F12 lead out, and what follows is the panes’', () => {
  assert.equal(sortedForShell('ab\x1dq'), {
    typed: [
      { to: 'shell', bytes: 'ab' },
      { to: 'out', key: 'C-]' },
      { to: 'panes', bytes: 'q' },
    ],
    rest: '',
  });
  assert.equal(sortedForShell('\x1b[24~').typed, [{ to: 'out', key: 'f12' }]);
});

test('reports of the mouse are the panes’, whole, also where they come in two pieces', () => {
  assert.equal(sortedForShell('a\x1b[<64;3;4Mb').typed, [
    { to: 'shell', bytes: 'a' },
    { to: 'panes', bytes: '\x1b[<64;3;4M' },
    { to: 'shell', bytes: 'b' },
  ]);
  const half = sortedForShell('a\x1b[<64;3');
  assert.equal(half, { typed: [{ to: 'shell', bytes: 'a' }], rest: '\x1b[<64;3' });
  assert.equal(sortedForShell(`${half.rest};4m`).typed, [{ to: 'panes', bytes: '\x1b[<64;3;4m' }]);
});

test('cursor keys are sent in the mode of the shell’s own terminal', () => {
  assert.is(cursorKeys('x\x1bOA\x1b[B', false), 'x\x1b[A\x1b[B');
  assert.is(cursorKeys('\x1b[A\x1b[H', true), '\x1bOA\x1bOH');
  assert.is(cursorKeys('\x1bOP\x1b[3~\x1b[1;5A', true), '\x1bOP\x1b[3~\x1b[1;5A');
});

test.run();
