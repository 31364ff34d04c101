// All that can happen to the state, and all that a change may ask of the world. Types only.
import type { Leftover } from '../lab/types.ts';
import type { SessionState } from '../lesson/types.ts';
import type { StoryFacts } from '../model/explain/facts.ts';
import type { Finding } from '../model/findings/finding.ts';
import type { Network } from '../model/network.ts';
import type { ProcessRef, Snapshot } from '../model/types.ts';
import type {
  AppState,
  Extent,
  LessonProgress,
  Notice,
  PreflightLine,
  Scrolled,
  ShellPlace,
  ShellScreen,
  Size,
} from './state.ts';

export type Action =
  /** A key by the name that keymap.ts uses: `q`, `S-tab`, `pagedown`, `H`. */
  | { readonly type: 'key'; readonly key: string }
  /** Cell of the terminal, from 0. */
  | {
      readonly type: 'mouse';
      readonly what: 'click' | 'wheel-up' | 'wheel-down';
      readonly x: number;
      readonly y: number;
    }
  | { readonly type: 'resize'; readonly size: Size }
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'session-opened'; readonly session: SessionState }
  | { readonly type: 'session'; readonly session: SessionState }
  /** The lab of the lesson is closed; what could not be undone. */
  | { readonly type: 'session-closed'; readonly leftovers: readonly Leftover[] }
  | { readonly type: 'progress'; readonly progress: Readonly<Record<string, LessonProgress>> }
  | { readonly type: 'preflight'; readonly lines: readonly PreflightLine[] }
  | { readonly type: 'findings'; readonly findings: readonly Finding[] }
  | { readonly type: 'networks'; readonly networks: readonly Network[] }
  | { readonly type: 'story'; readonly facts: StoryFacts }
  | { readonly type: 'leftovers'; readonly leftovers: readonly Leftover[] }
  /** What a pane turned out to hold when it was drawn. */
  | {
      readonly type: 'measured';
      readonly extents: Readonly<Partial<Record<Scrolled, Extent>>>;
    }
  /** A shell runs in the shell pane; what its screen shows from now on; its end. */
  | { readonly type: 'shell-opened'; readonly place: ShellPlace }
  | { readonly type: 'shell-screen'; readonly screen: ShellScreen }
  | { readonly type: 'shell-ended' }
  /** The shell pane goes, whatever it showed. */
  | { readonly type: 'shell-closed' }
  | { readonly type: 'notice'; readonly notice: Notice }
  /** What the learner waited for is over. */
  | { readonly type: 'idle' };

export type SessionCall = 'run' | 'next' | 'back' | 'hint' | 'check' | 'solve';

export type Effect =
  | { readonly effect: 'quit'; readonly code: number }
  | { readonly effect: 'session'; readonly call: SessionCall }
  | { readonly effect: 'choose'; readonly choice: string }
  | { readonly effect: 'open-lesson'; readonly id: string }
  | { readonly effect: 'close-lesson' }
  /** Opens a shell, in the shell pane where one can be shown, else on the terminal itself. */
  | { readonly effect: 'shell'; readonly place: ShellPlace }
  | { readonly effect: 'shell-scroll'; readonly lines: number }
  | { readonly effect: 'end-shell' }
  /** Read the control files of these processes from now on. */
  | { readonly effect: 'watch'; readonly refs: readonly ProcessRef[] }
  /** Read the interfaces of every network namespace again and again, or no more. */
  | { readonly effect: 'networks'; readonly on: boolean }
  /** Read who this process is, again and again; null: no more. */
  | { readonly effect: 'story'; readonly of: ProcessRef | null }
  | { readonly effect: 'pause'; readonly on: boolean }
  | { readonly effect: 'refresh' }
  | { readonly effect: 'cleanup' }
  /** Puts a text on the clipboard, where the terminal has one (OSC 52). */
  | { readonly effect: 'copy'; readonly text: string };

export interface Updated {
  readonly state: AppState;
  readonly effects: readonly Effect[];
}
