// The deep look on hosts of text: what only a thread, an fd, a mount elsewhere or a child keeps alive is found; what is refused or ends is said.
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readDeep } from '../../src/host/deep.ts';
import type { HostFs } from '../../src/host/fs.ts';
import { type Host, takeSnapshot } from '../../src/host/host.ts';
import { parseRecording } from '../../src/host/recorded-fs.ts';
import { recordHost } from '../../src/host/record.ts';
import { RELATIONS_PATH } from '../../src/host/relations-text.ts';
import { NS_TYPES } from '../../src/kernel/namespaces.ts';
import type { Holder, Snapshot } from '../../src/model/types.ts';
import { type FakeProcess, HOST_NS, hostOf, recordingOf, threadOf } from '../support/host-text.ts';
import { rejects } from '../support/rejects.ts';

const test = suite('host/deep');
const FIRST: FakeProcess = { pid: 1, comm: 'init' };
const NET = 4026532177;

function deep(
  processes: readonly FakeProcess[],
  files: Readonly<Record<string, string>> = {},
  change: (fs: HostFs) => HostFs = (fs) => fs,
): Promise<Snapshot> {
  const host = hostOf(recordingOf(processes, files));
  return takeSnapshot({ ...host, fs: change(host.fs) } satisfies Host, { deep: {} });
}

function holders(snapshot: Snapshot, type: string, inode: number): readonly Holder[] | undefined {
  return snapshot.namespaces.find((one) => one.type === type && one.inode === inode)?.holders;
}

test('without a deep look nothing but members and pins is read, and holders are empty', async () => {
  const asked: string[] = [];
  const host = hostOf(recordingOf([FIRST, { pid: 7, links: { 'fd/3': `net:[${NET}]` } }]));
  const fs: HostFs = {
    ...host.fs,
    list: (path) => {
      asked.push(path);
      return host.fs.list(path);
    },
  };
  const snapshot = await takeSnapshot({ ...host, fs });
  assert.ok(snapshot.namespaces.every(({ holders: all }) => all.length === 0));
  assert.equal(
    asked.filter((path) => /task|fd/.test(path)),
    [],
  );
  assert.is(snapshot.coverage.deep, null);
  assert.is(snapshot.coverage.fds, 'not scanned');
});

test('a namespace that an fd alone holds; a file whose name looks like one is none', async () => {
  const links = { 'fd/3': `net:[${NET}]`, 'fd/4': 'socket:[4026532178]', 'fd/5': '/net:[4026532179]' };
  const snapshot = await deep([FIRST, { pid: 7, links }]);
  assert.equal(holders(snapshot, 'net', NET), [{ kind: 'fd', pid: 7, starttime: 70, fd: 3 }]);
  assert.is(snapshot.namespaces.length, NS_TYPES.length + 1);
  assert.equal(snapshot.coverage.deep?.fds, { read: 1, denied: 0 });
  assert.is(snapshot.coverage.fds, 'scanned');
});

test('an fd whose text names a namespace but whose file is on another file system is none', async () => {
  const snapshot = await deep([FIRST, { pid: 7, links: { 'fd/3': `net:[${NET}]` } }], {}, (fs) => ({
    ...fs,
    stat: (path) =>
      path.includes('/ns/') || path.includes('/fd/')
        ? { ok: true, value: { dev: path.includes('/ns/') ? 4 : 9, ino: NET, uid: 0, directory: false } }
        : fs.stat(path),
  }));
  assert.is(holders(snapshot, 'net', NET), undefined);
});

test('threads: only what differs from their process, in each type, and both of two', async () => {
  const snapshot = await deep([
    FIRST,
    {
      pid: 7,
      ns: { uts: 4026532200 },
      links: {
        ...threadOf(7, { uts: 4026532200 }),
        ...threadOf(8, { uts: 4026532200, net: NET }),
        ...threadOf(9, { uts: 4026532200, net: NET, ipc: 4026532201 }),
        ...threadOf(10, { uts: HOST_NS.uts }),
      },
    },
  ]);
  const thread = (tid: number) => ({ kind: 'thread', pid: 7, starttime: 70, tid });
  assert.equal(holders(snapshot, 'net', NET), [thread(8), thread(9)]);
  assert.equal(holders(snapshot, 'ipc', 4026532201), [thread(9)]);
  assert.equal(holders(snapshot, 'uts', 4026532200), []);
  // A way back into the host is told though nothing can release the host's namespace.
  assert.equal(holders(snapshot, 'uts', HOST_NS.uts), [thread(10)]);
});

test('a first thread that has ended hides links and fds; the other threads have them', async () => {
  const gone = Object.fromEntries(
    NS_TYPES.filter((type) => type !== 'user' && type !== 'pid').map((type) => [type, 'gone' as const]),
  );
  const snapshot = await deep([
    FIRST,
    {
      pid: 7,
      state: 'Z',
      ns: gone,
      links: { ...threadOf(8, { net: NET }), 'task/8/fd/3': 'uts:[4026532202]' },
    },
  ]);
  assert.equal(holders(snapshot, 'net', NET), [{ kind: 'thread', pid: 7, starttime: 70, tid: 8 }]);
  assert.equal(holders(snapshot, 'uts', 4026532202), [{ kind: 'fd', pid: 7, starttime: 70, fd: 3 }]);
});

test('namespaces for children: where they differ; an empty pid_for_children is counted', async () => {
  const snapshot = await deep([
    FIRST,
    { pid: 7, links: forChildren('pid:[4026532210]', 'time:[4026532211]') },
    { pid: 8, links: forChildren(null, `time:[${HOST_NS.time}]`) },
    { pid: 9, links: forChildren(`pid:[${HOST_NS.pid}]`, `time:[${HOST_NS.time}]`) },
  ]);
  const holder = { kind: 'forChildren', tid: null, pid: 7, starttime: 70 };
  assert.equal(holders(snapshot, 'pid', 4026532210), [{ ...holder, link: 'pid_for_children' }]);
  assert.equal(holders(snapshot, 'time', 4026532211), [{ ...holder, link: 'time_for_children' }]);
  assert.is(snapshot.coverage.deep?.unborn, 1);
  assert.equal(holders(snapshot, 'pid', HOST_NS.pid), []);
});

function forChildren(pid: string | null, time: string): Record<string, string> {
  return { ...(pid === null ? {} : { 'ns/pid_for_children': pid }), 'ns/time_for_children': time };
}

const MNT = 4026532300;
const OTHER_MNT = 4026532301;

test('a pin in another mount namespace: of the longest-lived process that is not chrooted, once', async () => {
  const pin = (id: number, path: string) => `${id} 1 0:4 net:[${NET}] ${path} rw - nsfs nsfs rw\n`;
  const snapshot = await deep(
    [
      FIRST,
      { pid: 20, starttime: 5, ns: { mnt: MNT }, links: { root: '/jail' }, files: { mountinfo: '' } },
      {
        pid: 21,
        starttime: 9,
        ns: { mnt: MNT },
        links: { root: '/' },
        files: { mountinfo: pin(50, '/a\\040b') + pin(51, '/a\\040b') },
      },
      {
        pid: 22,
        starttime: 7,
        ns: { mnt: OTHER_MNT },
        links: { root: '/jail' },
        files: { mountinfo: pin(60, '/c') },
      },
    ],
    { '/proc/1/mountinfo': pin(40, '/run/netns/blue') },
  );
  const mount = { kind: 'mount', filesystem: 'nsfs' };
  assert.equal(holders(snapshot, 'net', NET), [
    { ...mount, path: '/run/netns/blue', mountNamespace: HOST_NS.mnt, via: null },
    { ...mount, path: '/a b', mountNamespace: MNT, via: { id: 21, chrooted: false } },
    { ...mount, path: '/c', mountNamespace: OTHER_MNT, via: { id: 22, chrooted: true } },
  ]);
  assert.equal(snapshot.coverage.deep?.mountNamespaces, { read: 2, denied: 0, outOfReach: 0 });
});

test('a mount namespace that only a thread is in', async () => {
  const snapshot = await deep([
    FIRST,
    {
      pid: 7,
      links: { ...threadOf(8, { mnt: MNT }), 'task/8/root': '/' },
      files: { 'task/8/mountinfo': `50 1 0:4 net:[${NET}] /pin rw - nsfs nsfs rw\n` },
    },
  ]);
  assert.equal(holders(snapshot, 'net', NET), [
    { kind: 'mount', filesystem: 'nsfs', path: '/pin', mountNamespace: MNT, via: { id: 8, chrooted: false } },
  ]);
});

test('mount namespaces without a process are counted, refused ones too, and a broken mountinfo costs its own namespace alone', async () => {
  const snapshot = await deep(
    [
      FIRST,
      { pid: 7, links: { 'fd/3': `mnt:[${OTHER_MNT}]` } },
      { pid: 20, ns: { mnt: MNT }, links: { root: '/' }, files: { mountinfo: 'nonsense\n' } },
      { pid: 21, ns: { mnt: MNT + 5 }, links: { root: '/' }, files: { mountinfo: '' } },
    ],
    {},
    (fs) => ({
      ...fs,
      readText: (path) =>
        path === '/proc/21/mountinfo' ? { ok: false, why: 'denied', path } : fs.readText(path),
    }),
  );
  assert.equal(snapshot.coverage.deep?.mountNamespaces, { read: 0, denied: 1, outOfReach: 1 });
});

test('a mount of proc holds its pid namespace, a bind mount of a part of it too; a covered or remote one is not asked', async () => {
  const pid = 4026532400;
  const proc = (id: number, dev: string, root: string, path: string) =>
    `${id} 1 ${dev} ${root} ${path} rw - proc proc rw\n`;
  const mountinfo = [
    proc(50, '0:70', '/', '/proc'),
    proc(51, '0:70', '/sys', '/proc/sys'),
    proc(52, '0:71', '/', '/far/proc'),
    '53 1 0:72 / /far rw - fuse.sshfs host: rw\n',
    '54 1 0:73 / /dev/mqueue rw - mqueue mqueue rw\n',
  ].join('');
  const asked: string[] = [];
  const snapshot = await deep(
    [
      FIRST,
      {
        pid: 20,
        ns: { mnt: MNT, pid },
        links: { root: '/', 'root/proc/1/ns/pid': `pid:[${pid}]`, 'root/far/proc/1/ns/pid': 'pid:[1]' },
        files: { mountinfo },
      },
    ],
    {},
    (fs) => ({
      ...fs,
      readLink: (path) => {
        asked.push(path);
        return fs.readLink(path);
      },
    }),
  );
  const mount = { kind: 'mount', filesystem: 'proc', mountNamespace: MNT, via: { id: 20, chrooted: false } };
  assert.equal(holders(snapshot, 'pid', pid), [
    { ...mount, path: '/proc' },
    { ...mount, path: '/proc/sys' },
  ]);
  assert.not.ok(asked.some((path) => path.includes('/far/')));
  assert.equal(snapshot.coverage.deep?.untoldMounts, { proc: 1, mqueue: 1 });
});

test('children and owned namespaces, a user namespace once; of the initial ones none', async () => {
  const [outer, inner] = [4026532500, 4026532501];
  const { user: root } = HOST_NS;
  const relations = [
    `user ${root} owner=- parent=-`,
    `user ${outer} owner=${root} parent=${root}`,
    `user ${inner} owner=${outer} parent=${outer}`,
    `uts 4026532502 owner=${outer} parent=-`,
    `pid 4026532503 owner=${outer} parent=${HOST_NS.pid}`,
    `pid 4026532504 owner=${inner} parent=4026532503`,
    `pid ${HOST_NS.pid} owner=${root} parent=-`,
  ];
  const snapshot = await deep([FIRST, { pid: 7, ns: { user: inner, uts: 4026532502, pid: 4026532504 } }], {
    [RELATIONS_PATH]: `${relations.join('\n')}\n`,
  });
  assert.equal(holders(snapshot, 'user', outer), [
    { kind: 'child', type: 'user', inode: inner },
    { kind: 'owned', type: 'uts', inode: 4026532502 },
    { kind: 'owned', type: 'pid', inode: 4026532503 },
  ]);
  assert.equal(holders(snapshot, 'pid', 4026532503), [{ kind: 'child', type: 'pid', inode: 4026532504 }]);
  assert.equal(holders(snapshot, 'user', root), []);
});

test('denied: counted, and the rest is read', async () => {
  const denied = { user: 'denied' } as const;
  const snapshot = await deep(
    [
      FIRST,
      { pid: 7, ns: denied, links: { 'fd/3': `net:[${NET}]` } },
      { pid: 8, links: { 'fd/3': `net:[${NET}]` } },
    ],
    {},
    (fs) => ({
      ...fs,
      list: (path) => (path === '/proc/7/fd' ? { ok: false, why: 'denied', path } : fs.list(path)),
    }),
  );
  assert.equal(snapshot.coverage.deep?.fds, { read: 1, denied: 1 });
  assert.is(snapshot.coverage.deep?.threads.denied, 1);
  assert.is(holders(snapshot, 'net', NET)?.length, 1);
});

test('what a process held goes with the process, also where another has its pid by the last look', async () => {
  const early = recordingOf([
    FIRST,
    { pid: 7, links: { 'fd/3': `net:[${NET}]` } },
    { pid: 8, links: { 'fd/3': 'uts:[4026532600]' } },
  ]);
  const late = recordingOf([FIRST, { pid: 7, starttime: 999 }]);
  const [before, after] = [hostOf(early), hostOf(late)];
  let fs = before.fs;
  const changing: HostFs = {
    kind: 'recorded',
    title: 'changing',
    readText: (path) => fs.readText(path),
    readLink: (path) => fs.readLink(path),
    list: (path) => fs.list(path),
    stat: (path) => fs.stat(path),
  };
  const onProgress = () => {
    fs = after.fs;
  };
  const snapshot = await takeSnapshot({ ...before, fs: changing }, { deep: { onProgress } });
  assert.is(snapshot.namespaces.length, NS_TYPES.length);
});

test('progress ends at the whole, and an aborted look rejects', async () => {
  const processes = Array.from({ length: 50 }, (_, at) => ({ pid: at + 1 }));
  const host = hostOf(recordingOf(processes));
  const seen = await takeSnapshot(host);
  const told: number[] = [];
  await readDeep(host.fs, seen, { onProgress: ({ done, total }) => told.push(done / total) });
  assert.is(told.at(-1), 1);
  const cancel = new AbortController();
  cancel.abort(new Error('enough'));
  await rejects(() => readDeep(host.fs, seen, { signal: cancel.signal }), /enough/);
});

test('a slow host is read in slices: a timer runs meanwhile, and an abort from it ends the look', async () => {
  const processes = Array.from({ length: 400 }, (_, at) => ({ pid: at + 1 }));
  const host = hostOf(recordingOf(processes));
  const seen = await takeSnapshot(host);
  const slow: HostFs = {
    ...host.fs,
    list(path) {
      const until = performance.now() + 1;
      while (performance.now() < until);
      return host.fs.list(path);
    },
  };
  const cancel = new AbortController();
  void sleep(30).then(() => cancel.abort(new Error('enough')));
  let last = 0;
  await rejects(
    () => readDeep(slow, seen, { signal: cancel.signal, onProgress: ({ done }) => (last = done) }),
    /enough/,
  );
  assert.ok(last > 0 && last < 200, `${last} of 400 processes`);
});

test('a recording keeps what an engine holds, and no other file, thread or process', async () => {
  const text = await recordHost(
    hostOf(
      recordingOf([
        FIRST,
        {
          pid: 7,
          comm: 'dockerd',
          links: {
            ...threadOf(8, { net: NET }),
            ...threadOf(9),
            'fd/3': `net:[${NET}]`,
            'fd/4': '/home/somebody/secret',
            'fd/5': 'socket:[77]',
          },
        },
        {
          pid: 50,
          comm: 'foreign',
          links: { 'fd/3': 'uts:[4026532700]', ...threadOf(51, { net: 4026532701 }) },
        },
      ]),
    ),
    { title: 'a test', processes: 'engines', redact: 'others' },
  );
  for (const word of ['secret', 'socket', 'foreign', '4026532700', '4026532701', '/proc/50', 'task/9/'])
    assert.not.ok(text.includes(word), word);
  const read = await takeSnapshot(hostOf(parseRecording(text, 'text')), { deep: {} });
  assert.equal(holders(read, 'net', NET), [
    { kind: 'thread', pid: 7, starttime: 70, tid: 8 },
    { kind: 'fd', pid: 7, starttime: 70, fd: 3 },
  ]);
  assert.equal(read.coverage.deep?.fds, { read: 1, denied: 0 });
  assert.is(read.coverage.deep?.unborn, 0);
});

test.run();
