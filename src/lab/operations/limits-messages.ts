// What the operations on a group that is there already say to people, in every language. No logic.
import type { Message } from '../../text/lang.ts';

export const LIMITS = {
  limitTouches: {
    en: 'control files of the lab’s cgroup {name}',
    'zh-CN': '只涉及实验环境的 cgroup {name} 的控制文件',
  },
  limitNone: { en: 'nothing: there is no cgroup {name} here', 'zh-CN': '无：本机没有 cgroup {name}' },
  limitUndo: {
    en: 'writing back what was there; the cgroup goes when the lab closes',
    'zh-CN': '写回原来的值；cgroup 本身在实验环境关闭时删除',
  },
  limitWritten: { en: '{file} says {value}', 'zh-CN': '{file} 的内容为 {value}' },
  limitMissing: { en: '{limit} is left out: {reason}', 'zh-CN': '跳过 {limit}：{reason}' },
  noFile: { en: 'this kernel has no {file}', 'zh-CN': '此内核没有 {file}' },
  notHere: { en: 'the cgroup has none here', 'zh-CN': '该 cgroup 在本机没有这一项' },
  killTouches: {
    en: 'every process in the lab’s cgroup {name}',
    'zh-CN': '实验环境的 cgroup {name} 中的全部进程',
  },
  killUndo: { en: 'nothing: what is killed cannot be brought back', 'zh-CN': '无法撤销：杀死的进程不能复原' },
  killed: { en: 'killed in {name}: {pids}', 'zh-CN': '已杀死 {name} 中的进程：{pids}' },
  killedNone: { en: 'no process was in {name}', 'zh-CN': '{name} 中没有进程' },
} as const satisfies Record<string, Message>;

export const LIMIT_ERRORS = {
  notStarted: {
    en: 'process {pid} in the cgroup {name} was not started by the lab: nobody was killed',
    'zh-CN': 'cgroup {name} 中的进程 {pid} 不是实验环境启动的：没有杀死任何进程',
  },
  notStartedHint: { en: 'move it to another cgroup, or end it', 'zh-CN': '请把它移到别的 cgroup，或结束它' },
  stubborn: {
    en: 'process {pid} in the cgroup {name} did not end after SIGKILL',
    'zh-CN': 'cgroup {name} 中的进程 {pid} 在 SIGKILL 之后仍未结束',
  },
} as const satisfies Record<string, Message>;
