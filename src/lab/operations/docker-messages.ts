// What the lab's own dockerd and its containers say to people, in every language. No logic.
import type { Message } from '../../text/lang.ts';

export const DOCKER_ERRORS = {
  needsRoot: {
    en: "a dockerd of the lab's own needs root",
    'zh-CN': '启动实验环境自己的 dockerd 需要 root 权限',
  },
  missing: { en: 'missing: {programs}', 'zh-CN': '缺少：{programs}' },
  install: {
    en: 'install docker.io, iptables and iproute2',
    'zh-CN': '请安装 docker.io、iptables 和 iproute2',
  },
  tooLong: {
    en: 'the path {path} is too long for a socket ({length} bytes, {most} at most)',
    'zh-CN': '路径 {path} 对 socket 来说太长（{length} 字节，最多 {most} 字节）',
  },
  shorter: {
    en: 'set XDG_STATE_HOME to a shorter directory',
    'zh-CN': '请将 XDG_STATE_HOME 设为更短的目录',
  },
  notReady: {
    en: 'dockerd "{name}" did not answer: {log}',
    'zh-CN': 'dockerd "{name}" 没有应答：{log}',
  },
  stillRuns: {
    en: 'dockerd "{name}" still runs: it must have ended before another one takes its data',
    'zh-CN': 'dockerd "{name}" 仍在运行：必须先结束它，另一个才能使用它的数据',
  },
  noHolder: {
    en: 'the namespaces of dockerd could not be made: {log}',
    'zh-CN': '无法创建 dockerd 的 namespace：{log}',
  },
  badVerb: {
    en: 'docker {verb} is not among the commands for the lab: {verbs}',
    'zh-CN': 'docker {verb} 不在实验环境允许的命令之列：{verbs}',
  },
  badOption: {
    en: 'docker run may not have the option {option} here: it could reach out of the lab',
    'zh-CN': '这里的 docker run 不允许选项 {option}：它可能影响实验环境之外',
  },
  runFailed: { en: 'docker run failed: {line}', 'zh-CN': 'docker run 失败：{line}' },
  kindDaemon: { en: 'dockerd', 'zh-CN': 'dockerd' },
} as const satisfies Record<string, Message>;

export const DOCKER_NOTES = {
  ready: {
    en: '{name} answers on {socket}; its pid is {pid} here and {inside} in its own namespace',
    'zh-CN': '{name} 已在 {socket} 应答；它在这里的 pid 是 {pid}，在自己的 namespace 中是 {inside}',
  },
  container: {
    en: '{name} runs: docker says pid {inside}, here it is {pid}',
    'zh-CN': '{name} 已运行：docker 报告的 pid 是 {inside}，在这里是 {pid}',
  },
  endedAlready: { en: '{name} has ended already', 'zh-CN': '{name} 已经结束' },
} as const satisfies Record<string, Message>;

export const DOCKER_PLANS = {
  dockerdTouches: {
    en: 'files below {path}, cgroups below /nscope-{lab}, processes in new pid, network, mount, UTS and IPC namespaces',
    'zh-CN':
      '{path} 下的文件、/nscope-{lab} 下的 cgroup，以及位于新的 pid、网络、mount、UTS 和 IPC namespace 中的进程',
  },
  dockerdUndo: {
    en: 'killing the first process of its pid namespace, which ends all of it; then removing the files',
    'zh-CN': '杀死它所在 pid namespace 的 1 号进程，其余进程随之结束；然后删除文件',
  },
  touches: { en: 'the dockerd {daemon} of the lab alone', 'zh-CN': '只涉及实验环境自己的 dockerd {daemon}' },
  undo: { en: 'the end of {daemon}, with its data', 'zh-CN': '随 {daemon} 及其数据一起消失' },
} as const satisfies Record<string, Message>;
