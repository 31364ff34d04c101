// What can be asked of a lab's things, or of the host, and what is answered: plain JSON, so that a recording can keep it. Asks nothing.
import type { Reading } from '../kernel/reading.ts';

/** A line of a pressure file (Documentation/accounting/psi.rst): percent of the last seconds, and microseconds in all. */
export interface PressureAnswer {
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
  readonly total: string;
}

/** One controller of one of the lab's cgroups, by the neutral names of kernel/cgroup/files.ts. Numbers are decimal strings; `max` is no limit. */
export interface GroupAnswer {
  readonly version: 1 | 2;
  /** The group's directory in the controller's tree. */
  readonly directory: string;
  /** Limits, usage and events of the group itself. What this version or kernel has not is `unsupported`. */
  readonly values: Readonly<Record<string, Reading<string>>>;
  /** The least limit of the group and its ancestors, and the directory's path of the one that sets it. */
  readonly effective: Readonly<Record<string, { readonly value: string; readonly setBy: string }>>;
  /** Absent where there is no such file (v1). */
  readonly pressure?: { readonly some: PressureAnswer; readonly full: PressureAnswer | null } | undefined;
  /** Ascending; none once they have ended, which the group outlives. */
  readonly procs: readonly number[];
}

/** The answer to each kind of question. */
export interface Answers {
  /** The host name in the actor's UTS namespace. */
  readonly hostname: string;
  readonly group: GroupAnswer;
}

export type Ask = keyof Answers;

/**
 * `of` is an actor's name, or `host`; of a group its own name or that of an actor in it. Narrow on purpose: an answer may end in a recording,
 * and holds no more than what was asked for.
 */
export type Question =
  | { readonly ask: 'hostname'; readonly of: string }
  | { readonly ask: 'group'; readonly of: string; readonly controller: string };

export type QuestionOf<K extends Ask> = Extract<Question, { ask: K }>;

/** True where only a living actor, or the host, can answer. A group outlives those who were in it. */
export function needsLife(question: Question): boolean {
  return question.ask !== 'group';
}

/** One text for each question: what a recording keeps its answer under. */
export function questionKey(question: Question): string {
  return Object.values(question).join(' ');
}
