// Who a process is, what its namespaces mean to it, which of its mounts tell: on hosts made of text.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { takeSnapshot } from '../../src/host/host.ts';
import { NS_TYPES } from '../../src/kernel/namespaces.ts';
import { parseMountinfo } from '../../src/kernel/proc/mountinfo.ts';
import { mountStory } from '../../src/model/explain/mounts.ts';
import { namespaceStories } from '../../src/model/explain/namespaces.ts';
import { whoIs } from '../../src/model/explain/who.ts';
import type { Snapshot } from '../../src/model/types.ts';
import { hostOf, recordingOf } from '../support/host-text.ts';

const test = suite('model/explain');
const ID = 'ee703c3f8b1a0d5c'.repeat(4);
const OTHER = 'aa703c3f8b1a0d5c'.repeat(4);
const group = (id: string) => `0::/docker/${id}\n`;

function look(): Promise<Snapshot> {
  return takeSnapshot(
    hostOf(
      recordingOf([
        { pid: 1, comm: 'init' },
        { pid: 2, comm: 'kthreadd', flags: 0x00200000 },
        {
          pid: 10,
          ppid: 1,
          comm: 'containerd-shim',
          links: { cwd: `/run/containerd/io.containerd.runtime.v2.task/moby/${ID}` },
        },
        { pid: 20, ppid: 10, comm: 'web', ns: { net: 7, mnt: 8, uts: 'denied' }, cgroup: group(ID) },
        { pid: 21, ppid: 20, comm: 'worker', ns: { net: 7 }, cgroup: group(ID) },
        { pid: 22, ppid: 10, comm: 'sh', ns: { net: 7 }, cgroup: group(ID) },
        { pid: 23, ppid: 22, comm: 'ls', ns: { net: 7 }, cgroup: group(ID) },
        { pid: 30, ppid: 1, comm: 'side', ns: { net: 7 }, cgroup: group(OTHER) },
        { pid: 35, ppid: 1, comm: 'far', ns: { mnt: 'denied' } },
        { pid: 40, ppid: 41, comm: 'a' },
        { pid: 41, ppid: 40, comm: 'b' },
      ]),
    ),
  );
}

const processOf = (snapshot: Snapshot, pid: number) => {
  const found = snapshot.processes.find((process) => process.pid === pid);
  if (!found) throw new Error(`no ${pid}`);
  return found;
};

test('the part of a process and its parents up to pid 1', async () => {
  const snapshot = await look();
  const who = (pid: number) => whoIs(snapshot, processOf(snapshot, pid));
  const parts = [1, 2, 10, 20, 21, 22, 23, 35].map((pid) => who(pid).part);
  assert.equal(parts, ['host', 'kernel', 'shim', 'init', 'member', 'exec', 'exec', 'untold']);
  assert.equal(
    who(23).parents.map(({ pid }) => pid),
    [22, 10, 1],
  );
  assert.is(who(21).container?.id, ID);
  assert.is(who(1).container, null);
});

test('a circle of parents, as pids given anew can make one, ends', async () => {
  const snapshot = await look();
  assert.equal(
    whoIs(snapshot, processOf(snapshot, 40)).parents.map(({ pid }) => pid),
    [41],
  );
});

test('namespaces: own with whom it is shared, the host’s, unknown where the link was denied', async () => {
  const snapshot = await look();
  const rows = namespaceStories(snapshot, processOf(snapshot, 20));
  assert.equal(
    rows.map(({ type }) => type),
    [...NS_TYPES],
  );
  const row = (type: string) => rows.find((one) => one.type === type);
  assert.equal([row('net')?.relation, row('net')?.sharedWith], ['own', ['aa703c3f8b1a']]);
  assert.equal([row('mnt')?.relation, row('mnt')?.sharedWith], ['own', []]);
  assert.is(row('uts')?.relation, 'unknown');
  assert.match(row('uts')?.meaning.en ?? '', /could not be read/);
  assert.is(row('pid')?.relation, 'shared');
  // Own and shared are told by different sentences, of the same page.
  assert.match(row('pid')?.meaning.en ?? '', /the host’s pids/);
  assert.match(row('net')?.meaning.en ?? '', /its own interfaces/);
  assert.is(row('net')?.manPage, 'network_namespaces(7)');
  assert.is(row('net')?.proof, 'readlink /proc/20/ns/net');
});

/** As docker 20.10 makes them on a v1 host, with a volume, a socket and one mount over another. */
const MOUNTS = `30 29 0:25 / / ro - overlay overlay rw
31 30 0:26 / /proc rw - proc proc rw
32 30 0:27 / /dev rw - tmpfs tmpfs rw
33 30 0:28 / /sys ro - sysfs sysfs ro
34 33 0:29 / /sys/fs/cgroup ro - tmpfs tmpfs rw
35 34 0:30 /docker/x /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory
36 31 0:26 /sys /proc/sys ro - proc proc rw
37 31 0:26 /irq /proc/irq rw - proc proc rw
38 31 0:27 /null /proc/kcore rw - tmpfs tmpfs rw
39 31 0:31 / /proc/acpi ro - tmpfs tmpfs ro
40 30 8:1 /home/a /data rw - ext4 /dev/sda1 rw
41 30 8:1 /c/hosts /etc/hosts rw - ext4 /dev/sda1 rw
42 30 0:32 /docker.sock /run/d.sock rw - tmpfs tmpfs rw
43 30 0:33 / /tmp rw - tmpfs tmpfs rw
44 30 8:1 /other /data ro - ext4 /dev/sda1 rw
`;

test('which mounts tell: of those on one point the last', () => {
  const { notable, count } = mountStory(parseMountinfo(MOUNTS, 'x'));
  assert.is(count, 15);
  assert.equal(
    notable.map(({ kind, mount }) => `${kind} ${mount.mountPoint} ${mount.root}`),
    [
      'root / /',
      'masked /proc/kcore /null',
      'masked /proc/acpi /',
      'readonly /proc/sys /sys',
      'cgroup /sys/fs/cgroup/memory /docker/x',
      'socket /run/d.sock /docker.sock',
      'engine /etc/hosts /c/hosts',
      'bind /data /other',
    ],
  );
  assert.equal(mountStory([]), { notable: [], count: 0 });
});

test.run();
