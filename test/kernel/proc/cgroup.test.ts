// /proc/PID/cgroup: v1, v2 and hybrid, containerd's paths with colons, zombies, other namespaces.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isDeleted, isOutside, parseCgroups } from '../../../src/kernel/proc/cgroup.ts';
import { isParseError, onlyParseErrors } from '../../text/hostile.ts';

const test = suite('kernel/proc/cgroup');
const PATH = '/proc/5632/cgroup';
const ID = 'ee703c3f8b1a'.repeat(5).slice(0, 60);

test('a hybrid host: v1 hierarchies, a named one, the v2 tree', () => {
  assert.equal(parseCgroups(`9:name=systemd:/\n4:memory:/docker/${ID}\n1:cpu,cpuacct:/\n0::/\n`, PATH), [
    { hierarchy: 9, controllers: ['name=systemd'], path: '/' },
    { hierarchy: 4, controllers: ['memory'], path: `/docker/${ID}` },
    { hierarchy: 1, controllers: ['cpu', 'cpuacct'], path: '/' },
    { hierarchy: 0, controllers: [], path: '/' },
  ]);
});

test('paths keep colons, spaces and marks', () => {
  const paths = [
    `/kubepods.slice/kubepods-burstable.slice:cri-containerd:${ID}`,
    '/../x',
    '/user.slice/app-gnome\\x2dterminal.scope',
    '/gone (deleted)',
    '/a:b::c',
    '/with \u202e bidi',
  ];
  for (const path of paths)
    assert.equal(parseCgroups(`0::${path}\n`, PATH), [{ hierarchy: 0, controllers: [], path }]);
});

test('deleted and outside', () => {
  assert.is(isDeleted('/docker/x (deleted)'), true);
  assert.is(isDeleted('/docker/x'), false);
  assert.is(isDeleted('/docker/x (deleted)/y'), false);
  assert.is(isOutside('/..'), true);
  assert.is(isOutside('/../../x'), true);
  assert.is(isOutside('/..x'), false);
  assert.is(isOutside('/a/../b'), false);
  assert.is(isOutside('/'), false);
});

test('no line is no membership, other forms are errors', () => {
  assert.equal(parseCgroups('', PATH), []);
  for (const text of [
    '\n',
    'x',
    '0:/',
    '0::x',
    'a::/',
    '0::\n',
    '-1::/',
    '99999999999999999999::/',
    '0::/\n\n',
  ]) {
    isParseError(() => parseCgroups(text, PATH), PATH);
  }
});

test('what is printed parses back', () => {
  const path = fc.string({ unit: 'binary' }).map((text) => `/${text.replaceAll('\n', '')}`);
  const membership = fc.record(
    {
      hierarchy: fc.nat(),
      controllers: fc.array(fc.constantFrom('cpu', 'memory', 'name=systemd', 'net_cls')),
      path,
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(membership), (memberships) => {
      const text = memberships
        .map((each) => `${each.hierarchy}:${each.controllers.join(',')}:${each.path}\n`)
        .join('');
      assert.equal(parseCgroups(text, PATH), memberships);
    }),
  );
});

test('any text yields a value or a ParseError', () => {
  onlyParseErrors(parseCgroups, fc.constant(`4:memory:/docker/${ID}\n1:cpu,cpuacct:/\n0::/\n`));
});

test.run();
