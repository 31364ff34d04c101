// A file with nothing wrong.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('passes');
test('one', () => assert.is(1 + 1, 2));
test('two', () => assert.ok('two'));
test.run();
