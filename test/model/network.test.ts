// Which interface is the other end of which: numbers that were told, that follow, that can only be one namespace, and that cannot be told.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type FarEnd,
  type NetLink,
  type NetReading,
  type OtherEnd,
  resolveNetworks,
  unsettled,
  wayInto,
} from '../../src/model/network.ts';
import { HOST_NS, snapshot } from '../app/fake.ts';

const test = suite('model/network');

function link(ifindex: number, name: string, other: OtherEnd | null, kind: string | null = 'veth'): NetLink {
  return { ifindex, name, kind, up: true, addresses: [], master: null, other };
}

const there = (ifindex: number, netnsid: number | null): OtherEnd => ({ in: 'there', ifindex, netnsid });

function reading(inode: number, links: readonly NetLink[], hasProcess = true): NetReading {
  return { inode, links, trouble: null, hasProcess };
}

type Told = Readonly<Record<number, Readonly<Record<number, number>>>>;

function ids(told: Told) {
  return new Map(
    Object.entries(told).map(([of, numbers]) => [
      Number(of),
      new Map(Object.entries(numbers).map(([number, inode]) => [Number(number), inode])),
    ]),
  );
}

/** `INODE NAME` to the other end, of the interfaces that have one. */
function ends(readings: readonly NetReading[], told: Told = {}): Readonly<Record<string, FarEnd>> {
  return Object.fromEntries(
    resolveNetworks(readings, ids(told)).flatMap(({ inode, links }) =>
      links.flatMap(({ name, far }) => (far ? [[`${inode} ${name}`, far]] : [])),
    ),
  );
}

const UNKNOWN: FarEnd = { inode: null, name: null };

test('both ends in one namespace, by name', () => {
  const one = reading(1, [
    link(2, 'a', { in: 'here', name: 'b' }),
    link(3, 'b', { in: 'here', name: 'a' }),
    link(1, 'lo', null, 'loopback'),
  ]);
  assert.equal(ends([one]), { '1 a': { inode: 1, name: 'b' }, '1 b': { inode: 1, name: 'a' } });
});

test('a number that was told settles the pair in both directions, and its neighbours with the same number', () => {
  const host = reading(1, [link(5, 'veth5', there(2, 0)), link(7, 'veth7', there(3, 0))]);
  const box = reading(2, [link(2, 'eth0', there(5, 4)), link(3, 'eth1', there(7, 4))]);
  assert.equal(unsettled([host, box], ids({})), [1, 2]);
  assert.equal(unsettled([host, box], ids({ 1: { 0: 2 } })), []);
  assert.equal(ends([host, box], { 1: { 0: 2 } }), {
    '1 veth5': { inode: 2, name: 'eth0' },
    '1 veth7': { inode: 2, name: 'eth1' },
    '2 eth0': { inode: 1, name: 'veth5' },
    '2 eth1': { inode: 1, name: 'veth7' },
  });
});

test('numbers are each namespace’s own: the same one means different namespaces', () => {
  const all = [
    reading(1, [link(2, 'a', there(2, 0))]),
    reading(2, [link(2, 'b', there(2, 0))]),
    reading(3, [link(2, 'c', there(2, 0))]),
    reading(4, [link(2, 'd', there(2, 0))]),
  ];
  // Every one fits every other: nothing is claimed.
  for (const far of Object.values(ends(all))) assert.equal(far, UNKNOWN);
  const told = ends(all, { 1: { 0: 3 } });
  assert.equal(told['1 a'], { inode: 3, name: 'c' });
  assert.equal(told['3 c'], { inode: 1, name: 'a' });
  // What is left can only be one another.
  assert.equal(told['2 b'], { inode: 4, name: 'd' });
});

test('without numbers the only namespace that fits is taken, and one that must fit twice is found by both', () => {
  const host = reading(1, [
    link(5, 'veth5', there(2, 0)),
    link(7, 'veth7', there(2, 1)),
    link(9, 'veth9', there(3, 1)),
  ]);
  const web = reading(2, [link(2, 'eth0', there(5, 0))]);
  const db = reading(3, [link(2, 'eth0', there(7, 0)), link(3, 'eth1', there(9, 0))]);
  const found = ends([host, web, db]);
  assert.equal(found['1 veth5'], { inode: 2, name: 'eth0' });
  assert.equal(found['1 veth9'], { inode: 3, name: 'eth1' });
  assert.equal(found['3 eth0'], { inode: 1, name: 'veth7' });
});

test('an end in a namespace that was not read, or that has no number, is unknown', () => {
  const host = reading(1, [link(5, 'veth5', there(2, 0)), link(6, 'veth6', there(2, null))]);
  assert.equal(ends([host]), { '1 veth5': UNKNOWN, '1 veth6': UNKNOWN });
  // Its number is known, its interfaces are not.
  assert.equal(ends([host, reading(2, [])], { 1: { 0: 2 } })['1 veth5'], { inode: 2, name: null });
  assert.equal(ends([host], { 1: { 0: 2 } })['1 veth5'], { inode: 2, name: null });
});

test('what lsns did not list has no process: another one that would fit is not taken for it', () => {
  const host = reading(1, [link(5, 'veth5', there(2, 0))]);
  const other = reading(2, [link(2, 'eth0', there(5, 0))]);
  const pinned = reading(3, [link(2, 'eth0', there(5, 0))], false);
  assert.equal(ends([host, other], { 1: {} })['1 veth5'], UNKNOWN);
  assert.equal(ends([host, other, pinned], { 1: {} })['1 veth5'], { inode: 3, name: 'eth0' });
});

test('a namespace has one number in another one: where that is known, it is not taken for a second', () => {
  const host = reading(1, [link(7, 'veth7', there(3, 1))]);
  const one = reading(2, [link(3, 'eth1', there(7, 0))], false);
  const two = reading(3, [link(3, 'eth1', there(7, 0))], false);
  assert.equal(ends([host, one, two])['1 veth7'], UNKNOWN);
  assert.equal(ends([host, one, two], { 1: { 0: 2 } })['1 veth7'], { inode: 3, name: 'eth1' });
});

test('a far end that says something else of itself has no name', () => {
  const host = reading(1, [link(5, 'veth5', there(2, 0))]);
  for (const far of [link(2, 'eth0', there(6, 0)), link(2, 'eth0', null, null)])
    assert.equal(ends([host, reading(2, [far])], { 1: { 0: 2 } })['1 veth5'], { inode: 2, name: null });
});

test('the parent of a macvlan in another namespace is found by number alone: it does not point back', () => {
  const host = reading(1, [link(2, 'eth0', null, null)]);
  const box = reading(2, [link(9, 'mv', there(2, 0), 'macvlan')]);
  assert.equal(ends([host, box]), { '2 mv': UNKNOWN });
  assert.equal(unsettled([host, box], ids({})), [2]);
  assert.equal(ends([host, box], { 2: { 0: 1 } }), { '2 mv': { inode: 1, name: 'eth0' } });
});

test('the way into a namespace: none for our own, a process, a pin; none in a recording', () => {
  const seen = snapshot();
  assert.equal(wayInto(seen, HOST_NS.net), []);
  assert.equal(wayInto(seen, 4026532184), ['nsenter', '-t', '5632', '-n']);
  const blue = { ...seen.namespaces[0], type: 'net', inode: 7, members: [], pins: ['/run/netns/blue'] };
  const pinned = { ...seen, namespaces: [...seen.namespaces, blue] } as typeof seen;
  assert.equal(wayInto(pinned, 7), ['nsenter', '--net=/run/netns/blue']);
  assert.is(wayInto(seen, 8), null);
  assert.is(wayInto({ ...seen, source: { kind: 'recorded', title: 'x' } }, HOST_NS.net), null);
});

test.run();
