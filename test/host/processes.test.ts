// Reading processes where a naive reader stumbles: hostile comm, zombies, refusals, a pid reused in mid-read, a broken file.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HostFs } from '../../src/host/fs.ts';
import { takeSnapshot } from '../../src/host/host.ts';
import { readProcesses } from '../../src/host/processes.ts';
import { type FakeProcess, hostOf, recordingOf } from '../support/host-text.ts';

const test = suite('host/processes');

function read(
  processes: readonly FakeProcess[],
  change: (fs: HostFs) => HostFs = (fs) => fs,
): ReturnType<typeof readProcesses> {
  return readProcesses(change(hostOf(recordingOf(processes)).fs), 0);
}

test('comm with `)`, spaces and a newline', () => {
  const [process] = read([{ pid: 7, ppid: 3, comm: 'a) R 1 (b\nc' }]).processes;
  assert.is(process?.ppid, 3);
  assert.is(process?.state, 'S');
  assert.is(process?.comm, 'a) R 1 (b\\nc');
});

test('a process that ends between the listing and the read is left out; the others stay', () => {
  const found = read([{ pid: 7 }, { pid: 8 }], (fs) => ({
    ...fs,
    list: (path) => (path === '/proc' ? { ok: true, value: ['7', '8', '9', 'self'] } : fs.list(path)),
  }));
  assert.equal(
    found.processes.map(({ pid }) => pid),
    [7, 8],
  );
  assert.equal(found.unread, []);
});

test('a pid that is given to another process in mid-read is dropped', () => {
  const later = hostOf(recordingOf([{ pid: 7, starttime: 999 }])).fs;
  let reads = 0;
  const found = read([{ pid: 7 }, { pid: 8 }], (fs) => ({
    ...fs,
    readText(path) {
      if (path === '/proc/7/stat') reads += 1;
      return path === '/proc/7/stat' && reads > 1 ? later.readText(path) : fs.readText(path);
    },
  }));
  assert.equal(
    found.processes.map(({ pid }) => pid),
    [8],
  );
});

test('a process that ends in mid-read is left out', () => {
  let reads = 0;
  const found = read([{ pid: 7 }, { pid: 8 }], (fs) => ({
    ...fs,
    readText(path) {
      if (path === '/proc/7/stat') reads += 1;
      return path === '/proc/7/stat' && reads > 1 ? { ok: false, why: 'gone', path } : fs.readText(path);
    },
  }));
  assert.equal(
    found.processes.map(({ pid }) => pid),
    [8],
  );
  assert.equal(found.unread, []);
});

test('a file that is not as its man page says is named, and costs one process', () => {
  const found = read([{ pid: 7 }, { pid: 8 }], (fs) => ({
    ...fs,
    readText: (path) => (path === '/proc/7/stat' ? { ok: true, value: 'nonsense' } : fs.readText(path)),
  }));
  assert.equal(
    found.processes.map(({ pid }) => pid),
    [8],
  );
  assert.equal(found.unread, [{ path: '/proc/7/stat', why: 'unsupported' }]);
});

test('links that are refused are denied, and asked for once', () => {
  let asked = 0;
  const found = read([{ pid: 7 }], (fs) => ({
    ...fs,
    readLink(path) {
      if (path.startsWith('/proc/7/')) asked += 1;
      return { ok: false, why: 'denied', path };
    },
  }));
  assert.ok(Object.values(found.processes[0]?.ns ?? {}).every((link) => !link.ok && link.why === 'denied'));
  assert.is(asked, 1);
});

test('coverage counts the denied', async () => {
  const denied = { user: 'denied' } as const;
  const snapshot = await takeSnapshot(hostOf(recordingOf([{ pid: 1 }, { pid: 7, ns: denied }])));
  assert.is(snapshot.coverage.denied, 1);
  assert.is(snapshot.coverage.processes, 2);
});

test('/proc cannot be listed: said, not empty by accident', () => {
  const found = read([], (fs) => ({ ...fs, list: (path) => ({ ok: false, why: 'denied', path }) }));
  assert.equal(found.unread, [{ path: '/proc', why: 'denied' }]);
});

test('hidepid is told', async () => {
  const files = { '/proc/1/mountinfo': '24 27 0:22 / /proc rw - proc proc rw,hidepid=invisible,gid=4\n' };
  const snapshot = await takeSnapshot(hostOf(recordingOf([{ pid: 1 }], files)));
  assert.equal(snapshot.coverage.procOptions, ['hidepid=invisible', 'gid=4']);
});

test('a namespace held by a mount alone is there, once for a doubled mount point', async () => {
  const line = (id: number) => `${id} 31 0:4 net:[4026532177] /run/netns/blue rw - nsfs nsfs rw\n`;
  const snapshot = await takeSnapshot(
    hostOf(recordingOf([{ pid: 1 }], { '/proc/1/mountinfo': line(50) + line(51) })),
  );
  const found = snapshot.namespaces.find(({ inode }) => inode === 4026532177);
  assert.equal(found?.members, []);
  assert.equal(found?.pins, ['/run/netns/blue']);
});

test.run();
