// A file that can run nothing here, and says so: no failure.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { maybe, need } from '../need.ts';

const test = suite('skips all');
maybe(test, need({ files: ['/no/such/file'] }))('cannot run', () => assert.ok(true));
test.run();
