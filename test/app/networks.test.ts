// The tree of networks: when it is read, its rows, what a row selects, and the command that proves it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Action, Effect } from '../../src/app/actions.ts';
import { proofOf } from '../../src/app/proof.ts';
import { treeRows } from '../../src/app/rows.ts';
import type { AppState } from '../../src/app/state.ts';
import { targetOf } from '../../src/app/target.ts';
import { update } from '../../src/app/update.ts';
import type { Network } from '../../src/model/network.ts';
import { HOST_NS, inspectState, lessonState, NETWORKS, session, snapshot, WEB_NET } from './fake.ts';

const test = suite('app/networks');

function apply(state: AppState, ...actions: readonly Action[]): { state: AppState; effects: Effect[] } {
  const effects: Effect[] = [];
  for (const action of actions) {
    const updated = update(state, action);
    state = updated.state;
    effects.push(...updated.effects);
  }
  return { state, effects };
}

const T: Action = { type: 'key', key: 't' };
const ofNetworks = (effects: readonly Effect[]) => effects.filter(({ effect }) => effect === 'networks');
const opened = (state = inspectState('en', 120, 40)) => apply(state, T, T, T);
const shown = (networks: readonly Network[], state = opened().state) =>
  apply(state, { type: 'networks', networks }).state;
const lines = (state: AppState) => treeRows(state).map(({ lead, label }) => `${lead}${label}`);

test('interfaces are read while the tree shows them, and no longer', () => {
  const { state, effects } = opened();
  assert.is(state.tree, 'networks');
  assert.equal(ofNetworks(effects), [{ effect: 'networks', on: true }]);
  assert.ok(lines(state).some((line) => line.includes('reading its interfaces')));
  assert.equal(ofNetworks(apply(state, T).effects), [{ effect: 'networks', on: false }]);
  assert.equal(ofNetworks(apply(state, { type: 'key', key: 'q' }).effects), [
    { effect: 'networks', on: false },
  ]);
  // What was read before is not shown as what is.
  assert.is(apply(shown(NETWORKS), T, T, T, T, T).state.networks, null);
});

test('rows: the host first, ports below their bridge, of each pair its other end and whose it is', () => {
  assert.equal(lines(shown(NETWORKS)), [
    `host  net:[${HOST_NS.net}]  1 process`,
    '├─ lo  loopback up  127.0.0.1/8',
    '├─ eth0  physical up  192.0.2.7/24',
    '├─ docker0  bridge up  172.17.0.1/16',
    '│  └─ veth1a2b ══ eth0 in ● web  veth up',
    '├─ veth9 ══ ?  veth down',
    '└─ eth0.5 on eth0  vlan up',
    `● web  net:[${WEB_NET}]  1 process`,
    '├─ lo  loopback up  127.0.0.1/8',
    '├─ eth0 ══ veth1a2b in host  veth up  172.17.0.2/16',
    '└─ mv on eth0 in host  macvlan up',
  ]);
});

test('an actor’s namespace has its name; interfaces in a ring of masters are each drawn once', () => {
  const seen = snapshot({ box: true });
  const net = 4026532300;
  const box = seen.processes.map((one) =>
    one.pid === 9120 ? { ...one, ns: { ...one.ns, net: { ok: true, value: net } } } : one,
  );
  const own = { ...seen.namespaces.at(-1), type: 'net', inode: net, members: [9120] };
  const withBox = { ...seen, processes: box, namespaces: [...seen.namespaces, own] } as typeof seen;
  const loop = { ifindex: 3, name: 'br0', kind: 'bridge', up: true, addresses: [], other: null, far: null };
  const { state } = apply(lessonState('en', 120, 40), { type: 'snapshot', snapshot: withBox }, T, T, T);
  const drawn = lines(
    shown(
      [
        {
          inode: net,
          trouble: null,
          links: [
            { ...loop, master: 'br1' },
            { ...loop, ifindex: 4, name: 'br1', master: 'br0' },
            { ...loop, ifindex: 5, name: 'port', master: 'gone' },
          ],
        },
      ],
      state,
    ),
  );
  assert.ok(drawn.includes(`◆ box  net:[${net}]  1 process`), drawn.join('\n'));
  for (const name of ['br0', 'br1', 'port'])
    assert.is(drawn.filter((line) => line.includes(name)).length, 1, drawn.join('\n'));
});

test('why there are none, or names alone, stands in their place', () => {
  const state = shown([
    { inode: HOST_NS.net, links: [], trouble: { why: 'missing', said: 'spawn ip ENOENT' } },
    {
      inode: WEB_NET,
      links: [
        {
          ifindex: -1,
          name: 'eth0',
          kind: null,
          up: null,
          addresses: [],
          master: null,
          other: null,
          far: null,
        },
      ],
      trouble: { why: 'denied', said: 'Operation not permitted' },
    },
  ]);
  const drawn = lines(state);
  assert.ok(drawn.includes('└─ ? ip(8) or nsenter(1) is missing: spawn ip ENOENT'), drawn.join('\n'));
  assert.equal(drawn.slice(-2), ['├─ eth0', '└─ ? denied: Operation not permitted']);
  const replay = session({ source: { kind: 'recording', title: 'x' }, shown: snapshot({ box: true }) });
  const inReplay = apply(lessonState('en', 120, 40), { type: 'session-opened', session: replay }, T, T, T);
  assert.equal(ofNetworks(inReplay.effects), []);
  // The live host's are not the recording's.
  const recorded = lines(shown(NETWORKS, inReplay.state));
  assert.is(recorded.filter((line) => line.includes('the recording holds no interfaces')).length, 2);
  assert.not.ok(recorded.some((line) => line.includes('veth')));
});

test('a row of an interface selects the namespace that it is in, and is proved by ip there', () => {
  const state = shown(NETWORKS);
  const at = (label: string): AppState => {
    const row = treeRows(state).find((one) => one.label.startsWith(label));
    return { ...state, focus: 'tree', selection: row?.selection ?? null };
  };
  assert.is(targetOf(at('eth0 ══'))?.ref.pid, 5632);
  assert.is(proofOf(at('eth0 ══')), 'nsenter -t 5632 -n ip -d link show dev eth0');
  assert.is(proofOf(at('veth1a2b')), 'ip -d link show dev veth1a2b');
  assert.is(proofOf(at('● web')), `lsns ${WEB_NET}`);
  const evil = NETWORKS.map((network) => ({
    ...network,
    links: network.links.map((one) => ({ ...one, name: one.name === 'docker0' ? '$(reboot)' : one.name })),
  }));
  const named = treeRows(shown(evil)).find((one) => one.label.startsWith('$('));
  assert.is(
    proofOf({ ...shown(evil), focus: 'tree', selection: named?.selection ?? null }),
    "ip -d link show dev '$(reboot)'",
  );
});

test.run();
