// What the operation `id-map` says to people, in every language. No logic.
import type { Message } from '../../text/lang.ts';

export const ID_MAP_ERRORS = {
  noUser: {
    en: 'the actor "{name}" has no user namespace of its own: there is no map to write',
    'zh-CN': '角色进程 "{name}" 没有自己的 user namespace：没有可写的映射',
  },
  written: {
    en: 'the map of "{name}" is written already, and the kernel takes one only once ({path})',
    'zh-CN': '"{name}" 的映射已经写过，而内核只接受一次写入（{path}）',
  },
  writtenHint: {
    en: 'start an actor with `map: none`, and map that',
    'zh-CN': '请用 `map: none` 启动一个角色进程，再为它写映射',
  },
  refused: {
    en: 'the kernel refused the map "{map}" in {path}: {reason}',
    'zh-CN': '内核拒绝向 {path} 写入映射 "{map}"：{reason}',
  },
} as const satisfies Record<string, Message>;

export const ID_MAP_NOTES = {
  mapped: {
    en: '{file} of {name}: {map}',
    'zh-CN': '{name} 的 {file}：{map}',
  },
  one: {
    en: 'one id is mapped and no range: /etc/subuid and /etc/subgid give this user none, or newuidmap is missing',
    'zh-CN':
      '只映射了一个 ID，没有映射一段范围：/etc/subuid 和 /etc/subgid 没有分配给该用户，或缺少 newuidmap',
  },
} as const satisfies Record<string, Message>;

export const ID_MAP_PLANS = {
  touches: {
    en: 'the id maps of the user namespace of {name}, which can be written once',
    'zh-CN': '{name} 的 user namespace 的 ID 映射，只能写一次',
  },
  undo: {
    en: 'the end of {name}: a map cannot be changed, it goes with its namespace',
    'zh-CN': '{name} 结束：映射不能修改，随其 namespace 一起消失',
  },
} as const satisfies Record<string, Message>;
