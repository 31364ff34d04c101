// What stands for things of the lab in the words of a command is found and replaced, and nothing else is.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shellWords, unknownPid } from '../../src/lab/argv.ts';
import { placeholders, withValues } from '../../src/lab/placeholders.ts';

const test = suite('lab/placeholders');

test('a placeholder has a kind and a name', () => {
  assert.equal(placeholders('{pid:box} {rootfs:my-root} {print} {pid:} {PID:box} {bundle:b}/{container:c}'), [
    { text: '{pid:box}', word: 'pid', detail: '', kind: 'actor', name: 'box' },
    { text: '{rootfs:my-root}', word: 'rootfs', detail: '', kind: 'rootfs', name: 'my-root' },
    { text: '{bundle:b}', word: 'bundle', detail: '', kind: 'bundle', name: 'b' },
    { text: '{container:c}', word: 'container', detail: '', kind: 'actor', name: 'c' },
  ]);
  assert.equal(
    placeholders('{cgroup:memory:box}/{cgroup:memory.limit:box} {cgroup:box} {pid:x:box} {cgroup:a.b.c:box}'),
    [
      { text: '{cgroup:memory:box}', word: 'cgroup', detail: 'memory', kind: 'cgroup', name: 'box' },
      {
        text: '{cgroup:memory.limit:box}',
        word: 'cgroup',
        detail: 'memory.limit',
        kind: 'cgroup',
        name: 'box',
      },
    ],
  );
});

test('ids outside are no thing of the lab', () => {
  assert.equal(placeholders('{outside:gid} {outside:pid}'), [
    { text: '{outside:gid}', word: 'outside', detail: '', kind: null, name: 'gid' },
  ]);
  assert.equal(
    withValues(['{outside:uid} {outside:x}'], (word, name) => `${word} ${name}`),
    ['outside uid {outside:x}'],
  );
});

test('values stand where they are asked for, a shell variable where a pid is not known', () => {
  const valueOf = (word: string, name: string, detail: string): string => {
    if (word === 'cgroup') return `/cg/${detail}/${name}`;
    if (word === 'rootfs') return `/lab/rootfs-${name}`;
    return name === 'box' ? '12' : unknownPid(name);
  };
  const typed = (...command: string[]): string => shellWords(withValues(command, valueOf));
  assert.is(typed('readlink', '/proc/{pid:box}/ns/uts'), 'readlink /proc/12/ns/uts');
  assert.is(typed('readlink', '/proc/{pid:my-hog}/ns/uts'), 'readlink /proc/$MY_HOG/ns/uts');
  assert.is(typed('ls', '{rootfs:root}/bin'), 'ls /lab/rootfs-root/bin');
  assert.is(typed('cat', '{cgroup:memory.limit:my-box}'), 'cat /cg/memory.limit/my-box');
  assert.is(typed('awk', '{print}'), "awk '{print}'");
  assert.is(typed('sh', '-c', 'cat /proc/{pid:my-hog}/stat'), `sh -c 'cat /proc/'"$MY_HOG"'/stat'`);
});

test.run();
