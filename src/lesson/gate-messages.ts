// What the author's gate says about lessons, in every language.
import type { Message } from '../text/lang.ts';

export const GATE = {
  notPassed: {
    en: 'check `{id}` does not pass: expected {expected}; seen {seen}; `{proof}` shows it',
    'zh-CN': '检查 `{id}` 未通过：预期 {expected}；实际 {seen}；可用 `{proof}` 查看',
  },
  solvedAlready: {
    en: 'check `{id}` passes before the solution ({seen}): it proves nothing; if it is there to see that something stays as it is, mark it `guard: true`',
    'zh-CN':
      '检查 `{id}` 在执行解答之前就已通过（{seen}），因此证明不了什么；如果它的用途是确认某事保持不变，请标上 `guard: true`',
  },
  guardFails: {
    en: 'check `{id}` has `guard: true` and does not pass from the start: expected {expected}; seen {seen}; `{proof}` shows it',
    'zh-CN':
      '检查 `{id}` 标有 `guard: true`，但一开始就未通过：预期 {expected}；实际 {seen}；可用 `{proof}` 查看',
  },
  onlyGuards: {
    en: 'every check of this task has `guard: true`: nothing is left for the learner to do',
    'zh-CN': '此任务的所有检查都标有 `guard: true`：学习者无事可做',
  },
  notSolved: {
    en: 'the solution does not make check `{id}` pass: expected {expected}; seen {seen}; `{proof}` shows it',
    'zh-CN': '解答未能使检查 `{id}` 通过：预期 {expected}；实际 {seen}；可用 `{proof}` 查看',
  },
  noTruth: {
    en: 'no choice holds: what the kernel shows fits none of the answers',
    'zh-CN': '没有一个选项成立：内核显示的结果与所有选项都不符',
  },
  manyTruths: {
    en: 'more than one choice holds: {ids}; a learner who takes the second is told to be wrong',
    'zh-CN': '不止一个选项成立：{ids}；选了后者的学习者会被误判为答错',
  },
  otherTruth: {
    en: 'the kernel answered `{before}` the first time and `{truth}` the second',
    'zh-CN': '内核第一次的答案是 `{before}`，第二次却是 `{truth}`',
  },
  noRight: { en: 'the quiz has no right answer', 'zh-CN': '测验没有正确答案' },
  notDone: { en: 'the step does not come to its end', 'zh-CN': '该步骤未能完成' },
  left: { en: 'left behind: {kind} {what} ({proof})', 'zh-CN': '残留：{kind} {what}（{proof}）' },
} as const satisfies Readonly<Record<string, Message>>;
