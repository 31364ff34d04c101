// What the operations on mounts and roots say to people, in every language.
import type { Message } from '../../text/lang.ts';

export const MOUNT_ERRORS = {
  hostMounts: {
    en: '"{command}" would act on the host: "{actor}" has no mnt namespace of its own',
    'zh-CN': '"{command}" 会影响宿主机："{actor}" 没有自己的 mnt namespace',
  },
  sharedWithHost: {
    en: '"{command}" could reach the host: a mount of "{actor}" is a peer of one of the host\'s (shared)',
    'zh-CN': '"{command}" 可能传播到宿主机："{actor}" 的某个挂载与宿主机的挂载互为 peer（shared）',
  },
  source: {
    en: 'a mount of type {type}: bind, rbind and move need a source, the others have none',
    'zh-CN': '挂载类型 {type}：bind、rbind 和 move 必须有 source，其他类型不能有',
  },
  propagationNeedsMnt: {
    en: 'the actor "{name}" has a propagation but no mnt namespace of its own',
    'zh-CN': '角色进程 "{name}" 设置了 propagation，却没有自己的 mnt namespace',
  },
  propagationToHost: {
    en: 'the actor "{name}" would share its mounts with the host: propagation {propagation} needs "inside", an actor with a mnt namespace of its own',
    'zh-CN':
      '角色进程 "{name}" 会与宿主机共享挂载：propagation 为 {propagation} 时，必须用 "inside" 指定一个拥有自己 mnt namespace 的角色进程',
  },
  insideHost: {
    en: 'the actor "{name}" cannot start inside "{inside}", which has nothing of its own',
    'zh-CN': '角色进程 "{name}" 无法在 "{inside}" 内启动：后者没有任何自有的 namespace',
  },
  insideRoot: {
    en: 'the actor "{name}" cannot have a root of its own inside "{inside}", which has one already and does not see the other',
    'zh-CN': '角色进程 "{name}" 在 "{inside}" 内不能再有自己的根："{inside}" 已换过根，看不到别的目录',
  },
  runOnHost: {
    en: '"{command}" would run on the host: "{actor}" has nothing of its own',
    'zh-CN': '"{command}" 会直接在宿主机上运行："{actor}" 没有任何自有的 namespace',
  },
  pivotChroot: {
    en: 'pivot_root in "{actor}" makes no sense: it has been given a root by chroot',
    'zh-CN': '不能在 "{actor}" 中做 pivot_root：它的根已被 chroot 改过',
  },
  pivotFailed: {
    en: 'pivot_root in "{actor}" failed at: {command}',
    'zh-CN': '"{actor}" 中的 pivot_root 失败于：{command}',
  },
} as const satisfies Record<string, Message>;

export const MOUNT_PLANS = {
  touches: {
    en: 'the mounts of the mount namespace of {name}',
    'zh-CN': '只涉及 {name} 的 mount namespace 中的挂载',
  },
  undo: { en: 'the end of that mount namespace', 'zh-CN': '随该 mount namespace 消失' },
  unmountUndo: { en: 'nothing to undo', 'zh-CN': '无需撤销' },
  pivotTouches: {
    en: 'the root directory of every process in the mount namespace of {name}',
    'zh-CN': '{name} 的 mount namespace 中所有进程的根目录',
  },
  plainTouches: { en: 'one new process of the host', 'zh-CN': '宿主机上的一个新进程' },
  plainUndo: { en: 'killing that process', 'zh-CN': '杀死该进程' },
  rootTouches: {
    en: "{name} has a root directory of its own and no namespace: what is not a path is the host's; runs at most {seconds} s",
    'zh-CN':
      '{name} 只有自己的根目录，没有自己的 namespace：路径以外的一切都是宿主机的；最多运行 {seconds} 秒',
  },
  directoryTouches: { en: 'the empty directory {path}', 'zh-CN': '新建空目录 {path}' },
} as const satisfies Record<string, Message>;

export const MOUNT_NOTES = {
  directoryMade: { en: 'made {path}', 'zh-CN': '已创建 {path}' },
} as const satisfies Record<string, Message>;
