// A suite without a test.
import { suite } from 'uvu';

const test = suite('no test');
test.run();
