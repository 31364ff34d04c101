// Each kind of check: passed, failed, and left open where the kernel refused.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { unread, value } from '../../src/kernel/reading.ts';
import { allOf, type CheckContext } from '../../src/lesson/checks/check.ts';
import { evaluateCheck, knownActor } from '../../src/lesson/checks/index.ts';
import type { Check } from '../../src/lesson/types.ts';
import type { Process, Snapshot } from '../../src/model/types.ts';
import { scene as startScene } from './scene.ts';

const test = suite('lesson/checks');

const scene = () => startScene({ box: ['uts', 'pid'] });

/** The snapshot with one process changed. */
function changed(snapshot: Snapshot, pid: number, change: (process: Process) => Process): Snapshot {
  return { ...snapshot, processes: snapshot.processes.map((one) => (one.pid === pid ? change(one) : one)) };
}

const before =
  (name: string): CheckContext['askedBefore'] =>
  () =>
    value(name) as never;

const OWN: Check = { check: 'namespace', id: 'own', of: 'box', type: 'uts', than: 'host', is: 'differs' };

test('namespace: two numbers', async () => {
  const { context } = await scene();
  assert.equal(await evaluateCheck(OWN, context()), {
    id: 'own',
    verdict: 'pass',
    label: 'box has a uts namespace other than the host',
    expected: 'two different numbers',
    seen: 'box uts:[4026532002], the host uts:[4026531838]',
    proof: 'readlink /proc/9000/ns/uts /proc/self/ns/uts',
  });
  assert.is((await evaluateCheck({ ...OWN, is: 'same' }, context())).verdict, 'fail');
  assert.is((await evaluateCheck({ ...OWN, type: 'net', is: 'same' }, context())).verdict, 'pass');
});

test('namespace: a refusal is unknown, an end is a failure', async () => {
  const { context, host } = await scene();
  const denied = changed(host.snapshot(), 9000, (one) => ({
    ...one,
    ns: { ...one.ns, uts: unread('denied', '/proc/9000/ns/uts') },
  }));
  const result = await evaluateCheck(OWN, context({ now: denied }));
  assert.is(result.verdict, 'unknown');
  assert.is(result.seen, 'the kernel refuses /proc/9000/ns/uts');
  const ended = await evaluateCheck(OWN, context({ now: { ...denied, processes: [] } }));
  assert.is(ended.verdict, 'fail');
});

test('a pid that was given to another process is not the actor', async () => {
  const { context, host } = await scene();
  const other = changed(host.snapshot(), 9000, (one) => ({ ...one, starttime: 1 }));
  const result = await evaluateCheck(OWN, context({ now: other }));
  assert.is(result.verdict, 'fail');
  assert.is(result.seen, 'box has ended');
});

test('hostname: is, same as, differs from', async () => {
  const { context, host, lab } = await scene();
  const check = (facts: object): Check => ({ check: 'hostname', id: 'h', of: 'box', ...facts });
  assert.is((await evaluateCheck(check({ sameAs: 'host' }), context())).verdict, 'pass');
  assert.is((await evaluateCheck(check({ differsFrom: 'host' }), context())).verdict, 'fail');
  host.names.set(lab.process('box')?.ns.uts ?? 0, 'shoebox');
  const is = await evaluateCheck(check({ is: 'shoebox' }), context());
  assert.equal(is, {
    id: 'h',
    verdict: 'pass',
    label: "box's host name is shoebox",
    expected: 'shoebox',
    seen: 'shoebox',
    proof: 'nsenter -t 9000 -u hostname',
  });
  assert.is((await evaluateCheck(check({ is: 'other' }), context())).verdict, 'fail');
  assert.is((await evaluateCheck(check({ differsFrom: 'host' }), context())).verdict, 'pass');
  const rootless = await evaluateCheck(check({ is: 'shoebox' }), context({ mode: 'rootless' }));
  assert.is(rootless.proof, 'nsenter -t 9000 -U --preserve-credentials -u hostname');
});

test('hostname: unchanged needs a name from before', async () => {
  const { context } = await scene();
  const check: Check = { check: 'hostname', id: 'h', of: 'host', unchanged: true };
  assert.is((await evaluateCheck(check, context({ askedBefore: before('thinker') }))).verdict, 'pass');
  const other = await evaluateCheck(check, context({ askedBefore: before('other') }));
  assert.is(other.verdict, 'fail');
  assert.is(other.expected, 'other');
  const unseen = await evaluateCheck(check, context());
  assert.is(unseen.verdict, 'unknown');
  assert.is(unseen.seen, 'thinker; before the step it was not read');
});

test('hostname: what a name does to a terminal is made visible', async () => {
  const { context } = await scene();
  const check: Check = { check: 'hostname', id: 'h', of: 'host', is: 'x' };
  const result = await evaluateCheck(
    check,
    context({ ask: async () => value('a\u001b]0;b\u0007') as never }),
  );
  assert.is(result.seen, 'a\\x1b]0;b\\x07');
});

test('released: seen before, gone now', async () => {
  const { context, host, lab } = await scene();
  const check: Check = { check: 'released', id: 'r', of: 'box', type: 'uts' };
  const held = await evaluateCheck(check, context());
  assert.is(held.verdict, 'fail');
  assert.is(held.seen, 'held by pid 9000');
  await lab.perform({ op: 'signal', actor: 'box', signal: 'KILL', from: 'host' });
  assert.is((await evaluateCheck(check, context())).verdict, 'pass');
  const box = lab.started.get('box');
  if (!box) throw new Error('no box');
  const unseen = new Map([['box', knownActor(box, undefined, host.snapshot())]]);
  assert.is((await evaluateCheck(check, context({ actors: unseen }))).verdict, 'unknown');
  assert.is((await evaluateCheck(check, context({ actors: new Map() }))).verdict, 'unknown');
});

test('process: alive, a zombie, ended, never started', async () => {
  const { context, host } = await scene();
  const alive: Check = { check: 'process', id: 'p', of: 'box', alive: true };
  const dead: Check = { check: 'process', id: 'p', of: 'box', alive: false };
  const now = host.snapshot();
  const zombie = changed(now, 9000, (one) => ({ ...one, state: 'Z' }));
  const gone = { ...now, processes: [] };
  const verdicts = async (at: Partial<CheckContext>) => [
    (await evaluateCheck(alive, context(at))).verdict,
    (await evaluateCheck(dead, context(at))).verdict,
  ];
  assert.equal(await verdicts({ now }), ['pass', 'fail']);
  assert.equal(await verdicts({ now: zombie }), ['fail', 'pass']);
  assert.equal(await verdicts({ now: gone }), ['fail', 'pass']);
  assert.equal(await verdicts({ actors: new Map() }), ['fail', 'unknown']);
});

test('process: the number inside, members and children', async () => {
  const { context, host, lab } = await scene();
  const one: Check = { check: 'process', id: 'p', of: 'box', pidInside: 1 };
  const result = await evaluateCheck(one, context());
  assert.is(result.verdict, 'pass');
  assert.is(result.seen, 'NSpid 9000 1');
  const two: Check = { check: 'process', id: 'p', of: 'box', atLeast: 2 };
  const child: Check = { check: 'process', id: 'p', of: 'box', children: 1 };
  assert.is((await evaluateCheck(two, context())).verdict, 'fail');
  assert.is((await evaluateCheck(child, context())).verdict, 'fail');
  await lab.perform({ op: 'run', in: 'box', command: ['spawn'] });
  assert.is((await evaluateCheck(two, context())).verdict, 'pass');
  assert.is((await evaluateCheck(child, context())).verdict, 'pass');
  const zombie = changed(host.snapshot(), 9001, (process) => ({ ...process, state: 'Z' }));
  assert.is((await evaluateCheck(two, context({ now: zombie }))).verdict, 'fail');
  assert.is((await evaluateCheck(child, context({ now: zombie }))).verdict, 'fail');
});

test('process: NSpid that nobody asked for is the pid itself', async () => {
  const { context, host } = await scene();
  const now = changed(host.snapshot(), 9000, (one) => ({ ...one, nspid: null }));
  const check: Check = { check: 'process', id: 'p', of: 'box', pidInside: 9000 };
  assert.is((await evaluateCheck(check, context({ now }))).verdict, 'pass');
});

test('output and exit', async () => {
  const { context } = await scene();
  const output = [
    { stream: 'command', text: 'sh -c two' },
    { stream: 'stdout', text: 'one' },
    { stream: 'stderr', text: 'two' },
  ] as const;
  const check: Check = { check: 'output', id: 'o', matches: '^one\\ntwo$' };
  assert.is((await evaluateCheck(check, context({ output }))).seen, 'it does: one …');
  assert.is((await evaluateCheck({ ...check, matches: 'sh -c' }, context({ output }))).verdict, 'fail');
  assert.is((await evaluateCheck(check, context())).seen, 'no output');
  const exit: Check = { check: 'exit', id: 'e', is: [2, 254] };
  assert.is((await evaluateCheck(exit, context({ exit: 254 }))).verdict, 'pass');
  assert.is((await evaluateCheck(exit, context({ exit: 0 }))).verdict, 'fail');
  assert.is((await evaluateCheck(exit, context())).verdict, 'unknown');
});

test('speaks Chinese, and takes the lesson’s own words', async () => {
  const { context } = await scene();
  const zh = await evaluateCheck(
    { check: 'hostname', id: 'h', of: 'host', sameAs: 'box' },
    context({ lang: 'zh-CN' }),
  );
  assert.is(zh.label, '宿主机的主机名与 box 相同');
  const own = await evaluateCheck(OWN, context({ label: () => 'a link of its own' }));
  assert.is(own.label, 'a link of its own');
});

test('one failure fails, one unknown leaves open', () => {
  assert.is(allOf(['pass', 'unknown', 'fail']), 'fail');
  assert.is(allOf(['pass', 'unknown']), 'unknown');
  assert.is(allOf(['pass', 'pass']), 'pass');
  assert.is(allOf([]), 'unknown');
});

test.run();
