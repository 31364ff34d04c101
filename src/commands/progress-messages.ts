// What `nscope progress` and `nscope class` say, in both languages.
import type { Message } from '../text/lang.ts';

export const PROGRESS_TEXT = {
  nothing: { en: 'no lesson was begun', 'zh-CN': '尚未开始任何课程' },
  lessonHead: { en: 'LESSON', 'zh-CN': '课程' },
  stepsHead: { en: 'STEPS', 'zh-CN': '步骤' },
  rightHead: { en: 'RIGHT', 'zh-CN': '答对' },
  hintsHead: { en: 'HINTS', 'zh-CN': '提示' },
  runsHead: { en: 'RUNS', 'zh-CN': '次数' },
  nextHead: { en: 'GOES ON AT', 'zh-CN': '下一步' },
  learnerHead: { en: 'LEARNER', 'zh-CN': '学习者' },
  both: { en: '--csv and --json together', 'zh-CN': '--csv 与 --json 不能同时使用' },
  bothHint: { en: 'give one of them', 'zh-CN': '请只用其中之一' },
  cannotRead: { en: 'cannot read {file}: {code}', 'zh-CN': '无法读取 {file}：{code}' },
  noProgress: {
    en: '{file} holds no progress that this version reads',
    'zh-CN': '{file} 中没有此版本可读的学习进度',
  },
  noProgressHint: {
    en: 'give a file of `nscope progress export --json`, or a progress.json',
    'zh-CN': '请指定 `nscope progress export --json` 的输出文件，或 progress.json',
  },
  imported: { en: 'taken over: {lessons}', 'zh-CN': '已并入：{lessons}' },
  resetWhat: { en: 'nothing to reset was named', 'zh-CN': '没有指明要重置什么' },
  resetWhatHint: { en: 'name one lesson, or give --all', 'zh-CN': '请指定一门课程，或使用 --all' },
  notBegun: { en: 'the lesson "{lesson}" was not begun', 'zh-CN': '课程“{lesson}”尚未开始' },
  notBegunHint: {
    en: 'nscope progress show lists those that were',
    'zh-CN': 'nscope progress show 会列出已开始的课程',
  },
  meant: { en: 'did you mean "{near}"?', 'zh-CN': '是否想写“{near}”？' },
  forgotten: { en: 'forgotten: {lessons}', 'zh-CN': '已清除：{lessons}' },
  isNone: { en: 'holds no progress that this version reads', 'zh-CN': '其中没有此版本可读的学习进度' },
  skipped: { en: 'skipped {file}: {reason}', 'zh-CN': '已跳过 {file}：{reason}' },
  nobody: { en: 'no file there holds anybody’s progress', 'zh-CN': '其中没有任何人的学习进度' },
  stuckHead: { en: 'Begun and not done', 'zh-CN': '已开始而未完成' },
  stuck: {
    en: '{learner}: {lesson} at {step}, runs {attempts}, hints {hints}, since {since}',
    'zh-CN': '{learner}：{lesson} 停在 {step}，运行 {attempts} 次，提示 {hints} 条，始于 {since}',
  },
  inconsistentHead: {
    en: 'Cannot be true of more than one (a copied file, or one learner under two names):',
    'zh-CN': '不可能同时属于多人（文件被复制，或一人用了两个名字）：',
  },
  sameNonce: {
    en: '{learners}: the same run of {lesson} ({what})',
    'zh-CN': '{learners}：{lesson} 的同一次运行（{what}）',
  },
  sameProcess: {
    en: '{learners}: the same process in {lesson}, {step}: {what}',
    'zh-CN': '{learners}：{lesson} 的 {step} 中的同一个进程：{what}',
  },
} as const satisfies Readonly<Record<string, Message>>;
