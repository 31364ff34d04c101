// What the operations on namespace pins say to people. No logic; shell commands are not here.
import type { Message } from '../../text/lang.ts';

/** Lines that a recording keeps: plans and notes. */
export const PIN_LINES = {
  pinTouches: {
    en: 'one new file, {path}, and one mount on it, in the mount namespace of {where}',
    'zh-CN': '新建文件 {path}，并在 {where} 的 mount 命名空间中在它上面做一个挂载',
  },
  pinUndo: { en: 'umount, and removing that file', 'zh-CN': 'umount，并删除该文件' },
  pinMade: { en: '{path} keeps {type}:[{inode}]', 'zh-CN': '{path} 保住了 {type}:[{inode}]' },
  unpinTouches: { en: 'the file {path} and the mount on it', 'zh-CN': '文件 {path} 和它上面的挂载' },
  unpinUndo: { en: 'nothing: the namespace may be gone', 'zh-CN': '无法撤销：命名空间可能已经消失' },
} as const satisfies Record<string, Message>;

export const PINS = {
  kindPin: { en: 'namespace pin', 'zh-CN': '命名空间的 pin' },
  host: { en: 'the host', 'zh-CN': '宿主机' },
  needsMount: {
    en: 'without root a pin needs an actor with a mount namespace of its own (in: ACTOR)',
    'zh-CN': '没有 root 权限时，pin 需要一个有自己的 mount 命名空间的角色进程（in: ACTOR）',
  },
  noMountNs: {
    en: '"{name}" has no mount namespace of its own, or has another root: nothing can be pinned in it',
    'zh-CN': '"{name}" 没有自己的 mount 命名空间，或者根目录不同：无法在其中 pin',
  },
  refused: { en: 'the kernel refused `{command}`: {reason}', 'zh-CN': '内核拒绝执行 `{command}`：{reason}' },
  unpinned: { en: 'released the namespace that {path} kept', 'zh-CN': '已释放 {path} 保住的命名空间' },
  otherMount: {
    en: 'something else is mounted on it: {found}',
    'zh-CN': '它上面挂载的是别的东西：{found}',
  },
  notEmpty: {
    en: 'it is not the empty file that the lab made',
    'zh-CN': '它不是实验环境创建的那个空文件',
  },
} as const satisfies Record<string, Message>;
