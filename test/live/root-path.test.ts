// A process with a root of its own whose symbolic links are absolute: they lead into its root, never into ours.
import { mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveFs } from '../../src/host/live-fs.ts';
import { behindRoot } from '../../src/host/root-path.ts';
import { maybe, need } from '../support/need.ts';
import { runToEnd, until, withProcess } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('live/root-path');
const fs = liveFs();

maybe(test, need({ root: true, tools: ['chroot', 'busybox'] }))(
  'absolute links behind /proc/PID/root, of a file and of a directory on the way, and a loop',
  () =>
    withTempDir(async (dir) => {
      // Both roots have it: which one is read tells.
      const same = join(dir, 'outside');
      writeFileSync(same, 'ours\n');
      const root = join(dir, 'root');
      mkdirSync(join(root, dir), { recursive: true });
      mkdirSync(join(root, 'bin'));
      const { stdout } = await runToEnd(['sh', '-c', 'command -v busybox']);
      await runToEnd(['cp', stdout.trim(), join(root, 'bin/busybox')]);
      writeFileSync(join(root, same), 'theirs\n');
      symlinkSync(same, join(root, 'file'));
      symlinkSync(dir, join(root, 'directory'));
      symlinkSync(same, join(root, 'bin/absolute'));
      symlinkSync('loop', join(root, 'loop'));
      const inBin = 'cd /bin && exec /bin/busybox sleep 300';
      await withProcess(['chroot', root, '/bin/busybox', 'sh', '-c', inBin], async ({ pid }) => {
        const proc = `/proc/${pid}/root`;
        await until('the process to be in its directory', () =>
          readlinkSync(`/proc/${pid}/cwd`).endsWith('/bin'),
        );
        for (const path of ['file', 'directory/outside', same.slice(1)])
          assert.equal(fs.readText(`${proc}/${path}`), { ok: true, value: 'theirs\n' }, path);
        assert.is(behindRoot(`${proc}/file`, true), `${proc}${same}`);
        assert.is(behindRoot(`${proc}/file`, false), `${proc}/file`);
        assert.is(behindRoot(`${proc}/bin/../../file`, true), `${proc}${same}`, '.. ends at the root');
        assert.equal(fs.readLink(`${proc}/file`), { ok: true, value: same });
        assert.equal(fs.list(`${proc}/directory`), { ok: true, value: ['outside'] });
        const [stat, own] = [fs.stat(`${proc}/file`), fs.stat(same)];
        assert.ok(stat.ok && own.ok && stat.value.ino !== own.value.ino);
        assert.is(fs.readText(`${proc}/loop`).ok, false);
        assert.is(fs.readText(`/proc/${pid}/cwd/none`).ok, false);
        // The way through the working directory: its absolute links are of the root too.
        assert.equal(fs.readText(`/proc/${pid}/cwd/absolute`), { ok: true, value: 'theirs\n' });
      });
    }),
);

test('other paths are left as they are', () => {
  for (const path of ['/etc/passwd', '/proc/1/status', '/proc/1/root', '/srv/root/x'])
    assert.is(behindRoot(path, true), path);
});

test.run();
