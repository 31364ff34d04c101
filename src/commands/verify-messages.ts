// What `nscope verify` says in both languages.
import type { Message } from '../text/lang.ts';

export const VERIFY = {
  counted: {
    en: '{compared} values compared, {differences} differ; {moved} moved meanwhile and were left out',
    'zh-CN': '比较了 {compared} 个值，{differences} 个不同；{moved} 个在此期间发生变化，未参与比较',
  },
  differs: { en: 'here {here}, {name} says {there}', 'zh-CN': '本程序：{here}，{name}：{there}' },
  noAnswer: { en: 'not here, or it does not answer: not compared', 'zh-CN': '不可用或没有应答：未比较' },
  countsItself: {
    en: 'known: lsns counts itself as a member of {count} of its own namespaces (taken off)',
    'zh-CN': '已知：lsns 把自己计入它所在的 {count} 个命名空间（已扣除）',
  },
  needsAProcess: {
    en: 'known: lsns lists no namespace without a process; {count} such are found here (held by mounts, children or descriptors)',
    'zh-CN':
      '已知：lsns 不列出没有进程的命名空间；本程序发现 {count} 个（由挂载、子命名空间或文件描述符保持）',
  },
  unreadableThere: {
    en: 'known: ps prints `-` for {count} links that are read here',
    'zh-CN': '已知：有 {count} 个链接 ps 打印为 `-`，而本程序能够读取',
  },
  passingProcess: {
    en: 'known: lsfd lists {count} descriptors of processes that were there only while it ran, its own among them',
    'zh-CN': '已知：lsfd 列出了 {count} 个文件描述符，属于仅在它运行期间存在的进程（包括它自己）',
  },
  otherPidNamespace: {
    en: 'known: runc, run from here, takes {count} containers of an engine in another pid namespace for stopped; they run',
    'zh-CN': '已知：在此处运行的 runc 把另一个 pid 命名空间中引擎的 {count} 个容器当作已停止；它们在运行',
  },
} as const satisfies Record<string, Message>;
