// The words of the screens, in both languages. Keys' words are in app/keymap.ts, lessons' words in the lessons.
import type { PartId } from '../lesson/parts.ts';
import type { Message } from '../text/lang.ts';

function both(en: string, zh: string): Message {
  return { en, 'zh-CN': zh };
}

export const MESSAGES = {
  // Titles of panes.
  lessons: both('Lessons', '课程'),
  host: both('This host', '本机'),
  lesson: both('Lesson', '课文'),
  output: both('Output', '输出'),
  tree: both('Docker process tree', 'Docker 进程树'),
  links: both('Namespace links', '命名空间链接'),
  cgroup: both('Cgroup files', 'cgroup 文件'),
  tabTree: both('tree', '进程树'),
  tabLinks: both('links', '命名空间'),
  tabCgroup: both('cgroup', 'cgroup'),
  tabOutput: both('output', '输出'),
  tabShell: both('shell', 'shell'),
  help: both('Keys', '按键'),
  home: both('home', '主页'),
  inspect: both('inspect', '查看'),
  paused: both('paused', '已暂停'),
  recorded: both('recorded on {title}', '录制于 {title}'),
  doneBefore: both('done before', '之前已完成'),
  stepSkipped: both('skipped here: {why}', '本机已跳过：{why}'),

  // Small terminal.
  tooSmall: both('This window is too small for nscope.', '窗口太小，nscope 无法显示。'),
  tooSmallNow: both(
    'Now {width}×{height}; needed {needWidth}×{needHeight}.',
    '当前 {width}×{height}，至少需要 {needWidth}×{needHeight}。',
  ),
  tooSmallQuit: both('q quits', '按 q 退出'),
  tooSmallConfirm: both(
    'A lab is open: q again cleans it up and quits',
    '实验尚未结束：再按一次 q 将清理并退出',
  ),

  // Home.
  minutes: both('{n} min', '{n} 分钟'),
  recordedHere: both('recorded here', '此处播放录像'),
  noLessons: both('No lesson was found.', '没有找到任何课程。'),
  reading: both('reading the host …', '正在读取本机 …'),
  name: both('host', '主机名'),
  kernel: both('kernel', '内核'),
  cgroups: both('cgroups', 'cgroup'),
  engine: both('docker', 'docker'),
  containers: both('containers', '容器'),
  namespaces: both('namespaces', '命名空间'),
  processes: both('processes', '进程'),
  leftovers: both('left-overs', '实验残留'),
  unseen: both('not seen', '未能读取'),
  cgroupsHybrid: both('hybrid', '混合模式'),
  cgroupsNone: both('none mounted', '未挂载'),
  none: both('none', '无'),
  engineSilent: both('does not answer', '无应答'),
  engineAbsent: both('not here', '未安装或未运行'),
  namespacesOf: both(
    '{beyond} beside the {initial} initial ones',
    '除 {initial} 个初始命名空间外，还有 {beyond} 个',
  ),
  namespacesAtLeast: both(
    'at least {beyond} beside the {initial} initial ones',
    '除 {initial} 个初始命名空间外，至少还有 {beyond} 个',
  ),
  processesDenied: both('processes with denied links: {n}', '有 {n} 个进程的命名空间链接无权读取'),
  insideContainer: both(
    'nscope runs inside a container: only this container is seen',
    'nscope 运行在容器内，只能看到该容器的内部',
  ),
  leftoversSome: both('{n}, c cleans them up', '{n} 项，按 c 清理'),
  leftoversLive: both('{n} in use by a running nscope', '{n} 项由运行中的 nscope 使用'),
  leftoversUnknown: both('not looked at yet', '尚未检查'),
  missing: both('Missing for some lessons', '部分课程缺少的条件'),
  nothingMissing: both('This host can run every lesson.', '本机可以运行全部课程。'),
  preflightRunning: both('trying what this host can do …', '正在检测本机的能力 …'),

  // Lesson.
  stepOf: both('{at} of {all}', '第 {at}/{all} 步'),
  predict: both('PREDICT', '预测'),
  quiz: both('QUESTION', '问题'),
  run: both('RUN', '执行'),
  task: both('TASK', '任务'),
  ran: both('RAN', '已执行'),
  touches: both('touches', '影响'),
  undone: both('undone by', '撤销方式'),
  needsRoot: both('needs root', '需要 root'),
  hintNumber: both('Hint {n}', '提示 {n}'),
  explain: both('WHAT HAPPENED', '发生了什么'),
  answerRight: both('You said so before the kernel did.', '你的预测与内核的结果一致。'),
  answerWrong: both('The kernel says: {choice}', '内核给出的结果是：{choice}'),
  quizRight: both('That is right.', '回答正确。'),
  quizWrong: both('Right would be: {choice}', '正确答案是：{choice}'),
  checks: both('CHECKS', '检查'),
  goal: both('goal', '目标'),
  now: both('now', '现在'),
  expected: both('expected', '预期'),
  seen: both('seen', '实际'),
  proof: both('see for yourself: {command}', '自行验证：{command}'),
  noProse: both('This step has no text in this language.', '该步骤没有此语言的课文。'),
  ended: both(
    'The lesson is over. Enter cleans the lab up and goes home.',
    '本课结束。按 Enter 清理实验环境并返回主页。',
  ),
  noOutput: both('nothing has run yet', '尚未执行任何命令'),
  running: both('running …', '正在执行 …'),

  // Shell.
  shell: both('Shell', 'Shell'),
  shellOut: both('{key} out', '{key} 离开'),
  shellIn: both('{key} in', '{key} 进入'),
  onHost: both('this host', '宿主机'),
  shellEnded: both('ended; any key closes this pane', '已结束；按任意键关闭此窗格'),

  // Tree.
  newRow: both('new', '新'),
  endedRow: both('ended', '已结束'),
  listOf: both('{word}: {n} of them', '{word}：{n} 个'),
  zombieRow: both('zombie', '僵尸'),
  parentIs: both('parent is {pid}', '父进程是 {pid}'),
  pidInside: both('pid {pid} inside', '内部 pid {pid}'),
  noEngine: both('no container engine runs here', '本机没有运行容器引擎'),

  // Links.
  hostColumn: both('host', '宿主机'),
  more: both('+{n} more', '另有 {n} 列'),
  noTarget: both('select a process or a container in the tree', '请在进程树中选择一个进程或容器'),
  sharedLegend: both('= the host’s', '= 与宿主机相同'),
  freshLegend: both('▐▌ just changed', '▐▌ 刚刚变化'),
  quietLegend: both('[ ] in this step', '[ ] 本步骤中变化'),
  fadingLegend: both('[ ] a moment ago', '[ ] 稍早变化'),
  unread: both('? {path}: {why}', '? {path}：{why}'),
  whyDenied: both('denied', '权限不足'),
  whyGone: both('gone', '已不存在'),
  whyUnsupported: both('not supported', '不支持'),
  sameValue: both('same value: {command}', '同一数值：{command}'),

  // Findings.
  findingsTitle: both('Findings', '诊断'),
  findings: both('findings', '诊断'),
  findingsReading: both('looking for what is wrong …', '正在诊断 …'),
  findingsNone: both('nothing is wrong', '未发现问题'),
  story: both('Who it is', '详情'),
  storyReading: both('reading who it is …', '正在读取详情 …'),
  findingsCount: both('{error} errors, {warning} warnings', '{error} 个错误，{warning} 个警告'),

  // Comparison, and the alternatives of the tree.
  comparison: both('Comparison', '对比'),
  compareShared: both('shared', '共享'),
  compareOwn: both('each its own', '各自独立'),
  compareUnknown: both('unknown', '未知'),
  treeNamespaces: both('Namespaces by owner', '命名空间（按所有者）'),
  treeGroups: both('Cgroups by hierarchy', 'cgroup（按层级）'),
  treeNetworks: both('Networks', '网络'),
  filtered: both('filter: {text}', '过滤：{text}'),
  nothingHolds: both('no row holds this text; Esc shows all', '没有匹配的行；按 Esc 显示全部'),
  promptFind: both('find: {text}', '查找：{text}'),
  promptFilter: both('show only: {text}', '只显示：{text}'),
  promptMatches: both('{n} rows', '{n} 行'),

  // Cgroups.
  unlimited: both('no limit', '无限制'),
  effective: both('in force {value}, set by {path}', '实际生效 {value}，由 {path} 设定'),
  cpusUsed: both('{n} cpus {chart}', '{n} 个 CPU {chart}'),
  ioRate: both('{rate}/s {chart}', '{rate}/s {chart}'),
  waited: both('waited {percent} %', '等待 {percent} %'),
  effectiveDenied: both(
    'in force {value}, set by {path}, or less: denied in {groups}',
    '实际生效 {value}，由 {path} 设定，或更低：{groups} 拒绝读取',
  ),
  groupsReading: both('reading the control files …', '正在读取控制文件 …'),
  groupGone: both('the process has ended', '进程已结束'),

  // Signs, in the help.
  legendRows: both('● container   ◆ actor of the lab   » exec session', '● 容器   ◆ 实验进程   » exec 会话'),
  legendEdges: both(
    '├─ parent by ppid   ├╌ in charge of it, but not its ppid',
    '├─ ppid 父子关系   ├╌ 逻辑从属，ppid 并不指向它',
  ),
  legendLinks: both(
    '▐▌ just changed   [ ] earlier   = the host’s   ? could not be read',
    '▐▌ 刚刚变化   [ ] 稍早变化   = 与宿主机相同   ? 无法读取',
  ),

  // Bottom lines and questions.
  noMatch: both('Nothing here holds "{text}".', '没有包含“{text}”的内容。'),
  nothingSelected: both('Select a row first.', '请先选择一行。'),
  pinTwo: both('Pin one target with p, then select another.', '请先按 p 固定一个对象，再选择另一个。'),
  noLesson: both('No lesson teaches this yet.', '暂时没有讲解此内容的课程。'),
  lessonOpen: both('A lesson is open: q goes back to it.', '课程进行中：按 q 返回课程。'),
  copied: both('sent to the clipboard: {text}', '已发送到剪贴板：{text}'),
  chooseFirst: both('Choose an answer first: 1 to {count}.', '请先选择答案：1 到 {count}。'),
  alreadyRun: both('The kernel has answered already.', '内核已经给出结果，不能再改答案。'),
  stillRunning: both('Still running.', '仍在执行。'),
  noActor: both(
    'There is no process of the lab to open a shell in; ! opens one on this host.',
    '没有可以打开 shell 的实验进程；按 ! 可在宿主机上打开。',
  ),
  noShellRecorded: both(
    'This is a recording: there is nothing to open a shell in.',
    '这是录像，无法在其中打开 shell。',
  ),
  shellGone: both(
    '{name} has ended, and the shell in it with it.',
    '{name} 已结束，其中的 shell 也随之关闭。',
  ),
  nobodyInside: both('No process is left in it to open a shell in.', '其中已没有进程，无法打开 shell。'),
  noHint: both('There is no further hint.', '没有更多提示了。'),
  notATask: both('Only a task has a solution to play.', '只有任务步骤才能演示解法。'),
  firstStep: both('This is the first step.', '这已经是第一步。'),
  nothingToClean: both('No lab has left anything here.', '没有任何实验残留。'),
  leftBehind: both(
    'The lab left {count} things behind: see the list at the right, c cleans up.',
    '实验留下了 {count} 项残留：见右侧列表，按 c 清理。',
  ),
  opening: both('opening the lesson …', '正在打开课程 …'),
  closing: both('cleaning up …', '正在清理 …'),
  cleaning: both('cleaning up …', '正在清理 …'),
  confirmTitle: both('Sure?', '请确认'),
  confirmLeave: both(
    'The lab of this lesson is open. Leaving ends its processes and undoes what it made.',
    '本课的实验仍在进行。离开将结束其中的进程并撤销所有改动。',
  ),
  confirmShell: both(
    'This runs a process inside {place}: a shell in its namespaces and root directory, not in its cgroups. It ends with the pane.',
    '将在 {place} 中运行一个进程：一个进入其命名空间和根目录（但不加入其 cgroup）的 shell。关闭窗格时它随之结束。',
  ),
  confirmCleanup: both(
    'This removes what earlier labs left, and nothing else:',
    '将清除以往实验的残留，不涉及其他任何内容：',
  ),
} satisfies Readonly<Record<string, Message>>;

export type MessageKey = keyof typeof MESSAGES;

/** The parts of the course; a part without a name here is a type error. */
export const PART_NAMES: Readonly<Record<PartId, Message>> = {
  idea: both('A  History and the idea', 'A  历史与思想'),
  filesystem: both('B  File system', 'B  文件系统'),
  namespaces: both('C  Namespaces', 'C  命名空间'),
  cgroups: both('D  cgroups', 'D  cgroup'),
  privilege: both('E  Privilege', 'E  权限'),
  runtimes: both('F  Runtimes', 'F  运行时'),
  troubleshooting: both('G  Troubleshooting', 'G  故障排查'),
};
