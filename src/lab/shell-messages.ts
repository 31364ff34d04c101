// What is said where no shell can be opened inside a process, in every language. No logic.
import type { Message } from '../text/lang.ts';

export const SHELL = {
  ended: { en: '{of} (pid {pid}) has ended', 'zh-CN': '{of}（pid {pid}）已经结束' },
  denied: {
    en: 'a shell inside {of} needs root (CAP_SYS_ADMIN over its namespaces, setns(2)): {path} is denied',
    'zh-CN':
      '在 {of} 中打开 shell 需要 root 权限（对其命名空间的 CAP_SYS_ADMIN，见 setns(2)）：无权访问 {path}',
  },
  deniedHint: { en: 'sudo nscope inspect', 'zh-CN': '请运行 sudo nscope inspect' },
  none: { en: 'there is no shell in the file system of {of}', 'zh-CN': '{of} 的文件系统中没有 shell' },
  noneHint: {
    en: 'the host’s own, in its other namespaces: {command}',
    'zh-CN': '可改用宿主机的 shell 进入它的其他命名空间：{command}',
  },
} satisfies Readonly<Record<string, Message>>;
