// The check `link`: passed, failed, left open; what must be gone must have been seen; both languages.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Unread, unread, value } from '../../src/kernel/reading.ts';
import { type Link, questionKey } from '../../src/lab/questions.ts';
import { type CheckContext } from '../../src/lesson/checks/check.ts';
import { evaluateCheck, questionsBefore } from '../../src/lesson/checks/index.ts';
import type { Check } from '../../src/lesson/types.ts';
import { scene as startScene } from './scene.ts';

const test = suite('lesson/checks: link');

const ETH0: Link = {
  name: 'eth0',
  ifindex: 2,
  kind: 'veth',
  up: true,
  addresses: ['10.11.0.1/24'],
  master: null,
  peerNetns: null,
};

type Facts = Partial<Extract<Check, { check: 'link' }>>;

const check = (facts: Facts): Check => ({ check: 'link', id: 'l', of: 'left', name: 'eth0', ...facts });

async function scene() {
  const { host, lab, context } = await startScene({ left: ['uts', 'net'], right: ['uts', 'net'] });
  const seen = (link: Link, peer = false, of = 'left') =>
    lab.links.set(questionKey({ ask: 'link', of, name: link.name, peer }), link);
  const verdict = async (facts: Facts, change: Partial<CheckContext> = {}) =>
    (await evaluateCheck(check(facts), context(change))).verdict;
  return { host, lab, context, seen, verdict };
}

test('each fact passes and fails, and says what was seen and what shows it', async () => {
  const { seen, context, verdict } = await scene();
  seen({ ...ETH0, master: 'br0' });
  const good: readonly Facts[] = [
    { present: true },
    { up: true },
    { kind: 'veth' },
    { address: '10.11.0.1/24' },
    { master: 'br0' },
  ];
  for (const facts of good) assert.is(await verdict(facts), 'pass', JSON.stringify(facts));
  const bad: readonly Facts[] = [
    { present: false },
    { up: false },
    { kind: 'bridge' },
    { address: '10.11.0.1/16' },
    { master: 'br1' },
  ];
  for (const facts of bad) assert.is(await verdict(facts), 'fail', JSON.stringify(facts));
  assert.is(await verdict({ up: true, kind: 'bridge' }), 'fail', 'one of several');
  assert.equal(await evaluateCheck(check({ address: '10.0.0.1/8' }), context()), {
    id: 'l',
    verdict: 'fail',
    label: 'eth0 of left has the address 10.0.0.1/8',
    expected: '10.0.0.1/8',
    seen: '10.11.0.1/24',
    proof: 'nsenter -t 9000 -n ip -d address show dev eth0',
  });
  seen({ ...ETH0, addresses: [], kind: null, up: false });
  const bare = await evaluateCheck(
    check({ address: 'x/8', kind: 'veth', up: true }),
    context({ mode: 'rootless' }),
  );
  assert.is(bare.seen, 'down; no kind; no address');
  assert.is(bare.proof, 'nsenter -t 9000 -U --preserve-credentials -n ip -d address show dev eth0');
});

test('the other end: compared by the namespace of the actor', async () => {
  const { seen, verdict, lab } = await scene();
  const netns = lab.process('right')?.ns.net ?? 0;
  seen({ ...ETH0, peerNetns: netns }, true);
  assert.is(await verdict({ peerIn: 'right' }), 'pass');
  assert.is(await verdict({ peerIn: 'left' }), 'fail');
  assert.is(await verdict({ peerIn: 'host' }), 'fail');
  seen(ETH0, true);
  assert.is(await verdict({ peerIn: 'right' }), 'unknown', 'nobody can tell');
  seen({ ...ETH0, kind: 'bridge' }, true);
  assert.is(await verdict({ peerIn: 'right' }), 'fail', 'a bridge has no other end');
});

test('gone: only what was seen before the step', async () => {
  const { seen, verdict, context } = await scene();
  const gone = check({ present: false });
  assert.equal(questionsBefore(gone), [{ ask: 'link', of: 'left', name: 'eth0', peer: false }]);
  assert.equal(questionsBefore(check({ present: true })), []);
  const before = (link: Link | null) => ({ askedBefore: () => value(link) as never });
  assert.is(await verdict({ present: false }, before(ETH0)), 'pass');
  assert.is(await verdict({ present: false }, before(null)), 'unknown');
  const never = await evaluateCheck(gone, context());
  assert.is(never.verdict, 'unknown');
  assert.is(never.seen, 'none of this name, and none was seen before the step');
  assert.is(await verdict({ present: true }), 'fail');
  assert.is(await verdict({ up: true }), 'fail', 'what is not there is not up');
  seen(ETH0);
  assert.is(await verdict({ present: false }, before(ETH0)), 'fail');
});

test('a refusal leaves it open, an actor that has ended fails', async () => {
  const { verdict, lab } = await scene();
  const says = (why: Unread['why']) => ({ ask: async () => unread(why, '/proc/9000/ns/net') as never });
  assert.is(await verdict({ up: true }, says('unsupported')), 'unknown');
  assert.is(await verdict({ up: true }, says('denied')), 'unknown');
  await lab.perform({ op: 'signal', actor: 'left', signal: 'KILL', from: 'host' });
  assert.is(await verdict({ up: true }), 'fail');
});

test('speaks Chinese; what a name does to a terminal is made visible', async () => {
  const { seen, context } = await scene();
  seen({ ...ETH0, name: 'eth0', kind: 'x\u001b[2J' });
  const zh = await evaluateCheck(check({ kind: 'veth', up: true }), context({ lang: 'zh-CN' }));
  assert.is(zh.label, 'left 的 eth0 已启用；left 的 eth0 的类型是 veth');
  assert.is(zh.seen, 'UP；x\\x1b[2J');
  const onHost = await evaluateCheck(check({ of: 'host', present: true }), context());
  assert.is(onHost.proof, 'ip -d address show dev eth0');
});

test.run();
