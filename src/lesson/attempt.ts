// What of a session goes into the progress: one try of each step that was met, with what was observed. Writes nothing.
import { createHash } from 'node:crypto';
import type { Tried } from './progress-schema.ts';
import type { SessionState, StepState } from './types.ts';

const MAX_SEEN = 2000;

/** Step id to its try; only steps that were met. `boot` is this machine's boot id, null where it could not be read. */
export function triesOf(state: SessionState, boot: string | null): Readonly<Record<string, Tried>> {
  const hash = boot === null ? null : createHash('sha256').update(boot).digest('hex').slice(0, 16);
  return Object.fromEntries(
    state.steps.flatMap((step, index) => {
      const time = state.times[index];
      if (!time || time.met === null) return [];
      // Passed by, as it was done in an earlier run: that one's word holds.
      if (step.doneBefore && (step.kind === 'read' || step.kind === 'quiz')) return [];
      return [[step.id, triedOf(state, step, { met: time.met, done: time.done }, hash)]];
    }),
  );
}

function triedOf(
  { attempt, base }: SessionState,
  step: StepState,
  { met, done }: { readonly met: number; readonly done: number | null },
  boot: string | null,
): Tried {
  const how = step.skipped ? 'skipped' : step.recorded || base.kind === 'recording' ? 'recording' : 'live';
  return {
    nonce: attempt,
    startedAt: new Date(met).toISOString(),
    doneAt: done === null ? null : new Date(done).toISOString(),
    right: step.chosen === null || step.truth === null ? null : step.chosen === step.truth,
    hints: step.hintsShown,
    seconds: done === null ? null : Math.max(0, Math.round((done - met) / 100) / 10),
    how,
    solved: step.solved === true,
    evidence: step.results
      .slice(0, 200)
      .map(({ id, verdict, seen }) => ({ check: id, verdict, seen: seen.slice(0, MAX_SEEN) })),
    // Those of a recording are the same for everybody.
    witnesses: how === 'live' ? (step.witnesses ?? []).map((one) => ({ ...one })) : [],
    boot: how === 'live' ? boot : null,
  };
}
