// The finding about leaked namespaces: what holds one that nobody is in, and what only looks like a leak.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HOST_NS, threadOf, type FakeProcess } from '../../support/host-text.ts';
import { look, told } from './fake.ts';

const test = suite('model/findings namespaces');

const pin = (path: string, inode: number) => `90 1 0:4 net:[${inode}] ${path} rw - nsfs nsfs rw\n`;
const deep = async (processes: readonly FakeProcess[], mounts = '') =>
  (await look(2, processes, {}, { deep: true, mounts })).findings;

test('a network namespace that a bind mount holds: by whom it was named, and what releases it', async () => {
  const findings = await deep([], pin('/run/netns/blue', 70));
  assert.equal(told(findings), [
    'leaked-namespace warning: no process is in net:70; the mount /run/netns/blue (ip netns: blue) keep(s) it alive',
  ]);
  assert.is(findings[0]?.next.en, 'if nobody needs it: umount /run/netns/blue');
  assert.is(findings[0]?.proof, 'nscope ns ns:net:70 --holders');
  assert.is(findings[0]?.lesson, 'network-namespace');
});

test('one that an open fd holds: its process is named, and is among those that the finding concerns', async () => {
  const keeper: FakeProcess = { pid: 60, comm: 'keeper', links: { 'fd/5': 'net:[71]', ...threadOf(60) } };
  const findings = await deep([keeper]);
  assert.equal(told(findings), [
    'leaked-namespace warning: no process is in net:71; fd 5 of 60 keeper keep(s) it alive',
  ]);
  assert.equal(findings[0]?.pids, [60]);
  assert.match(findings[0]?.next.en ?? '', /kill 60 # or have it close fd 5/);
});

test('no leak: a member process, a thread, a snap’s pin, the host’s own', async () => {
  assert.equal(await deep([{ pid: 60, ns: { net: 70 } }], pin('/run/netns/blue', 70)), []);
  const threaded: FakeProcess = { pid: 60, links: { ...threadOf(60), ...threadOf(61, { net: 70 }) } };
  assert.equal(await deep([threaded], pin('/run/netns/blue', 70)), []);
  assert.equal(await deep([], pin('/run/snapd/ns/lxd.mnt', 70)), []);
  assert.equal(await deep([], pin('/run/docker/netns/default', HOST_NS.net)), []);
});

test('without a deep look, or where links were refused, nobody can tell: no finding', async () => {
  const mounts = pin('/run/netns/blue', 70);
  assert.equal((await look(2, [], {}, { mounts })).findings, []);
  const refused = { user: 'denied', net: 'denied' } as const;
  assert.equal(await deep([{ pid: 60, ns: refused }], mounts), []);
  // One among many: said, and not silent.
  const many = Array.from({ length: 20 }, (_, at) => ({ pid: 100 + at }));
  assert.match(
    told(await deep([{ pid: 60, ns: refused }, ...many], mounts)).join(),
    /no process is in net:70, as far as can be read \(1 process\(es\) refuse\)/,
  );
});

test.run();
