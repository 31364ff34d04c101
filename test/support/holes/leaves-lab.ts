// Passes, and leaves a cgroup that looks like a lab's. The test that uses it removes it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cgroupMounts } from '../cgroups.ts';

const test = suite('leaves a lab');
test('makes it', () => {
  const [mount = ''] = cgroupMounts();
  const dir = join(mount, `nscope-${process.env['NSCOPE_TEST_MARK'] ?? ''}`);
  mkdirSync(dir);
  console.log(`\nmade ${dir}`);
  assert.ok(mount);
});
test.run();
