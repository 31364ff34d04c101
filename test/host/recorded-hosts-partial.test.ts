// Recorded hosts that show little: an ordinary user's view, /proc with hidepid, and a broken one. What is found, and what is said to be unknown.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recordedHost, takeSnapshot } from '../../src/host/host.ts';
import { daemonOf } from '../../src/model/daemons.ts';
import { insidePath } from '../../src/model/inside.ts';
import { compareLinks } from '../../src/model/links.ts';
import { sharedNamespaces } from '../../src/model/sharing.ts';
import { buildTree } from '../../src/model/tree.ts';
import type { Process, Snapshot } from '../../src/model/types.ts';

const test = suite('host/recorded-hosts-partial');
const open = (name: string) =>
  recordedHost(new URL(`../../fixtures/hosts/${name}.host`, import.meta.url).pathname);
const USER = 'debian13-v2-unprivileged';
const HIDDEN = 'debian13-v2-hidepid';
const BROKEN = 'broken-by-hand';

function processOf(snapshot: Snapshot, pid: number): Process {
  const found = snapshot.processes.find((process) => process.pid === pid);
  if (!found) throw new Error(`no process ${pid}`);
  return found;
}

test('an ordinary user: every link denied is unknown, never shared; the engines are seen, names are not', async () => {
  const snapshot = await takeSnapshot(open(USER));
  assert.is(snapshot.host.uid, 1000);
  assert.is(snapshot.coverage.denied, snapshot.processes.length);
  for (const process of snapshot.processes)
    assert.ok(
      compareLinks(snapshot, process).every(({ relation }) => relation === 'unknown'),
      String(process.pid),
    );
  assert.equal(
    snapshot.containers.map(({ id, name, evidence, confidence }) => [
      id.length > 12,
      name,
      evidence,
      confidence,
    ]),
    [
      [true, null, ['shim', 'cgroup'], 'likely'],
      [true, null, ['shim', 'cgroup'], 'likely'],
      [false, null, ['shim', 'cgroup'], 'likely'],
    ],
  );
  assert.equal(sharedNamespaces(snapshot), [], 'who shares what is not known');
  const { engines } = snapshot.host;
  assert.equal(
    engines.map(({ socket, version }) => [socket, version.ok ? '' : version.why]),
    [['/run/docker.sock', 'denied']],
  );
});

test('an ordinary user: the tree has dockerd, containerd, shims, containers and the exec session all the same', async () => {
  const [dockerd] = buildTree(await takeSnapshot(open(USER)));
  const shims = dockerd?.children[0]?.children ?? [];
  assert.equal(
    shims.map(({ kind, children }) => [kind, children.map((child) => child.kind)]),
    [
      ['shim', ['container', 'exec']],
      ['shim', ['container']],
      ['shim', ['container']],
    ],
  );
});

test('an ordinary user: limits can be read, the path inside cannot be known', async () => {
  const first = await takeSnapshot(open(USER));
  const process = processOf(
    first,
    first.containers.find(({ execSessions }) => execSessions.length > 0)?.init?.pid ?? 0,
  );
  const snapshot = await takeSnapshot(open(USER), { watch: [process] });
  const memory = snapshot.groups[0]?.controllers.find(({ name }) => name === 'memory');
  assert.is(memory?.effective['limit']?.value, 67108864n);
  const [line] = process.cgroups.ok ? process.cgroups.value : [];
  assert.ok(line);
  const inside = insidePath(snapshot, process, line);
  assert.is(!inside.ok && inside.why, 'denied');
});

test('hidepid: nothing is found, and that is said: the option, the refused socket, the pinned namespace of unknown owner', async () => {
  const snapshot = await takeSnapshot(open(HIDDEN));
  assert.equal(snapshot.containers, []);
  assert.equal(snapshot.coverage.procOptions, ['hidepid=invisible']);
  const pinned = snapshot.namespaces.find(({ pins }) => pins.length > 0);
  assert.equal([pinned?.type, pinned?.members.length, pinned?.owner.ok], ['net', 0, false]);
});

test('broken: the files that make no sense are named, and cost their process alone', async () => {
  const { coverage, processes } = await takeSnapshot(open(BROKEN));
  assert.equal(
    coverage.unread.map(({ path, why }) => `${path} ${why}`),
    ['/proc/110/stat unsupported', '/proc/130/cgroup unsupported', '/proc/160/ns/net unsupported'],
  );
  const pids = processes.map(({ pid }) => pid);
  assert.equal(pids, [1, 100, 120, 140, 150, 170, 200, 210, 220, 230]);
});

test('broken: a comm that ends early, no cgroup file, a denied process, a zombie', async () => {
  const snapshot = await takeSnapshot(open(BROKEN));
  const odd = processOf(snapshot, 100);
  assert.equal([odd.comm, odd.state, odd.ppid], ['a) R 1 (b', 'S', 1]);
  const none = processOf(snapshot, 120).cgroups;
  assert.is(!none.ok && none.why, 'gone');
  assert.ok(compareLinks(snapshot, processOf(snapshot, 150)).every(({ relation }) => relation === 'unknown'));
  const zombie = compareLinks(snapshot, processOf(snapshot, 140));
  assert.equal(
    zombie.filter(({ relation }) => relation !== 'unknown').map(({ type }) => type),
    ['user', 'pid'],
  );
});

test('broken: containers by what is left; a stale record is refused; names of strangers are made visible', async () => {
  const snapshot = await takeSnapshot(open(BROKEN));
  assert.equal(
    snapshot.containers.map(({ id, engine, name, pids, evidence, confidence, stale }) => [
      id.slice(0, 6),
      engine,
      name,
      pids,
      evidence.join(' '),
      confidence,
      stale?.pid,
    ]),
    // A zombie that is left in a removed group (pid 140) makes no container.
    [
      ['e2e2e2', 'docker', 'we\\x1b]0;x\\x07b', [210], 'api bundle cgroup', 'certain', undefined],
      ['my-box', 'nspawn', null, [150], 'cgroup', 'likely', undefined],
      ['old', 'runc', null, [], '', 'guess', 170],
    ],
  );
  const newcomer = processOf(snapshot, 170);
  assert.not(snapshot.containers.some(({ pids }) => pids.includes(newcomer.pid)));
  const web = snapshot.containers.find(({ pids }) => pids.includes(210));
  assert.ok(web);
  assert.is(daemonOf(snapshot, web).state, 'dead');
});

test('broken: a path outside our cgroup namespace is joined to no mount point', async () => {
  const first = await takeSnapshot(open(BROKEN));
  const process = processOf(first, 100);
  const { groups } = await takeSnapshot(open(BROKEN), { watch: [process] });
  for (const { directory, path } of groups[0]?.controllers ?? []) {
    assert.is(path, '/../../elsewhere/y');
    assert.is(directory.ok, false);
  }
  assert.ok((groups[0]?.controllers.length ?? 0) > 0);
});

test.run();
