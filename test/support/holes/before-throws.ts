// uvu swallows what `before` throws, runs no test, and exits 0.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('before throws');
test.before(() => {
  throw new Error('no ground to stand on');
});
test('never runs', () => assert.ok(true));
test.run();
