// What the checks of user namespaces and capabilities say to people, in every language.
import type { Message } from '../../text/lang.ts';

export const USER_CHECKS = {
  insideLabel: { en: 'inside, {of} has uid {uid}', 'zh-CN': '在里面，{of} 的 uid 是 {uid}' },
  gidInsideLabel: { en: 'inside, {of} has gid {uid}', 'zh-CN': '在里面，{of} 的 gid 是 {uid}' },
  inside: { en: '{uid} inside', 'zh-CN': '里面是 {uid}' },
  seenBoth: { en: '{inside} inside, {outside} outside', 'zh-CN': '里面是 {inside}，外面是 {outside}' },
  outsideLabel: { en: 'outside, {of} has uid {uid}', 'zh-CN': '在外面，{of} 的 uid 是 {uid}' },
  outsideOrdinary: {
    en: 'outside, {of} is an ordinary user',
    'zh-CN': '在外面，{of} 只是普通用户',
  },
  outside: { en: '{uid} outside', 'zh-CN': '外面是 {uid}' },
  notRoot: { en: 'a uid other than 0 outside', 'zh-CN': '外面是 0 以外的 uid' },
  mappedLabel: { en: '{of} has a number inside', 'zh-CN': '{of} 在里面有自己的编号' },
  unmappedLabel: { en: '{of} has no number inside', 'zh-CN': '{of} 在里面没有编号' },
  mapped: { en: 'a line of uid_map with {uid}', 'zh-CN': 'uid_map 中有一行包含 {uid}' },
  unmapped: { en: 'no line of uid_map with {uid}', 'zh-CN': 'uid_map 中没有包含 {uid} 的行' },
  map: { en: 'uid_map: {map}', 'zh-CN': 'uid_map：{map}' },
  noMap: { en: 'uid_map is empty', 'zh-CN': 'uid_map 为空' },
  groupsLabel: {
    en: 'setgroups in the user namespace of {of}: {word}',
    'zh-CN': '{of} 的用户命名空间里 setgroups 为 {word}',
  },
  noSetgroups: { en: 'no such file', 'zh-CN': '没有这个文件' },

  hasLabel: { en: '{of} has {names} ({set})', 'zh-CN': '{of} 具备 {names}（{set}）' },
  lacksLabel: { en: '{of} does not have {names} ({set})', 'zh-CN': '{of} 不具备 {names}（{set}）' },
  allLabel: { en: '{of} has all capabilities ({set})', 'zh-CN': '{of} 具备全部 capability（{set}）' },
  noneLabel: { en: '{of} has no capability ({set})', 'zh-CN': '{of} 没有任何 capability（{set}）' },
  has: { en: '{line} with {names}', 'zh-CN': '{line} 包含 {names}' },
  lacks: { en: '{line} without {names}', 'zh-CN': '{line} 不含 {names}' },
  all: { en: 'all of {line}', 'zh-CN': '{line} 全部置位' },
  none: { en: '{line} is zero', 'zh-CN': '{line} 为零' },
  bits: { en: '{line} {digits}', 'zh-CN': '{line} {digits}' },
  noSet: { en: 'the kernel shows no {line}', 'zh-CN': '内核没有显示 {line}' },

  ownerLabel: {
    en: 'the {type} namespace of {of} belongs to the user namespace of {by}',
    'zh-CN': '{of} 的 {type} 命名空间归 {by} 的用户命名空间所有',
  },
  owner: { en: 'owner user:[{inode}]', 'zh-CN': '所有者 user:[{inode}]' },
  ownerHidden: { en: 'an owner that cannot be seen from here', 'zh-CN': '从这里看不到其所有者' },
} as const satisfies Readonly<Record<string, Message>>;
