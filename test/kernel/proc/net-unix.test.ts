// /proc/PID/net/unix: who listens where, paths with spaces and newlines, and no input that throws anything but ParseError.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseNetUnix } from '../../../src/kernel/proc/net-unix.ts';
import { isParseError, onlyParseErrors } from '../../text/hostile.ts';

const test = suite('kernel/proc/net-unix');
const HEAD = 'Num       RefCount Protocol Flags    Type St Inode Path';

test('listening, connected, unnamed and abstract sockets', () => {
  const text = [
    HEAD,
    '000000001c8ad2e3: 00000002 00000000 00010000 0001 01 15723 /run/containerd/containerd.sock',
    '00000000a1b2c3d4: 00000003 00000000 00000000 0001 03 20001 /run/containerd/containerd.sock',
    '0000000011111111: 00000003 00000000 00000000 0001 03 20002',
    '0000000022222222: 00000002 00000000 00010000 0005 01   177 @/org/kernel/udev/udevd',
    '',
  ].join('\n');
  assert.equal(parseNetUnix(text, 'unix'), [
    { listening: true, inode: 15723, path: '/run/containerd/containerd.sock' },
    { listening: false, inode: 20001, path: '/run/containerd/containerd.sock' },
    { listening: false, inode: 20002, path: '' },
    { listening: true, inode: 177, path: '@/org/kernel/udev/udevd' },
  ]);
});

test('a path with a space, and one with a newline', () => {
  const text = `${HEAD}\n0: 00000002 00000000 00010000 0001 01 7 /tmp/a b\n1: 00000002 00000000 00010000 0001 01 8 /tmp/c\nd\n`;
  assert.equal(
    parseNetUnix(text, 'unix').map(({ path }) => path),
    ['/tmp/a b', '/tmp/c\nd'],
  );
});

test('no sockets, and another form', () => {
  assert.equal(parseNetUnix(`${HEAD}\n`, 'unix'), []);
  isParseError(() => parseNetUnix('', 'unix'), 'unix');
});

test('no input throws anything but ParseError', () => {
  const line = fc
    .tuple(fc.boolean(), fc.nat(), fc.string())
    .map(([on, inode, path]) => `0: 00000002 00000000 000${on ? 1 : 0}0000 0001 01 ${inode} ${path}`);
  onlyParseErrors(
    parseNetUnix,
    fc.array(line).map((lines) => `${[HEAD, ...lines].join('\n')}\n`),
  );
});

test.run();
