// Every test passes, and the process exits with 3.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('exits badly');
test('passes', () => assert.ok(true));
test.run();
process.once('exit', () => {
  process.exitCode = 3;
});
