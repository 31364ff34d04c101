// The comparing with other programs: equal readings give nothing, each kind of difference is found, known traps are no differences.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { takeSnapshot } from '../../src/host/host.ts';
import { NS_TYPES } from '../../src/kernel/namespaces.ts';
import { nsRows } from '../../src/model/nslist.ts';
import type { Snapshot } from '../../src/model/types.ts';
import {
  compareEngine,
  compareFindmnt,
  compareLsfd,
  compareLsns,
  comparePs,
  compareRunc,
  compareTop,
  type LsnsRow,
  type PsRow,
} from '../../src/model/verify.ts';
import { type FakeProcess, hostOf, HOST_NS, recordingOf } from '../support/host-text.ts';

const test = suite('model/verify');
const PIN = '50 31 0:4 net:[4026532177] /run/netns/blue rw - nsfs nsfs rw\n';
const PROCESSES: readonly FakeProcess[] = [{ pid: 1 }, { pid: 7, ns: { uts: 4026532201 } }];

function look(processes: readonly FakeProcess[] = PROCESSES): Promise<Snapshot> {
  return takeSnapshot(hostOf(recordingOf(processes, { '/proc/1/mountinfo': PIN, '/nscope/relations': '' })));
}

/** What lsns would print of a snapshot: only namespaces with processes. */
function lsnsOf(snapshot: Snapshot): LsnsRow[] {
  return nsRows(snapshot)
    .filter(({ nprocs }) => nprocs > 0)
    .map((row) => ({
      ns: row.inode,
      type: row.type,
      nprocs: row.nprocs,
      pid: row.pid,
      uid: row.uid?.ok ? row.uid.value : null,
      pns: row.parent.ok ? row.parent.value : null,
      ons: row.owner.ok ? row.owner.value : null,
    }));
}

function psOf(snapshot: Snapshot): PsRow[] {
  return snapshot.processes.map(({ pid, ns }) => ({
    pid,
    ns: Object.fromEntries(NS_TYPES.map((type) => [type, ns[type].ok ? ns[type].value : null])),
  }));
}

test('lsns: owners that are unread here are differences only where lsns has them', async () => {
  const snapshot = await look();
  const { differences } = compareLsns(snapshot, lsnsOf(snapshot), snapshot);
  assert.ok(
    differences.every(({ subject }) => /owner|parent/.test(subject)),
    JSON.stringify(differences),
  );
});

test('lsns: a namespace without a process is a known trap, not a difference', async () => {
  const snapshot = await look();
  assert.is(compareLsns(snapshot, lsnsOf(snapshot), snapshot).traps['needs-a-process'], 1);
});

test('lsns: another count, a namespace that we miss, one that lsns misses', async () => {
  const snapshot = await look();
  const of = (rows: readonly LsnsRow[]) =>
    compareLsns(snapshot, rows, snapshot).differences.filter(({ subject }) => !/owner|parent/.test(subject));
  const rows = lsnsOf(snapshot);
  assert.equal(of(rows), []);
  assert.equal(of(rows.map((row) => (row.ns === 4026532201 ? { ...row, nprocs: 5 } : row))), [
    { subject: 'uts:4026532201 nprocs', here: '1', there: '5' },
  ]);
  assert.equal(of([...rows, { ns: 9, type: 'net', nprocs: 1, pid: 3, uid: 0, pns: null, ons: null }]), [
    { subject: 'net:9', here: 'missing', there: 'listed' },
  ]);
  assert.equal(of(rows.filter((row) => row.ns !== 4026532201)), [
    { subject: 'uts:4026532201', here: 'listed', there: 'missing' },
  ]);
});

test('lsns: a later version lists a namespace without a process: its user is of nobody and is not compared', async () => {
  const snapshot = await look();
  const blue = { ns: 4026532177, type: 'net', nprocs: 0, pid: null, uid: 0, pns: null, ons: null };
  const { differences, traps } = compareLsns(snapshot, [...lsnsOf(snapshot), blue], snapshot);
  assert.not(differences.some(({ subject }) => /^net:4026532177 (uid|pid)/.test(subject)));
  assert.is(traps['needs-a-process'], undefined);
});

test('what moved between our own scans is not compared', async () => {
  const [before, after] = [await look(), await look([{ pid: 1 }, { pid: 7 }])];
  const found = compareLsns(before, lsnsOf(before), after);
  assert.ok(found.moved > 0);
  assert.not(found.differences.some(({ subject }) => subject.startsWith('uts:4026532201')));
});

test('ps: each link; what ps could not read is a trap; another inode and a missing process are differences', async () => {
  const snapshot = await look();
  const rows = psOf(snapshot);
  assert.equal(comparePs(snapshot, rows, snapshot).differences, []);
  assert.is(comparePs(snapshot, rows, snapshot).compared, 16);
  const blind = rows.map((row) => ({ ...row, ns: { ...row.ns, uts: null } }));
  assert.is(comparePs(snapshot, blind, snapshot).traps['unreadable-there'], 2);
  const other = rows.map((row) => (row.pid === 7 ? { ...row, ns: { ...row.ns, net: 5 } } : row));
  assert.equal(comparePs(snapshot, other, snapshot).differences, [
    { subject: 'pid 7 net', here: String(HOST_NS.net), there: '5' },
  ]);
  assert.equal(comparePs(snapshot, rows.slice(0, 1), snapshot).differences, [
    { subject: 'pid 7', here: 'listed', there: 'missing' },
  ]);
});

test('ps: a link that is denied here and read there is a difference', async () => {
  const [open, denied] = [await look(), await look([{ pid: 1 }, { pid: 7, ns: { uts: 'denied' } }])];
  assert.equal(comparePs(denied, psOf(open), denied).differences, [
    { subject: 'pid 7 uts', here: '-', there: '4026532201' },
  ]);
});

test('findmnt: pins on both sides', async () => {
  const snapshot = await look();
  const row = { target: '/run/netns/blue', fsroot: 'net:[4026532177]' };
  assert.equal(compareFindmnt(snapshot, [row], snapshot).differences, []);
  assert.equal(compareFindmnt(snapshot, [], snapshot).differences, [
    { subject: 'net:[4026532177] /run/netns/blue', here: 'mounted', there: 'missing' },
  ]);
  assert.is(compareFindmnt(snapshot, [row, { ...row, target: '/x' }], snapshot).differences.length, 1);
});

test('an engine: the pid in its own pid namespace is one of the numbers of the first process', async () => {
  const id = 'ab'.repeat(32);
  const snapshot = await look([
    { pid: 1 },
    { pid: 50, cgroup: `0::/docker/${id}\n`, ns: { pid: 4026532300 }, nspid: '50\t9\t1' },
  ]);
  assert.equal(compareEngine(snapshot, [{ id, pid: 9 }], snapshot).differences, []);
  assert.equal(compareEngine(snapshot, [{ id, pid: 77 }], snapshot).differences, [
    { subject: `container ${id.slice(0, 12)} pid`, here: '50 9 1', there: '77' },
  ]);
  assert.is(compareEngine(snapshot, [{ id: 'cd'.repeat(32), pid: 9 }], snapshot).differences.length, 1);
});

const ID = 'ab'.repeat(32);

/** A container of an engine in a pid namespace of its own: its first process and one of an exec session. */
const withContainer = () =>
  look([
    { pid: 1 },
    { pid: 50, cgroup: `0::/docker/${ID}\n`, ns: { pid: 4026532300 }, nspid: '50\t9\t1' },
    { pid: 60, ppid: 50, cgroup: `0::/docker/${ID}\n`, ns: { pid: 4026532300 }, nspid: '60\t12\t4' },
  ]);

test('top: each process of a container by any of its numbers; one too few and one too many are differences', async () => {
  const snapshot = await withContainer();
  const of = (...pids: number[]) => compareTop(snapshot, [{ id: ID, pids }], snapshot);
  assert.equal(of(9, 12).differences, []);
  assert.is(of(9, 12).compared, 2);
  const name = `container ${ID.slice(0, 12)}`;
  assert.equal(of(9).differences, [{ subject: `${name} pid 60`, here: 'member', there: 'missing' }]);
  assert.equal(of(9, 12, 77).differences, [{ subject: `${name} pid 77`, here: 'missing', there: 'member' }]);
});

test('runc: the pid it stored; one that it takes for stopped in another pid namespace is a trap', async () => {
  const snapshot = await withContainer();
  const of = (row: { pid: number; status: string; id?: string }) =>
    compareRunc(snapshot, [{ id: ID, ...row }], snapshot);
  assert.equal(of({ pid: 50, status: 'running' }).differences, []);
  assert.equal(of({ pid: 51, status: 'running' }).differences, [
    { subject: `container ${ID} pid`, here: '50 9 1', there: '51' },
  ]);
  assert.equal(of({ pid: 0, status: 'stopped' }), {
    compared: 0,
    moved: 0,
    differences: [],
    traps: { 'other-pid-namespace': 1 },
  });
  assert.equal(of({ id: 'gone', pid: 0, status: 'stopped' }).differences, []);
  assert.is(of({ id: 'unseen', pid: 9, status: 'running' }).differences.length, 1);
});

test('lsfd: descriptors of namespaces on both sides', async () => {
  const snapshot = await look();
  const holder = { kind: 'fd', pid: 7, starttime: 70, fd: 3 } as const;
  const held: Snapshot = {
    ...snapshot,
    namespaces: snapshot.namespaces.map((one) =>
      one.type === 'net' && one.inode === 4026532177 ? { ...one, holders: [holder] } : one,
    ),
  };
  const row = { pid: 7, fd: 3, name: 'net:[4026532177]' };
  assert.equal(compareLsfd(held, [row], held).differences, []);
  assert.equal(compareLsfd(held, [], held).differences, [
    { subject: 'pid 7 fd 3 net:[4026532177]', here: 'open', there: 'missing' },
  ]);
  assert.equal(compareLsfd(snapshot, [row], snapshot).differences, [
    { subject: 'pid 7 fd 3 net:[4026532177]', here: 'missing', there: 'open' },
  ]);
});

test('lsfd: its own descriptors, and those of a process that neither own scan has, are a trap', async () => {
  const snapshot = await look();
  const more = await look([{ pid: 1 }, { pid: 7 }, { pid: 8 }]);
  const row = { pid: 8, fd: 3, name: 'net:[4026532177]' };
  assert.equal(compareLsfd(snapshot, [row], snapshot), {
    compared: 0,
    moved: 0,
    differences: [],
    traps: { 'passing-process': 1 },
  });
  assert.is(compareLsfd(snapshot, [row], more).differences.length, 1, 'one that came and stays is compared');
});

test.run();
