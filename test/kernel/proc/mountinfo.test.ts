// /proc/PID/mountinfo: optional fields, octal escapes, empty sources, nsfs, overlay.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseMountinfo } from '../../../src/kernel/proc/mountinfo.ts';
import { isParseError, onlyParseErrors } from '../../text/hostile.ts';

const test = suite('kernel/proc/mountinfo');
const PATH = '/proc/self/mountinfo';
const one = (line: string) => parseMountinfo(`${line}\n`, PATH)[0];

test('the example of the man page', () => {
  assert.equal(one('36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue'), {
    id: 36,
    parent: 35,
    dev: '98:0',
    root: '/mnt1',
    mountPoint: '/mnt2',
    options: ['rw', 'noatime'],
    propagation: ['master:1'],
    fstype: 'ext3',
    source: '/dev/root',
    superOptions: ['rw', 'errors=continue'],
  });
});

test('no optional field, and several', () => {
  assert.equal(one('22 27 0:21 / /proc rw - proc proc rw')?.propagation, []);
  const several = 'shared:5 master:2 propagate_from:1';
  assert.equal(one(`22 27 0:21 / /proc rw ${several} - proc proc rw`)?.propagation, several.split(' '));
  assert.equal(one('22 27 0:21 / /x rw unbindable - tmpfs - rw')?.source, '-');
});

test('octal escapes, an empty source, a bare space in the super options', () => {
  const spaced = one('40 27 0:30 /a\\040b /mnt/x\\011y\\012z\\134w rw - tmpfs dev\\043x rw,size=1k');
  assert.is(spaced?.root, '/a b');
  assert.is(spaced?.mountPoint, '/mnt/x\ty\nz\\w');
  assert.is(spaced?.source, 'dev#x');
  assert.is(one('41 27 0:31 / /mnt rw - tmpfs  rw')?.source, '');
  assert.equal(one('42 27 0:32 / /mnt rw - fuse.x y rw,name=a b,z')?.superOptions, ['rw', 'name=a b', 'z']);
  assert.is(one('43 27 0:32 / /m\\134040 rw - tmpfs t rw')?.mountPoint, '/m\\040');
  assert.equal(one('44 27 0:33 / /m rw - overlay overlay rw,lowerdir=/a\\054b:/c')?.superOptions, [
    'rw',
    'lowerdir=/a,b:/c',
  ]);
  assert.equal(one('45 27 0:34 / /m rw - tmpfs t ')?.superOptions, []);
});

test('a pinned namespace, cgroups of both versions, a deleted mount point', () => {
  assert.equal(
    one('99 27 0:4 net:[4026532184] /run/netns/x rw shared:7 - nsfs nsfs rw')?.root,
    'net:[4026532184]',
  );
  assert.equal(
    one('30 29 0:26 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct')?.superOptions,
    ['rw', 'cpu', 'cpuacct'],
  );
  assert.is(one('31 29 0:27 /docker/x /sys/fs/cgroup ro - cgroup2 cgroup rw,nsdelegate')?.root, '/docker/x');
  assert.is(one('32 29 0:28 / /tmp/x//deleted rw - tmpfs tmpfs rw')?.mountPoint, '/tmp/x//deleted');
});

test('an empty text has no mounts, other forms are errors', () => {
  assert.equal(parseMountinfo('', PATH), []);
  const bad = [
    '\n',
    '36 35 98:0 /mnt1 /mnt2 rw master:1 ext3 /dev/root rw\n',
    'x 35 98:0 / / rw - ext3 /dev/root rw\n',
    '36 35 98 / / rw - ext3 /dev/root rw\n',
    '36 35 98:0 / / rw - ext3\n',
    '36 35 98:0 / / - ext3 /dev/root rw\n',
    '36 99999999999999999999 98:0 / / rw - ext3 /dev/root rw\n',
  ];
  for (const text of bad) isParseError(() => parseMountinfo(text, PATH), PATH);
});

/** As mangle() and seq_escape() print them. */
const escaped = (text: string): string =>
  text.replace(/[ \t\n\\#,]/g, (c) => `\\${(c.codePointAt(0) ?? 0).toString(8).padStart(3, '0')}`);

test('what is printed parses back', () => {
  const name = fc.string({ unit: 'binary' });
  const path = name.map((text) => `/${text}`);
  const option = fc.string({ minLength: 1 });
  const mount = fc.record(
    {
      id: fc.nat(),
      parent: fc.nat(),
      dev: fc.tuple(fc.nat(4095), fc.nat(1048575)).map((pair) => pair.join(':')),
      root: path,
      mountPoint: path,
      options: fc.array(option, { minLength: 1 }),
      propagation: fc.array(fc.constantFrom('shared:1', 'master:2', 'propagate_from:3', 'unbindable')),
      fstype: fc.constantFrom('ext4', 'fuse.sshfs', 'cgroup2'),
      source: name,
      superOptions: fc.array(option, { minLength: 1 }),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(mount, { maxLength: 5 }), (mounts) => {
      const text = mounts.map((m) => {
        const words = [
          m.id,
          m.parent,
          m.dev,
          escaped(m.root),
          escaped(m.mountPoint),
          m.options.map(escaped).join(','),
          ...m.propagation,
        ];
        return `${words.join(' ')} - ${m.fstype} ${escaped(m.source)} ${m.superOptions.map(escaped).join(',')}\n`;
      });
      assert.equal(parseMountinfo(text.join(''), PATH), mounts);
    }),
  );
});

test('any text yields a value or a ParseError', () => {
  onlyParseErrors(
    parseMountinfo,
    fc.constant('36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw\n'.repeat(2)),
  );
});

test.run();
