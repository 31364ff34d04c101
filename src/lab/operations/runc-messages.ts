// What bundles and runc's containers say to people, in every language. No logic.
import type { Message } from '../../text/lang.ts';

export const KINDS = {
  bundle: { en: 'bundle', 'zh-CN': 'bundle' },
  container: { en: 'container', 'zh-CN': '容器' },
} as const satisfies Record<string, Message>;

export const RUNC_ERRORS = {
  noRuntime: {
    en: 'neither runc nor crun is on this host',
    'zh-CN': '本机既没有 runc，也没有 crun',
  },
  installRuntime: {
    en: 'install runc (apt install runc, dnf install runc)',
    'zh-CN': '请安装 runc（apt install runc 或 dnf install runc）',
  },
  failed: {
    en: '{runtime} {verb} failed: {line}',
    'zh-CN': '{runtime} {verb} 失败：{line}',
  },
  failedHint: {
    en: 'look at {config}: that is all that it was told',
    'zh-CN': '请查看 {config}：它所知道的全部内容都在其中',
  },
  noInit: {
    en: '{runtime} said that the container exists, but its state names no living process',
    'zh-CN': '{runtime} 报告容器已创建，但其状态中没有存活的进程',
  },
  noResource: {
    en: 'config.json has no field that asks for {name} = {value}',
    'zh-CN': 'config.json 中没有与 {name} = {value} 对应的字段',
  },
  noUpdate: {
    en: 'runc update has no option for {name}',
    'zh-CN': 'runc update 没有与 {name} 对应的选项',
  },
  copyFailed: {
    en: 'the root file system could not be copied: {line}',
    'zh-CN': '无法复制根文件系统：{line}',
  },
  badConfig: {
    en: '{path} is not JSON: {line}',
    'zh-CN': '{path} 不是合法的 JSON：{line}',
  },
  badFields: {
    en: 'runc {verb}: the field "{field}" is missing or may not be there',
    'zh-CN': 'runc {verb}：字段 "{field}" 缺失或不应出现',
  },
} as const satisfies Record<string, Message>;

export const RUNC_NOTES = {
  bundleMade: {
    en: 'made {path}: rootfs and config.json',
    'zh-CN': '已创建 {path}：rootfs 和 config.json',
  },
  limitSkipped: {
    en: 'limit {name} is left out: without root the container has no cgroup of its own',
    'zh-CN': '跳过限制项 {name}：没有 root 权限时，容器没有自己的 cgroup',
  },
  edited: { en: 'changed {path}: {fields}', 'zh-CN': '已修改 {path}：{fields}' },
  created: {
    en: '{name} has been created: pid {pid} is {comm}',
    'zh-CN': '{name} 已创建：pid {pid} 是 {comm}',
  },
  startedNow: {
    en: '{name} has been started: pid {pid} is {comm} now',
    'zh-CN': '{name} 已启动：pid {pid} 现在是 {comm}',
  },
  ended: { en: '{name} has ended', 'zh-CN': '{name} 已经结束' },
  runs: { en: '{name} still runs', 'zh-CN': '{name} 仍在运行' },
  noGroups: {
    en: 'no cgroup in {path}: {reason}',
    'zh-CN': '无法在 {path} 中创建 cgroup：{reason}',
  },
} as const satisfies Record<string, Message>;

export const RUNC_PLANS = {
  bundleTouches: { en: 'files below {path}, nothing else', 'zh-CN': '只涉及 {path} 下的文件' },
  bundleUndo: { en: 'removing that directory when the lab closes', 'zh-CN': '实验环境关闭时删除该目录' },
  editTouches: { en: 'the file {path} alone', 'zh-CN': '只涉及文件 {path}' },
  editUndo: {
    en: 'the end of the bundle, with the lab',
    'zh-CN': '随 bundle 一起在实验环境关闭时消失',
  },
  createTouches: {
    en: 'a container of the lab: one process, {root}, cgroups below /nscope-{lab}',
    'zh-CN': '一个属于实验环境的容器：一个进程、{root}，以及 /nscope-{lab} 下的 cgroup',
  },
  createTouchesV2: {
    en: 'a container of the lab: one process, {root}, cgroups below /nscope-{lab}; {runtime} also enables every controller in {file}, and that stays',
    'zh-CN':
      '一个属于实验环境的容器：一个进程、{root}，以及 /nscope-{lab} 下的 cgroup；{runtime} 还会在 {file} 中启用全部控制器，这一项会保留',
  },
  createTouchesRootless: {
    en: 'a container of the lab: one process and {root}; without root it has no cgroup of its own',
    'zh-CN': '一个属于实验环境的容器：一个进程和 {root}；没有 root 权限时它没有自己的 cgroup',
  },
  createUndo: {
    en: '`{runtime} delete --force` when the lab closes, and removing its cgroups',
    'zh-CN': '实验环境关闭时执行 `{runtime} delete --force`，并删除它的 cgroup',
  },
  actTouches: { en: 'the container {name} alone', 'zh-CN': '只涉及容器 {name}' },
  actUndo: { en: 'the end of the container {name}', 'zh-CN': '随容器 {name} 结束而消失' },
  looks: { en: 'nothing: it only looks', 'zh-CN': '无：只读取，不改动' },
  nothing: { en: 'nothing to undo', 'zh-CN': '无需撤销' },
} as const satisfies Record<string, Message>;

export const RUNC_CLEANUP = {
  deleted: { en: 'removed container {id}', 'zh-CN': '已删除容器 {id}' },
  rootRemoved: { en: 'removed {path}', 'zh-CN': '已删除 {path}' },
  foreignContainer: {
    en: 'the lab did not make this container, and its process {pid} lives',
    'zh-CN': '这个容器不是实验环境创建的，其进程 {pid} 仍然存活',
  },
  notItsProcess: {
    en: 'its journal names this process, which is in no cgroup of the lab and has no mark of it: it was left alone',
    'zh-CN': '日志中记录了该进程，但它不在实验环境的任何 cgroup 中，也没有其标记，因此未作处理',
  },
} as const satisfies Record<string, Message>;
