// Passes, and leaves a process in a session of its own.
import { spawn } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('leaves a process');
test('starts it', () => {
  const child = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
  child.unref();
  assert.type(child.pid, 'number');
});
test.run();
