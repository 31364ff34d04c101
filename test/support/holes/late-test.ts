// A test that stands after `.run()` is dropped.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('late');
test('runs', () => assert.ok(true));
test.run();
test('never runs', () => assert.ok(false));
