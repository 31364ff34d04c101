// What findings say, in both languages: one sentence and one next step each, without a full stop.
import type { Message } from '../../text/lang.ts';

export const FINDINGS = {
  oomOwn: {
    en: 'the OOM killer killed {count} process(es) of {name}: the memory limit of its own, {limit}, was reached',
    'zh-CN': 'OOM killer 杀死了 {name} 的 {count} 个进程：达到了它自身的内存上限 {limit}',
  },
  oomAncestor: {
    en: 'the OOM killer killed {count} process(es) of {name}: the memory limit of an ancestor, {limit} of {path}, was reached',
    'zh-CN': 'OOM killer 杀死了 {name} 的 {count} 个进程：达到了祖先组 {path} 的内存上限 {limit}',
  },
  oomUnclear: {
    en: 'the OOM killer killed {count} process(es) of {name}: more than one limit above was reached, that of {path} ({limit}) is the nearest',
    'zh-CN':
      'OOM killer 杀死了 {name} 的 {count} 个进程：上方不止一个上限曾被触及，最近的是 {path}（{limit}）',
  },
  oomHost: {
    en: 'the OOM killer killed {count} process(es) of {name}: no limit of a group was reached, the host itself was out of memory',
    'zh-CN': 'OOM killer 杀死了 {name} 的 {count} 个进程：没有任何组达到上限，是主机自身内存耗尽',
  },
  oomEnded: {
    en: 'the OOM killer killed a process of {name}, which has ended with exit code {code}; it was given a limit of {limit}',
    'zh-CN': 'OOM killer 杀死了 {name} 的进程，该容器已退出，退出码 {code}；它的内存上限为 {limit}',
  },
  oomEndedUnlimited: {
    en: 'the OOM killer killed a process of {name}, which has ended with exit code {code}; it had no limit of its own: an ancestor or the host was out of memory',
    'zh-CN':
      'OOM killer 杀死了 {name} 的进程，该容器已退出，退出码 {code}；它自身没有上限：是祖先组或主机内存耗尽',
  },
  oomNext: {
    en: 'find what grows (nscope cgroup {target} --watch), or raise the limit of {path}',
    'zh-CN': '查明是什么在增长（nscope cgroup {target} --watch），或提高 {path} 的上限',
  },
  oomNextHost: {
    en: 'give the largest groups a limit, or the host more memory or swap',
    'zh-CN': '为占用最大的组设置上限，或为主机增加内存或 swap',
  },
  oomNextEnded: {
    en: 'run it with a higher --memory, or find what grows',
    'zh-CN': '用更高的 --memory 运行它，或查明是什么在增长',
  },
  throttledOwn: {
    en: '{name} was stopped by its own cpu quota in {count} of {periods} periods ({percent} %)',
    'zh-CN': '{name} 在 {periods} 个周期中有 {count} 个（{percent} %）被自身的 CPU 配额限流',
  },
  throttledAncestor: {
    en: '{name} was stopped by the cpu quota of an ancestor, {path}, in {count} of {periods} periods ({percent} %); its own counters do not tell',
    'zh-CN':
      '{name} 在 {periods} 个周期中有 {count} 个（{percent} %）被祖先组 {path} 的 CPU 配额限流；它自身的计数器不会反映',
  },
  throttledNext: {
    en: 'raise or remove the quota of {path}, or let fewer threads run in it',
    'zh-CN': '提高或取消 {path} 的配额，或减少其中同时运行的线程',
  },
  pidsFull: {
    en: '{name} is at the pids limit of {path}: {usage} of {limit} tasks, fork(2) fails there',
    'zh-CN': '{name} 已达到 {path} 的 pids 上限：{limit} 个任务中已有 {usage} 个，fork(2) 会失败',
  },
  pidsNear: {
    en: '{name} is near the pids limit of {path}: {usage} of {limit} tasks',
    'zh-CN': '{name} 接近 {path} 的 pids 上限：{limit} 个任务中已有 {usage} 个',
  },
  pidsHit: {
    en: 'fork(2) has failed {count} time(s) in {name} at a pids limit ({limit} of {path}); now there are {usage} tasks',
    'zh-CN': '{name} 中 fork(2) 曾因 pids 上限（{path} 的 {limit}）失败 {count} 次；现在有 {usage} 个任务',
  },
  pidsNext: {
    en: 'look for what forks (nscope ps), or raise pids.max of {path}; threads count too',
    'zh-CN': '查明是什么在 fork（nscope ps），或提高 {path} 的 pids.max；线程也计入',
  },
  limitOther: {
    en: '{name} was to have a {controller} limit of {asked}, but its group has {found}',
    'zh-CN': '{name} 要求的 {controller} 上限是 {asked}，但它的组实际为 {found}',
  },
  limitUnset: {
    en: '{name} was to have a {controller} limit of {asked}, but its group has none',
    'zh-CN': '{name} 要求的 {controller} 上限是 {asked}，但它的组没有设置',
  },
  limitAncestor: {
    en: '{name} was to have a {controller} limit of {asked}, but {found} of the ancestor {path} is in force',
    'zh-CN': '{name} 要求的 {controller} 上限是 {asked}，但实际生效的是祖先组 {path} 的 {found}',
  },
  limitNoGroup: {
    en: '{name} was to have a {controller} limit of {asked}, but it has no group of its own there that could hold it',
    'zh-CN': '{name} 要求的 {controller} 上限是 {asked}，但它没有可以设置此上限的独立的组',
  },
  limitNext: {
    en: 'set it again (docker update, or write the file), and look at who sets the other value',
    'zh-CN': '重新设置（docker update，或写入该文件），并查明另一个值由谁设定',
  },
  limitNextAncestor: {
    en: 'raise the limit of {path}, or ask for no more than it allows',
    'zh-CN': '提高 {path} 的上限，或要求不超过它的值',
  },
  limitNextUpdate: {
    en: 'an update by the engine changes the kernel and not config.json: if it was no update, set the limit again',
    'zh-CN': '引擎的 update 只改内核而不改 config.json：若并非如此，请重新设置上限',
  },
  leakedNamespace: {
    en: 'no process is in {name}; {holders} keep(s) it alive',
    'zh-CN': '{name} 中没有进程；使它继续存在的是：{holders}',
  },
  leakedNamespaceRefused: {
    en: 'no process is in {name}, as far as can be read ({denied} process(es) refuse); {holders} keep(s) it alive',
    'zh-CN': '在可读取的范围内（{denied} 个进程拒绝读取）{name} 中没有进程；使它继续存在的是：{holders}',
  },
  leakedHolderFd: { en: 'fd {fd} of {pid} {comm}', 'zh-CN': '进程 {pid} {comm} 的 fd {fd}' },
  leakedHolderMount: { en: 'the mount {path}', 'zh-CN': '挂载 {path}' },
  leakedHolderNamed: {
    en: 'the mount {path} ({by}: {name})',
    'zh-CN': '挂载 {path}（{by}：{name}）',
  },
  leakedHolderElsewhere: { en: ' in mnt:{inode}', 'zh-CN': '（位于 mnt:{inode}）' },
  leakedAnd: { en: ' and ', 'zh-CN': '，' },
  leakedNext: {
    en: 'if nobody needs it: {commands}',
    'zh-CN': '若无人需要：{commands}',
  },
  leakedShim: {
    en: 'the shim {pid} of {name} lives on, though no process of the container is left',
    'zh-CN': '{name} 的 shim {pid} 仍在运行，但容器已没有任何进程',
  },
  orphanedShim: {
    en: 'the shim {pid} of {name} lives on, though no process of the container is left and its containerd is gone, so that nobody will end it',
    'zh-CN': '{name} 的 shim {pid} 仍在运行，但容器已没有任何进程，containerd 也已不在，没有谁会结束它',
  },
  leakedShimNext: {
    en: 'ask the engine to remove the container; if it does not know it: kill {pid}',
    'zh-CN': '请引擎删除该容器；若引擎已不认识它：kill {pid}',
  },
  daemonDown: {
    en: '{name} is alive, but {daemons} of its engine is gone: nothing can stop, restart or inspect it, and its logs may stall',
    'zh-CN': '{name} 仍在运行，但引擎的 {daemons} 已不在：无法停止、重启或查看它，日志也可能停滞',
  },
  daemonDownNext: {
    en: 'start the daemon again; with live-restore it takes the container over, without it may stop it',
    'zh-CN': '重新启动守护进程；启用 live-restore 时会接管容器，否则可能将其停止',
  },
  frozenOwn: {
    en: '{name} is frozen by its own group ({path}): its processes do not run, not even for SIGTERM',
    'zh-CN': '{name} 被自身的组（{path}）冻结：进程不会运行，连 SIGTERM 也不处理',
  },
  frozenAncestor: {
    en: '{name} is frozen by an ancestor, {path}: its processes do not run, and its own file does not say so',
    'zh-CN': '{name} 被祖先组 {path} 冻结：进程不会运行，而它自身的文件并不显示',
  },
  frozenNext: {
    en: 'thaw it: {command}',
    'zh-CN': '解冻：{command}',
  },
  frozenNextContainer: {
    en: 'if it was paused: docker unpause {name}; else thaw its group: {command}',
    'zh-CN': '若是被暂停的：docker unpause {name}；否则解冻它的组：{command}',
  },
  hostNamespace: {
    en: "{name} shares the host's {types}",
    'zh-CN': '{name} 与主机共享 {types}',
  },
  hostPid: {
    en: 'pid namespace: it sees every process and can signal them',
    'zh-CN': 'PID 命名空间：能看到所有进程并向其发信号',
  },
  hostNet: {
    en: 'net namespace: it sees every interface and abstract socket, and its ports are the host’s',
    'zh-CN': '网络命名空间：能看到所有接口和抽象 socket，它的端口就是主机的端口',
  },
  hostIpc: {
    en: 'ipc namespace: it reaches the shared memory and queues of the host',
    'zh-CN': 'IPC 命名空间：能访问主机的共享内存和消息队列',
  },
  hostUser: {
    en: 'user namespace though its engine remaps users: its root is the root of the host',
    'zh-CN': '用户命名空间（而引擎启用了用户重映射）：它的 root 就是主机的 root',
  },
  hostNamespaceAnd: { en: '; and the ', 'zh-CN': '；以及' },
  hostNamespaceNext: {
    en: 'run it without {options}, if it does not need that',
    'zh-CN': '若不需要，运行时去掉 {options}',
  },
  capsFull: {
    en: '{name} runs with every capability that its engine has, in the user namespace of the engine: its root is as good as the root of the host',
    'zh-CN': '{name} 拥有其引擎的全部 capability，且处于引擎的用户命名空间：它的 root 与主机的 root 无异',
  },
  capsReach: {
    en: '{name} may gain every capability that its engine has (CapBnd is full): a setuid program in it is as good as the root of the host',
    'zh-CN': '{name} 可以获得其引擎的全部 capability（CapBnd 为全集）：其中的 setuid 程序与主机的 root 无异',
  },
  capsNext: {
    en: 'run it without --privileged, and with --cap-add for the one that it needs',
    'zh-CN': '运行时去掉 --privileged，只用 --cap-add 添加所需的那一项',
  },
  noSeccomp: {
    en: '{name} runs without a seccomp filter: it may make every system call',
    'zh-CN': '{name} 没有 seccomp 过滤：可以调用任何系统调用',
  },
  noSeccompNext: {
    en: 'run it without --security-opt seccomp=unconfined and without --privileged; give a bundle a profile in linux.seccomp',
    'zh-CN':
      '运行时去掉 --security-opt seccomp=unconfined 和 --privileged；OCI bundle 则在 linux.seccomp 中给出配置',
  },
  engineSocket: {
    en: "{name} can reach an engine's socket at {path}: whoever is in it can start any container and so is root of the host",
    'zh-CN': '{name} 可以访问引擎的 socket（{path}）：其中任何人都能启动任意容器，等同主机 root',
  },
  engineSocketNext: {
    en: 'run it without -v {path}, or put a proxy with an allow list before the socket',
    'zh-CN': '运行时去掉 -v {path}，或在 socket 前放置带白名单的代理',
  },
  zombies: {
    en: '{count} zombies wait below PID 1 of {name} ({pid} {comm}), which does not reap them',
    'zh-CN': '{name} 的 PID 1（{pid} {comm}）之下有 {count} 个僵尸进程未被回收',
  },
  zombiesNext: {
    en: 'run it with an init that reaps (docker run --init), or mend its PID 1: it must wait(2) for every child',
    'zh-CN': '用会回收子进程的 init 运行（docker run --init），或修正其 PID 1：它必须对每个子进程 wait(2)',
  },
  disagree: {
    en: 'the controllers of {name} disagree: {controller} has process {pid} in {path}, outside of the container’s {own}; its limits do not hold there',
    'zh-CN':
      '{name} 的各控制器不一致：{controller} 中进程 {pid} 位于 {path}，不在容器的 {own} 之内；容器的限制对它不起作用',
  },
  disagreeNext: {
    en: 'move it back: echo {pid} into cgroup.procs of the container’s group, and find who moved it',
    'zh-CN': '移回去：将 {pid} 写入容器所在组的 cgroup.procs，并查明是谁移动了它',
  },
  noSwap: {
    en: 'this host has no swap: memory limits end in the OOM killer sooner, and swap limits mean nothing',
    'zh-CN': '本机没有 swap：内存上限会更早触发 OOM killer，swap 上限没有意义',
  },
  noSwapNext: {
    en: 'nothing to mend: know it when you read --memory-swap',
    'zh-CN': '无需修复：阅读 --memory-swap 时须知此点',
  },
  noSwapAccounting: {
    en: 'the kernel does not account for swap per group: --memory-swap is not in force',
    'zh-CN': '内核没有按组统计 swap：--memory-swap 不起作用',
  },
  noSwapAccountingNext: {
    en: 'boot with swapaccount=1 on kernels before 5.18 or so, else build with CONFIG_SWAP',
    'zh-CN': '较旧的内核以 swapaccount=1 启动，否则以 CONFIG_SWAP 构建内核',
  },
  noPressure: {
    en: 'pressure stall information is not available: nobody can tell how much time is lost to waiting',
    'zh-CN': '无法获得压力信息（PSI）：不能得知因等待而损失的时间',
  },
  noPressureNext: {
    en: 'boot with psi=1 (the kernel needs CONFIG_PSI)',
    'zh-CN': '以 psi=1 启动（内核需要 CONFIG_PSI）',
  },
} as const satisfies Record<string, Message>;
