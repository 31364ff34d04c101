// A program under test prints what looks like uvu's totals before a hook throws.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('fakes totals');
test.before(() => {
  console.log('\n  Total:     9\n  Passed:    9\n  Skipped:   0\n');
  throw new Error('swallowed');
});
test('never runs', () => assert.ok(true));
test.run();
