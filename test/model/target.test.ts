// What a word on the command line means, and the one line that answers a word that means nothing.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recordedHost, takeSnapshot } from '../../src/host/host.ts';
import { isIn, processesAt, resolveTarget } from '../../src/model/target.ts';
import { UserError } from '../../src/text/errors.ts';

const test = suite('model/target');
const snapshot = await takeSnapshot(
  recordedHost(new URL('../../fixtures/hosts/debian13-v2-docker.host', import.meta.url).pathname),
);
const web = snapshot.containers.find(({ name }) => name === 'web');

test('by name, by id and by the beginning of an id', () => {
  for (const word of ['web', web?.id ?? '!', web?.id.slice(0, 4) ?? '!']) {
    const target = resolveTarget(snapshot, word);
    assert.is(target.kind === 'container' && target.container.id, web?.id, word);
  }
});

test('a pid, the host, a namespace', () => {
  const target = resolveTarget(snapshot, String(web?.init?.pid));
  assert.is(target.kind === 'process' && target.process.pid, web?.init?.pid);
  assert.is(resolveTarget(snapshot, 'host').kind, 'host');
  const uts = snapshot.namespaces.find(({ type, initial }) => type === 'uts' && !initial);
  const found = resolveTarget(snapshot, `ns:uts:${uts?.inode}`);
  assert.is(found.kind === 'namespace' && found.namespace, uts);
});

test('a cgroup, by its path or by its directory; its processes and their namespaces', () => {
  const path = web?.cgroupPath ?? '!';
  const target = resolveTarget(snapshot, `cgroup:${path}/`);
  assert.equal(target, { kind: 'cgroup', path, hierarchy: null });
  const byDirectory = resolveTarget(snapshot, `cgroup:/sys/fs/cgroup${path}`);
  assert.is(byDirectory.kind === 'cgroup' && byDirectory.path, path);
  assert.is(byDirectory.kind === 'cgroup' && byDirectory.hierarchy?.version, 2);
  for (const one of [target, byDirectory]) {
    assert.ok(one.kind === 'cgroup');
    assert.equal(
      processesAt(snapshot, one).map(({ pid }) => pid),
      web?.pids,
    );
    const uts = snapshot.namespaces.filter((each) => each.type === 'uts' && isIn(snapshot, one, each));
    assert.is(uts.length, 1);
    assert.not(uts[0]?.initial);
  }
  const root = resolveTarget(snapshot, 'cgroup:/sys/fs/cgroup');
  assert.is(root.kind === 'cgroup' && root.path, '/');
  assert.is(root.kind === 'cgroup' && processesAt(snapshot, root).length, snapshot.processes.length);
});

const WRONG: readonly (readonly [string, RegExp, RegExp])[] = [
  ['wep', /no container, process or namespace "wep"/, /did you mean "web"/],
  ['4000000000', /no process 4000000000/, /ps -e/],
  ['self', /no process self/, /recorded host/],
  ['ns:utz:1', /not of the form ns:TYPE:INODE/, /mnt, cgroup, uts/],
  ['ns:uts:1', /no uts namespace 1/, /nscope ns/],
  ['cgroup:docker', /not of the form cgroup:PATH/, /begins with \//],
  ['cgroup:/a/../../etc', /not of the form cgroup:PATH/, /no \.\. in it/],
];
for (const [word, message, hint] of WRONG) {
  test(`wrong: ${word}`, () => {
    try {
      resolveTarget(snapshot, word);
    } catch (error) {
      assert.instance(error, UserError);
      assert.match((error as UserError).message, message);
      assert.match((error as UserError).hint ?? '', hint);
      assert.is((error as UserError).exitCode, 2);
      return;
    }
    assert.unreachable(word);
  });
}

test.run();
