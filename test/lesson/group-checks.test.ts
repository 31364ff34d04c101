// The checks of cgroups: `cgroup` and `event`, by neutral names on both versions; passed, failed, and left open where nothing shows it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Reading, unread, value } from '../../src/kernel/reading.ts';
import type { GroupAnswer } from '../../src/lab/questions.ts';
import type { CheckContext } from '../../src/lesson/checks/check.ts';
import { checkForm, evaluateCheck, questionsBefore } from '../../src/lesson/checks/index.ts';
import type { Check } from '../../src/lesson/types.ts';
import { FakeHost, FakeLab } from './fake.ts';

const test = suite('lesson/checks of groups');

const DIRECTORY = { 1: '/sys/fs/cgroup/memory/nscope-7f3a0000/box', 2: '/sys/fs/cgroup/nscope-7f3a0000/box' };

function memory(
  version: 1 | 2,
  values: Readonly<Record<string, string>>,
  effective: GroupAnswer['effective'] = {},
): Reading<GroupAnswer> {
  const of = Object.entries(values).map(([key, text]) => [key, value(text)] as const);
  const high = version === 1 ? { high: unread('unsupported', 'memory high') } : {};
  return value({
    version,
    directory: DIRECTORY[version],
    values: { ...Object.fromEntries(of), ...high },
    effective,
    procs: [],
  });
}

function contextOf(
  now: Reading<GroupAnswer> | null,
  before: Reading<GroupAnswer> | null = null,
): CheckContext {
  const lab = new FakeLab(new FakeHost());
  if (now) lab.groups.set('box memory', now);
  return {
    lang: 'en',
    mode: 'root',
    now: lab.host.snapshot(),
    actors: new Map(),
    output: [],
    exit: null,
    ask: (question) => lab.ask(question),
    askedBefore: () => before as never,
    label: () => null,
  };
}

const limit = (facts: Partial<Extract<Check, { check: 'cgroup' }>>): Check => ({
  check: 'cgroup',
  id: 'c',
  of: 'box',
  value: 'memory.limit',
  ...facts,
});

const kills = (facts: Partial<Extract<Check, { check: 'event' }>>): Check => ({
  check: 'event',
  id: 'e',
  of: 'box',
  event: 'memory.oomKill',
  ...facts,
});

const verdict = async (check: Check, context: CheckContext) => (await evaluateCheck(check, context)).verdict;

test('cgroup: a limit by its neutral name, with the file of the version that the group has', async () => {
  const v1 = contextOf(memory(1, { limit: '33554432' }));
  assert.equal(await evaluateCheck(limit({ is: '32M' }), v1), {
    id: 'c',
    verdict: 'pass',
    label: 'memory.limit of box is 32 MiB',
    expected: '32 MiB',
    seen: '32 MiB',
    proof: `cat ${DIRECTORY[1]}/memory.limit_in_bytes`,
  });
  const v2 = contextOf(memory(2, { limit: '33554432' }));
  assert.is((await evaluateCheck(limit({ is: '32M' }), v2)).proof, `cat ${DIRECTORY[2]}/memory.max`);
  assert.is(await verdict(limit({ is: '33M' }), v2), 'fail');
  assert.is(await verdict(limit({ is: 'max' }), v2), 'fail');
});

test('cgroup: at least, at most, no limit', async () => {
  const some = contextOf(memory(2, { limit: '33554432' }));
  assert.is(await verdict(limit({ atLeast: '32M', atMost: '32M' }), some), 'pass');
  assert.is(await verdict(limit({ atLeast: '33M' }), some), 'fail');
  assert.is(await verdict(limit({ atMost: '33554431' }), some), 'fail');
  const none = contextOf(memory(2, { limit: 'max' }));
  assert.is(await verdict(limit({ is: 'max' }), none), 'pass');
  assert.is(await verdict(limit({ atLeast: '64G' }), none), 'pass');
  assert.is(await verdict(limit({ atMost: '64G' }), none), 'fail');
});

test('cgroup: what is in force is an ancestor’s, who is named', async () => {
  const least = { limit: { value: '33554432', setBy: '/nscope-7f3a0000/pod' } };
  const context = contextOf(memory(2, { limit: '67108864' }, least));
  const result = await evaluateCheck(limit({ is: '32M', effective: true }), context);
  assert.is(result.verdict, 'pass');
  assert.is(result.seen, '32 MiB, set by /nscope-7f3a0000/pod');
  assert.is(await verdict(limit({ is: '32M' }), context), 'fail');
});

test('cgroup: unknown where there is no such file, or it is refused; fail where there is no group', async () => {
  const v1 = contextOf(memory(1, { limit: '33554432' }));
  const high = await evaluateCheck(limit({ value: 'memory.high', is: '16M' }), v1);
  assert.is(high.verdict, 'unknown');
  assert.is(high.seen, 'this kernel or version has no memory.high');
  const elsewhere = contextOf(unread('unsupported', 'box memory'));
  assert.is(await verdict(limit({ is: '32M' }), elsewhere), 'unknown');
  const denied = await evaluateCheck(limit({ is: '32M' }), contextOf(unread('denied', '/x')));
  assert.equal([denied.verdict, denied.seen], ['unknown', 'the kernel refuses /x']);
  const none = await evaluateCheck(limit({ is: '32M' }), contextOf(null));
  assert.equal([none.verdict, none.seen], ['fail', 'there is no such cgroup']);
});

test('event: what was gained since before the step', async () => {
  const now = memory(2, { oomKill: '3' });
  const result = await evaluateCheck(kills({ atLeast: 2 }), contextOf(now, memory(2, { oomKill: '1' })));
  assert.equal(result, {
    id: 'e',
    verdict: 'pass',
    label: 'memory.oomKill of box has risen by at least 2',
    expected: 'at least 2 more',
    seen: '1 before the step, 3 now',
    proof: `grep '^oom_kill ' ${DIRECTORY[2]}/memory.events`,
  });
  const three = contextOf(now, memory(2, { oomKill: '3' }));
  assert.is(await verdict(kills({ atLeast: 1 }), three), 'fail');
  assert.is(await verdict(kills({ atMost: 0 }), three), 'pass');
  assert.is(await verdict(kills({ atMost: 1 }), contextOf(now, memory(2, { oomKill: '1' }))), 'fail');
});

test('event: a group that was not there had none; one that was not asked leaves it open', async () => {
  const now = memory(1, { oomKill: '1' });
  assert.is(await verdict(kills({ atLeast: 1 }), contextOf(now, unread('gone', 'cgroup box'))), 'pass');
  const unasked = await evaluateCheck(kills({ atLeast: 1 }), contextOf(now));
  assert.equal([unasked.verdict, unasked.seen], ['unknown', '1 now; before the step it was not read']);
  assert.is(await verdict(kills({ atMost: 9 }), contextOf(now, unread('denied', '/x'))), 'unknown');
  const v1 = contextOf(memory(1, { oomKill: '1' }), memory(1, { oomKill: '1' }));
  assert.is(await verdict(kills({ event: 'memory.highEvents', atLeast: 1 }), v1), 'unknown');
  assert.equal(questionsBefore(kills({ atLeast: 1 })), [{ ask: 'group', of: 'box', controller: 'memory' }]);
});

test('both languages', async () => {
  const context: CheckContext = {
    ...contextOf(memory(2, { oomKill: '1' }), memory(2, { oomKill: '0' })),
    lang: 'zh-CN',
  };
  const result = await evaluateCheck(kills({ atLeast: 1 }), context);
  assert.is(result.label, 'box 的 memory.oomKill 至少增加了 1');
  assert.is(result.seen, '步骤开始前为 0，现在为 1');
});

test('a lesson that names no value of the table, or no amount, is refused', () => {
  const form = (of: unknown) => checkForm.safeParse(of).success;
  assert.ok(form(limit({ is: '32M' })));
  assert.not.ok(form(limit({ value: 'memory.limits', is: '32M' })));
  assert.not.ok(form(limit({ value: 'memory.oomKill', is: '1' })));
  assert.not.ok(form(limit({ is: '32 MB' })));
  assert.not.ok(form(kills({ event: 'memory.limit', atLeast: 1 })));
  assert.ok(form(kills({ event: 'cpu.nrThrottled', atLeast: 1 })));
});

test.run();
