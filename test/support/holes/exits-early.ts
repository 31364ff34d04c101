// A test ends the process with 0.
import { suite } from 'uvu';

const test = suite('exits early');
test('ends it all', () => process.exit(0));
test.run();
