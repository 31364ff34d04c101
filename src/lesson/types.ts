// What a lesson and a session of it are to those who show or drive them. Loading, validating and running live beside this file.
import type { Actor, Leftover, Operation, OperationPlan, OutputLine, ShellCommand } from '../lab/types.ts';
import type { Snapshot } from '../model/types.ts';
import type { Lang } from '../text/lang.ts';
import type { Check } from './checks/index.ts';
import type { Only, Variant } from './variant.ts';

export type { Check };

export interface Choice {
  readonly id: string;
  /** Predict: this choice holds if all these checks pass once the step's operations have run. */
  readonly when?: readonly Check[] | undefined;
  /** Quiz: the right answer where the kernel cannot tell. */
  readonly right?: boolean | undefined;
}

export type StepKind = 'read' | 'predict' | 'run' | 'task' | 'quiz';
export type PaneName = 'tree' | 'links' | 'cgroup';

export interface Step {
  readonly id: string;
  readonly kind: StepKind;
  /** Needs of this step beside the lesson's; where they are not met it is played from the recording, or skipped. */
  readonly requires?: readonly string[] | undefined;
  /** Left out of other variants of the lesson. */
  readonly only?: Only | undefined;
  /** The pane that shows what this step is about; at 80 columns it is the one in front. */
  readonly focus: PaneName;
  /** The namespace types or control files to point at. */
  readonly pointAt: readonly string[];
  /** Run and predict: what runs. Task: none. */
  readonly operations: readonly Operation[];
  readonly choices: readonly Choice[];
  readonly checks: readonly Check[];
  /** Task: the operations that do it, for `--solve` and for the author's gate. */
  readonly solution: readonly Operation[];
}

/** Prose of one step in one language, as Markdown. */
export interface StepProse {
  readonly title: string;
  readonly text: string;
  readonly explain: string | null;
  readonly hints: readonly string[];
  /** Choice id to its text. */
  readonly choices: Readonly<Record<string, string>>;
  /** Check id to its text; a check without one is described by its own facts. */
  readonly checks: Readonly<Record<string, string>>;
}

export interface Lesson {
  readonly format: 1;
  readonly id: string;
  /** Place in the course, from the folder's number. */
  readonly number: number;
  readonly part: string;
  readonly minutes: number;
  readonly requires: readonly string[];
  readonly prerequisites: readonly string[];
  readonly steps: readonly Step[];
  readonly title: Readonly<Record<Lang, string>>;
  readonly summary: Readonly<Record<Lang, string>>;
  /** Step id to prose. */
  readonly prose: Readonly<Record<Lang, Readonly<Record<string, StepProse>>>>;
  readonly folder: string;
  /** It does not come with the program: it runs when somebody trusts it. */
  readonly foreign: boolean;
  /** SHA-256 of its files, in hexadecimal digits. */
  readonly digest: string;
}

export type Verdict = 'pass' | 'fail' | 'unknown';

export interface CheckResult {
  readonly id: string;
  readonly verdict: Verdict;
  /** In the session's language, sanitised. */
  readonly label: string;
  readonly expected: string;
  readonly seen: string;
  /** The file or command that shows it. */
  readonly proof: string;
}

/**
 * Where a step stands. `reading`: nothing has run. `choosing`: predict or quiz, no answer yet. `ready`: the operations may run.
 * `running`. `working`: a task, checks are polled. `done`: the step is over, the next one may come. `failed`: an operation or check failed.
 */
export type Phase = 'reading' | 'choosing' | 'ready' | 'running' | 'working' | 'done' | 'failed';

export interface StepState {
  readonly id: string;
  readonly kind: StepKind;
  readonly phase: Phase;
  /** The choice taken, and once the kernel has answered, which one it was. */
  readonly chosen: string | null;
  readonly truth: string | null;
  /** Predict: choices behind the truth that hold as well. Two true answers are a fault of the lesson. */
  readonly alsoTrue?: readonly string[] | undefined;
  readonly hintsShown: number;
  /** This host cannot do it, and there is no recording of it: it is done without having been played. */
  readonly skipped?: true | undefined;
  /** It is played from the recording within a live lesson. */
  readonly recorded?: true | undefined;
  /** Task: the program played the solution. */
  readonly solved?: true | undefined;
  /** It was done in an earlier run of the lesson. */
  readonly doneBefore?: true | undefined;
  /** Once it is done: the lab's processes that were seen, with the inodes of the namespaces that are their own. */
  readonly witnesses?: readonly Witness[] | undefined;
  readonly results: readonly CheckResult[];
  /** What the operations of this step will run, and what they touch. */
  readonly plans: readonly OperationPlan[];
}

export interface Witness {
  readonly actor: string;
  readonly pid: number;
  readonly starttime: number;
  /** Type to inode. */
  readonly namespaces: Readonly<Record<string, number>>;
}

/** Where a lesson as a whole is played: on this kernel, or in a recording with the title that every pane shows. */
export type LessonSource = { readonly kind: 'live' } | { readonly kind: 'recording'; readonly title: string };

/** Where one step is played; `skipped`: nowhere, and why. */
export type StepSource = LessonSource | { readonly kind: 'skipped'; readonly title: string };

/** All that a screen needs of a session; plain, immutable. */
export interface SessionState {
  readonly lesson: Lesson;
  readonly lang: Lang;
  /** Random: one run of the lesson. */
  readonly attempt: string;
  /** By step, in milliseconds since the epoch: when it was first met and when it was done; null where it was not. */
  readonly times: readonly { readonly met: number | null; readonly done: number | null }[];
  /** Where the lesson is played. */
  readonly base: LessonSource;
  /** Where the step that is shown is played: a live lesson may have steps that this host can only play from a recording. */
  readonly source: StepSource;
  /** The form of the lesson that is played. */
  readonly variant?: Variant | undefined;
  readonly labId: string | null;
  readonly index: number;
  readonly steps: readonly StepState[];
  readonly output: readonly OutputLine[];
  readonly actors: readonly Actor[];
  /** One clear line when something went wrong, with what to do. */
  readonly problem: {
    readonly message: string;
    readonly hint: string | null;
    /** 3 where this host cannot do it (UserError). */
    readonly exitCode?: 3 | undefined;
  } | null;
  /** The lesson is over: every step done. */
  readonly ended: boolean;
  /** The snapshot from before the step's operations ran: what has changed since is marked. */
  readonly before: Snapshot | null;
  /** Replay only: the snapshot to show in place of the live one. */
  readonly shown: Snapshot | null;
}

/** A lesson under way, live or replayed. Every call settles; failures are in `state().problem`. */
export interface Session {
  state(): SessionState;
  /** Called after each change of state; returns the way to stop it. */
  subscribe(listener: (state: SessionState) => void): () => void;
  /** Takes a choice of a predict or quiz step. May be called again until the operations have run. */
  choose(choice: string): void;
  /** Runs the operations of a run or predict step. */
  run(): Promise<void>;
  /** Shows one more hint of a task. */
  hint(): void;
  /** Looks at the checks now. */
  check(): Promise<void>;
  /** Plays a task's solution. */
  solve(): Promise<void>;
  /** To the next step; does nothing where this one is not done. */
  next(): void;
  /** Looks at an earlier step again (its text and results); runs nothing. */
  back(): void;
  /** Ends what runs, closes the lab; what could not be undone comes back. */
  close(): Promise<readonly Leftover[]>;
  /** A shell inside an actor, as Lab.shellIn; null in a replay. */
  shellIn(actor: string, term: string | null): ShellCommand | null;
}
