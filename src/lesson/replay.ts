// Plays a recording of a lesson: through the same session as a live lesson, as a whole or for the steps that a host cannot do.
// The form of the file is recording-schema.ts's; taking one is recording.ts's.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Reading, unread } from '../kernel/reading.ts';
import { type Answers, type Ask, type QuestionOf, questionKey } from '../lab/questions.ts';
import type { OutputLine } from '../lab/types.ts';
import type { Snapshot } from '../model/types.ts';
import { UserError } from '../text/errors.ts';
import { type Lang, say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import { RECORDINGS } from './messages.ts';
import type { RecordedMoment, RecordedStep, Recording } from './recording-schema.ts';
import { retell } from './retell.ts';
import { playSession } from './session.ts';
import type { Lesson, Session } from './types.ts';
import { resolveLesson, type Variant, variantOf } from './variant.ts';
import type { Moment, World } from './world.ts';

/**
 * A recording as a session: the same steps, choices and checks as live, evaluated anew from the recorded values in the session's
 * language. Nothing runs on this host. `lineDelay` is the time between two output lines in milliseconds.
 * Throws UserError where the recording is another lesson's or an older form of it.
 */
export function replaySession(options: {
  readonly lesson: Lesson;
  readonly lang: Lang;
  readonly recording: Recording;
  readonly lineDelay?: number;
  /** Steps that were done in an earlier run. */
  readonly done?: ReadonlySet<string> | undefined;
}): Session {
  const { lang, recording } = options;
  const lesson = resolveLesson(options.lesson, variantOfRecording(recording));
  const fault = unfit(lesson, recording, lang);
  if (fault !== null) {
    throw new UserError(say(lang, RECORDINGS.other, { lesson: lesson.id, detail: fault }), {
      hint: say(lang, RECORDINGS.badHint, { lesson: lesson.id }),
    });
  }
  return playSession({
    lesson,
    lang,
    world: recordedWorld(recording, lang, options.lineDelay ?? 40),
    done: options.done,
  });
}

/** The variant that was recorded; of an older recording by what its first snapshot shows. */
export function variantOfRecording({ variant, mode, snapshots }: Recording): Variant {
  return variant ?? variantOf(mode, snapshots[0]?.hierarchies ?? []);
}

/** What in a recording is not as in the lesson, resolved to the recording's variant; null where it fits. */
export function unfit(lesson: Lesson, recording: Recording, lang: Lang): string | null {
  const expected = [
    lesson.id,
    ...lesson.steps.map((step) => `${step.id}(${step.solution.length || step.operations.length})`),
  ];
  const found = [recording.lesson, ...recording.steps.map((step) => `${step.id}(${step.operations.length})`)];
  if (expected.join() === found.join()) return null;
  return say(lang, RECORDINGS.stepsDiffer, { found: found.join(', '), expected: expected.join(', ') });
}

/** The world of a recording; steps by their place in it. */
export function recordedWorld(recording: Recording, lang: Lang, lineDelay: number): World {
  let open = false;
  // Once, and not at each look: what is asked of a snapshot is remembered by its identity.
  const source = { kind: 'recorded', title: recording.title[lang] } as const;
  const snapshots = recording.snapshots.map((snapshot): Snapshot => ({ ...snapshot, source }));
  const momentAt = ({ step, when }: Moment): RecordedMoment | undefined => recording.steps[step]?.[when];
  const tell = (line: OutputLine): OutputLine =>
    // The recording of a lesson from elsewhere is its author's.
    ({ ...line, text: clean(line.stream === 'note' ? retell(line.text, lang) : line.text) });
  return {
    source: { kind: 'recording', title: recording.title[lang] },
    sourceOf: () => ({ kind: 'recording', title: recording.title[lang] }),
    variant: variantOfRecording(recording),
    labId: () => (open ? recording.labId : null),
    mode: () => recording.mode,
    plan(_operation, step, place) {
      const plan = recording.steps[step]?.operations[place]?.plan;
      return plan ? { ...plan, touches: retell(plan.touches, lang), undo: retell(plan.undo, lang) } : null;
    },
    async open() {
      open = true;
    },
    async perform(_operation, step, place, onOutput, signal) {
      const kept = recording.steps[step]?.operations[place];
      if (!kept) throw new TypeError(`no operation ${place} in step ${step} of the recording`);
      const output = kept.output.map(tell);
      for (const line of output) {
        if (lineDelay > 0) await sleep(lineDelay, undefined, { signal });
        onOutput(line);
      }
      return { output, exit: kept.exit, asExpected: kept.asExpected };
    },
    async observe(moment) {
      const snapshot = snapshotAt(recording.steps, snapshots, moment);
      if (!snapshot) throw new TypeError(`no snapshot at step ${moment.step} of the recording`);
      return snapshot;
    },
    async ask<K extends Ask>(question: QuestionOf<K>, moment: Moment) {
      const key = questionKey(question);
      return (momentAt(moment)?.answers[key] ?? unread('gone', key)) as Reading<Answers[K]>;
    },
    actors: (moment) => momentAt(moment)?.actors ?? [],
    shellIn: () => null,
    async close() {
      open = false;
      return [];
    },
  };
}

/** The snapshot of a moment; where none was taken (a quiz), the nearest one before it, else the first. */
function snapshotAt(
  steps: readonly RecordedStep[],
  snapshots: readonly Snapshot[],
  { step, when }: Moment,
): Snapshot | null {
  for (let at = step; at >= 0; at--) {
    const one = steps[at];
    const index =
      at === step && when === 'before' ? one?.before.snapshot : (one?.after.snapshot ?? one?.before.snapshot);
    const snapshot = index === null || index === undefined ? undefined : snapshots[index];
    if (snapshot) return snapshot;
  }
  return snapshots[0] ?? null;
}
