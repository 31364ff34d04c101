// A process' links beside the host's: which are the host's where pid 1 refuses, what is unknown, what has changed.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { takeSnapshot } from '../../src/host/host.ts';
import { changedLinks } from '../../src/model/diff.ts';
import { processAt } from '../../src/model/find.ts';
import { hostNamespaces } from '../../src/model/hostview.ts';
import { compareLinks } from '../../src/model/links.ts';
import type { Snapshot } from '../../src/model/types.ts';
import { type FakeProcess, HOST_NS, hostOf, recordingOf } from '../support/host-text.ts';

const test = suite('model/links');
const REFUSED = {
  mnt: 'denied',
  cgroup: 'denied',
  uts: 'denied',
  ipc: 'denied',
  user: 'denied',
  pid: 'denied',
  net: 'denied',
  time: 'denied',
} as const;
const ref = (pid: number) => ({ pid, starttime: pid * 10 });

function look(processes: readonly FakeProcess[]): Promise<Snapshot> {
  return takeSnapshot(hostOf(recordingOf(processes)));
}

test('pid 1 is the host', async () => {
  const host = hostNamespaces(await look([{ pid: 1, ns: { net: 77 } }, { pid: 5 }]));
  assert.equal(host.net, { ok: true, value: 77 });
});

test('pid 1 is the host also where others are in the initial namespaces: we run in a container beside it', async () => {
  const host = hostNamespaces(await look([{ pid: 1, ns: { uts: 77 } }, { pid: 5 }]));
  assert.equal(host.uts, { ok: true, value: 77 });
});

test('where pid 1 refuses, the fixed inodes and kthreadd tell', async () => {
  const host = hostNamespaces(
    await look([
      { pid: 1, ns: REFUSED },
      { pid: 2, comm: 'kthreadd', flags: 0x00200000 },
      { pid: 9, ns: { net: 4026539999, uts: 4026532201 } },
    ]),
  );
  assert.equal(host.uts, { ok: true, value: HOST_NS.uts });
  assert.equal(host.net, { ok: true, value: HOST_NS.net });
});

test('nobody tells: unknown, with the file that said so', async () => {
  const host = hostNamespaces(await look([{ pid: 1, ns: REFUSED }]));
  assert.equal(host.net, { ok: false, why: 'denied', path: '/proc/1/ns/net' });
});

test('shared, own, and a link that is refused is unknown, never shared', async () => {
  const snapshot = await look([{ pid: 1 }, { pid: 7, ns: { uts: 4026532201, net: 'denied' } }]);
  const relation = Object.fromEntries(compareLinks(snapshot, ref(7)).map((row) => [row.type, row.relation]));
  assert.equal(relation, {
    mnt: 'shared',
    cgroup: 'shared',
    uts: 'own',
    ipc: 'shared',
    user: 'shared',
    pid: 'shared',
    net: 'unknown',
    time: 'shared',
  });
});

test('a zombie keeps pid and user; the rest is gone, not own', async () => {
  const gone = { mnt: 'gone', cgroup: 'gone', uts: 'gone', ipc: 'gone', net: 'gone', time: 'gone' } as const;
  const rows = compareLinks(await look([{ pid: 1 }, { pid: 8, state: 'Z', ns: gone }]), ref(8));
  assert.equal(
    rows.filter((row) => row.relation === 'own'),
    [],
  );
  assert.equal(
    rows.filter((row) => row.relation === 'shared').map((row) => row.type),
    ['user', 'pid'],
  );
});

test('a pid that was given to another process is not the process', async () => {
  const snapshot = await look([{ pid: 1 }, { pid: 7, starttime: 71 }]);
  assert.is(processAt(snapshot, ref(7)), null);
  assert.ok(compareLinks(snapshot, ref(7)).every((row) => row.relation === 'unknown'));
});

test('changed: a new process has all that it does not share; one that was there has what moved', async () => {
  const before = await look([{ pid: 1 }, { pid: 7 }]);
  const now = await look([
    { pid: 1 },
    { pid: 7, ns: { uts: 4026532201 } },
    { pid: 9, ns: { net: 5, time: 6 } },
  ]);
  assert.equal(changedLinks(before, now, ref(7)), ['uts']);
  assert.equal(changedLinks(before, now, ref(9)), ['net', 'time']);
  assert.equal(changedLinks(before, now, ref(1)), []);
});

test('refused now is not changed', async () => {
  const before = await look([{ pid: 1 }, { pid: 7 }]);
  const now = await look([{ pid: 1 }, { pid: 7, ns: REFUSED }]);
  assert.equal(changedLinks(before, now, ref(7)), []);
});

test.run();
