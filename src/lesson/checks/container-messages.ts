// What the check of containers says to people, in every language.
import type { Message } from '../../text/lang.ts';

export const CONTAINER = {
  label: { en: 'the container {of} is {status}', 'zh-CN': '容器 {of} {status}' },
  created: { en: 'created', 'zh-CN': '已创建（created）' },
  running: { en: 'running', 'zh-CN': '运行中（running）' },
  paused: { en: 'paused', 'zh-CN': '已暂停（paused）' },
  stopped: { en: 'stopped', 'zh-CN': '已停止（stopped）' },
  gone: { en: 'gone: the runtime does not know it', 'zh-CN': '不存在：运行时中没有它' },
  proof: { en: 'runc state of {of}', 'zh-CN': '{of} 的 runc state' },
  never: { en: '{of} has not been created', 'zh-CN': '{of} 尚未创建' },
} as const satisfies Readonly<Record<string, Message>>;
