// A promise that no test awaits rejects when the tests have passed.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('rejects late');
test('does not await', () => {
  setTimeout(() => {
    void Promise.reject(new Error('too late'));
  }, 200);
  assert.ok(true);
});
test.run();
