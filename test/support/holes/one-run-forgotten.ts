// One of two suites is never run: the totals look right.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const first = suite('first');
first('runs', () => assert.ok(true));
first.run();

const second = suite('second');
second('never runs', () => assert.ok(false));
