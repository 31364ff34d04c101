// What the operations on network interfaces say to people. No logic; shell commands are not here.
import type { Message } from '../../text/lang.ts';

/** Lines that a recording keeps: plans and notes. */
export const LINK_LINES = {
  vethTouches: {
    en: 'one new pair of interfaces: {name} of {of} and {peer} of {peerOf}',
    'zh-CN': '新建一对网络接口：{of} 的 {name} 和 {peerOf} 的 {peer}',
  },
  bridgeTouches: {
    en: 'one new bridge, {name} of {of}, and its ports there',
    'zh-CN': '在 {of} 中新建网桥 {name}，并涉及它的端口',
  },
  linkUndo: {
    en: 'ip link del; or by itself, when the process ends whose network namespace it is in',
    'zh-CN': 'ip link del；或者随它所在的网络命名空间的进程结束而消失',
  },
  vethMade: {
    en: '{name} of {of} is the other end of {peer} of {peerOf}',
    'zh-CN': '{of} 的 {name} 与 {peerOf} 的 {peer} 互为两端',
  },
  bridgeMade: { en: 'bridge {name} of {of} is up', 'zh-CN': '{of} 的网桥 {name} 已启用' },
} as const satisfies Record<string, Message>;

export const LINKS = {
  host: { en: 'the host', 'zh-CN': '宿主机' },
  noIp: {
    en: 'network interfaces are made by ip(8), which is not installed',
    'zh-CN': '创建网络接口需要 ip(8)，但它没有安装',
  },
  installIp: {
    en: 'install iproute2 (apt install iproute2, dnf install iproute)',
    'zh-CN': '请安装 iproute2（apt install iproute2 或 dnf install iproute）',
  },
  noNetns: {
    en: '"{name}" has no network namespace of its own: the interface would be one of the host',
    'zh-CN': '"{name}" 没有自己的网络命名空间：接口会出现在宿主机上',
  },
  hostNeedsRoot: {
    en: 'an interface on the host needs root; put both ends into actors',
    'zh-CN': '在宿主机上创建接口需要 root 权限；请把两端都放进角色进程',
  },
  oneOnHost: {
    en: 'at most one end of a pair may be on the host',
    'zh-CN': '一对接口最多只能有一端在宿主机上',
  },
  linkExists: {
    en: '{of} has an interface named {name} already',
    'zh-CN': '{of} 中已经有名为 {name} 的接口',
  },
  noPort: { en: '{of} has no interface named {name}', 'zh-CN': '{of} 中没有名为 {name} 的接口' },
  ipFailed: { en: 'the kernel refused `{command}`: {reason}', 'zh-CN': '内核拒绝执行 `{command}`：{reason}' },
  linkRemoved: { en: 'removed the interface {name}', 'zh-CN': '已删除网络接口 {name}' },
  otherLink: {
    en: 'it has the name of an interface of the lab, but is another (number {found}, not {expected})',
    'zh-CN': '它与实验环境的接口同名，但并非同一个（编号为 {found}，而不是 {expected}）',
  },
  otherNetns: {
    en: 'it was made in another network namespace than this program is in',
    'zh-CN': '创建它的网络命名空间不是本程序所在的网络命名空间',
  },
} as const satisfies Record<string, Message>;
