// Capability sets: the names by bit against capability.h's numbers, docker's default set, sets in words and back.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  besideDockers,
  CAPABILITIES,
  capabilityNames,
  capabilitySet,
  DOCKER_DEFAULT,
  fullName,
  isFull,
} from '../../src/kernel/capabilities.ts';

const test = suite('kernel/capabilities');

test('bits are those of capability.h', () => {
  // Of include/uapi/linux/capability.h, some along the list and the last.
  const numbers: Readonly<Record<string, number>> = {
    CAP_CHOWN: 0,
    CAP_KILL: 5,
    CAP_SETPCAP: 8,
    CAP_NET_ADMIN: 12,
    CAP_NET_RAW: 13,
    CAP_SYS_CHROOT: 18,
    CAP_SYS_PTRACE: 19,
    CAP_SYS_ADMIN: 21,
    CAP_SYS_TIME: 25,
    CAP_MKNOD: 27,
    CAP_AUDIT_WRITE: 29,
    CAP_SETFCAP: 31,
    CAP_SYSLOG: 34,
    CAP_AUDIT_READ: 37,
    CAP_BPF: 39,
    CAP_CHECKPOINT_RESTORE: 40,
  };
  for (const [name, bit] of Object.entries(numbers)) {
    assert.is(CAPABILITIES[bit], name);
    assert.equal(capabilityNames(1n << BigInt(bit)), [name]);
  }
  assert.is(CAPABILITIES.length, 41);
  assert.is(new Set(CAPABILITIES).size, 41);
});

test('docker’s default set is the one that a plain container shows in CapBnd', () => {
  assert.is(DOCKER_DEFAULT.length, 14);
  assert.is(capabilitySet(DOCKER_DEFAULT), 0xa80425fbn);
  assert.equal(besideDockers(0xa80425fbn), { added: [], dropped: [] });
});

test('what was added to the default set, and dropped from it', () => {
  const set = (0xa80425fbn | (1n << 12n)) & ~(1n << 13n);
  assert.equal(besideDockers(set), { added: ['CAP_NET_ADMIN'], dropped: ['CAP_NET_RAW'] });
  assert.equal(besideDockers(0n), { added: [], dropped: capabilityNames(0xa80425fbn) });
});

test('a bit without a name is its number', () => {
  assert.equal(capabilityNames(1n << 41n), ['41']);
  assert.equal(capabilityNames(1n << 63n), ['63']);
});

test('names as docker takes them', () => {
  assert.is(fullName('net_admin'), 'CAP_NET_ADMIN');
  assert.is(fullName('CAP_NET_ADMIN'), 'CAP_NET_ADMIN');
  assert.is(fullName('all'), 'ALL');
  assert.is(capabilitySet(['net_raw', 'CAP_CHOWN', 'cap_nonsense']), (1n << 13n) | 1n);
});

test('full is every capability that the kernel knows', () => {
  assert.ok(isFull(0x1ffffffffffn, 40));
  assert.ok(isFull(0x1ffffffffffn, 37), 'more than all is all');
  assert.not(isFull(0x1ffffffffffn & ~(1n << 21n), 40));
  assert.not(isFull(0x3fffffffffn, 40));
  assert.ok(isFull(0x3fffffffffn, null));
});

test('a set in names and back is the set', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 41n - 1n }), (set) => {
      assert.is(capabilitySet(capabilityNames(set)), set);
    }),
  );
});

test.run();
