// What the checks of a cgroup say to people, in every language.
import type { Message } from '../../text/lang.ts';

export const GROUPS = {
  is: { en: '{value} of {of} is {want}', 'zh-CN': '{of} 的 {value} 为 {want}' },
  atLeast: { en: '{value} of {of} is at least {want}', 'zh-CN': '{of} 的 {value} 至少为 {want}' },
  atMost: { en: '{value} of {of} is at most {want}', 'zh-CN': '{of} 的 {value} 至多为 {want}' },
  inForce: { en: 'what is in force as {value}', 'zh-CN': '实际生效的 {value}' },
  wantIs: { en: '{want}', 'zh-CN': '{want}' },
  wantAtLeast: { en: 'at least {want}', 'zh-CN': '至少 {want}' },
  wantAtMost: { en: 'at most {want}', 'zh-CN': '至多 {want}' },
  setBy: { en: '{seen}, set by {group}', 'zh-CN': '{seen}，由 {group} 设定' },
  gainedAtLeast: {
    en: '{event} of {of} has risen by at least {want}',
    'zh-CN': '{of} 的 {event} 至少增加了 {want}',
  },
  gainedAtMost: {
    en: '{event} of {of} has risen by at most {want}',
    'zh-CN': '{of} 的 {event} 至多增加了 {want}',
  },
  more: { en: 'at least {want} more', 'zh-CN': '至少增加 {want}' },
  noMore: { en: 'at most {want} more', 'zh-CN': '至多增加 {want}' },
  gained: { en: '{before} before the step, {now} now', 'zh-CN': '步骤开始前为 {before}，现在为 {now}' },
  wasUnread: {
    en: '{now} now; before the step it was not read',
    'zh-CN': '现在为 {now}；步骤开始前未读取',
  },
  noGroup: { en: 'there is no such cgroup', 'zh-CN': '没有这个 cgroup' },
  noFile: { en: 'this kernel or version has no {file}', 'zh-CN': '此内核或该 cgroup 版本没有 {file}' },
} as const satisfies Readonly<Record<string, Message>>;
