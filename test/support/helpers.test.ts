// The small helpers: temporary directories, mountinfo, needs. The skip itself is tested in run.test.ts.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cgroupMounts, testCgroups } from './cgroups.ts';
import { need, which } from './need.ts';
import { rejects } from './rejects.ts';
import { mountsBelow, withTempDir } from './temp.ts';

const test = suite('helpers');

const MOUNTINFO = String.raw`22 27 0:20 / /proc rw,nosuid - proc proc rw
30 27 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
31 27 0:26 /a /mnt/part rw - cgroup cgroup rw,memory
32 27 0:27 / /sys/fs/cgroup/uni\040fied rw shared:9 master:1 - cgroup2 cgroup2 rw
33 27 8:1 /x /tmp/a/b rw - ext4 /dev/vda rw
34 27 8:1 /x /tmp/ab rw - ext4 /dev/vda rw
`;

test('hierarchies are the cgroup mounts whose root is mounted', () => {
  assert.equal(cgroupMounts(MOUNTINFO), ['/sys/fs/cgroup/memory', '/sys/fs/cgroup/uni fied']);
});

test('mounts below a directory, not beside it', () => {
  assert.equal(mountsBelow('/tmp/a', MOUNTINFO), ['/tmp/a/b']);
  assert.equal(mountsBelow('/tmp/a/b', MOUNTINFO), ['/tmp/a/b']);
});

test('cgroups are listed and removed only with the tests’ prefix', () => {
  assert.throws(() => testCgroups('docker'), /does not begin with nscope-test-/);
  assert.equal(testCgroups('nscope-test-none-such'), []);
});

test('a temporary directory goes, whatever happened', async () => {
  let dir = '';
  await rejects(
    () =>
      withTempDir((made) => {
        dir = made;
        writeFileSync(join(made, 'file'), '');
        throw new Error('on purpose');
      }),
    /on purpose/,
  );
  assert.not.ok(existsSync(dir));
});

test('rejects fails where nothing is thrown, and where the wrong thing is', async () => {
  await rejects(() => rejects(() => undefined, /x/), /there was none/);
  await rejects(() => rejects(() => Promise.reject(new Error('y')), /x/), /to match/);
});

test('a lack is named', () => {
  assert.is(need({}), null);
  assert.is(need({ tools: ['sh', 'no-such-a', 'no-such-b'] }), 'not on PATH: no-such-a, no-such-b');
  assert.is(need({ files: ['/', '/no/such'] }), 'no /no/such');
  assert.is(need({ namespaces: ['pid', 'dreams'] }), 'this kernel has no dreams namespaces');
  assert.match(which('sh') ?? '', /\/sh$/);
});

test.run();
