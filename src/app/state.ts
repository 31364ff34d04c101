// The whole state of the terminal program as one plain value, and how a fresh one looks. No change is made here (see update.ts).
import type { NsType } from '../kernel/namespaces.ts';
import type { Leftover } from '../lab/types.ts';
import type { Lesson, PaneName, SessionState } from '../lesson/types.ts';
import type { StoryFacts } from '../model/explain/facts.ts';
import type { Finding } from '../model/findings/finding.ts';
import type { Network } from '../model/network.ts';
import type { ProcessRef, Snapshot } from '../model/types.ts';
import type { Lang, Message } from '../text/lang.ts';
import type { PaintMode } from '../text/sgr.ts';
import type { EndedRow } from './ended.ts';
import { type History, NO_HISTORY } from './history.ts';
import type { Noticed } from './marks.ts';

/** What the terminal can show. */
export type ColourMode = PaintMode;

export type ScreenName = 'home' | 'lesson' | 'inspect';

/** Every pane that can have the focus. `tree`, `links` and `cgroup` are on two screens. */
export type PaneId = 'lessons' | 'host' | 'lesson' | 'output' | 'findings' | 'story' | 'shell' | PaneName;

/** What scrolls: panes, and what lies over them. */
export type Scrolled = PaneId | 'help' | 'compare';

/** In columns and rows of the terminal. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How far the learner is with one lesson. */
export interface LessonProgress {
  readonly stepsDone: number;
  readonly finished: boolean;
}

/** One need of the lessons as preflight tried it; `line` says what was found and, where it failed, the fix. */
export interface PreflightLine {
  readonly need: string;
  readonly ok: boolean;
  readonly line: Message;
}

/** What is selected, by identity: a row may move, or leave and come back. */
export type Selection =
  | { readonly kind: 'process'; readonly ref: ProcessRef }
  | { readonly kind: 'container'; readonly id: string }
  | { readonly kind: 'namespace'; readonly type: NsType; readonly inode: number }
  /** A cgroup by its path in one hierarchy, which is named as its heading is. */
  | { readonly kind: 'group'; readonly hierarchy: string; readonly path: string }
  /** A network interface by its ifindex in its namespace; 0 for a row that says why there are none. */
  | { readonly kind: 'interface'; readonly inode: number; readonly ifindex: number }
  /** A row that is no process: the heading of the lab. */
  | { readonly kind: 'heading'; readonly name: string };

/** What the tree pane shows: the engines' process tree with the lab's, namespaces by owner, groups by hierarchy, interfaces by network. */
export const TREE_KINDS = ['engines', 'namespaces', 'groups', 'networks'] as const;
export type TreeChoice = (typeof TREE_KINDS)[number];

/** A line of text that is being typed: to find rows, or to leave only those that hold it. */
export interface Prompt {
  readonly what: 'find' | 'filter';
  readonly text: string;
  /** What Esc goes back to. */
  readonly before: {
    readonly selection: Selection | null;
    readonly cursor: string | null;
    readonly filter: string;
  };
}

export type Overlay =
  | { readonly kind: 'help' }
  /** Two targets side by side. */
  | { readonly kind: 'compare' }
  /** Who the selected process is, where there is no room for a pane. */
  | { readonly kind: 'story' }
  | { readonly kind: 'confirm'; readonly what: Confirmation }
  /** Before a shell runs inside of what is not the lab's. */
  | { readonly kind: 'confirm'; readonly what: 'shell'; readonly place: ShellPlace };

/** Where a shell is: inside an actor of the lab, inside another process by its namespaces, or on the host. */
export type ShellPlace =
  | { readonly kind: 'actor'; readonly name: string }
  | { readonly kind: 'process'; readonly ref: ProcessRef; readonly name: string; readonly container: boolean }
  | { readonly kind: 'host' };

/** A part of a line of a shell's screen in one style. The text is clean; colours are of the 256, null the terminal's own. */
export interface ShellRun {
  readonly text: string;
  readonly fg: number | null;
  readonly bg: number | null;
  readonly bold: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
  /** The cell that the cursor is on. */
  readonly cursor: boolean;
}

export interface ShellScreen {
  readonly lines: readonly (readonly ShellRun[])[];
  /** How many lines that had gone off at the top are scrolled back into sight. */
  readonly back: number;
}

export interface Shell {
  readonly place: ShellPlace;
  readonly screen: ShellScreen;
  /** False: it has ended; what it said stays until the next key. */
  readonly alive: boolean;
  /** It shares a place with another pane and is the one in front. */
  readonly front: boolean;
  /** The pane that has the focus after it. */
  readonly next: PaneId;
}

/** leave: end the lesson and clean its lab; quit: the same and end the program; cleanup: remove what earlier labs left. */
export type Confirmation = 'leave' | 'quit' | 'cleanup';

/** The line for problems and answers. The view has the words; `text` is for what others have worded. */
export type Notice =
  | { readonly kind: 'choose-first'; readonly count: number }
  | { readonly kind: 'already-run' }
  | { readonly kind: 'still-running' }
  | { readonly kind: 'no-actor' }
  | { readonly kind: 'no-shell-recorded' }
  | { readonly kind: 'nobody-inside' }
  | { readonly kind: 'shell-gone'; readonly name: string }
  | { readonly kind: 'no-hint' }
  | { readonly kind: 'not-a-task' }
  | { readonly kind: 'first-step' }
  | { readonly kind: 'nothing-to-clean' }
  | { readonly kind: 'no-match'; readonly text: string }
  | { readonly kind: 'nothing-selected' }
  | { readonly kind: 'pin-two' }
  | { readonly kind: 'no-lesson' }
  | { readonly kind: 'lesson-open' }
  | { readonly kind: 'copied'; readonly text: string }
  | { readonly kind: 'left-behind'; readonly count: number }
  | { readonly kind: 'text'; readonly text: string; readonly hint: string | null };

/** What the program is busy with that the learner waits for. */
export type Busy = 'opening' | 'closing' | 'cleaning';

/** What was drawn of a pane: its lines in all, how many it shows, and from which one. */
export interface Extent {
  readonly total: number;
  readonly room: number;
  readonly offset: number;
}

/** The part of the lesson's text to bring into sight; null where the learner has scrolled. */
export type Anchor = 'top' | 'act' | 'explain' | 'hint';

export interface AppState {
  readonly screen: ScreenName;
  readonly lang: Lang;
  readonly colour: ColourMode;
  readonly size: Size;
  readonly lessons: readonly Lesson[];
  /** Lesson id to progress. */
  readonly progress: Readonly<Record<string, LessonProgress>>;
  /** The lesson that the cursor of the home screen is on. */
  readonly cursor: string | null;
  readonly session: SessionState | null;
  /** The newest of the host; in a replay the session's own stands before it, see `shownSnapshot`. */
  readonly snapshot: Snapshot | null;
  readonly selection: Selection | null;
  readonly focus: PaneId;
  readonly tree: TreeChoice;
  /** Only rows of the tree that hold this text are shown, and those that lead to them; empty: all. */
  readonly filter: string;
  /** The text that was last looked for, for the next match. */
  readonly sought: string;
  readonly prompt: Prompt | null;
  /** Targets that stay beside the selection, oldest first, at most MOST_PINS. */
  readonly pins: readonly ProcessRef[];
  /** The row of the links pane that was chosen; null where none was. */
  readonly link: NsType | null;
  /** The pane in front where there is room for one only. */
  readonly tab: PaneName;
  /** First visible line by pane; absent is 0. */
  readonly scroll: Readonly<Partial<Record<Scrolled, number>>>;
  readonly anchor: Anchor | null;
  readonly extents: Readonly<Partial<Record<Scrolled, Extent>>>;
  readonly overlay: Overlay | null;
  readonly notice: Notice | null;
  readonly busy: Busy | null;
  readonly paused: boolean;
  /** The tree shows the processes inside of containers too, and on the inspect screen all others. */
  readonly allProcesses: boolean;
  /** What is wrong with the host; null: not looked at yet. */
  readonly findings: readonly Finding[] | null;
  /** The finding that the cursor is on, by its key. */
  readonly finding: string | null;
  /** null: not looked at yet. */
  readonly leftovers: readonly Leftover[] | null;
  readonly preflight: readonly PreflightLine[] | null;
  /** The shell in its pane; null where none is open. */
  readonly shell: Shell | null;
  /** The processes whose control files are being read, as last asked for. */
  readonly watched: readonly ProcessRef[];
  /** The interfaces of every network namespace, and whether they are being read; null: not yet. */
  readonly networks: readonly Network[] | null;
  readonly networksRead: boolean;
  /** Who a process is, as last read, and whose story was asked for. */
  readonly story: StoryFacts | null;
  readonly storyAsked: ProcessRef | null;
  /** What has changed lately, and the rows that it took away. */
  readonly noticed: Noticed;
  readonly ended: readonly EndedRow[];
  /** What the target has used lately. */
  readonly history: History;
}

/** Two can be compared. */
export const MOST_PINS = 2;

export interface Start {
  readonly lang: Lang;
  readonly colour: ColourMode;
  readonly size: Size;
  readonly lessons: readonly Lesson[];
  readonly progress: Readonly<Record<string, LessonProgress>>;
  readonly screen?: 'home' | 'inspect';
  readonly selection?: Selection | null;
}

/** A fresh state: at home with the cursor on the first lesson that is not finished, or inspecting. */
export function startState(start: Start): AppState {
  const screen = start.screen ?? 'home';
  const next =
    start.lessons.find((lesson) => start.progress[lesson.id]?.finished !== true) ?? start.lessons[0];
  return {
    screen,
    lang: start.lang,
    colour: start.colour,
    size: start.size,
    lessons: start.lessons,
    progress: start.progress,
    cursor: next?.id ?? null,
    session: null,
    snapshot: null,
    selection: start.selection ?? null,
    focus: screen === 'home' ? 'lessons' : 'tree',
    tree: 'engines',
    filter: '',
    sought: '',
    prompt: null,
    pins: [],
    link: null,
    tab: 'tree',
    scroll: {},
    anchor: null,
    extents: {},
    overlay: null,
    notice: null,
    busy: null,
    paused: false,
    allProcesses: false,
    findings: null,
    finding: null,
    leftovers: null,
    preflight: null,
    shell: null,
    watched: [],
    networks: null,
    networksRead: false,
    story: null,
    storyAsked: null,
    noticed: {},
    ended: [],
    history: NO_HISTORY,
  };
}
