// What the terminal program is given by the command that starts it: the host, lessons, progress, and where a crash is logged. Types only.
import type { ColourMode, LessonProgress, PreflightLine, Selection } from '../app/state.ts';
import type { HostAnswers } from '../host/worker.ts';
import type { Leftover, ShellCommand } from '../lab/types.ts';
import type { Lesson, Session, SessionState } from '../lesson/types.ts';
import type { ProcessRef, Snapshot } from '../model/types.ts';
import type { Lang } from '../text/lang.ts';

/** The live (or recorded) host as the screens use it; host/watch.ts fulfils it. */
export interface HostFeed {
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
  watch(refs: readonly ProcessRef[]): void;
  refresh(): Promise<Snapshot>;
  ask<K extends keyof HostAnswers>(what: K, of?: ProcessRef): Promise<HostAnswers[K]>;
  pause(paused: boolean): void;
  close(): Promise<void>;
}

/** Makes the commands of shells outside of a lab, and ends what they started. */
export interface ShellMaker {
  /** Inside a process; null where it is one of the host and there is nothing to enter. `term` as in Lab.shellIn. @throws UserError. */
  inProcess(ref: ProcessRef, name: string, term: string | null): ShellCommand | null;
  onHost(): ShellCommand;
  /** Ends every process of the session that `leader` leads or led. */
  endSession(leader: number): Promise<void>;
  /** Keeps a descriptor from the programs that are started from now on. */
  ownDescriptor(fd: number): void;
}

export interface TuiOptions {
  readonly initial: 'home' | { readonly lesson: string } | { readonly inspect: Selection | null };
  readonly lang: Lang;
  readonly colour: ColourMode;
  readonly lessons: readonly Lesson[];
  /** Lesson id to progress. */
  readonly progress: Readonly<Record<string, LessonProgress>>;
  readonly host: HostFeed;
  /** Gives the way to tell of a scan that failed. */
  readonly onHostFailure?: (listener: (message: string) => void) => void;
  /** Live, or the lesson's recording where this host cannot run it. Rejects with a UserError where neither is possible. */
  openSession(lesson: Lesson): Promise<Session>;
  readonly shells: ShellMaker;
  preflight(): Promise<readonly PreflightLine[]>;
  leftovers(): Promise<readonly Leftover[]>;
  /** Removes what dead labs left; the lines say what could not be removed. */
  cleanup(): Promise<readonly string[]>;
  /** Called when a step of the session is done; resolves to the progress of every lesson. */
  saveProgress(session: SessionState): Promise<Readonly<Record<string, LessonProgress>>>;
  /** A crash is written here; its directory is made if need be. null: there is no place, the stack goes to stderr. */
  readonly logFile: string | null;
}
