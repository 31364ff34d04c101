// The honest skip: printed with its reason and counted.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { maybe, need } from '../need.ts';

const test = suite('skips');
test('runs', () => assert.ok(true));
maybe(test, need({ tools: ['no-such-program'] }))('cannot run', () => assert.ok(true));
maybe(test, need({ tools: ['sh'] }))('can run', () => assert.ok(true));
test.run();
