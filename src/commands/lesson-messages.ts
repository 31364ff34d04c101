// What `nscope lesson` says beside the lessons themselves, in both languages.
import type { Message } from '../text/lang.ts';

export const LESSON_CHECK = {
  lesson: {
    en: '{id}: {steps} steps, played twice ({mode}, cgroups {cgroup})',
    'zh-CN': '{id}：{steps} 个步骤，执行两遍（{mode}，cgroup {cgroup}）',
  },
  skippedStep: {
    en: '{step}: skipped, this host cannot do this step: {message}',
    'zh-CN': '{step}：已跳过，本机无法执行此步骤：{message}',
  },
  fault: { en: 'run {run}: {message}', 'zh-CN': '第 {run} 遍：{message}' },
  skipped: {
    en: '{id}: skipped, this host lacks {needs}: {message}',
    'zh-CN': '{id}：已跳过，本机缺少 {needs}：{message}',
  },
  end: {
    en: '{passed} passed, {faulty} with faults, {skipped} skipped; steps skipped: {skippedSteps}',
    'zh-CN': '{passed} 课通过，{faulty} 课有误，{skipped} 课跳过；跳过的步骤：{skippedSteps}',
  },
  orphans: {
    en: 'the optional package koffi does not load here: a process that left its parents and wiped its environment would not be seen',
    'zh-CN': '可选包 koffi 在此处无法加载：脱离父进程并清空环境变量的进程将无法发现',
  },
  noFolder: { en: '{path} is no folder', 'zh-CN': '{path} 不是目录' },
  noFolderHint: {
    en: 'give a folder that holds folders NN-slug, or one of these',
    'zh-CN': '请指定含有 NN-slug 目录的目录，或其中之一',
  },
} as const satisfies Readonly<Record<string, Message>>;

export const LESSON_NEW = {
  badName: { en: '"{slug}" cannot be the id of a lesson', 'zh-CN': '“{slug}”不能作为课程 id' },
  badNameHint: {
    en: 'an id is small letters, digits and dashes, and begins with a letter, as uts-namespace',
    'zh-CN': 'id 由小写字母、数字和连字符组成，以字母开头，如 uts-namespace',
  },
  taken: { en: 'the name {slug} is taken by {folder}', 'zh-CN': '名称 {slug} 已被 {folder} 占用' },
  takenHint: {
    en: 'take another: progress is kept by this name',
    'zh-CN': '请换一个名称：学习进度按此名称保存',
  },
  cannot: { en: 'cannot write {folder}: {code}', 'zh-CN': '无法写入 {folder}：{code}' },
  cannotHint: {
    en: 'give a folder that can be written with --dir',
    'zh-CN': '请用 --dir 指定可写的目录',
  },
  made: {
    en: '{folder}: lesson.yaml, en.md, zh-CN.md; their texts say what to write',
    'zh-CN': '{folder}：lesson.yaml、en.md、zh-CN.md；其中的文字说明了该写什么',
  },
  next: { en: 'nscope lesson check {folder} proves it', 'zh-CN': '用 nscope lesson check {folder} 验证' },
} as const satisfies Readonly<Record<string, Message>>;

export const LESSON_SHOW = {
  head: {
    en: 'Lesson {number}: {title}',
    'zh-CN': '第 {number} 课：{title}',
  },
  facts: {
    en: '{id} · {minutes} min · needs {requires} · after {prerequisites}',
    'zh-CN': '{id} · {minutes} 分钟 · 需要 {requires} · 前置课程 {prerequisites}',
  },
  none: { en: 'nothing', 'zh-CN': '无' },
  step: { en: '{index}. {title}  ({kind} · {id})', 'zh-CN': '{index}. {title}（{kind} · {id}）' },
  answer: { en: '? {text}', 'zh-CN': '? {text}' },
  check: { en: '□ {text}', 'zh-CN': '□ {text}' },
  hint: { en: 'hint {index}: {text}', 'zh-CN': '提示 {index}：{text}' },
  solution: { en: 'solution:', 'zh-CN': '解答：' },
  touches: { en: '# touches {touches}; undone by {undo}', 'zh-CN': '# 影响：{touches}；还原方式：{undo}' },
  unplanned: {
    en: '# {op}: can be told only when what it stands on is there',
    'zh-CN': '# {op}：要等它所依赖的东西出现之后才能说明',
  },
} as const satisfies Readonly<Record<string, Message>>;

export const TRUST = {
  head: {
    en: 'Lesson {id} in {folder} does not come with nscope. It holds these operations, and the machine does what they say:',
    'zh-CN': '{folder} 中的课程 {id} 并非 nscope 自带。它包含以下操作，运行时会照做：',
  },
  touches: { en: 'touches {touches}; undone by {undo}', 'zh-CN': '影响：{touches}；还原方式：{undo}' },
  touchesRoot: {
    en: 'as root; touches {touches}; undone by {undo}',
    'zh-CN': '以 root 执行；影响：{touches}；还原方式：{undo}',
  },
  looks: { en: 'only looks', 'zh-CN': '只读取' },
  question: {
    en: 'Run it, now and as long as its files stay as they are?',
    'zh-CN': '是否运行？只要文件不变，以后不再询问。',
  },
  refused: { en: 'not trusted, so not run: {ids}', 'zh-CN': '未获信任，因此没有运行：{ids}' },
  refusedHint: {
    en: 'read the list above; --trust says yes without a terminal',
    'zh-CN': '请阅读上面的列表；没有终端时可用 --trust 表示同意',
  },
} as const satisfies Readonly<Record<string, Message>>;
