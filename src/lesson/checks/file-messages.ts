// What the checks of files and of mounts say to people, in every language.
import type { Message } from '../../text/lang.ts';

export const FILE_CHECKS = {
  exists: { en: 'for {of} there is {path}', 'zh-CN': '{of} 能看到 {path}' },
  absent: { en: 'for {of} there is no {path}', 'zh-CN': '{of} 看不到 {path}' },
  there: { en: 'it is there', 'zh-CN': '存在' },
  notThere: { en: 'it is not there', 'zh-CN': '不存在' },
  kind: { en: 'for {of} {path} is: {kind}', 'zh-CN': '{of} 看到的 {path} 的类型是：{kind}' },
  contains: {
    en: 'for {of} {path} begins with a text that has "{text}"',
    'zh-CN': '{of} 看到的 {path} 开头含有 "{text}"',
  },
  device: {
    en: 'for {of} {path} has the device number {device}',
    'zh-CN': '{of} 看到的 {path} 的设备号是 {device}',
  },
  same: {
    en: 'for {of} {path} is the same file as {other} of {than}',
    'zh-CN': '{of} 看到的 {path} 与 {than} 的 {other} 是同一个文件',
  },
  identity: { en: 'device {dev}, inode {ino}', 'zh-CN': '设备 {dev}，inode {ino}' },
  noText: { en: 'no text', 'zh-CN': '没有文本' },
  mounted: { en: 'for {of} something is mounted at {path}', 'zh-CN': '{of} 的 {path} 上有挂载' },
  notMounted: { en: 'for {of} nothing is mounted at {path}', 'zh-CN': '{of} 的 {path} 上没有挂载' },
  aMount: { en: 'a line for {path}', 'zh-CN': '有一行 {path}' },
  noMount: { en: 'no line for {path}', 'zh-CN': '没有 {path} 这一行' },
  seen: { en: '{fstype}, {options}, {propagation}', 'zh-CN': '{fstype}，{options}，{propagation}' },
  fstype: { en: 'for {of} {path} is of type {fstype}', 'zh-CN': '{of} 的 {path} 的文件系统类型是 {fstype}' },
  source: { en: 'for {of} {path} has the source {source}', 'zh-CN': '{of} 的 {path} 的 source 是 {source}' },
  option: { en: 'for {of} {path} has the option {option}', 'zh-CN': '{of} 的 {path} 带有选项 {option}' },
  propagation: {
    en: 'for {of} the propagation of {path} is {propagation}',
    'zh-CN': '{of} 的 {path} 的传播类型是 {propagation}',
  },
} as const satisfies Readonly<Record<string, Message>>;
