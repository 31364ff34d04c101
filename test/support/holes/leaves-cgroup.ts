// Passes, and leaves a cgroup in one hierarchy. Needs root.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CGROUP_PREFIX, cgroupMounts } from '../cgroups.ts';

const test = suite('leaves a cgroup');
test('makes it', () => {
  const [mount = ''] = cgroupMounts();
  mkdirSync(join(mount, `${CGROUP_PREFIX}${process.env['NSCOPE_TEST_MARK'] ?? ''}`, 'below'), {
    recursive: true,
  });
  assert.ok(mount);
});
test.run();
