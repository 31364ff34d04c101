// What the lab says to people, in every language. No logic; shell commands are not translated and are not here.
import type { Message } from '../text/lang.ts';

/** Errors: one clear line, and a hint of what to do. */
export const ERRORS = {
  stateNotUsable: {
    en: 'the state directory {path} cannot be used: {reason}',
    'zh-CN': '无法使用状态目录 {path}：{reason}',
  },
  stateHint: {
    en: 'set XDG_STATE_HOME to a directory that you can write to',
    'zh-CN': '请将环境变量 XDG_STATE_HOME 设为一个可写的目录',
  },
  reasonReadOnly: { en: 'its file system is read-only', 'zh-CN': '所在文件系统是只读的' },
  reasonFull: { en: 'its file system is full', 'zh-CN': '所在文件系统已满' },
  reasonDenied: { en: 'permission denied', 'zh-CN': '权限不足' },
  reasonNotDirectory: {
    en: 'there is a file where a directory is needed',
    'zh-CN': '需要目录的位置上已有一个普通文件',
  },
  reasonForeign: { en: 'it belongs to uid {uid}, not to you', 'zh-CN': '它属于 uid {uid}，而不是当前用户' },
  reasonLink: { en: 'it is a symbolic link', 'zh-CN': '它是一个符号链接' },
  reasonOpen: {
    en: 'others may write to it (mode {mode})',
    'zh-CN': '其他用户可以写入它（权限为 {mode}）',
  },
  noMode: {
    en: 'experiments need root, or a user namespace that an unprivileged user may create; this host gives neither',
    'zh-CN': '做实验需要 root 权限，或者允许非特权用户创建 user namespace；本机两者都不满足',
  },
  noModeHint: {
    en: 'run it with sudo, or see `nscope preflight` for what is missing',
    'zh-CN': '请用 sudo 运行，或执行 `nscope preflight` 查看缺少什么',
  },
  closed: { en: 'this lab is closed', 'zh-CN': '这个实验环境已经关闭' },
  interrupted: { en: 'stopped before it was done', 'zh-CN': '操作在完成前被中止' },
  badName: {
    en: '"{name}" is no name for something of the lab: expected letters a-z, digits and "-", beginning with a letter',
    'zh-CN': '"{name}" 不是合法的名称：只能使用小写字母、数字和 "-"，并以字母开头',
  },
  nameTaken: {
    en: 'the lab has a {kind} named "{name}" already',
    'zh-CN': '实验环境中已经有名为 "{name}" 的 {kind}',
  },
  unknownName: {
    en: 'the lab has no {kind} named "{name}"',
    'zh-CN': '实验环境中没有名为 "{name}" 的 {kind}',
  },
  unknownNameHint: { en: 'there is: {names}', 'zh-CN': '现有：{names}' },
  none: { en: 'none', 'zh-CN': '无' },
  kindRootfs: { en: 'root file system', 'zh-CN': '根文件系统' },
  kindCgroup: { en: 'cgroup', 'zh-CN': 'cgroup' },
  kindDirectory: { en: 'directory', 'zh-CN': '目录' },
  kindActor: { en: 'actor', 'zh-CN': '角色进程' },
  actorGone: {
    en: 'the actor "{name}" (pid {pid}) has ended',
    'zh-CN': '角色进程 "{name}"（pid {pid}）已经结束',
  },
  actorFailed: {
    en: 'the actor "{name}" did not start: {reason}',
    'zh-CN': '角色进程 "{name}" 启动失败：{reason}',
  },
  actorSlow: {
    en: 'it was not running its command within {seconds} s',
    'zh-CN': '{seconds} 秒内没有开始执行它的命令',
  },
  exited: { en: 'it ended with status {status}', 'zh-CN': '它以状态码 {status} 退出' },
  notStarted: { en: '{command} could not be started: {reason}', 'zh-CN': '无法启动 {command}：{reason}' },
  installUtilLinux: {
    en: 'install util-linux (apt install util-linux, dnf install util-linux)',
    'zh-CN': '请安装 util-linux（apt install util-linux 或 dnf install util-linux）',
  },
  noUserland: {
    en: 'no root file system can be made: there is no static busybox and no shell with its libraries on PATH',
    'zh-CN': '无法构建根文件系统：PATH 中既没有静态链接的 busybox，也没有可用的 shell 及其动态库',
  },
  installBusybox: { en: 'install busybox-static', 'zh-CN': '请安装 busybox-static' },
  exists: {
    en: "{path} exists already and is not the lab's",
    'zh-CN': '{path} 已经存在，且不属于本实验环境',
  },
  cannotMake: { en: '{path} cannot be made: {reason}', 'zh-CN': '无法创建 {path}：{reason}' },
  unknownLimit: { en: 'unknown limit "{key}"', 'zh-CN': '未知的限制项 "{key}"' },
  unknownValue: {
    en: 'the table of control files has no "{key}"',
    'zh-CN': '控制文件表中没有 "{key}"',
  },
  notInGroup: {
    en: 'the cgroup "{name}" has no {what} on this host',
    'zh-CN': '本机的 cgroup "{name}" 没有 {what}',
  },
  noRoom: {
    en: 'the controllers of {path} cannot be handed out: {reason}',
    'zh-CN': '无法把 {path} 的控制器分配给子组：{reason}',
  },
  limitRefused: {
    en: 'the kernel refused {value} in {file}: {reason}',
    'zh-CN': '内核拒绝向 {file} 写入 {value}：{reason}',
  },
  notALook: {
    en: '"{command}" is not among the commands that only look',
    'zh-CN': '"{command}" 不在只读命令之列',
  },
  lookHint: { en: 'commands that only look: {names}', 'zh-CN': '可用的只读命令：{names}' },
  lookArgument: {
    en: '"{argument}" may not stand after {command}: it might change something or read what is not to be shown',
    'zh-CN': '{command} 不允许参数 "{argument}"：它可能造成更改，或读取不应展示的内容',
  },
  emptyCommand: { en: 'a command needs at least one word', 'zh-CN': '命令不能为空' },
  touchesHost: {
    en: '"{command}" would act on the host: "{actor}" has no {type} namespace of its own',
    'zh-CN': '"{command}" 会影响宿主机："{actor}" 没有自己的 {type} namespace',
  },
  badSignal: { en: '"{signal}" is not a signal', 'zh-CN': '"{signal}" 不是有效的信号名' },
  insideNeedsPid: {
    en: 'a signal from inside needs an actor with a pid namespace of its own; "{name}" has none',
    'zh-CN': '要从内部发送信号，角色进程必须有自己的 pid namespace；"{name}" 没有',
  },
} as const satisfies Record<string, Message>;

/** Notes between the lines of output. */
export const NOTES = {
  timeLimit: { en: 'stopped: it ran longer than {seconds} s', 'zh-CN': '已中止：运行超过 {seconds} 秒' },
  aborted: { en: 'stopped', 'zh-CN': '已中止' },
  dropped: { en: '{count} more lines are not shown', 'zh-CN': '还有 {count} 行未显示' },
  actorRuns: { en: '{name} runs with pid {pid}', 'zh-CN': '{name} 已运行，pid 为 {pid}' },
  rootfsMade: { en: 'made {path} from {source}', 'zh-CN': '已用 {source} 构建 {path}' },
  cgroupMade: { en: 'made {path}', 'zh-CN': '已创建 {path}' },
  cgroupSkipped: {
    en: 'cgroup "{name}" is left out: making one needs root here, or a group of your own: systemd-run --user --scope -p Delegate=yes nscope',
    'zh-CN':
      '跳过 cgroup "{name}"：在本机创建 cgroup 需要 root 权限，或者一个属于你的组：systemd-run --user --scope -p Delegate=yes nscope',
  },
  cgroupRefused: {
    en: 'no cgroup in {path}: {reason}',
    'zh-CN': '无法在 {path} 中创建 cgroup：{reason}',
  },
  controllerMissing: {
    en: 'the controller {controller} is not available: {reason}',
    'zh-CN': '控制器 {controller} 不可用：{reason}',
  },
  notMounted: { en: 'no cgroup hierarchy has it', 'zh-CN': '没有任何 cgroup 层级提供它' },
  notEnabled: {
    en: 'it is not enabled in {file}, which belongs to the host',
    'zh-CN': '{file} 中没有启用它，而该文件属于宿主机',
  },
  notDelegated: {
    en: 'it is not among those of {file}, which were delegated',
    'zh-CN': '{file} 列出的委派控制器中没有它',
  },
  notInParent: { en: 'the cgroup "{name}" is not in its tree', 'zh-CN': 'cgroup "{name}" 不在它的层级树中' },
  notInVersion: {
    en: 'cgroup v{version} has nothing that it could be written to',
    'zh-CN': 'cgroup v{version} 没有可写入的对应文件',
  },
  signalSent: { en: 'SIG{signal} sent to {pid}', 'zh-CN': '已向 {pid} 发送 SIG{signal}' },
  stillRuns: { en: '{name} still runs', 'zh-CN': '{name} 仍在运行' },
  endedBySignal: {
    en: 'ended by signal {signal}: status {status}',
    'zh-CN': '被信号 {signal} 结束：状态码 {status}',
  },
  hasEnded: { en: '{name} has ended', 'zh-CN': '{name} 已经结束' },
} as const satisfies Record<string, Message>;

/** The lines of a plan: what an operation touches, and what undoes it. */
export const PLANS = {
  rootfsTouches: { en: 'files below {path}, nothing else', 'zh-CN': '只涉及 {path} 下的文件' },
  rootfsUndo: { en: 'removing that directory when the lab closes', 'zh-CN': '实验环境关闭时删除该目录' },
  cgroupTouches: { en: 'new cgroups of the lab: {paths}', 'zh-CN': '新建属于实验环境的 cgroup：{paths}' },
  cgroupNone: {
    en: 'nothing: making a cgroup needs root here',
    'zh-CN': '无：在本机创建 cgroup 需要 root 权限',
  },
  cgroupUndo: {
    en: 'ending what runs in them and removing them (rmdir) when the lab closes',
    'zh-CN': '实验环境关闭时结束其中的进程并用 rmdir 删除',
  },
  actorTouches: {
    en: 'one new process; namespaces of its own: {types}',
    'zh-CN': '一个新进程，自有的 namespace：{types}',
  },
  actorTouchesNone: { en: 'one new process', 'zh-CN': '一个新进程' },
  actorUndo: {
    en: 'killing that process; its namespaces go with it',
    'zh-CN': '杀死该进程，它的 namespace 随之消失',
  },
  runTouches: {
    en: 'what {name} has of its own ({types}); runs at most {seconds} s',
    'zh-CN': '{name} 自有的部分（{types}）；最多运行 {seconds} 秒',
  },
  runTouchesNone: {
    en: 'the cgroup of {name}; runs at most {seconds} s',
    'zh-CN': '{name} 的 cgroup；最多运行 {seconds} 秒',
  },
  runUndo: { en: 'the end of {name}', 'zh-CN': '随 {name} 结束而消失' },
  unshareTouches: {
    en: 'new namespaces ({types}) that end with the command, {seconds} s at most',
    'zh-CN': '新的 namespace（{types}），随命令结束而消失，最多 {seconds} 秒',
  },
  unshareUndo: { en: "the command's own end", 'zh-CN': '命令结束即撤销' },
  lookTouches: { en: 'nothing: it only looks', 'zh-CN': '无：只读取，不改动' },
  nothingToUndo: { en: 'nothing to undo', 'zh-CN': '无需撤销' },
  signalTouches: { en: 'the process {name} ({pid}) alone', 'zh-CN': '只涉及进程 {name}（{pid}）' },
  signalInsideTouches: {
    en: 'PID 1 of the pid namespace of {name}, signalled by a process inside it',
    'zh-CN': '{name} 所在 pid namespace 的 1 号进程，信号由其中的进程发出',
  },
  signalUndo: { en: 'nothing: a signal cannot be taken back', 'zh-CN': '无法撤销：信号一旦发出就不能收回' },
} as const satisfies Record<string, Message>;

/** What cleanup did, and why it refused. */
export const CLEANUP = {
  processEnded: {
    en: 'ended process {pid} ({comm}) of lab {lab}',
    'zh-CN': '已结束实验环境 {lab} 的进程 {pid}（{comm}）',
  },
  actorEnded: { en: 'ended process {pid} of lab {lab}', 'zh-CN': '已结束实验环境 {lab} 的进程 {pid}' },
  cgroupRemoved: { en: 'removed cgroup {path}', 'zh-CN': '已删除 cgroup {path}' },
  treeRemoved: { en: 'removed {path}', 'zh-CN': '已删除 {path}' },
  labRemoved: {
    en: 'removed the journal and directory of lab {lab}',
    'zh-CN': '已删除实验环境 {lab} 的日志和目录',
  },
  isLive: { en: 'lab {lab} is in use by process {pid}', 'zh-CN': '实验环境 {lab} 正由进程 {pid} 使用' },
  otherPidNamespace: {
    en: 'lab {lab} was made in another pid namespace: whether its program still runs cannot be seen from here',
    'zh-CN': '实验环境 {lab} 是在另一个 pid namespace 中创建的：从这里无法判断其程序是否仍在运行',
  },
  otherIdentity: {
    en: 'it has the name of something of the lab, but is another (inode {found}, not {expected})',
    'zh-CN': '它与实验环境的某个对象同名，但并非同一个（inode 为 {found}，而不是 {expected}）',
  },
  otherBoot: {
    en: 'it has the name of something that a lab made before the last boot, so it is another',
    'zh-CN': '与它同名的对象是在上次启动之前创建的，因此它不是同一个对象',
  },
  notOurs: { en: 'no journal knows it: its owner is unknown', 'zh-CN': '没有任何日志记录它：所有者未知' },
  outsideLab: { en: "it is not below the lab's own directory", 'zh-CN': '它不在实验环境自己的目录之下' },
  mountBelow: { en: 'something is mounted at {mount}', 'zh-CN': '{mount} 上挂载了文件系统' },
  otherDevice: { en: '{path} is on another device', 'zh-CN': '{path} 位于另一个设备上' },
  olderThanLab: {
    en: 'process {pid} in it is older than the lab, so the lab did not start it',
    'zh-CN': '其中的进程 {pid} 早于实验环境，不是由它启动的',
  },
  notStartedByLab: {
    en: 'process {pid} in it has no mark of the lab and comes from none of its processes, so the lab did not start it',
    'zh-CN': '其中的进程 {pid} 没有实验环境的标记，也不是其进程的后代，因此不是由它启动的',
  },
  noMark: {
    en: 'its journal names this process, which has no mark of the lab or is older: it was left alone',
    'zh-CN': '日志中记录了该进程，但它没有实验环境的标记或早于实验环境，因此未作处理',
  },
  untrusted: {
    en: '{path} is not believed: {reason}',
    'zh-CN': '{path} 不可信：{reason}',
  },
  ownAncestor: {
    en: 'it is this program or one of its ancestors',
    'zh-CN': '它是本程序自身或其祖先进程',
  },
  stillThere: { en: 'it could not be removed: {reason}', 'zh-CN': '无法删除：{reason}' },
  stillRuns: { en: 'it did not end after SIGKILL', 'zh-CN': '发送 SIGKILL 后仍未结束' },
  noJournal: {
    en: 'it is no lab that this program can read: its journal is missing or has no first line',
    'zh-CN': '无法识别该实验环境：日志缺失或没有首行',
  },
  journalDamaged: {
    en: 'line {line} of its journal is damaged; the others were used',
    'zh-CN': '其日志的第 {line} 行已损坏；其余各行仍被使用',
  },
} as const satisfies Record<string, Message>;

/** What preflight tells of each need: one line when it is met, one line of what is missing and how to get it. */
export const PREFLIGHT = {
  rootOk: { en: 'root: namespaces can be made as uid 0', 'zh-CN': 'root：可以用 uid 0 创建 namespace' },
  rootNot: {
    en: 'not root: lessons run rootless where they can; with sudo all of them run',
    'zh-CN': '不是 root：能以 rootless 方式运行的课程照常运行；用 sudo 可运行全部课程',
  },
  rootWithoutCaps: {
    en: 'uid 0 without CAP_SYS_ADMIN ({reason}): inside a container, start it with --privileged',
    'zh-CN': 'uid 为 0 但没有 CAP_SYS_ADMIN（{reason}）：若在容器中，请用 --privileged 启动',
  },
  usernsOk: {
    en: 'user namespaces: one was made and its uid_map written',
    'zh-CN': 'user namespace：已成功创建并写入 uid_map',
  },
  usernsNot: {
    en: 'no user namespace ({reason}): see /proc/sys/user/max_user_namespaces, kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns',
    'zh-CN':
      '无法创建 user namespace（{reason}）：请检查 /proc/sys/user/max_user_namespaces、kernel.unprivileged_userns_clone 和 kernel.apparmor_restrict_unprivileged_userns',
  },
  networkOk: {
    en: 'network namespaces: a veth pair and a bridge were made in one',
    'zh-CN': 'network namespace：已在其中成功创建 veth 对和网桥',
  },
  networkNot: {
    en: 'no veth pair or bridge can be made in a network namespace ({reason}): the kernel needs CONFIG_NET_NS, CONFIG_VETH and CONFIG_BRIDGE',
    'zh-CN':
      '无法在 network namespace 中创建 veth 对或网桥（{reason}）：内核需要 CONFIG_NET_NS、CONFIG_VETH 和 CONFIG_BRIDGE',
  },
  networkNoIp: {
    en: 'missing: ip; install iproute2 (apt install iproute2, dnf install iproute)',
    'zh-CN': '缺少 ip 命令；请安装 iproute2（apt install iproute2 或 dnf install iproute）',
  },
  toolsOk: { en: 'util-linux: {version}', 'zh-CN': 'util-linux：{version}' },
  toolsNot: {
    en: 'missing: {tools}; install util-linux (apt install util-linux, dnf install util-linux)',
    'zh-CN': '缺少：{tools}；请安装 util-linux（apt install util-linux 或 dnf install util-linux）',
  },
  busyboxOk: { en: 'busybox: {path} is static', 'zh-CN': 'busybox：{path} 是静态链接的' },
  busyboxNot: {
    en: "no static busybox: the host's own shell and tools are copied instead (apt install busybox-static)",
    'zh-CN':
      '没有静态链接的 busybox：将改为复制宿主机自己的 shell 和工具（可执行 apt install busybox-static）',
  },
  cgroupOk: {
    en: 'cgroups: one was made and removed again ({paths})',
    'zh-CN': 'cgroup：已成功创建并删除（{paths}）',
  },
  cgroupNot: {
    en: 'no cgroup can be made ({reason}): lessons about limits need root and a writable /sys/fs/cgroup',
    'zh-CN': '无法创建 cgroup（{reason}）：讲解资源限制的课程需要 root 权限和可写的 /sys/fs/cgroup',
  },
  cgroupNeedsRoot: { en: 'it needs root', 'zh-CN': '需要 root 权限' },
  cgroupNeedsV2: {
    en: 'it needs root here: there is no cgroup v2 tree of which a part could be delegated',
    'zh-CN': '本机需要 root 权限：没有可以委派的 cgroup v2 层级',
  },
  cgroupNeedsScope: {
    en: 'it needs root, or a cgroup that is delegated to you; {path} is not: start systemd-run --user --scope -p Delegate=yes nscope',
    'zh-CN':
      '需要 root 权限，或者一个委派给你的 cgroup，而 {path} 不是：请用 systemd-run --user --scope -p Delegate=yes nscope 启动',
  },
  cgroupOccupied: {
    en: 'process {pid} is in {path} too, and is not moved: nscope must be what the scope starts, systemd-run --user --scope -p Delegate=yes nscope',
    'zh-CN':
      '{path} 中还有进程 {pid}，nscope 不会移动它：scope 中应直接启动 nscope，即 systemd-run --user --scope -p Delegate=yes nscope',
  },
  memoryOk: {
    en: 'memory limits: one was written in {path}; {swap}',
    'zh-CN': '内存限制：已在 {path} 中写入；{swap}',
  },
  memoryNot: { en: 'no memory limit can be written ({reason})', 'zh-CN': '无法写入内存限制（{reason}）' },
  swapOff: { en: 'this host has no swap', 'zh-CN': '本机没有 swap' },
  swapOn: { en: 'swap is on, and was limited too', 'zh-CN': 'swap 已启用，也已加以限制' },
  swapUnbound: {
    en: 'swap is on and this kernel cannot limit it for a group: swapoff -a, or boot with swapaccount=1',
    'zh-CN': 'swap 已启用，而此内核无法按组限制它：请执行 swapoff -a，或用内核参数 swapaccount=1 启动',
  },
  cacheOk: { en: 'page cache: {path} is on {fstype}', 'zh-CN': '页缓存：{path} 位于 {fstype} 上' },
  cacheNot: {
    en: '{path} is on {fstype}, whose files are memory themselves: set XDG_STATE_HOME to a directory on a disk',
    'zh-CN': '{path} 位于 {fstype} 上，其中的文件本身就是内存：请将 XDG_STATE_HOME 设为磁盘上的目录',
  },
  cacheNone: { en: 'there is no state directory', 'zh-CN': '没有状态目录' },
  dockerOk: { en: 'docker: {version} answers on {socket}', 'zh-CN': 'docker：{socket} 应答，版本 {version}' },
  dockerNot: {
    en: 'no docker daemon answers: the docker process tree stays empty until one does (systemctl start docker)',
    'zh-CN': '没有 docker 守护进程应答：在它启动之前，docker 进程树为空（systemctl start docker）',
  },
  dockerDenied: {
    en: 'docker: {socket} may not be opened by you; names and images stay unknown (add yourself to the group docker, or use sudo)',
    'zh-CN': 'docker：当前用户无权打开 {socket}，因此无法得知容器名称和镜像（请加入 docker 组，或使用 sudo）',
  },
  runcOk: {
    en: 'OCI runtime: a container was made from a bundle, run and deleted ({version})',
    'zh-CN': 'OCI 运行时：已用一个 bundle 创建、运行并删除了容器（{version}）',
  },
  runcNot: {
    en: 'no container can be run from a bundle: {reason}',
    'zh-CN': '无法用 bundle 运行容器：{reason}',
  },
  runcNone: {
    en: 'there is no runc and no crun (apt install runc, dnf install runc)',
    'zh-CN': '没有 runc，也没有 crun（apt install runc 或 dnf install runc）',
  },
  runcNoMode: {
    en: 'no namespaces or no state directory, see the other lines',
    'zh-CN': '无法创建 namespace，或状态目录不可用，见其他各行',
  },
  ownDockerOk: {
    en: "a dockerd of the lessons' own: its programs are there; it is started only when a lesson needs it (about 5 s)",
    'zh-CN': '课程专用的 dockerd：所需程序齐全；课程需要时才启动（约 5 秒）',
  },
  ownDockerNot: {
    en: "no dockerd of the lessons' own: missing {programs} (apt install docker.io iptables iproute2)",
    'zh-CN': '无法启动课程专用的 dockerd：缺少 {programs}（apt install docker.io iptables iproute2）',
  },
  ownDockerRoot: {
    en: "no dockerd of the lessons' own: it needs root",
    'zh-CN': '无法启动课程专用的 dockerd：需要 root 权限',
  },
  stateOk: { en: 'state directory: {path} can be written', 'zh-CN': '状态目录：{path} 可写' },
} as const satisfies Record<string, Message>;
