// Where a session's steps happen: on this kernel through a lab, or in a recording. Types, and the live one.
import { type Reading, unread } from '../kernel/reading.ts';
import { type Answers, type Ask, type QuestionOf, questionKey } from '../lab/questions.ts';
import type {
  Actor,
  Lab,
  LabMode,
  Leftover,
  Operation,
  OperationPlan,
  OperationResult,
  OutputLine,
  ShellCommand,
} from '../lab/types.ts';
import type { ProcessRef, Snapshot } from '../model/types.ts';
import type { LessonSource, StepSource } from './types.ts';
import type { Variant } from './variant.ts';

/** `before`: nothing of the step has run. `after`: its operations have. */
export interface Moment {
  readonly step: number;
  readonly when: 'before' | 'after';
}

/** All calls but `close` may throw UserError or what an aborted signal throws. */
export interface World {
  readonly source: LessonSource;
  /** Live: things may change by themselves; look again until they settle, and watch a task's checks. Skipped: no other call is made for it. */
  sourceOf(step: number): StepSource;
  readonly variant?: Variant | undefined;
  labId(): string | null;
  mode(step: number): LabMode;
  /** Null where the operation cannot be described yet. */
  plan(operation: Operation, step: number, place: number): OperationPlan | null;
  /** Opens what `perform` needs; called before the first operation of each step, does nothing the second time. */
  open(step: number): Promise<void>;
  perform(
    operation: Operation,
    step: number,
    place: number,
    onOutput: (line: OutputLine) => void,
    signal: AbortSignal,
  ): Promise<OperationResult>;
  observe(moment: Moment): Promise<Snapshot>;
  /** What a snapshot does not hold, of an actor or another thing of the lab, or of the host. */
  ask<K extends Ask>(
    question: QuestionOf<K>,
    moment: Moment,
    signal: AbortSignal,
  ): Promise<Reading<Answers[K]>>;
  actors(moment: Moment): readonly Actor[];
  /** As Lab.shellIn. */
  shellIn(actor: string, step: number, term: string | null): ShellCommand | null;
  close(): Promise<readonly Leftover[]>;
}

export interface LiveOptions {
  readonly lab: () => Promise<Lab>;
  /** A new snapshot, with the control files of the processes in `watch` (the lab's actors). */
  readonly observe: (watch: readonly ProcessRef[]) => Promise<Snapshot>;
  /** Describes an operation while no lab is open, so that it can be seen before anything is made. */
  readonly plan?: ((operation: Operation) => OperationPlan) | undefined;
  readonly variant?: Variant | undefined;
}

/** The world of this kernel. The lab is opened at the first `open()`, and again by the next one where that failed. */
export function liveWorld(options: LiveOptions): World {
  let opening: Promise<Lab> | null = null;
  let lab: Lab | null = null;
  const need = (): Lab => {
    if (!lab) throw new TypeError('an operation before the lab was opened');
    return lab;
  };
  return {
    source: { kind: 'live' },
    sourceOf: () => ({ kind: 'live' }),
    ...(options.variant ? { variant: options.variant } : {}),
    labId: () => lab?.id ?? null,
    mode: () => lab?.mode ?? 'root',
    plan(operation) {
      try {
        return lab ? lab.plan(operation) : (options.plan?.(operation) ?? null);
      } catch {
        // It names something that an operation before it has yet to make; asked again after each operation.
        return null;
      }
    },
    async open() {
      opening ??= options.lab();
      try {
        lab = await opening;
      } catch (error) {
        opening = null;
        throw error;
      }
    },
    perform: (operation, _step, _place, onOutput, signal) => need().perform(operation, { onOutput, signal }),
    observe: () => options.observe(lab?.actors() ?? []),
    async ask(question, _moment, signal) {
      return lab ? await lab.ask(question, signal) : unread('gone', questionKey(question));
    },
    actors: () => lab?.actors() ?? [],
    shellIn: (actor, _step, term) => lab?.shellIn(actor, term) ?? null,
    async close() {
      // A lab that is being opened is waited for: it would stay behind otherwise.
      const opened = await opening?.catch(() => null);
      return (await opened?.close()) ?? [];
    },
  };
}
