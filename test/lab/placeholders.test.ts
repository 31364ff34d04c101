// What stands for things of the lab in the words of a command is found and replaced, and nothing else is.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shellWords, unknownPid } from '../../src/lab/argv.ts';
import { placeholders, withValues } from '../../src/lab/placeholders.ts';

const test = suite('lab/placeholders');

test('a placeholder has a kind and a name', () => {
  assert.equal(placeholders('{pid:box} {rootfs:my-root} {print} {pid:} {PID:box}'), [
    { text: '{pid:box}', word: 'pid', kind: 'actor', name: 'box' },
    { text: '{rootfs:my-root}', word: 'rootfs', kind: 'rootfs', name: 'my-root' },
  ]);
});

test('ids outside are no thing of the lab', () => {
  assert.equal(placeholders('{outside:gid} {outside:pid}'), [
    { text: '{outside:gid}', word: 'outside', kind: null, name: 'gid' },
  ]);
  assert.equal(
    withValues(['{outside:uid} {outside:x}'], (word, name) => `${word} ${name}`),
    ['outside uid {outside:x}'],
  );
});

test('values stand where they are asked for, a shell variable where a pid is not known', () => {
  const valueOf = (word: string, name: string): string => {
    if (word === 'rootfs') return `/lab/rootfs-${name}`;
    return name === 'box' ? '12' : unknownPid(name);
  };
  const typed = (...command: string[]): string => shellWords(withValues(command, valueOf));
  assert.is(typed('readlink', '/proc/{pid:box}/ns/uts'), 'readlink /proc/12/ns/uts');
  assert.is(typed('readlink', '/proc/{pid:my-hog}/ns/uts'), 'readlink /proc/$MY_HOG/ns/uts');
  assert.is(typed('ls', '{rootfs:root}/bin'), 'ls /lab/rootfs-root/bin');
  assert.is(typed('awk', '{print}'), "awk '{print}'");
  assert.is(typed('sh', '-c', 'cat /proc/{pid:my-hog}/stat'), `sh -c 'cat /proc/'"$MY_HOG"'/stat'`);
});

test.run();
