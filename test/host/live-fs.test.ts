// The live file system where a stranger laid something in the way: it answers at once, and never as if the file were empty.
import { existsSync, writeFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveFs } from '../../src/host/live-fs.ts';
import { runToEnd, until, withProcess } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('host/live-fs');
const fs = liveFs();

test('a FIFO in the place of a file is refused at once', () =>
  withTempDir(async (dir) => {
    const path = join(dir, 'options.json');
    await runToEnd(['mkfifo', path]);
    assert.equal(fs.readText(path), { ok: false, why: 'unsupported', path });
  }));

test('a directory and a device are no files', () => {
  assert.is(fs.readText('/etc').ok, false);
  assert.equal(fs.readText('/dev/null'), { ok: false, why: 'unsupported', path: '/dev/null' });
});

test('files of /proc, large files, broken UTF-8, absence', () =>
  withTempDir((dir) => {
    assert.ok(fs.readText('/proc/self/stat').ok);
    const path = join(dir, 'file');
    writeFileSync(path, 'x'.repeat(300_000));
    const large = fs.readText(path);
    assert.is(large.ok && large.value.length, 300_000);
    writeFileSync(path, Buffer.from([0x61, 0xff, 0x62]));
    assert.equal(fs.readText(path), { ok: true, value: 'a\\xffb' });
    assert.equal(fs.readText(join(dir, 'none')), { ok: false, why: 'gone', path: join(dir, 'none') });
    assert.is(fs.stat(dir).ok, true);
    assert.equal(fs.list(join(dir, 'none')), { ok: false, why: 'gone', path: join(dir, 'none') });
  }));

test('a file of /proc that is held open tells that its process has gone, and leaves no descriptor', async () => {
  const before = heldInProc();
  const mine = fs.held?.('/proc/self/stat', (read) => [read(), read()]);
  assert.ok(mine?.ok);
  // Both from the beginning.
  for (const text of mine.value) assert.match(text.ok ? text.value : text.why, /^\d+ \(/);
  // Its parent, a shell, reaps it while this thread waits.
  await withProcess(['sh', '-c', 'sleep 300 & echo $!; wait; exec sleep 300'], async (parent) => {
    const pid = await until('the pid', () => /^(\d+)\n/.exec(parent.stdout())?.[1]);
    const path = `/proc/${pid}/stat`;
    const held = fs.held?.(path, (read) => {
      const living = read().ok;
      process.kill(Number(pid), 'SIGKILL');
      const deadline = performance.now() + 10_000;
      while (existsSync(path) && performance.now() < deadline) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      }
      return [living, read()];
    });
    assert.equal(held, { ok: true, value: [true, { ok: false, why: 'gone', path }] });
  });
  assert.throws(() =>
    fs.held?.('/proc/self/stat', () => {
      throw new Error('look');
    }),
  );
  assert.equal(
    fs.held?.('/proc/0/stat', () => 1),
    { ok: false, why: 'gone', path: '/proc/0/stat' },
  );
  assert.equal(heldInProc(), before);
});

/** What of /proc this process holds open: others may open and close what they like meanwhile. */
function heldInProc(): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const link = readlinkSync(`/proc/self/fd/${fd}`);
      return link.startsWith('/proc/') && !link.endsWith('/fd') ? [link] : [];
    } catch {
      return [];
    }
  });
}

test.run();
