// An assertion fails: the plain case.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('fails');
test('right', () => assert.is(1 + 1, 2));
test('wrong', () => assert.is(1 + 1, 3));
test.run();
