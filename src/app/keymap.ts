// The one table of keys: what each does on which screen, in words. The help overlay, the footer's hints and the README's list derive from it.
// Nothing is done here: update.ts does what a command means.
import { type Lang, type Message, say } from '../text/lang.ts';
import { fits } from './layout.ts';
import type { AppState, ScreenName } from './state.ts';
import { deadLeftovers } from './target.ts';

/** Where a key is pressed: a screen, the overlay that lies on it, the shell in its pane, or a terminal that is too small for any. */
export type Context = ScreenName | 'help' | 'compare' | 'story' | 'confirm' | 'prompt' | 'shell' | 'small';

export type Command =
  | 'interrupt'
  | 'help'
  | 'back'
  | 'next-pane'
  | 'previous-pane'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'top'
  | 'bottom'
  | 'pause'
  | 'refresh'
  | 'lang'
  | 'open'
  | 'go-to'
  | 'inspect'
  | 'cleanup'
  | 'go-on'
  | 'choose'
  | 'step-back'
  | 'hint'
  | 'shell'
  | 'host-shell'
  | 'leave-shell'
  | 'solve'
  | 'all'
  | 'tree'
  | 'find'
  | 'find-next'
  | 'find-previous'
  | 'filter'
  | 'whole'
  | 'pin'
  | 'compare'
  | 'story'
  | 'explain'
  | 'copy'
  | 'accept'
  | 'cancel'
  | 'erase'
  | 'erase-all'
  | 'yes'
  | 'no'
  | 'close';

export interface KeyEntry {
  readonly command: Command;
  /** Names of keys: a printable character is its own name; else `enter`, `escape`, `tab`, `S-tab`, `C-c`, `pageup` … */
  readonly keys: readonly string[];
  readonly where: readonly Context[];
  readonly help: Message;
  /** One or two words for the footer; without it the key stands in the help alone. */
  readonly hint?: Message;
  /** Of use in this state: a footer leaves the others out. The key is answered all the same. */
  readonly when?: (state: AppState) => boolean;
}

const SCREENS = ['home', 'lesson', 'inspect'] as const;
const SCROLLS = [...SCREENS, 'help', 'compare', 'story'] as const;
const PANES = ['lesson', 'inspect'] as const;

function stepOf(state: AppState) {
  return state.session?.steps[state.session.index] ?? null;
}

/** What Enter does next in a lesson: the footer says it by name. */
export function goOnWord(state: AppState): Message {
  const step = stepOf(state);
  if (state.session?.ended) return { en: 'finish', 'zh-CN': '完成' };
  switch (step?.phase) {
    case 'choosing':
      return { en: 'choose', 'zh-CN': '作答' };
    case 'ready':
      return { en: 'run', 'zh-CN': '执行' };
    case 'failed':
      return step.kind === 'task'
        ? { en: 'check', 'zh-CN': '检查' }
        : { en: 'run again', 'zh-CN': '重新执行' };
    case 'working':
      return { en: 'check', 'zh-CN': '检查' };
    case 'running':
      return { en: 'wait', 'zh-CN': '等待' };
    default:
      return { en: 'next', 'zh-CN': '下一步' };
  }
}

/** In the order in which footer and help show them. */
export const KEYMAP: readonly KeyEntry[] = [
  {
    command: 'open',
    keys: ['enter'],
    where: ['home'],
    help: { en: 'open the lesson', 'zh-CN': '打开所选课程' },
    hint: { en: 'open', 'zh-CN': '打开' },
  },
  {
    command: 'go-to',
    keys: ['enter'],
    where: ['inspect'],
    help: { en: 'from a finding to what it is about', 'zh-CN': '从诊断结果跳到相关对象' },
    hint: { en: 'go there', 'zh-CN': '跳转' },
    when: (state) => state.focus === 'findings' && (state.findings ?? []).length > 0,
  },
  {
    command: 'go-on',
    keys: ['enter'],
    where: ['lesson'],
    help: {
      en: 'do what comes next: run what is shown, check, or go to the next step',
      'zh-CN': '继续：执行所示命令、检查结果或进入下一步',
    },
    hint: { en: 'next', 'zh-CN': '下一步' },
  },
  {
    command: 'choose',
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    where: ['lesson'],
    help: { en: 'choose an answer', 'zh-CN': '选择答案' },
    hint: { en: 'answer', 'zh-CN': '选答案' },
    when: (state) => stepOf(state)?.phase === 'choosing',
  },
  {
    command: 'hint',
    keys: ['H'],
    where: ['lesson'],
    help: { en: 'show one more hint', 'zh-CN': '再给一条提示' },
    hint: { en: 'hint', 'zh-CN': '提示' },
    when: (state) => {
      const step = stepOf(state);
      const prose = step && state.session?.lesson.prose[state.lang][step.id];
      return step?.phase === 'working' && step.hintsShown < (prose?.hints.length ?? 0);
    },
  },
  {
    command: 'solve',
    keys: ['S'],
    where: ['lesson'],
    help: { en: 'in a task: let the program do it', 'zh-CN': '任务步骤中：由程序演示解法' },
    hint: { en: 'solve', 'zh-CN': '演示解法' },
    when: (state) => stepOf(state)?.phase === 'working',
  },
  {
    command: 'shell',
    keys: ['s'],
    where: PANES,
    help: {
      en: 'a shell in the selected actor, container or process; again: back into it',
      'zh-CN': '在所选实验进程、容器或进程中打开 shell；再按一次回到其中',
    },
    hint: { en: 'shell', 'zh-CN': 'shell' },
    when: (state) =>
      state.shell !== null ||
      (state.screen === 'lesson' && state.session?.source.kind === 'live' && state.session.actors.length > 0),
  },
  {
    command: 'host-shell',
    keys: ['!'],
    where: PANES,
    help: { en: 'a shell on this host', 'zh-CN': '在宿主机上打开 shell' },
  },
  {
    command: 'leave-shell',
    keys: ['C-]', 'f12'],
    where: ['shell'],
    help: {
      en: 'from the shell back to the panes; it runs on, all other keys are its own',
      'zh-CN': '离开 shell 回到窗格；shell 继续运行，其他按键都归它',
    },
    hint: { en: 'back to the panes', 'zh-CN': '回到窗格' },
  },
  {
    command: 'step-back',
    keys: ['b'],
    where: ['lesson'],
    help: { en: 'look at the step before again; runs nothing', 'zh-CN': '回看上一步，不执行任何操作' },
    hint: { en: 'step back', 'zh-CN': '上一步' },
    when: (state) => (state.session?.index ?? 0) > 0,
  },
  {
    command: 'inspect',
    keys: ['i'],
    where: ['home', 'lesson'],
    help: {
      en: 'inspect this host; from a lesson at its actors',
      'zh-CN': '查看本机；在课程中则从实验进程开始',
    },
    hint: { en: 'inspect', 'zh-CN': '查看本机' },
  },
  {
    command: 'cleanup',
    keys: ['c'],
    where: ['home'],
    help: { en: 'clean up what earlier labs left; asks first', 'zh-CN': '清理以往实验的残留（会先确认）' },
    hint: { en: 'clean up', 'zh-CN': '清理' },
    when: (state) => deadLeftovers(state).length > 0,
  },
  {
    command: 'all',
    keys: ['a'],
    where: ['lesson', 'inspect'],
    help: {
      en: 'tree: every process, or the engines’ alone',
      'zh-CN': '进程树：显示全部进程或仅显示容器引擎',
    },
    hint: { en: 'all', 'zh-CN': '全部' },
    when: (state) => state.screen === 'inspect',
  },
  {
    command: 'find',
    keys: ['/', 'f3'],
    where: SCREENS,
    help: { en: 'find: a row of the tree, or a lesson', 'zh-CN': '查找进程树中的行或课程' },
    hint: { en: 'find', 'zh-CN': '查找' },
    when: (state) => state.screen !== 'lesson',
  },
  {
    command: 'find-next',
    keys: ['n'],
    where: SCREENS,
    help: { en: 'the next that was found', 'zh-CN': '下一个匹配项' },
  },
  {
    command: 'find-previous',
    keys: ['N'],
    where: SCREENS,
    help: { en: 'the one found before', 'zh-CN': '上一个匹配项' },
  },
  {
    command: 'filter',
    keys: ['f', '\\', 'f4'],
    where: PANES,
    help: {
      en: 'show only the rows that hold a text; empty: all',
      'zh-CN': '只显示包含某文本的行；留空则全部显示',
    },
    hint: { en: 'filter', 'zh-CN': '过滤' },
    when: (state) => state.screen === 'inspect',
  },
  {
    command: 'whole',
    keys: ['escape'],
    where: SCREENS,
    help: { en: 'the whole tree again; the message away', 'zh-CN': '取消过滤，清除提示' },
  },
  {
    command: 'tree',
    keys: ['t', 'f5'],
    where: PANES,
    help: {
      en: 'tree: engines, namespaces, cgroups, networks',
      'zh-CN': '切换树：容器引擎、命名空间、cgroup、网络',
    },
    hint: { en: 'tree', 'zh-CN': '切换树' },
    when: (state) => state.screen === 'inspect',
  },
  {
    command: 'next-pane',
    keys: ['tab', 'right', 'l'],
    where: SCREENS,
    help: { en: 'next pane', 'zh-CN': '下一个窗格' },
    hint: { en: 'pane', 'zh-CN': '窗格' },
  },
  {
    command: 'previous-pane',
    keys: ['S-tab', 'left', 'h'],
    where: SCREENS,
    help: { en: 'previous pane', 'zh-CN': '上一个窗格' },
  },
  {
    command: 'pin',
    keys: ['p'],
    where: PANES,
    help: { en: 'pin the selected target beside the others, or unpin it', 'zh-CN': '固定或取消固定所选对象' },
    hint: { en: 'pin', 'zh-CN': '固定' },
    when: (state) => state.screen === 'inspect',
  },
  {
    command: 'compare',
    keys: ['d'],
    where: PANES,
    help: {
      en: 'compare two: the pinned ones, or a pinned one and the selected',
      'zh-CN': '对比两个对象：已固定的两个，或已固定的与所选的',
    },
    hint: { en: 'compare', 'zh-CN': '对比' },
    when: (state) => state.pins.length > 0,
  },
  {
    command: 'story',
    keys: ['w'],
    where: ['inspect'],
    help: {
      en: 'who it is: parents, ids, capabilities, seccomp, mounts of the selected process',
      'zh-CN': '所选进程的详情：父进程、ID、capability、seccomp、挂载',
    },
    hint: { en: 'who it is', 'zh-CN': '详情' },
    when: (state) => state.selection !== null,
  },
  {
    command: 'explain',
    keys: ['e'],
    where: PANES,
    help: { en: 'open the lesson that teaches the selected row', 'zh-CN': '打开讲解所选行的课程' },
    hint: { en: 'learn', 'zh-CN': '学习' },
    when: (state) => state.screen === 'inspect',
  },
  {
    command: 'copy',
    keys: ['y'],
    where: PANES,
    help: { en: 'copy the command that proves the selected row', 'zh-CN': '复制能验证所选行的命令' },
    hint: { en: 'copy proof', 'zh-CN': '复制命令' },
    when: (state) => state.screen === 'inspect',
  },
  {
    command: 'up',
    keys: ['up', 'k'],
    where: SCROLLS,
    help: { en: 'up: a row, or a line of text', 'zh-CN': '上移一行' },
  },
  {
    command: 'down',
    keys: ['down', 'j'],
    where: SCROLLS,
    help: { en: 'down: a row, or a line of text', 'zh-CN': '下移一行' },
  },
  {
    command: 'page-up',
    keys: ['pageup'],
    where: SCROLLS,
    help: { en: 'a page up', 'zh-CN': '上翻一页' },
  },
  {
    command: 'page-down',
    keys: ['pagedown'],
    where: SCROLLS,
    help: { en: 'a page down', 'zh-CN': '下翻一页' },
  },
  {
    command: 'top',
    keys: ['g', 'home'],
    where: SCROLLS,
    help: { en: 'to the top', 'zh-CN': '到开头' },
  },
  {
    command: 'bottom',
    keys: ['G', 'end'],
    where: SCROLLS,
    help: { en: 'to the bottom', 'zh-CN': '到末尾' },
  },
  {
    command: 'pause',
    keys: ['space'],
    where: SCREENS,
    help: { en: 'stop and resume the live reading', 'zh-CN': '暂停或恢复实时读取' },
    hint: { en: 'pause', 'zh-CN': '暂停' },
  },
  {
    command: 'refresh',
    keys: ['r'],
    where: SCREENS,
    help: { en: 'read the host now', 'zh-CN': '立即重新读取' },
  },
  {
    command: 'lang',
    keys: ['L'],
    where: SCREENS,
    help: { en: 'English, Chinese', 'zh-CN': '切换中英文' },
    hint: { en: '中文', 'zh-CN': 'English' },
  },
  {
    command: 'help',
    keys: ['?', 'f1'],
    where: SCREENS,
    help: { en: 'this help', 'zh-CN': '本帮助' },
    hint: { en: 'help', 'zh-CN': '帮助' },
  },
  {
    command: 'back',
    keys: ['q', 'f10'],
    where: [...SCREENS, 'small'],
    help: { en: 'back; at home: quit', 'zh-CN': '返回；在主页则退出' },
    hint: { en: 'back', 'zh-CN': '返回' },
  },
  {
    command: 'yes',
    keys: ['enter', 'y'],
    where: ['confirm'],
    help: { en: 'yes, do it', 'zh-CN': '确认' },
    hint: { en: 'yes', 'zh-CN': '确认' },
  },
  {
    command: 'no',
    keys: ['escape', 'n', 'q'],
    where: ['confirm'],
    help: { en: 'no, stay', 'zh-CN': '取消' },
    hint: { en: 'no', 'zh-CN': '取消' },
  },
  {
    command: 'close',
    keys: ['escape', 'q', '?', 'enter', 'd', 'w', 'f1', 'f10'],
    where: ['help', 'compare', 'story'],
    help: { en: 'close the overlay', 'zh-CN': '关闭浮层' },
    hint: { en: 'close', 'zh-CN': '关闭' },
  },
  {
    command: 'accept',
    keys: ['enter'],
    where: ['prompt'],
    help: { en: 'take the text', 'zh-CN': '确定' },
    hint: { en: 'take', 'zh-CN': '确定' },
  },
  {
    command: 'cancel',
    keys: ['escape'],
    where: ['prompt'],
    help: { en: 'back to how it was', 'zh-CN': '取消' },
    hint: { en: 'cancel', 'zh-CN': '取消' },
  },
  {
    command: 'erase',
    keys: ['backspace'],
    where: ['prompt'],
    help: { en: 'erase a character', 'zh-CN': '删除一个字符' },
  },
  {
    command: 'erase-all',
    keys: ['C-u'],
    where: ['prompt'],
    help: { en: 'erase all', 'zh-CN': '全部删除' },
  },
  {
    command: 'interrupt',
    keys: ['C-c'],
    where: [...SCREENS, 'help', 'compare', 'story', 'confirm', 'prompt', 'small'],
    help: { en: 'quit at once; the lab is cleaned up', 'zh-CN': '立即退出，并清理实验环境' },
  },
];

/** Which keys hold now: those of the overlay, of the screen, or the few of a terminal that is too small. */
export function contextOf(state: AppState): Context {
  if (!fits(state.size)) return 'small';
  if (state.overlay) return state.overlay.kind;
  if (state.prompt) return 'prompt';
  return state.focus === 'shell' && state.shell !== null ? 'shell' : state.screen;
}

/** The command of a key, or null where it means nothing there. */
export function commandOfKey(context: Context, key: string): Command | null {
  return KEYMAP.find((entry) => entry.where.includes(context) && entry.keys.includes(key))?.command ?? null;
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  'S-tab': 'Shift-Tab',
  'C-c': 'Ctrl-C',
  space: 'Space',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  home: 'Home',
  end: 'End',
  backspace: 'Backspace',
  'C-u': 'Ctrl-U',
  'C-]': 'Ctrl-]',
};

/** A key as it is written on a keyboard. */
export function keyName(key: string): string {
  return KEY_NAMES[key] ?? key.replace(/^f(\d+)$/, 'F$1');
}

/** All keys of an entry, digits as a range. */
export function keyNames(entry: KeyEntry): string {
  const digits = entry.keys.length > 2 && entry.keys.every((key) => /^[1-9]$/.test(key));
  if (digits) return `${entry.keys[0] ?? ''}-${entry.keys.at(-1) ?? ''}`;
  return entry.keys.map(keyName).join(' ');
}

export interface KeyHint {
  readonly key: string;
  readonly word: string;
}

/** The hints of a footer, most useful first: those of use in this state. */
export function keyHints(context: Context, state: AppState): readonly KeyHint[] {
  return KEYMAP.filter(
    (entry) =>
      entry.hint !== undefined &&
      entry.where.includes(context) &&
      (entry.when === undefined || entry.when(state)),
  ).map((entry) => ({ key: hintKey(entry, state), word: say(state.lang, hintWord(entry, context, state)) }));
}

function hintKey(entry: KeyEntry, state: AppState): string {
  if (entry.command !== 'choose') return keyName(entry.keys[0] ?? '');
  const step = stepOf(state);
  const choices = state.session?.lesson.steps[state.session.index]?.choices.length ?? 0;
  return step && choices > 1 ? `1-${Math.min(9, choices)}` : '1';
}

function hintWord(entry: KeyEntry, context: Context, state: AppState): Message {
  if (entry.command === 'go-on') return goOnWord(state);
  if (entry.command === 'back' && context === 'home') return { en: 'quit', 'zh-CN': '退出' };
  if (entry.command === 'pause' && state.paused) return { en: 'resume', 'zh-CN': '继续读取' };
  return entry.hint ?? entry.help;
}

const WHERE: Readonly<Record<Context, Message>> = {
  home: { en: 'Home', 'zh-CN': '主页' },
  lesson: { en: 'Lesson', 'zh-CN': '课程' },
  inspect: { en: 'Inspect', 'zh-CN': '查看' },
  help: { en: 'Help', 'zh-CN': '帮助' },
  compare: { en: 'Comparison', 'zh-CN': '对比' },
  story: { en: 'Who it is', 'zh-CN': '详情' },
  confirm: { en: 'Question', 'zh-CN': '确认框' },
  prompt: { en: 'Typing', 'zh-CN': '输入框' },
  shell: { en: 'Shell', 'zh-CN': 'shell 窗格' },
  small: { en: 'Small window', 'zh-CN': '窗口过小' },
};

/** Rows of keys and meaning for one context, or for every one with `null`; for the help overlay. */
export function keyRows(
  lang: Lang,
  context: Context | null,
): readonly (readonly [keys: string, meaning: string])[] {
  return KEYMAP.filter((entry) => context === null || entry.where.includes(context)).map(
    (entry) => [keyNames(entry), say(lang, entry.help)] as const,
  );
}

/** The README's list: a Markdown table of every key, what it does and where. */
export function keyTable(lang: Lang): string {
  const head = lang === 'en' ? '| key | does | on |' : '| 按键 | 作用 | 位置 |';
  const rows = KEYMAP.map((entry) => {
    const keys = keyNames(entry)
      .split(' ')
      .map((key) => `\`${key}\``)
      .join(' ');
    const where = entry.where.map((context) => say(lang, WHERE[context])).join(', ');
    return `| ${keys} | ${say(lang, entry.help)} | ${where} |`;
  });
  return [head, '|---|---|---|', ...rows, ''].join('\n');
}
