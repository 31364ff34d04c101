// What the check `link` says to people, in every language.
import type { Message } from '../../text/lang.ts';

export const LINK_CHECKS = {
  present: { en: '{of} has an interface {name}', 'zh-CN': '{of} 有接口 {name}' },
  absent: { en: 'the interface {name} of {of} is gone', 'zh-CN': '{of} 的接口 {name} 已消失' },
  there: { en: 'there', 'zh-CN': '存在' },
  none: { en: 'none of this name', 'zh-CN': '没有这个名字的接口' },
  number: { en: 'number {ifindex}', 'zh-CN': '编号 {ifindex}' },
  neverSeen: {
    en: 'none of this name, and none was seen before the step',
    'zh-CN': '没有这个名字的接口，步骤开始前也没有见过',
  },
  isUp: { en: '{name} of {of} is up', 'zh-CN': '{of} 的 {name} 已启用' },
  isDown: { en: '{name} of {of} is down', 'zh-CN': '{of} 的 {name} 未启用' },
  up: { en: 'up', 'zh-CN': 'UP' },
  down: { en: 'down', 'zh-CN': 'DOWN' },
  kind: { en: '{name} of {of} is of kind {kind}', 'zh-CN': '{of} 的 {name} 的类型是 {kind}' },
  noKind: { en: 'no kind', 'zh-CN': '没有类型' },
  address: { en: '{name} of {of} has the address {address}', 'zh-CN': '{of} 的 {name} 的地址是 {address}' },
  noAddress: { en: 'no address', 'zh-CN': '没有地址' },
  master: { en: '{name} of {of} is a port of {master}', 'zh-CN': '{of} 的 {name} 是 {master} 的端口' },
  noMaster: { en: 'a port of nothing', 'zh-CN': '不是任何网桥的端口' },
  peer: {
    en: 'the other end of {name} of {of} is in {peerIn}',
    'zh-CN': '{of} 的 {name} 的另一端在 {peerIn} 里',
  },
  noPeer: { en: 'no other end that can be told', 'zh-CN': '看不出另一端在哪里' },
} as const satisfies Readonly<Record<string, Message>>;
