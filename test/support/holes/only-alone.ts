// A leftover `.only` that leaves nothing out today, and will tomorrow.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('only alone');
test.only('runs', () => assert.ok(true));
test.run();
