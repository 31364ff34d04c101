import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { canShow } from '../../src/ui/can-show.ts';
import { keyOf, mouseOf } from '../../src/ui/keys.ts';

const test = suite('keys');

test('printable characters are their own names', () => {
  assert.is(keyOf('H', { full: 'S-h', name: 'h' }), 'H');
  assert.is(keyOf('?', { full: '?' }), '?');
  assert.is(keyOf('q', { full: 'q', name: 'q' }), 'q');
  assert.is(keyOf('1', { full: '1' }), '1');
});

test('other keys have the names of the key table', () => {
  assert.is(keyOf('\t', { full: 'tab', name: 'tab' }), 'tab');
  assert.is(keyOf(undefined, { full: 'S-tab', name: 'tab' }), 'S-tab');
  assert.is(keyOf('\x03', { full: 'C-c', name: 'c', ctrl: true }), 'C-c');
  assert.is(keyOf(' ', { full: 'space', name: 'space' }), 'space');
  assert.is(keyOf('\x1b', { full: 'escape', name: 'escape' }), 'escape');
  assert.is(keyOf(undefined, { full: 'pageup', name: 'pageup' }), 'pageup');
});

test('Enter is reported twice and counts once', () => {
  assert.is(keyOf('\r', { full: 'enter', name: 'enter' }), 'enter');
  assert.is(keyOf('\r', { full: 'return', name: 'return' }), null);
});

test('a letter with Alt, as the tail of a split sequence, is not the letter', () => {
  assert.is(keyOf('q', { full: 'M-q', name: 'q', meta: true }), 'M-q');
});

test('presses and the wheel count, moves and releases do not', () => {
  assert.equal(mouseOf({ action: 'mousedown', x: 3, y: 4 }), { type: 'mouse', what: 'click', x: 3, y: 4 });
  assert.equal(mouseOf({ action: 'wheelup', x: 0, y: 0 }), { type: 'mouse', what: 'wheel-up', x: 0, y: 0 });
  assert.equal(mouseOf({ action: 'wheeldown', x: 0, y: 0 }), {
    type: 'mouse',
    what: 'wheel-down',
    x: 0,
    y: 0,
  });
  assert.is(mouseOf({ action: 'mouseup', x: 0, y: 0 }), null);
  assert.is(mouseOf({ action: 'mousemove', x: 0, y: 0 }), null);
});

test('a pipe and a dumb terminal are refused with the reason', () => {
  const tty = { isTTY: true };
  assert.equal(canShow({ TERM: 'xterm' }, tty, tty), { ok: true });
  assert.equal(canShow({ TERM: 'dumb' }, tty, tty), { ok: false, reason: 'TERM=dumb cannot place text' });
  assert.equal(canShow({}, tty, tty), { ok: false, reason: 'TERM= cannot place text' });
  assert.equal(canShow({ TERM: 'xterm' }, {}, tty), { ok: false, reason: 'stdin is not a terminal' });
  assert.equal(canShow({ TERM: 'xterm' }, tty, { isTTY: false }), {
    ok: false,
    reason: 'stdout is not a terminal',
  });
});

test.run();
