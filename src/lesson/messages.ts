// What the lesson wing says to people, in every language. The lessons' own prose is in lessons/, not here.
import type { Message } from '../text/lang.ts';

/** Mistakes in lesson files: what was found, what was expected, what to do. */
export const FAULTS = {
  line: {
    en: '{where}: found {found}; expected {expected}',
    'zh-CN': '{where}：发现{found}；应为{expected}',
  },
  more: { en: ' (and {count} more)', 'zh-CN': '（另有 {count} 处）' },

  nothing: { en: 'nothing', 'zh-CN': '空缺' },
  yamlBroken: { en: 'text that is no YAML ({detail})', 'zh-CN': '不合 YAML 语法的文本（{detail}）' },
  yamlGood: { en: 'well-formed YAML', 'zh-CN': '合法的 YAML' },
  yamlTodo: {
    en: 'Mend the line; if the file ends there, it was cut short: get it again.',
    'zh-CN': '请修正该行；如果文件到此为止，说明文件被截断，请重新获取。',
  },
  format: { en: 'format {format}', 'zh-CN': '格式 {format}' },
  formatKnown: { en: 'format 1, the one that nscope 0.x reads', 'zh-CN': '格式 1（nscope 0.x 可读）' },
  formatNewer: {
    en: 'nscope {format}.x or later may read this lesson: update nscope.',
    'zh-CN': '此课程可能需要 nscope {format}.x 或更高版本：请升级 nscope。',
  },
  formatTodo: {
    en: 'Begin lesson.yaml with `format: 1`.',
    'zh-CN': '请在 lesson.yaml 开头写上 `format: 1`。',
  },
  key: { en: 'unknown key `{key}`', 'zh-CN': '未知的键 `{key}`' },
  keys: { en: 'one of {keys}', 'zh-CN': '以下之一：{keys}' },
  keyTodo: { en: 'Remove `{key}`, or correct its spelling.', 'zh-CN': '请删除 `{key}`，或改正其拼写。' },
  keyMeant: { en: 'Did you mean `{meant}`?', 'zh-CN': '是否想写 `{meant}`？' },
  missing: { en: 'no `{key}`', 'zh-CN': '缺少 `{key}`' },
  missingTodo: { en: 'Add `{key}`.', 'zh-CN': '请补上 `{key}`。' },
  typeTodo: { en: 'Correct the value of `{key}`.', 'zh-CN': '请改正 `{key}` 的值。' },
  quoteTodo: {
    en: 'Put the value of `{key}` in quotes.',
    'zh-CN': '请给 `{key}` 的值加上引号。',
  },
  typeString: { en: 'a text', 'zh-CN': '文本' },
  typeNumber: { en: 'a number', 'zh-CN': '数字' },
  typeInt: { en: 'a whole number', 'zh-CN': '整数' },
  typeBoolean: { en: 'true or false', 'zh-CN': 'true 或 false' },
  typeArray: { en: 'a list', 'zh-CN': '列表' },
  typeObject: { en: 'a mapping', 'zh-CN': '映射' },
  typeRecord: { en: 'a mapping', 'zh-CN': '映射' },
  atLeastItems: { en: 'at least {count} entries', 'zh-CN': '至少 {count} 项' },
  atLeast: { en: 'at least {count}', 'zh-CN': '不小于 {count}' },
  atMost: { en: 'at most {count}', 'zh-CN': '不大于 {count}' },
  notEmpty: { en: 'a text that is not empty', 'zh-CN': '非空文本' },
  pattern: { en: 'a text that matches {pattern}', 'zh-CN': '匹配 {pattern} 的文本' },

  folder: { en: 'a folder named {name}', 'zh-CN': '名为 {name} 的目录' },
  folderGood: { en: 'NN-slug, as 06-uts-namespace', 'zh-CN': 'NN-slug 形式，如 06-uts-namespace' },
  folderTodo: { en: 'Rename the folder.', 'zh-CN': '请重命名该目录。' },
  idFolder: { en: 'id `{id}`', 'zh-CN': 'id 为 `{id}`' },
  idFolderGood: { en: "`{id}`, the folder's name without its number", 'zh-CN': '`{id}`，即目录名去掉编号' },
  idFolderTodo: { en: 'Rename the folder or change the id.', 'zh-CN': '请重命名目录或修改 id。' },
  noFile: { en: 'no such file', 'zh-CN': '没有此文件' },
  fileGood: { en: 'a {name} that can be read', 'zh-CN': '可读的 {name}' },
  fileTodo: { en: 'A lesson is {files}: add the file.', 'zh-CN': '一门课程由 {files} 组成：请补上此文件。' },

  midLine: { en: 'the end of the file within a line', 'zh-CN': '文件在一行中间结束' },
  midLineGood: { en: 'a newline at the end', 'zh-CN': '以换行符结尾' },
  midLineTodo: {
    en: 'If the text is whole, end it with a newline; else it was cut short: get it again.',
    'zh-CN': '如果内容完整，请在末尾加上换行符；否则文件被截断，请重新获取。',
  },
  link: { en: 'a symbolic link', 'zh-CN': '符号链接' },
  linkFolderGood: { en: 'a folder', 'zh-CN': '目录' },
  linkTodo: {
    en: 'Put the folder itself there: what a link leads to can be exchanged unseen.',
    'zh-CN': '请放入目录本身：链接所指的内容可能被悄悄替换。',
  },
  notPlain: { en: 'something too big, or no file', 'zh-CN': '过大的文件，或不是文件' },
  notPlainGood: { en: 'a plain file of at most {kib} KiB', 'zh-CN': '不超过 {kib} KiB 的普通文件' },
  notPlainTodo: {
    en: 'A lesson is text: look at what this is.',
    'zh-CN': '课程由文本组成：请检查这是什么。',
  },
  control: { en: 'the character {name}', 'zh-CN': '字符 {name}' },
  controlGood: {
    en: 'text that a terminal neither obeys nor hides',
    'zh-CN': '终端不会当作控制、也不会隐藏的文本',
  },
  controlTodo: { en: 'Remove the character.', 'zh-CN': '请删除该字符。' },
  alias: { en: 'an alias (`*name`)', 'zh-CN': '别名（`*name`）' },
  aliasGood: { en: 'each value written out', 'zh-CN': '直接写出每个值' },
  aliasTodo: {
    en: 'Write out what the alias stands for: a few of them can grow to gigabytes.',
    'zh-CN': '请写出别名所代表的内容：少量别名就能膨胀到数 GB。',
  },
  deep: { en: 'nesting without end', 'zh-CN': '无止境的嵌套' },
  deepGood: { en: 'a lesson, which is nested ten deep at most', 'zh-CN': '嵌套不超过十层的课程' },
  foreign: { en: '{command}, which would have the host before it', 'zh-CN': '会直接面对宿主机的 {command}' },
  foreignGood: {
    en: 'in a lesson from elsewhere, a command that only looks, acts on a namespace of the lab, or runs in an actor with `rootfs` and namespaces `mnt` and `pid`',
    'zh-CN':
      '外来课程中的命令只能读取、只作用于实验环境的命名空间，或在带 `rootfs` 且有 `mnt`、`pid` 命名空间的角色进程中执行',
  },
  foreignMount: {
    en: 'in a lesson from elsewhere, a mount of something that the lab has made: `{dir:NAME}`, `{rootfs:NAME}`',
    'zh-CN': '外来课程只能挂载实验环境自己创建的东西：`{dir:NAME}`、`{rootfs:NAME}`',
  },
  foreignMountTodo: {
    en: 'Mount a directory of the lab, or a new file system.',
    'zh-CN': '请挂载实验环境的目录，或新的文件系统。',
  },
  foreignTodo: {
    en: 'Give the actor a root file system and these namespaces, or use a typed operation.',
    'zh-CN': '请给角色进程加上根文件系统和这些命名空间，或使用有类型的操作。',
  },
  lookGood: { en: 'a command that only looks', 'zh-CN': '只读取的命令' },
  lookTodo: { en: 'Correct the command.', 'zh-CN': '请改正该命令。' },
  longPattern: { en: 'a pattern of {count} characters', 'zh-CN': '长度为 {count} 的模式' },
  longPatternGood: { en: 'at most {count}', 'zh-CN': '不超过 {count}' },

  twice: { en: '`{id}` a second time', 'zh-CN': '重复的 `{id}`' },
  once: { en: 'each id once', 'zh-CN': '每个 id 只出现一次' },
  onceTodo: { en: 'Give one of them another id.', 'zh-CN': '请给其中一个换一个 id。' },
  noMade: { en: '`{name}`, which nothing has made yet', 'zh-CN': '尚未创建的 `{name}`' },
  madeGood: {
    en: '{kind} made by an earlier operation: {names}',
    'zh-CN': '由更早的操作创建的{kind}：{names}',
  },
  madeTodo: {
    en: 'Make it with `op: {op}` before, or correct the name.',
    'zh-CN': '请先用 `op: {op}` 创建，或改正名称。',
  },
  madeTwice: { en: '{kind} named `{name}` a second time', 'zh-CN': '第二个名为 `{name}` 的{kind}' },
  kindActor: { en: 'an actor', 'zh-CN': '角色进程' },
  kindRootfs: { en: 'a root filesystem', 'zh-CN': '根文件系统' },
  kindDirectory: { en: 'a directory', 'zh-CN': '目录' },
  kindCgroup: { en: 'a cgroup', 'zh-CN': 'cgroup' },
  kindBundle: { en: 'a bundle', 'zh-CN': 'bundle' },
  kindPin: { en: 'a namespace pin', 'zh-CN': '命名空间的 pin' },
  hostName: { en: 'an actor named `host`', 'zh-CN': '名为 `host` 的角色进程' },
  hostNameGood: { en: 'another name: `host` is the host', 'zh-CN': '其他名称：`host` 专指宿主机' },
  rights: { en: '{count} choices with `right: true`', 'zh-CN': '{count} 个标有 `right: true` 的选项' },
  rightsGood: { en: 'exactly one', 'zh-CN': '恰好一个' },
  rightsTodo: { en: 'Mark the one right answer.', 'zh-CN': '请标出唯一的正确答案。' },
  noFacts: { en: 'a check of nothing', 'zh-CN': '没有内容的检查' },
  factsGood: { en: 'at least one of {keys}', 'zh-CN': '至少写明 {keys} 之一' },
  factsTodo: { en: 'Say what the check expects.', 'zh-CN': '请写明该检查的预期。' },
  regex: { en: '{pattern}, which is no regular expression', 'zh-CN': '{pattern}，不是正则表达式' },
  regexGood: { en: 'a JavaScript regular expression', 'zh-CN': 'JavaScript 正则表达式' },
  noPlace: { en: '{word} of {kind} that is not known', 'zh-CN': '{word} 所指的未知{kind}' },
  noMount: { en: '`mountProc` without a mount namespace', 'zh-CN': '有 `mountProc` 而无 mount 命名空间' },
  noMountGood: {
    en: '`mnt` and `pid` among `namespaces` (a /proc mount in the host’s would be seen by all)',
    'zh-CN': '`namespaces` 中含有 `mnt` 和 `pid`（否则 /proc 会挂载到宿主机上，对所有进程可见）',
  },

  bare: {
    en: '`{key}` of which nothing is left as {mode} on cgroup {version}',
    'zh-CN': '`{key}` 在 {mode}、cgroup {version} 的情况下一项不剩',
  },
  bareGood: { en: 'at least one operation in every variant', 'zh-CN': '每种情况下至少有一个操作' },
  bareTodo: {
    en: 'Put `only` on the step, or give the other variant an operation.',
    'zh-CN': '请把 `only` 写到步骤上，或为另一种情况补上操作。',
  },
  conditional: {
    en: '`{name}`, which only a step with `requires: [{needs}]` makes',
    'zh-CN': '只由带 `requires: [{needs}]` 的步骤创建的 `{name}`',
  },
  conditionalGood: {
    en: 'something that is there too where that step is played from a recording',
    'zh-CN': '该步骤改放录制时仍然存在的东西',
  },
  conditionalTodo: {
    en: 'Give this step the same `requires`, or make it in a step without.',
    'zh-CN': '请给此步骤加上相同的 `requires`，或在没有 `requires` 的步骤中创建它。',
  },

  prerequisite: { en: 'prerequisite `{id}`', 'zh-CN': '前置课程 `{id}`' },
  prerequisiteGood: { en: 'the id of a lesson: {ids}', 'zh-CN': '某门课程的 id：{ids}' },
  cycle: { en: 'a circle of prerequisites: {ids}', 'zh-CN': '前置课程成环：{ids}' },
  cycleGood: { en: 'an order in which the lessons can be taken', 'zh-CN': '可以依次学习的顺序' },
  cycleTodo: { en: 'Remove one prerequisite of the circle.', 'zh-CN': '请去掉环中的一个前置课程。' },

  proseTitle: { en: 'no title ({found})', 'zh-CN': '没有标题（{found}）' },
  proseTitleGood: { en: '`# Title` as the first line', 'zh-CN': '首行为 `# 标题`' },
  proseTitleTodo: { en: 'Begin the file with its title.', 'zh-CN': '请在文件开头写上标题。' },
  proseSummary: { en: 'no summary', 'zh-CN': '没有摘要' },
  proseSummaryGood: { en: 'a paragraph below the title', 'zh-CN': '标题下有一段文字' },
  proseSummaryTodo: { en: 'Say in a sentence what the lesson shows.', 'zh-CN': '请用一句话说明本课内容。' },
  proseHeading: { en: 'step `{found}` without a heading', 'zh-CN': '步骤 `{found}` 没有标题' },
  proseHeadingGood: { en: '`## Title` below the marker', 'zh-CN': '标记下方有 `## 标题`' },
  proseHeadingTodo: { en: 'Give the step a heading.', 'zh-CN': '请给该步骤加上标题。' },
  proseEmpty: { en: 'nothing below `{found}`', 'zh-CN': '`{found}` 之下没有内容' },
  proseEmptyGood: { en: 'text below the marker', 'zh-CN': '标记下方有文字' },
  proseEmptyTodo: { en: 'Write the text, or remove the marker.', 'zh-CN': '请补上文字，或删除该标记。' },
  proseMarker: { en: 'unknown marker `{found}`', 'zh-CN': '未知标记 `{found}`' },
  proseBadId: { en: 'marker `{found}`', 'zh-CN': '标记 `{found}`' },
  proseBadIdGood: {
    en: '`step: ID`, `explain: ID`, `hint: ID`, `choice: STEP.NAME` or `check: STEP.NAME`',
    'zh-CN': '`step: ID`、`explain: ID`、`hint: ID`、`choice: STEP.NAME` 或 `check: STEP.NAME`',
  },
  proseBadIdTodo: { en: 'Correct the marker.', 'zh-CN': '请改正该标记。' },
  proseNoPart: { en: 'no `<!-- {part} -->`', 'zh-CN': '缺少 `<!-- {part} -->`' },
  proseNoPartGood: { en: 'one, as lesson.yaml has it', 'zh-CN': '有此标记，与 lesson.yaml 一致' },
  proseNoPartTodo: { en: 'Write this part.', 'zh-CN': '请补上这一部分。' },
  proseForeign: { en: '`{part}`, which lesson.yaml does not have', 'zh-CN': 'lesson.yaml 中没有的 `{part}`' },
  proseForeignGood: { en: 'ids of lesson.yaml: {ids}', 'zh-CN': 'lesson.yaml 中的 id：{ids}' },
  proseForeignTodo: { en: 'Correct the id, or remove the part.', 'zh-CN': '请改正 id，或删除这一部分。' },
  proseOrder: { en: 'step `{id}` here', 'zh-CN': '步骤 `{id}` 出现在此处' },
  proseOrderGood: {
    en: 'the steps in the order of lesson.yaml: {ids}',
    'zh-CN': '与 lesson.yaml 相同的步骤顺序：{ids}',
  },
  proseOrderTodo: { en: 'Move the part.', 'zh-CN': '请移动这一部分。' },
  langLess: { en: 'no `<!-- {part} -->`', 'zh-CN': '缺少 `<!-- {part} -->`' },
  langGood: { en: 'the same parts as en.md', 'zh-CN': '与 en.md 相同的各部分' },
  langLessTodo: { en: 'Translate this part.', 'zh-CN': '请翻译这一部分。' },
  langMore: { en: '`{part}`, which en.md does not have', 'zh-CN': 'en.md 中没有的 `{part}`' },
  langMoreTodo: { en: 'Add it to en.md, or remove it here.', 'zh-CN': '请在 en.md 中补上，或在此删除。' },
  noLesson: { en: 'no lesson', 'zh-CN': '没有课程' },
  noLessonGood: { en: 'folders NN-slug with a lesson.yaml', 'zh-CN': '含有 lesson.yaml 的 NN-slug 目录' },
  noLessonTodo: { en: 'Name the folder that holds the lessons.', 'zh-CN': '请指定存放课程的目录。' },
} as const satisfies Readonly<Record<string, Message>>;

/** What a session says when something went wrong. */
export const SESSION = {
  exit: {
    en: '`{command}` ended with status {exit}; expected {expected}',
    'zh-CN': '`{command}` 的退出状态为 {exit}，预期为 {expected}',
  },
  exitHint: {
    en: 'See the output; run the step again, or leave the lesson: the lab is cleaned up either way.',
    'zh-CN': '请查看输出；可以重新执行本步骤，或退出课程：实验环境都会被清理。',
  },
  checkFailed: {
    en: 'not as expected: {label} — seen: {seen}',
    'zh-CN': '与预期不符：{label}——实际：{seen}',
  },
  checkFailedHint: {
    en: '`{proof}` shows it. Run the step again to look once more.',
    'zh-CN': '可用 `{proof}` 查看。重新执行本步骤会再检查一次。',
  },
  noTruth: {
    en: 'what the kernel shows fits none of the answers',
    'zh-CN': '内核显示的结果与所有选项都不符',
  },
  noChoice: { en: 'step {step} has no answer {choice}', 'zh-CN': '步骤 {step} 没有选项 {choice}' },
  outputCut: { en: '… {count} earlier lines left out', 'zh-CN': '……省略了更早的 {count} 行' },
} as const satisfies Readonly<Record<string, Message>>;

export const RECORDINGS = {
  bad: { en: '{file}: {where}: {detail}', 'zh-CN': '{file}：{where}：{detail}' },
  badHint: {
    en: 'A recording is made by `nscope lesson record {lesson}`; make it anew.',
    'zh-CN': '录制文件由 `nscope lesson record {lesson}` 生成，请重新录制。',
  },
  format: {
    en: '{file}: found format {format}, this version of nscope reads recordings of format 1',
    'zh-CN': '{file}：格式为 {format}，此版本的 nscope 只能读取格式 1 的录制',
  },
  formatHint: { en: 'Update nscope, or make the recording anew.', 'zh-CN': '请升级 nscope，或重新录制。' },
  other: {
    en: 'the recording does not fit lesson {lesson}: {detail}',
    'zh-CN': '该录制与课程 {lesson} 不符：{detail}',
  },
  stepsDiffer: {
    en: 'its steps are {found}, the lesson has {expected}',
    'zh-CN': '其步骤为 {found}，课程步骤为 {expected}',
  },
  notEnded: {
    en: 'lesson {lesson} did not come to its end at step {step}: {problem}',
    'zh-CN': '课程 {lesson} 在步骤 {step} 处未能完成：{problem}',
  },
} as const satisfies Readonly<Record<string, Message>>;

export const PROGRESS = {
  damaged: {
    en: '{file} could not be read as progress; it was kept as {kept}, and progress begins anew',
    'zh-CN': '{file} 无法读取；原文件已另存为 {kept}，进度将重新记录',
  },
  unreadable: {
    en: 'cannot read the progress in {file}: {code}',
    'zh-CN': '无法读取学习进度 {file}：{code}',
  },
  unreadableHint: {
    en: 'move it away, or give it back to you with chown',
    'zh-CN': '请把它移走，或用 chown 改回属主',
  },
  newer: {
    en: '{file}: found progress of format {format}, this version of nscope reads formats 1 and 2',
    'zh-CN': '{file}：进度文件的格式为 {format}，此版本的 nscope 只能读取格式 1 和 2',
  },
  newerHint: { en: 'Update nscope; the file was left as it is.', 'zh-CN': '请升级 nscope；该文件未作改动。' },
} as const satisfies Readonly<Record<string, Message>>;

export const HEADLESS = {
  lesson: { en: 'Lesson {number}: {title}', 'zh-CN': '第 {number} 课：{title}' },
  recorded: {
    en: '(recorded on {title}; nothing runs on this host)',
    'zh-CN': '（录制于 {title}；不会在本机执行任何操作）',
  },
  variant: { en: '({mode}, cgroups {cgroup})', 'zh-CN': '（{mode}，cgroup {cgroup}）' },
  stepRecorded: {
    en: '(this host cannot do this step: recorded on {title})',
    'zh-CN': '（本机无法执行此步骤：录制于 {title}）',
  },
  stepSkipped: {
    en: '(skipped: this host cannot do this step, and there is no recording of it: {why})',
    'zh-CN': '（已跳过：本机无法执行此步骤，也没有录制：{why}）',
  },
  step: { en: '{index}/{count}  {title}', 'zh-CN': '{index}/{count}  {title}' },
  planned: { en: 'touches {touches}; undone by {undo}', 'zh-CN': '影响：{touches}；还原方式：{undo}' },
  plannedRoot: {
    en: 'touches {touches}; undone by {undo}; needs root',
    'zh-CN': '影响：{touches}；还原方式：{undo}；需要 root',
  },
  plan: {
    en: 'Lesson {title} would run this on the host (LAB stands for the number of the lab, $NAME for the pid of an actor):',
    'zh-CN': '课程“{title}”将在本机执行以下操作（LAB 代表实验环境的编号，$NAME 代表角色进程的 pid）：',
  },
  planOnly: { en: 'Nothing has run.', 'zh-CN': '尚未执行任何操作。' },
  askYes: {
    en: 'Nothing has run. To run it, add --yes.',
    'zh-CN': '尚未执行任何操作。如需执行，请加上 --yes。',
  },
  predicted: { en: 'predicted: {choice}', 'zh-CN': '预测：{choice}' },
  truthRight: { en: 'the kernel agrees', 'zh-CN': '与内核的结果一致' },
  truthWrong: { en: 'the kernel shows: {truth}', 'zh-CN': '内核的结果是：{truth}' },
  truthNone: { en: 'the kernel shows none of the answers', 'zh-CN': '内核的结果与所有选项都不符' },
  answered: { en: 'answered: {choice}', 'zh-CN': '回答：{choice}' },
  answerRight: { en: 'right', 'zh-CN': '正确' },
  answerWrong: { en: 'the right answer: {truth}', 'zh-CN': '正确答案：{truth}' },
  evidence: {
    en: 'expected {expected}; seen {seen}; shown by {proof}',
    'zh-CN': '预期：{expected}；实际：{seen}；查看：{proof}',
  },
  unsolved: {
    en: 'This task is the learner’s: use the terminal program, or add --solve.',
    'zh-CN': '此任务需要学习者完成：请使用终端界面，或加上 --solve。',
  },
  leftover: { en: 'left behind: {kind} {what} ({proof})', 'zh-CN': '残留：{kind} {what}（{proof}）' },
  endPassed: { en: 'All checks passed, nothing left behind.', 'zh-CN': '所有检查通过，没有残留。' },
  endFailed: { en: 'Not all checks passed.', 'zh-CN': '有检查未通过。' },
} as const satisfies Readonly<Record<string, Message>>;
