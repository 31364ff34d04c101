// uvu's own skip gives no reason.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('skip silent');
test('runs', () => assert.ok(true));
test.skip('never runs', () => assert.ok(false));
test.run();
