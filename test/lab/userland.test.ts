// The user land: what is static, what ldd says, and a root made of the host's own tools where there is no busybox.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findProgram, isStatic, librariesOf, populate } from '../../src/lab/userland.ts';
import { maybe, need } from '../support/need.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('lab: user land');

test('the libraries of ldd(1), with and without an arrow', () => {
  assert.equal(
    librariesOf(
      [
        '\tlinux-vdso.so.1 (0x00007ffd)',
        '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)',
        '\t/lib64/ld-linux-x86-64.so.2 (0x00007f)',
        '\tlibgone.so => not found',
      ].join('\n'),
    ),
    ['/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2'],
  );
  assert.equal(librariesOf('\tnot a dynamic executable'), []);
});

test('this node is dynamic or static as readelf has it; a script is neither', async () => {
  const { stdout } = spawnSync('ldd', ['/bin/sh'], { encoding: 'utf8' });
  assert.is(isStatic('/bin/sh'), librariesOf(stdout).length === 0);
  await withTempDir((dir) => {
    for (const [name, content] of [
      ['script', '#!/bin/sh\n'],
      ['empty', ''],
      ['cut', '\x7fELF\x02\x01'],
    ] as const) {
      writeFileSync(join(dir, name), content);
      assert.is(isStatic(join(dir, name)), false, name);
    }
  });
});

test('names are found on a fixed path, never in the current directory', () => {
  assert.match(findProgram('sh') ?? '', /^\/(usr\/)?bin\/sh$/);
  assert.is(findProgram('no-such-program-at-all'), null);
});

const chroot = maybe(test, need({ root: true, tools: ['chroot', 'ldd'] }));

for (const busybox of [null, findProgram('busybox')]) {
  const source = busybox === null ? "the host's tools" : 'busybox';
  chroot(`a root of ${source} runs a shell`, async () => {
    await withTempDir(async (dir) => {
      assert.is(await populate(dir, true, busybox), true);
      const script = 'echo $((6*7)); ls /; cat /etc/group; echo lost >/dev/null';
      const { stdout, stderr } = spawnSync('chroot', [dir, '/bin/sh', '-c', script], { encoding: 'utf8' });
      assert.is(stderr, '');
      assert.match(stdout, /^42\nbin\ndev\netc\n/);
      assert.match(stdout, /root:x:0:/);
      assert.not.ok(existsSync(join(dir, 'dev/lost')));
    });
  });
}

test.run();
