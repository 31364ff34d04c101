// What has changed is marked strongly, then quietly; the inspector lets it fade, a lesson tells it until the step's end. The clock is the readings'.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FADED_MS, FRESH_MS } from '../../src/app/marks.ts';
import { treeRows } from '../../src/app/rows.ts';
import type { AppState } from '../../src/app/state.ts';
import { update } from '../../src/app/update.ts';
import { value } from '../../src/kernel/reading.ts';
import type { Network } from '../../src/model/network.ts';
import type { Process, Snapshot } from '../../src/model/types.ts';
import { flat } from '../view/flat.ts';
import {
  BOX,
  homeState,
  HOST_NS,
  inspectState,
  links,
  NETWORKS,
  process,
  session,
  snapshot,
} from './fake.ts';

const test = suite('app/marks');

const key = (state: AppState, ...keys: readonly string[]): AppState =>
  keys.reduce((at, one) => update(at, { type: 'key', key: one }).state, state);
const see = (state: AppState, seen: Snapshot, takenAt: number): AppState =>
  update(state, { type: 'snapshot', snapshot: { ...seen, takenAt } }).state;

const NEW: Process = process(8000, 1, ['newcomer']);
const withNew = (): Snapshot => ({ ...snapshot(), processes: [...snapshot().processes, NEW] });
const row = (state: AppState, pid: number) => treeRows(state).find((one) => one.pid === pid);
const all = (): AppState => key(inspectState('en', 120, 40), 'a');

test('a process that has come is new for a while, and then like any other', () => {
  assert.ok(treeRows(all()).every(({ age }) => age === null));
  const came = see(all(), withNew(), 1_000);
  assert.is(row(came, 8000)?.age, 'new');
  assert.is(row(came, 8000)?.mark, 'fresh');
  assert.is(row(came, 7000)?.age, null);
  assert.is(row(see(came, withNew(), 1_000 + FRESH_MS - 1), 8000)?.mark, 'fresh');
  const later = see(came, withNew(), 1_000 + FRESH_MS);
  assert.is(row(later, 8000)?.mark, 'quiet');
  assert.match(flat(came).join('\n'), '▐new▌');
  assert.match(flat(later).join('\n'), '[new]');
  const faded = see(later, withNew(), 1_000 + FADED_MS);
  assert.is(row(faded, 8000)?.age, null);
  assert.equal(faded.noticed, {});
  // Without a reading no time passes.
  assert.is(row(key(came, 'j', 'k'), 8000)?.mark, 'fresh');
});

test('what ends stays in its place, marked, until that has faded', () => {
  const before = see(all(), withNew(), 1_000);
  const place = treeRows(before).findIndex(({ pid }) => pid === 8000);
  const ended = see(before, snapshot(), 2_000);
  assert.is(
    treeRows(ended).findIndex(({ pid }) => pid === 8000),
    place,
  );
  assert.is(row(ended, 8000)?.age, 'ended');
  assert.match(flat(ended).join('\n'), '▐ended▌');
  assert.is(row(see(ended, snapshot(), 2_000 + FRESH_MS), 8000)?.mark, 'quiet');
  const gone = see(ended, snapshot(), 2_000 + FADED_MS);
  assert.is(row(gone, 8000), undefined);
  assert.equal(see(gone, snapshot(), 3_000 + FADED_MS).ended, []);
  const middle = see(
    before,
    { ...withNew(), processes: withNew().processes.filter(({ pid }) => pid !== 7000) },
    3_000,
  );
  assert.equal(
    treeRows(middle)
      .slice(-2)
      .map(({ pid, age }) => [pid, age]),
    [
      [7000, 'ended'],
      [8000, 'new'],
    ],
  );
  // Hidden by a filter or in another tree it does not show up.
  assert.is(row({ ...ended, filter: 'dockerd' }, 8000), undefined);
  assert.is(row(key(ended, 't'), 8000), undefined);
});

test('namespaces, containers and groups that have come are new in their trees', () => {
  const own: Process = {
    ...NEW,
    ns: links({ uts: 77 }),
    cgroups: value([{ hierarchy: 0, controllers: [], path: '/fresh' }]),
  };
  const [first] = snapshot().namespaces;
  assert.ok(first);
  const seen: Snapshot = {
    ...snapshot(),
    processes: [...snapshot().processes, own],
    namespaces: [
      ...snapshot().namespaces,
      { ...first, type: 'uts', inode: 77, initial: false, members: [8000] },
    ],
  };
  const fresh = (state: AppState) =>
    treeRows(see(state, seen, 5))
      .filter(({ age }) => age === 'new')
      .map(({ selection }) => selection);
  assert.equal(fresh(key(all(), 't')), [{ kind: 'namespace', type: 'uts', inode: 77 }]);
  assert.equal(fresh(key(all(), 't', 't')), [{ kind: 'group', hierarchy: 'v2', path: '/fresh' }]);
  const bare = {
    ...snapshot(),
    containers: [],
    processes: snapshot().processes.filter(({ pid }) => pid !== 5632),
  };
  const started = see(see(all(), bare, 10), snapshot(), 20);
  assert.is(treeRows(started).find(({ kind }) => kind === 'container')?.mark, 'fresh');
});

test('interfaces that have come since the last look are new; those of a first look are not', () => {
  const look = (state: AppState, networks: readonly Network[]) =>
    update(state, { type: 'networks', networks }).state;
  const first = look(key(all(), 't', 't', 't'), NETWORKS);
  assert.ok(treeRows(first).every(({ age }) => age === null));
  const more = NETWORKS.map((network) => {
    const [lo] = network.links;
    assert.ok(lo);
    return network.inode === HOST_NS.net
      ? { ...network, links: [...network.links, { ...lo, ifindex: 99, name: 'tun0' }] }
      : network;
  });
  const named = treeRows(look(first, more)).filter(({ age }) => age === 'new');
  assert.equal(
    named.map(({ selection }) => selection),
    [{ kind: 'interface', inode: HOST_NS.net, ifindex: 99 }],
  );
});

test('a link and a limit that change under the selection are marked and fade', () => {
  const entered = snapshot();
  const processes = entered.processes.map((one) =>
    one.pid === 5632 ? { ...one, ns: { ...one.ns, uts: value(99) } } : one,
  );
  const groups = entered.groups.map((group) => ({
    ...group,
    controllers: group.controllers.map((one) =>
      one.name === 'pids' ? { ...one, limits: { limit: value(32n) }, events: { maxEvents: value(5n) } } : one,
    ),
  }));
  const web = inspectState('en', 120, 40);
  const now = see(web, { ...entered, processes, groups }, 1_000);
  const text = flat(now).join('\n');
  assert.match(text, '▐99▌');
  assert.match(text, '▐max 32▌');
  assert.not.match(text, /[▐[]max 5/);
  assert.match(text, '▐▌ just changed');
  const later = flat(see(now, { ...entered, processes, groups }, 1_000 + FRESH_MS)).join('\n');
  assert.match(later, '[99]');
  assert.match(later, '[max 32]');
  assert.match(later, '[ ] a moment ago');
  const faded = flat(see(now, { ...entered, processes, groups }, 1_000 + FADED_MS)).join('\n');
  assert.not.match(faded, /[▐[](99|max 32)/);
  assert.match(faded, /uts +4026531838 +99/);
});

test('in a lesson the quiet mark stays until the step is over', () => {
  const opened = update(homeState('en', 120, 40), {
    type: 'session-opened',
    session: session({ labId: '7f3a', index: 1, actors: [BOX], before: snapshot() }),
  }).state;
  const ran = see(opened, snapshot({ box: true }), 1_000);
  assert.match(flat(ran).join('\n'), '▐4026532201▌');
  assert.match(flat(ran).join('\n'), /◆ box.*▐new▌/);
  const later = see(ran, snapshot({ box: true }), 1_000 + 10 * FADED_MS);
  const text = flat(later).join('\n');
  assert.match(text, '[4026532201]');
  assert.match(text, /◆ box.*\[new\]/);
  assert.match(text, '[ ] in this step');
  const next = update(later, {
    type: 'session',
    session: session({ labId: '7f3a', index: 2, actors: [BOX], before: snapshot({ box: true }) }),
  }).state;
  assert.not.match(flat(next).join('\n'), /[▐[]4026532201/);
});

test('another host’s readings are no change: from a replay to this host and back', () => {
  const replay = session({
    source: { kind: 'recording', title: 'x' },
    base: { kind: 'recording', title: 'x' },
    shown: snapshot({ box: true }),
  });
  const state = update(see(homeState('en', 120, 40), snapshot(), 10), {
    type: 'session-opened',
    session: replay,
  }).state;
  assert.equal(state.noticed, {});
  assert.equal(key(state, 'i').noticed, {});
  // From step to step of one recording it is.
  const step = update(state, { type: 'session', session: { ...replay, shown: withNew() } }).state;
  assert.ok(Object.keys(step.noticed).length > 0);
});

test.run();
