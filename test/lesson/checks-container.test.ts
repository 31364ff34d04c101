// The check `container`: what the runtime says, and that what is gone must have been there.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { unread } from '../../src/kernel/reading.ts';
import type { ContainerStatus } from '../../src/lab/questions.ts';
import { evaluateCheck } from '../../src/lesson/checks/index.ts';
import type { Check } from '../../src/lesson/types.ts';
import { scene as startScene } from './scene.ts';

const test = suite('lesson/checks: container');

const scene = () => startScene({ box: ['pid'] });

const check = (status: ContainerStatus, of = 'box'): Check => ({ check: 'container', id: 'c', of, status });

test('pass and fail, in both languages', async () => {
  const { lab, context } = await scene();
  lab.containers.set('box', 'paused');
  assert.equal(await evaluateCheck(check('paused'), context()), {
    id: 'c',
    verdict: 'pass',
    label: 'the container box is paused',
    expected: 'paused',
    seen: 'paused',
    proof: 'runc state box',
  });
  const failed = await evaluateCheck(check('running'), context({ lang: 'zh-CN' }));
  assert.is(failed.verdict, 'fail');
  assert.is(failed.expected, '运行中（running）');
  assert.is(failed.seen, '已暂停（paused）');
});

test('a stopped container is not gone, and its process need not live', async () => {
  const { lab, context } = await scene();
  lab.containers.set('box', 'stopped');
  const ended = { ...context().now, processes: [] };
  assert.is((await evaluateCheck(check('stopped'), context({ now: ended }))).verdict, 'pass');
  assert.is((await evaluateCheck(check('gone'), context({ now: ended }))).verdict, 'fail');
});

test('what is gone must have been there', async () => {
  const { context } = await scene();
  assert.is((await evaluateCheck(check('gone'), context())).verdict, 'pass');
  const never = await evaluateCheck(check('gone', 'never'), context());
  assert.is(never.verdict, 'unknown');
  assert.is(never.seen, 'never has not been created');
  assert.is((await evaluateCheck(check('running', 'never'), context())).verdict, 'fail');
});

test('a runtime that cannot answer leaves it open', async () => {
  const { context } = await scene();
  const ask = () => Promise.resolve(unread('unsupported', '/lab/runc/x'));
  const open = await evaluateCheck(check('gone'), context({ ask }));
  assert.is(open.verdict, 'unknown');
  assert.match(open.seen, /\/lab\/runc\/x/);
});

test.run();
