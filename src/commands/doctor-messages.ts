// What `nscope doctor` says around its findings, in both languages. The findings' own words: model/findings/messages.ts.
import type { Message } from '../text/lang.ts';

export const DOCTOR = {
  error: { en: 'error', 'zh-CN': '错误' },
  warning: { en: 'warning', 'zh-CN': '警告' },
  note: { en: 'note', 'zh-CN': '备注' },
  evidence: { en: 'evidence', 'zh-CN': '证据' },
  proof: { en: 'proof', 'zh-CN': '验证' },
  next: { en: 'next', 'zh-CN': '下一步' },
  lesson: { en: 'lesson', 'zh-CN': '课程' },
  found: { en: '{count} finding(s)', 'zh-CN': '发现 {count} 个问题' },
  none: { en: 'no finding', 'zh-CN': '没有发现问题' },
  noLeaks: {
    en: 'whether a namespace is leaked cannot be told: processes are hidden, or refused their namespace links',
    'zh-CN': '无法判断是否有泄漏的命名空间：部分进程被隐藏或拒绝读取命名空间链接',
  },
  unseenPrivileges: {
    en: 'capabilities and seccomp of {names} could not be read',
    'zh-CN': '无法读取 {names} 的 capability 和 seccomp',
  },
  unseenMounts: {
    en: 'the mounts of {names} could not be read: an engine’s socket in them would not be seen',
    'zh-CN': '无法读取 {names} 的挂载：其中若有引擎的 socket 则未能发现',
  },
  unseenAsked: {
    en: 'which limits were asked for {names} could not be read',
    'zh-CN': '无法读取 {names} 所要求的上限',
  },
  unseenGroups: {
    en: 'the files of {count} control groups refused to be read',
    'zh-CN': '{count} 个 cgroup 的文件拒绝读取',
  },
  noEngine: {
    en: 'no engine answered: what a container that has ended died of is not known',
    'zh-CN': '没有引擎应答：无法得知已结束的容器因何退出',
  },
} as const satisfies Record<string, Message>;
