// A test waits for a promise that nothing will settle: node ends in the middle.
import { suite } from 'uvu';

const test = suite('never settles');
test('waits', () => new Promise<void>(() => undefined));
test.run();
