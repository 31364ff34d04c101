// Reading processes where a naive reader stumbles: hostile comm, zombies, refusals, a pid reused in mid-read, a broken file.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HostFs } from '../../src/host/fs.ts';
import { coverageRemarks } from '../../src/commands/coverage.ts';
import { takeSnapshot } from '../../src/host/host.ts';
import { readProcesses, withCmdline } from '../../src/host/processes.ts';
import { insidePid } from '../../src/model/inside.ts';
import { LANGS } from '../../src/text/lang.ts';
import { type FakeProcess, HOST_NS, hostOf, recordingOf } from '../support/host-text.ts';

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

test('comm with an escape sequence: visible where stat and status pass it raw', async () => {
  // status escapes a newline and passes ESC (kernel-facts §1.2); stat passes both.
  const host = hostOf(recordingOf([{ pid: 1 }, { pid: 7, comm: '\x1b]0;x\x07\x9b', ns: { pid: 77 } }]));
  const process = (await takeSnapshot(host)).processes.find(({ pid }) => pid === 7);
  assert.is(process?.comm, '\\x1b]0;x\\x07\\u{9b}');
  assert.equal(process?.nspid, { ok: true, value: [7] });
});

test('NSpid: the last number is the pid inside, also where it is not 1', async () => {
  const snapshot = await takeSnapshot(
    hostOf(
      recordingOf([
        { pid: 1 },
        { pid: 5600, ns: { pid: 77 }, nspid: '5600\t1' },
        // `docker run --pid=container:web`: the first process of its container, and 8 in the other's namespace.
        { pid: 5696, ns: { pid: 77 }, nspid: '5696\t8' },
        { pid: 5700, ns: { pid: 78 }, nspid: '5700\t9\t1' },
      ]),
    ),
  );
  const inside = snapshot.processes.map((process) => [process.pid, insidePid(process)]);
  assert.equal(inside, [
    [1, { ok: true, value: 1 }],
    [5600, { ok: true, value: 1 }],
    [5696, { ok: true, value: 8 }],
    [5700, { ok: true, value: 1 }],
  ]);
});

test('a zombie has lost six links, keeps pid and user, and is neither denied nor elsewhere', async () => {
  const ns = { net: 'gone', mnt: 'gone', uts: 'gone', ipc: 'gone', cgroup: 'gone', time: 'gone' } as const;
  const cgroup = '4:memory:/x (deleted)\n0::/\n';
  const mountinfo = { '/proc/1/mountinfo': '' };
  const host = hostOf(recordingOf([{ pid: 1 }, { pid: 7, ppid: 1, state: 'Z', ns, cgroup }], mountinfo));
  const asked: string[] = [];
  const fs: HostFs = {
    ...host.fs,
    readText: (path) => {
      asked.push(path);
      return host.fs.readText(path);
    },
  };
  const snapshot = await takeSnapshot({ ...host, fs }, { cmdlines: 'all' });
  const zombie = snapshot.processes.find(({ pid }) => pid === 7);
  assert.equal(zombie?.ns.net, { ok: false, why: 'gone', path: '/proc/7/ns/net' });
  assert.equal(zombie?.ns.pid, { ok: true, value: HOST_NS.pid });
  assert.equal(zombie?.cmdline, { ok: true, value: [] });
  assert.not.ok(asked.includes('/proc/7/cmdline'));
  assert.is(snapshot.coverage.denied, 0);
  assert.equal(snapshot.coverage.unread, []);
  const members = (type: string) => snapshot.namespaces.find((one) => one.type === type)?.members;
  assert.equal(members('pid'), [1, 7]);
  assert.equal(members('net'), [1], 'counts differ by type on a healthy host');
});

test('a kernel thread has no command line to read', () => {
  const host = hostOf(recordingOf([{ pid: 9, flags: 0x00200000 }]));
  const [process] = readProcesses(host.fs, 0).processes;
  assert.ok(process);
  assert.equal(withCmdline(host.fs, process).cmdline, { ok: true, value: [] });
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

test('where stat is held open: a process that ends before it is read, or after its status, is left out', () => {
  const ns = { pid: 77 };
  const answers = new Map([
    [1, [true]],
    [7, [false]],
    [8, [true]],
    // Read a second time, behind status.
    [9, [true, false]],
    [10, [true, true]],
  ]);
  const found = read([{ pid: 1 }, { pid: 7 }, { pid: 8 }, { pid: 9, ns }, { pid: 10, ns }], (fs) => ({
    ...fs,
    held: (path, look) => {
      const left = answers.get(Number(path.split('/')[2])) ?? [];
      const made = look(() => (left.shift() ? fs.readText(path) : { ok: false, why: 'gone', path }));
      assert.equal(left, [], path);
      return { ok: true, value: made };
    },
  }));
  assert.equal(
    found.processes.map(({ pid, nspid }) => [pid, nspid?.ok ?? null]),
    [
      [1, null],
      [8, null],
      [10, true],
    ],
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
  // stat, cgroup and the owner need no ptrace access: the process is there, with what may be known of it.
  assert.is(found.processes[0]?.comm, 'sleep');
  assert.equal(found.processes[0]?.uid, { ok: true, value: 0 });
  assert.ok(found.processes[0]?.cgroups.ok);
  assert.equal(found.unread, []);
});

test('one link alone that is refused, as a security module may, costs that link alone', () => {
  const [process] = read([{ pid: 7, ns: { net: 'denied' } }]).processes;
  assert.equal(process?.ns.net, { ok: false, why: 'denied', path: '/proc/7/ns/net' });
  assert.equal(process?.ns.uts, { ok: true, value: HOST_NS.uts });
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

test('subset=pid is told; of several mounts over /proc the last is the one that is seen', async () => {
  const proc = (id: number, options: string) => `${id} 27 0:${id} / /proc rw - proc proc rw${options}\n`;
  const files = { '/proc/1/mountinfo': proc(24, ',hidepid=ptraceable') + proc(90, ',subset=pid') };
  const snapshot = await takeSnapshot(hostOf(recordingOf([{ pid: 1 }], files)));
  assert.equal(snapshot.coverage.procOptions, ['subset=pid']);
  for (const lang of LANGS) {
    const remarks = coverageRemarks(lang, snapshot).join();
    assert.match(remarks, /subset=pid/);
    assert.not.match(remarks, /other users|其他用户/);
  }
});

test('a pid namespace that is not the initial one: the view is partial, and it is said', async () => {
  const own = { pid: 4026532300 };
  const processes = [
    { pid: 1, ns: own },
    { pid: 7, ns: own },
  ];
  const host = hostOf(recordingOf(processes));
  const inside = await takeSnapshot({ ...host, self: 7 });
  assert.is(inside.coverage.insideContainer, true);
  for (const lang of LANGS)
    assert.match(coverageRemarks(lang, inside).join(), /pid namespace of its own|自己的 PID 命名空间/);
  // --pid=host: its other namespaces are its own, and every process is seen.
  const outside = await takeSnapshot({
    ...hostOf(recordingOf([{ pid: 1 }, { pid: 7, ns: { mnt: 77, net: 78, uts: 79 } }])),
    self: 7,
  });
  assert.is(outside.coverage.insideContainer, false);
  assert.not.match(coverageRemarks('en', outside).join(), /pid namespace/);
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

test('a plain file where a pin was, or a text that poses as one on another file system, is no namespace', async () => {
  const mounts = [
    '50 31 0:4 net:[4026532177] /run/netns/blue rw - nsfs nsfs rw',
    '51 31 0:40 net:[4026532178] /run/netns/posed rw - tmpfs tmpfs rw',
    '52 31 0:40 /net:[4026532179] /run/docker/netns/bound rw - tmpfs tmpfs rw',
  ];
  const files = {
    '/proc/1/mountinfo': `${mounts.join('\n')}\n`,
    // What `ip netns` and docker leave behind where the mount went without the file.
    '/run/netns/stale': '',
    '/run/docker/netns/0123456789ab': '',
  };
  const snapshot = await takeSnapshot(hostOf(recordingOf([{ pid: 1 }], files)), { deep: {} });
  const own = snapshot.namespaces.filter(({ initial }) => !initial);
  assert.equal(
    own.map(({ inode, pins }) => [inode, pins]),
    [[4026532177, ['/run/netns/blue']]],
  );
});

test.run();
