// Without `.run()` uvu does nothing, prints nothing, and exits 0.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('forgotten');
test('never runs', () => assert.ok(false));
