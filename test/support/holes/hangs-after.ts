// Passes, and leaves a timer that keeps the process alive.
// timeout: 2
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('hangs after');
test('leaves a timer', () => {
  setInterval(() => undefined, 1000);
  assert.ok(true);
});
test.run();
