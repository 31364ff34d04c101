// Namespace links.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseNsLink } from '../../../src/kernel/proc/ns.ts';
import { isParseError, onlyParseErrors } from '../../text/hostile.ts';

const test = suite('kernel/proc/ns');

test('a namespace link names type and inode', () => {
  assert.equal(parseNsLink('uts:[4026531838]', '/proc/1/ns/uts'), { type: 'uts', inode: 4026531838 });
  assert.equal(parseNsLink('pid:[4026532183]', '/proc/1/ns/pid_for_children'), {
    type: 'pid',
    inode: 4026532183,
  });
  for (const text of [
    '',
    'uts:[]',
    'uts:[x]',
    'uts:4026531838',
    'uts:[1]\n',
    'uts:[1] ',
    '/dev/null',
    'uts:[99999999999999999999]',
  ]) {
    isParseError(() => parseNsLink(text, '/proc/1/ns/uts'), '/proc/1/ns/uts');
  }
  fc.assert(
    fc.property(fc.constantFrom('mnt', 'cgroup', 'time'), fc.maxSafeNat(), (type, inode) => {
      assert.equal(parseNsLink(`${type}:[${inode}]`, 'x'), { type, inode });
    }),
  );
  onlyParseErrors(parseNsLink, fc.constant('uts:[4026531838]'));
});

test.run();
