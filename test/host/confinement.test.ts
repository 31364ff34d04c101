// What confines a process, read from hosts made of text: each file, what is missing, what is denied, what has another form; a container's configuration.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfinement, readContainerConfig, readLastCapability } from '../../src/host/confinement.ts';
import { recordedFs } from '../../src/host/recorded-fs.ts';
import type { Container } from '../../src/model/types.ts';
import { recordingOf } from '../support/host-text.ts';

const test = suite('host/confinement');

const FILES = {
  uid_map: '         0     100000      65536\n',
  gid_map: '         0     200000      65536\n',
  setgroups: 'deny\n',
  'attr/current': 'docker-default (enforce)\n',
  mountinfo: '30 29 0:25 / / rw,relatime - overlay overlay rw\n',
  oom_score_adj: '-500\n',
  limits: 'Limit\nMax open files            1024                 1048576              files     \n',
};
const OF = { pid: 7, starttime: 70 };

const fsWith = (files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}) =>
  recordedFs(recordingOf([{ pid: 7, files, links }]));

test('every file as its man page has it', () => {
  const found = readConfinement(fsWith(FILES, { root: '/', cwd: '/srv' }), OF);
  assert.equal(found.of, OF);
  assert.ok(found.status.ok && found.status.value.uids.effective === 0);
  assert.equal(found.uidMap, { ok: true, value: [{ inside: 0, outside: 100000, count: 65536 }] });
  assert.equal(found.gidMap, { ok: true, value: [{ inside: 0, outside: 200000, count: 65536 }] });
  assert.equal(found.setgroups, { ok: true, value: 'deny' });
  assert.equal(found.label, { ok: true, value: 'docker-default (enforce)' });
  assert.ok(found.mounts.ok && found.mounts.value[0]?.fstype === 'overlay');
  assert.equal(found.root, { ok: true, value: '/' });
  assert.equal(found.cwd, { ok: true, value: '/srv' });
  assert.equal(found.oomScoreAdj, { ok: true, value: -500 });
  assert.equal(found.limits, { ok: true, value: { 'Max open files': { soft: 1024n, hard: 1048576n } } });
});

test('what is not there is gone and what is denied denied, each with its file', () => {
  const recording = recordingOf([{ pid: 7 }]);
  const entries = new Map(recording.entries);
  entries.set('/proc/7/mountinfo', { kind: 'unread', why: 'denied' });
  entries.set('/proc/7/root', { kind: 'unread', why: 'denied' });
  const found = readConfinement(recordedFs({ ...recording, entries }), OF);
  assert.equal(found.mounts, { ok: false, why: 'denied', path: '/proc/7/mountinfo' });
  assert.equal(found.root, { ok: false, why: 'denied', path: '/proc/7/root' });
  assert.equal(found.uidMap, { ok: false, why: 'gone', path: '/proc/7/uid_map' });
});

test('a file of another form is unsupported, and the rest stands', () => {
  const found = readConfinement(
    fsWith({ ...FILES, uid_map: 'x\n', setgroups: 'maybe\n', oom_score_adj: 'many\n', limits: 'a\nb\n' }),
    OF,
  );
  for (const [reading, name] of [
    [found.uidMap, 'uid_map'],
    [found.setgroups, 'setgroups'],
    [found.oomScoreAdj, 'oom_score_adj'],
    [found.limits, 'limits'],
  ] as const)
    assert.equal(reading, { ok: false, why: 'unsupported', path: `/proc/7/${name}` });
  assert.ok(found.gidMap.ok);
});

test('a label is sanitised and loses the zero at its end', () => {
  const found = readConfinement(fsWith({ 'attr/current': 'a\x1b[2J:b\0' }), OF);
  assert.equal(found.label, { ok: true, value: 'a\\x1b[2J:b' });
});

test('the kernel’s last capability', () => {
  const fs = recordedFs(recordingOf([], { '/proc/sys/kernel/cap_last_cap': '40\n' }));
  assert.equal(readLastCapability(fs), { ok: true, value: 40 });
  assert.is(readLastCapability(recordedFs(recordingOf([]))).ok, false);
});

const CONTAINER: Container = {
  id: 'abc',
  engine: 'docker',
  engineNamespace: 'moby',
  name: 'web',
  image: null,
  init: null,
  shim: { pid: 7, starttime: 70 },
  pids: [],
  execSessions: [],
  bundle: '/run/bundle',
  cgroupPath: null,
  evidence: ['bundle'],
  confidence: 'certain',
  user: 0,
  parent: null,
  pod: null,
  sandbox: false,
  stale: null,
};

test('a container’s configuration comes through its shim’s working directory', () => {
  const found = readContainerConfig(fsWith({ 'cwd/config.json': '{"hostname":"h"}' }), CONTAINER);
  assert.ok(found.ok);
  assert.is(found.value.path, '/proc/7/cwd/config.json');
  assert.is(found.value.config.hostname, 'h');
});

test('without a shim from the bundle; without either it is gone, and of another form unsupported', () => {
  const fs = recordedFs(recordingOf([], { '/run/bundle/config.json': '{}' }));
  assert.ok(readContainerConfig(fs, { ...CONTAINER, shim: null }).ok);
  assert.equal(readContainerConfig(fs, { ...CONTAINER, shim: null, bundle: null }), {
    ok: false,
    why: 'gone',
    path: 'config.json of abc',
  });
  assert.equal(readContainerConfig(fsWith({ 'cwd/config.json': '[]' }), CONTAINER), {
    ok: false,
    why: 'unsupported',
    path: '/proc/7/cwd/config.json',
  });
});

test.run();
