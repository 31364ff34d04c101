// What the commands say in both languages: headings, remarks about what could not be seen, answers. Panes have their own table.
import type { Message } from '../text/lang.ts';

export const MESSAGES = {
  noNamespaces: { en: 'no namespace fits', 'zh-CN': '没有符合条件的命名空间' },
  denied: {
    en: '{count} of {all} processes refused their namespace links (run as root to see them); their namespaces may be missing here',
    'zh-CN':
      '{all} 个进程中有 {count} 个拒绝读取命名空间链接（以 root 运行才能看到）；它们的命名空间可能未列出',
  },
  deniedToRoot: {
    en: '{count} of {all} processes refused their namespace links even to root (capabilities are missing here); their namespaces may be missing',
    'zh-CN':
      '{all} 个进程中有 {count} 个即使对 root 也拒绝读取命名空间链接（此处缺少相应的 capability）；它们的命名空间可能未列出',
  },
  hidden: {
    en: '/proc is mounted with {options}: processes of other users are not seen',
    'zh-CN': '/proc 以 {options} 挂载：看不到其他用户的进程',
  },
  subset: {
    en: '/proc is mounted with {options}: it holds processes alone, and nothing of the host itself',
    'zh-CN': '/proc 以 {options} 挂载：其中只有进程，没有主机自身的信息',
  },
  insideContainer: {
    en: 'this program runs inside a pid namespace of its own: what lies outside is not seen',
    'zh-CN': '本程序运行在自己的 PID 命名空间内：看不到外部的一切',
  },
  noOwners: {
    en: 'owners and parents could not be read: neither koffi (an optional package) nor lsns works here',
    'zh-CN': '无法读取所有者和父命名空间：koffi（可选包）和 lsns 在此处都不可用',
  },
  noEngines: {
    en: 'no container engine and no container on this host',
    'zh-CN': '本机没有容器引擎，也没有容器',
  },
  noEnginesSeen: {
    en: 'no container engine and no container among the processes that are seen; others are hidden',
    'zh-CN': '在可见的进程中没有容器引擎，也没有容器；其他进程被隐藏',
  },
  engineSilent: {
    en: 'no answer from {socket} ({why}): names and images are missing',
    'zh-CN': '{socket} 没有应答（{why}）：缺少名称和镜像',
  },
  logicalParent: { en: 'parent is {ppid}', 'zh-CN': '父进程是 {ppid}' },
  leakedShim: {
    en: 'leaked: its container is gone',
    'zh-CN': '泄漏的 shim：其容器已不存在',
  },
  ofUser: { en: 'of user {uid}', 'zh-CN': '属于用户 {uid}' },
  pod: { en: 'pod {pod}', 'zh-CN': 'Pod {pod}' },
  sandbox: { en: 'sandbox', 'zh-CN': '沙箱容器' },
  sharesWith: { en: 'shares {types} with {name}', 'zh-CN': '与 {name} 共享 {types}' },
  likely: { en: 'likely, by {by}', 'zh-CN': '很可能，依据：{by}' },
  guess: { en: 'a guess, by {by}', 'zh-CN': '推测，依据：{by}' },
  noProcessLeft: { en: 'no process', 'zh-CN': '没有进程' },
  staleState: {
    en: 'no process: its runtime wrote down {pid}, which has ended',
    'zh-CN': '没有进程：运行时记录的 {pid} 已结束',
  },
  daemonDead: { en: 'its daemon is not running', 'zh-CN': '其守护进程未运行' },
  recorded: { en: 'recorded host: {title}', 'zh-CN': '录制的主机：{title}' },
  recordedHost: {
    en: 'this is a recorded host: lessons play from their recordings (without --from they run on this machine)',
    'zh-CN': '这是录制的主机：课程以录制内容播放（不带 --from 则在本机运行）',
  },
  notRedacted: {
    en: 'not redacted: command lines, mounts and the host name are in it; look at it before you give it away',
    'zh-CN': '未脱敏：其中包含命令行、挂载和主机名；交给他人前请先检查',
  },
  nothingLeft: { en: 'nothing of any lab is left', 'zh-CN': '没有任何实验残留' },
  left: { en: '{count} left:', 'zh-CN': '残留 {count} 项：' },
  leftHint: {
    en: 'nscope cleanup removes what the labs of ended runs left',
    'zh-CN': 'nscope cleanup 会清除已结束的实验所留下的东西',
  },
  inUse: {
    en: 'in use by a running nscope, gone when it ends (lab {labs}):',
    'zh-CN': '正被运行中的 nscope 使用，它结束后即消失（实验 {labs}）：',
  },
  refused: { en: 'not touched:', 'zh-CN': '未触碰：' },
  minutes: { en: '{count} min', 'zh-CN': '{count} 分钟' },
  lessonsHead: { en: 'Lessons', 'zh-CN': '课程' },
  halfway: { en: '{done} of {all}', 'zh-CN': '{done}/{all}' },
  hostHead: { en: 'This host', 'zh-CN': '本机' },
  hostLine: {
    en: 'kernel {kernel} · containers: {containers} · namespaces beside the initial ones: {own}',
    'zh-CN': '内核 {kernel} · {containers} 个容器 · 初始命名空间之外有 {own} 个命名空间',
  },
  findingsLine: {
    en: '{count} finding(s) at a first look: nscope doctor tells them, and looks deeper',
    'zh-CN': '初步检查发现 {count} 个问题：nscope doctor 会逐一说明并深入检查',
  },
  nextStep: {
    en: 'In a terminal, nscope opens the program; nscope learn uts-namespace starts the first lesson; nscope --help lists the commands.',
    'zh-CN':
      '在终端里运行 nscope 会打开程序；nscope learn uts-namespace 开始第一课；nscope --help 列出所有命令。',
  },
  missing: { en: 'Missing', 'zh-CN': '缺少' },
  kernelsOwn: { en: 'kernel', 'zh-CN': '内核' },
  holderProcess: { en: 'process {pid} {comm}', 'zh-CN': '进程 {pid} {comm}' },
  holderZombie: { en: 'zombie {pid} {comm}', 'zh-CN': '僵尸进程 {pid} {comm}' },
  holderThread: { en: 'thread {tid} of {pid} {comm}', 'zh-CN': '进程 {pid} {comm} 的线程 {tid}' },
  holderForChildren: {
    en: '{link} of {pid} {comm}',
    'zh-CN': '进程 {pid} {comm} 的 {link}',
  },
  holderForChildrenThread: {
    en: '{link} of thread {tid} of {pid} {comm}',
    'zh-CN': '进程 {pid} {comm} 的线程 {tid} 的 {link}',
  },
  holderFd: { en: 'fd {fd} of {pid} {comm}', 'zh-CN': '进程 {pid} {comm} 打开的 fd {fd}' },
  holderPin: { en: 'bind mount {path}', 'zh-CN': '绑定挂载 {path}' },
  holderProc: { en: 'proc mount {path}', 'zh-CN': 'proc 挂载 {path}' },
  holderElsewhere: { en: ' in mnt:{inode}', 'zh-CN': '（位于 mnt:{inode}）' },
  holderPinName: { en: ' ({by}: {name})', 'zh-CN': '（{by}：{name}）' },
  holderMore: { en: ' and {count} more there', 'zh-CN': '，同处另有 {count} 个' },
  holderChild: { en: 'child {type}:{inode}', 'zh-CN': '子命名空间 {type}:{inode}' },
  holderOwned: { en: 'owns {type}:{inode}', 'zh-CN': '拥有 {type}:{inode}' },
  lookingDeep: {
    en: 'threads, fds and mounts: {done} of {total}',
    'zh-CN': '正在读取线程、fd 和挂载：{done}/{total}',
  },
  deepDenied: {
    en: 'not seen, because denied: threads of {threads} processes, fds of {fds}, mounts of {mounts} mount namespaces',
    'zh-CN': '因权限被拒而未能读取：{threads} 个进程的线程、{fds} 个进程的 fd、{mounts} 个挂载命名空间的挂载',
  },
  deepOutOfReach: {
    en: '{count} mount namespaces have no process that would show their mounts: what those pin is not seen',
    'zh-CN': '有 {count} 个挂载命名空间内没有进程，无法得知其中的挂载；由这些挂载固定的命名空间未列出',
  },
  deepUnborn: {
    en: '{count} processes made a pid namespace for their children and have no child yet: it has no inode before the first',
    'zh-CN': '有 {count} 个进程为子进程创建了 PID 命名空间但尚无子进程：在第一个子进程出现之前，它没有 inode',
  },
  deepUntold: {
    en: 'it could not be told which namespace {proc} proc mounts and {mqueue} mqueue mounts hold',
    'zh-CN': '有 {proc} 个 proc 挂载和 {mqueue} 个 mqueue 挂载，无法判断它们持有哪个命名空间',
  },
  deepSockets: {
    en: 'sockets are not looked at: one can keep a network namespace alive',
    'zh-CN': '未检查 socket：socket 也可能让网络命名空间继续存在',
  },
  deepNotScanned: {
    en: 'this recording holds no threads and no fds',
    'zh-CN': '此录制不包含线程和 fd 信息',
  },
  fileHead: { en: 'FILE', 'zh-CN': '文件' },
  valueHead: { en: 'VALUE', 'zh-CN': '值' },
  rateHead: { en: 'PER SECOND', 'zh-CN': '每秒' },
  inForceHead: { en: 'IN FORCE', 'zh-CN': '实际生效' },
  meaningHead: { en: 'MEANING', 'zh-CN': '含义' },
  kindLimit: { en: 'limit', 'zh-CN': '限制' },
  kindUsage: { en: 'usage', 'zh-CN': '用量' },
  kindEvent: { en: 'event', 'zh-CN': '事件' },
  kindPressure: { en: 'pressure', 'zh-CN': '压力' },
  insidePath: { en: 'inside {path}', 'zh-CN': '内部所见 {path}' },
  workingSet: { en: 'working set', 'zh-CN': '工作集' },
  throttledAt: { en: 'throttled at {path}', 'zh-CN': '在 {path} 处被限流' },
  cpus: { en: '{count} CPU', 'zh-CN': '{count} 个 CPU' },
  inForceOwn: { en: '{value}, its own', 'zh-CN': '{value}，由本组设定' },
  inForceBy: { en: '{value}, set by {path}', 'zh-CN': '{value}，由 {path} 设定' },
  inForceDenied: { en: 'or less: denied in {groups}', 'zh-CN': '或更低：{groups} 拒绝读取' },
  readAt: { en: 'of the group {path}', 'zh-CN': '属于 {path} 组' },
  groupGone: { en: 'the group is gone', 'zh-CN': '该组已不存在' },
  unknownFile: {
    en: 'not in the table of this version of nscope',
    'zh-CN': '此版本 nscope 的表中没有该文件',
  },
  writeOnly: { en: 'only written', 'zh-CN': '仅可写入' },
  noProcesses: { en: 'no process fits', 'zh-CN': '没有符合条件的进程' },
  shared: { en: 'shared', 'zh-CN': '共享' },
  own: { en: 'own', 'zh-CN': '各自独立' },
  unknown: { en: 'unknown', 'zh-CN': '未知' },
  neededBy: { en: 'needed by {lessons}', 'zh-CN': '{lessons} 需要' },
} as const satisfies Record<string, Message>;
