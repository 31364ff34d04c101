// The author's gate for one lesson: plays it twice and finds what no schema can: a task that is solved from the start, a solution that
// does not solve, a prediction without one truth, a check that does not pass, something left behind. Where it plays is its caller's.
import type { Leftover } from '../lab/types.ts';
import { type Lang, type Message, say } from '../text/lang.ts';
import { GATE } from './gate-messages.ts';
import { SESSION } from './messages.ts';
import type { Check, CheckResult, Session, Step, StepState } from './types.ts';

/** A lesson must behave the same the second time: what the first left behind shows then at the latest. */
const GATE_RUNS = 2;

/** One place to play a lesson once. */
export interface Bench {
  readonly session: Session;
  /** Asked after the session was closed: what of it is still on the host, by witnesses other than its own ledger. */
  readonly residue: (labId: string | null) => Promise<readonly Pick<Leftover, 'kind' | 'what' | 'proof'>[]>;
}

export interface GateFault {
  /** null: it is the lesson's as a whole. */
  readonly step: string | null;
  /** 1 or 2. */
  readonly run: number;
  readonly message: string;
}

/**
 * Plays a lesson GATE_RUNS times with its solutions and returns what is wrong with it, in order; empty where nothing is. A run ends at
 * its first faulty step, as the later ones stand on it. `patience` is for how many milliseconds an unsolved task is watched.
 * Throws nothing of its own: what stops a run (this host cannot do it) is a fault. `signal` ends it between two steps.
 */
export async function gateLesson(options: {
  readonly lang: Lang;
  readonly bench: () => Promise<Bench>;
  /** Told once of a step that this host cannot do. */
  readonly onSkip?: (step: string, why: string) => void;
  readonly patience?: number;
  readonly signal?: AbortSignal;
}): Promise<readonly GateFault[]> {
  const { lang, signal } = options;
  const faults: GateFault[] = [];
  const truths = new Map<string, string>();
  for (let run = 1; run <= GATE_RUNS && faults.length === 0; run++) {
    const say = (step: string | null, message: string): void => {
      faults.push({ step, run, message });
    };
    const { session, residue } = await options.bench();
    const stop = (): void => void session.close();
    signal?.addEventListener('abort', stop);
    let labId: string | null = null;
    const unsubscribe = session.subscribe((state) => {
      labId = state.labId ?? labId;
    });
    try {
      // The variant's steps: what was resolved and opened is the session's.
      for (const [index, step] of session.state().lesson.steps.entries()) {
        signal?.throwIfAborted();
        const { source } = session.state();
        if (source.kind === 'skipped') {
          if (run === 1) options.onSkip?.(step.id, source.title);
          session.next();
          continue;
        }
        const found = await stepFaults(session, step, index, lang, options.patience ?? 1000);
        signal?.throwIfAborted();
        const truth = session.state().steps[index]?.truth ?? null;
        const before = truths.get(step.id);
        if (truth !== null && before !== undefined && before !== truth) {
          found.push(t(lang, GATE.otherTruth, { before, truth }));
        }
        if (truth !== null) truths.set(step.id, truth);
        for (const message of found) say(step.id, message);
        if (found.length > 0) break;
        session.next();
      }
    } finally {
      unsubscribe();
      signal?.removeEventListener('abort', stop);
      const left = [...(await session.close()), ...(await residue(labId))];
      const once = new Map(left.map((one) => [`${one.kind} ${one.what}`, one]));
      for (const { kind, what, proof } of once.values()) say(null, t(lang, GATE.left, { kind, what, proof }));
    }
  }
  return faults;
}

function t(lang: Lang, message: Message, values: Readonly<Record<string, string | number>> = {}): string {
  return say(lang, message, values);
}

/** Plays one step and says what is wrong with it. */
async function stepFaults(
  session: Session,
  step: Step,
  index: number,
  lang: Lang,
  patience: number,
): Promise<string[]> {
  const at = (): StepState | undefined => session.state().steps[index];
  switch (step.kind) {
    case 'read':
      return [];
    case 'quiz': {
      const right = step.choices.find((choice) => choice.right === true);
      if (right) session.choose(right.id);
      return at()?.phase === 'done' ? [] : [t(lang, GATE.noRight)];
    }
    case 'run':
    case 'predict': {
      const [first] = step.choices;
      if (first) session.choose(first.id);
      await session.run();
      return ranFaults(session, step, at(), lang);
    }
    case 'task': {
      const unsolved = await unsolvedFaults(session, step, at, lang, patience);
      if (unsolved.length > 0) return unsolved;
      await session.solve();
      const solved = at();
      const failed = (solved?.results ?? []).filter(({ verdict }) => verdict !== 'pass');
      if (solved?.phase === 'done') return [];
      if (failed.length === 0) return [problemOf(session, lang)];
      return failed.map((result) => told(lang, GATE.notSolved, result));
    }
  }
}

function ranFaults(session: Session, step: Step, at: StepState | undefined, lang: Lang): string[] {
  const results = at?.results ?? [];
  // `unknown` lets a learner go on; a lesson whose author cannot see it pass proves nothing.
  const bad = results
    .filter(({ verdict }) => verdict !== 'pass')
    .map((one) => told(lang, GATE.notPassed, one));
  if (at?.alsoTrue) {
    const ids = [at.truth, ...at.alsoTrue].join(', ');
    bad.push(t(lang, GATE.manyTruths, { ids }));
  }
  if (bad.length > 0) return bad;
  return at?.phase === 'done' ? [] : [problemOf(session, lang)];
}

/** A check must fail before the solution, unless it stands guard; and it must not come to pass by waiting. */
async function unsolvedFaults(
  session: Session,
  step: Step,
  at: () => StepState | undefined,
  lang: Lang,
  patience: number,
): Promise<string[]> {
  const until = Date.now() + patience;
  for (;;) {
    await session.check();
    const { problem } = session.state();
    if (problem) return [problemOf(session, lang)];
    const results = new Map((at()?.results ?? []).map((result) => [result.id, result]));
    const faults = step.checks.flatMap((check) => unsolvedFault(check, results.get(check.id), lang));
    if (step.checks.every((check) => check.guard === true)) faults.push(t(lang, GATE.onlyGuards));
    if (faults.length > 0 || Date.now() >= until) return faults;
    await new Promise((resolve) => setTimeout(resolve, Math.min(200, patience)));
  }
}

function unsolvedFault(check: Check, result: CheckResult | undefined, lang: Lang): readonly string[] {
  const passes = result?.verdict === 'pass';
  if (check.guard === true) return passes || !result ? [] : [told(lang, GATE.guardFails, result)];
  return passes ? [told(lang, GATE.solvedAlready, result)] : [];
}

function told(lang: Lang, message: Message, { id, label, expected, seen, proof }: CheckResult): string {
  return t(lang, message, { id, label, expected, seen, proof });
}

function problemOf(session: Session, lang: Lang): string {
  const { problem } = session.state();
  if (!problem) return t(lang, GATE.notDone);
  if (problem.message === say(lang, SESSION.noTruth)) return t(lang, GATE.noTruth);
  return problem.hint === null ? problem.message : `${problem.message}; ${problem.hint}`;
}
