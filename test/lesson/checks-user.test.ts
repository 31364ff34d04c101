// The checks of user namespaces: credentials, capability, owner, and the state of a process.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { unread, value } from '../../src/kernel/reading.ts';
import type { MapsAnswer, StatusAnswer } from '../../src/lab/questions.ts';
import { evaluateCheck } from '../../src/lesson/checks/index.ts';
import type { Check } from '../../src/lesson/types.ts';
import type { Snapshot } from '../../src/model/types.ts';
import { scene as startScene } from './scene.ts';

const test = suite('lesson/checks: users');

const ids = (id: number) => ({ real: id, effective: id, saved: id, filesystem: id });
const ALL = '000001ffffffffff';
const NONE = '0000000000000000';

const statusOf = (uid: number, change: Partial<StatusAnswer> = {}): StatusAnswer => ({
  uids: ids(uid),
  gids: ids(uid),
  groups: [],
  capabilities: { inheritable: NONE, permitted: ALL, effective: ALL, bounding: ALL, ambient: null },
  lastCapability: 40,
  seccomp: 0,
  noNewPrivs: false,
  ...change,
});

const mapsOf = (outside: number | null, setgroups: MapsAnswer['setgroups'] = 'allow'): MapsAnswer => {
  const map = outside === null ? [] : [{ inside: 0, outside, count: 10 }];
  return { uid: map, gid: map, setgroups };
};

const scene = () => startScene({ box: ['user', 'mnt'] });

const credentials = (facts: object): Check => ({ check: 'credentials', id: 'c', of: 'box', ...facts });
const capability = (facts: object): Check => ({
  check: 'capability',
  id: 'c',
  of: 'box',
  set: 'effective',
  ...facts,
});

test('credentials: the numbers inside and outside', async () => {
  const { lab, context } = await scene();
  lab.statuses.set('box', statusOf(2005));
  lab.maps.set('box', mapsOf(2000));
  const look = async (facts: object) => await evaluateCheck(credentials(facts), context());
  assert.equal(await look({ uidInside: 5 }), {
    id: 'c',
    verdict: 'pass',
    label: 'inside, box has uid 5',
    expected: '5 inside',
    seen: '5 inside, 2005 outside',
    proof: 'cat /proc/9000/uid_map',
  });
  const verdict = async (facts: object) => (await look(facts)).verdict;
  assert.is(await verdict({ uidInside: 0 }), 'fail');
  assert.is(await verdict({ gidInside: 5 }), 'pass');
  assert.is(await verdict({ gidInside: 6 }), 'fail');
  assert.is(await verdict({ uidOutside: 'ordinary' }), 'pass');
  assert.is(await verdict({ uidOutside: 2005 }), 'pass');
  assert.is(await verdict({ uidOutside: 0 }), 'fail');
  assert.is(await verdict({ mapped: true }), 'pass');
  assert.is(await verdict({ mapped: false }), 'fail');
  assert.is(await verdict({ setgroups: 'deny' }), 'fail');
  assert.is(await verdict({ setgroups: 'allow' }), 'pass');
});

test('credentials: an id beyond the map has no number, and is 65534 inside', async () => {
  const { lab, context } = await scene();
  const look = async (uid: number, maps: MapsAnswer, facts: object) => {
    lab.statuses.set('box', statusOf(uid));
    lab.maps.set('box', maps);
    return await evaluateCheck(credentials(facts), context());
  };
  assert.is((await look(2010, mapsOf(2000), { mapped: false, uidInside: 65534 })).verdict, 'pass');
  assert.is((await look(2009, mapsOf(2000), { mapped: true, uidInside: 9 })).verdict, 'pass');
  assert.is((await look(1999, mapsOf(2000), { mapped: true })).verdict, 'fail');
  assert.is((await look(0, mapsOf(null), { mapped: false })).seen, 'uid_map is empty');
  assert.is((await look(0, mapsOf(null), { uidOutside: 'ordinary' })).verdict, 'fail');
});

test('credentials and capability: a refusal is unknown, an end is a failure', async () => {
  const { context, host } = await scene();
  const denied = context({ ask: async () => unread('denied', '/proc/9000/uid_map') });
  for (const check of [credentials({ mapped: true }), capability({ is: 'all' })]) {
    assert.is((await evaluateCheck(check, denied)).verdict, 'unknown');
    assert.is((await evaluateCheck(check, denied)).seen, 'the kernel refuses /proc/9000/uid_map');
    const ended = context({ now: { ...host.snapshot(), processes: [] } });
    assert.is((await evaluateCheck(check, ended)).verdict, 'fail');
  }
});

test('capability: has, lacks, all, none, in each set', async () => {
  const { lab, context } = await scene();
  lab.statuses.set('box', statusOf(0));
  const look = async (facts: object) => await evaluateCheck(capability(facts), context());
  const verdict = async (facts: object) => (await look(facts)).verdict;
  assert.equal(await look({ has: ['CAP_SYS_ADMIN', 'CAP_CHOWN'] }), {
    id: 'c',
    verdict: 'pass',
    label: 'box has CAP_SYS_ADMIN, CAP_CHOWN (effective)',
    expected: 'CapEff with CAP_SYS_ADMIN, CAP_CHOWN',
    seen: 'CapEff 000001ffffffffff',
    proof: 'grep CapEff /proc/9000/status',
  });
  assert.is(await verdict({ is: 'all' }), 'pass');
  assert.is(await verdict({ is: 'none' }), 'fail');
  assert.is(await verdict({ lacks: ['CAP_SYS_ADMIN'] }), 'fail');
  assert.is(await verdict({ set: 'inheritable', is: 'none' }), 'pass');
  assert.is(await verdict({ set: 'inheritable', has: ['CAP_CHOWN'] }), 'fail');
  assert.is(await verdict({ set: 'inheritable', lacks: ['CAP_CHOWN'] }), 'pass');
  const none = await look({ set: 'ambient', is: 'none' });
  assert.equal([none.verdict, none.seen], ['unknown', 'the kernel shows no CapAmb']);
  // docker's fourteen, on a kernel with 41.
  const some = { ...statusOf(0).capabilities, effective: '00000000a80425fb' };
  lab.statuses.set('box', statusOf(0, { capabilities: some }));
  assert.is(await verdict({ is: 'all' }), 'fail');
  assert.is(await verdict({ has: ['CAP_MKNOD'], lacks: ['CAP_SYS_ADMIN'] }), 'pass');
});

test('owner: the user namespace that a namespace belongs to', async () => {
  const { host, context } = await scene();
  const now = host.snapshot();
  const box = now.processes.find(({ pid }) => pid === 9000);
  const inodeOf = (type: 'mnt' | 'user') => (box?.ns[type].ok ? box.ns[type].value : 0);
  const owned = (owner: Snapshot['namespaces'][number]['owner']): Snapshot => ({
    ...now,
    namespaces: now.namespaces.map((one) => (one.inode === inodeOf('mnt') ? { ...one, owner } : one)),
  });
  const check: Check = { check: 'owner', id: 'o', of: 'box', type: 'mnt', by: 'box' };
  const own = owned(value(inodeOf('user')));
  const found = await evaluateCheck(check, context({ now: own }));
  assert.is(found.verdict, 'pass');
  assert.is(found.label, 'the mnt namespace of box belongs to the user namespace of box');
  assert.is(found.seen, `owner user:[${inodeOf('user')}]`);
  assert.is(found.proof, 'lsns -p 9000 -o NS,TYPE,ONS');
  assert.is((await evaluateCheck({ ...check, by: 'host' }, context({ now: own }))).verdict, 'fail');
  const hidden = context({ now: owned(unread('denied', '/proc/9000/ns/mnt')) });
  assert.is((await evaluateCheck(check, hidden)).verdict, 'unknown');
  assert.is((await evaluateCheck(check, context({ now: { ...own, processes: [] } }))).verdict, 'fail');
});

test('process: its state', async () => {
  const { host, context } = await scene();
  const stopped: Check = { check: 'process', id: 'p', of: 'box', state: 'T' };
  assert.equal((await evaluateCheck(stopped, context())).seen, 'pid 9000, state S');
  assert.is((await evaluateCheck(stopped, context())).verdict, 'fail');
  for (const process of host.processes) process.state = 'T';
  assert.is((await evaluateCheck(stopped, context())).verdict, 'pass');
  assert.is((await evaluateCheck(stopped, context({ actors: new Map() }))).verdict, 'fail');
});

test('speaks Chinese', async () => {
  const { lab, context } = await scene();
  lab.statuses.set('box', statusOf(2000));
  lab.maps.set('box', mapsOf(2000));
  const zh = await evaluateCheck(credentials({ uidInside: 0 }), context({ lang: 'zh-CN' }));
  assert.equal([zh.label, zh.seen], ['在里面，box 的 uid 是 0', '里面是 0，外面是 2000']);
  const cap = await evaluateCheck(capability({ is: 'all' }), context({ lang: 'zh-CN' }));
  assert.is(cap.label, 'box 具备全部 capability（effective）');
});

test.run();
