// A leftover `.only`: the other tests do not run, and uvu exits 0.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('only left');
test.only('runs', () => assert.ok(true));
test('never runs', () => assert.ok(false));
test.run();
