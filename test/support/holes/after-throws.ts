// The tidying up fails.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('after throws');
test.after(() => {
  throw new Error('cannot tidy up');
});
test('passes', () => assert.ok(true));
test.run();
