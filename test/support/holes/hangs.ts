// A test that never ends.
// timeout: 2
import { suite } from 'uvu';

const test = suite('hangs');
test('for ever', async () => {
  setInterval(() => undefined, 1000);
  await new Promise<void>(() => undefined);
});
test.run();
