// A lesson under way: the rules by which its steps begin, run, are checked and end. Where things happen is the world's (world.ts).
// Draws nothing and records nothing.
import { randomBytes } from 'node:crypto';
import type { Reading } from '../kernel/reading.ts';
import type { Lab, Leftover, Operation, OperationPlan, OutputLine } from '../lab/types.ts';
import type { ProcessRef, Snapshot } from '../model/types.ts';
import { UserError } from '../text/errors.ts';
import { type Lang, say } from '../text/lang.ts';
import { needsLife, type Question, questionKey } from '../lab/questions.ts';
import type { KnownActor } from './checks/check.ts';
import { knownActor, questionsBefore } from './checks/index.ts';
import { type Look, lookAtStep } from './look.ts';
import { SESSION } from './messages.ts';
import type { Lesson, Phase, Session, SessionState, Step, StepState, Witness } from './types.ts';
import type { Variant } from './variant.ts';
import { type Moment, type World, liveWorld } from './world.ts';

/** Output lines that a session keeps; older ones give way. */
export const MAX_OUTPUT = 2000;

/** Milliseconds: between two looks at a task's checks; how long a step may take to settle; between two looks while it does. */
export interface Timing {
  readonly poll: number;
  readonly settle: number;
  readonly look: number;
}

const TIMING: Timing = { poll: 500, settle: 2000, look: 120 };

/**
 * A lesson on this kernel. `lab` is called when the first operation is to run, not before; `observe` gives a new snapshot,
 * with the control files of the processes in `watch`;
 * `plan` describes operations while no lab is open.
 */
export function startSession(options: {
  readonly lesson: Lesson;
  readonly lang: Lang;
  readonly lab: () => Promise<Lab>;
  readonly observe: (watch: readonly ProcessRef[]) => Promise<Snapshot>;
  readonly plan?: (operation: Operation) => OperationPlan;
  readonly variant?: Variant | undefined;
  readonly timing?: Timing;
}): Session {
  return playSession({ ...options, world: liveWorld(options) });
}

/** What a step has done so far, beyond what its state shows. */
interface Doings {
  /** Operations that are done; a second try goes on from here. */
  performed: number;
  /** By place; of an operation that has run, the plan from right before: what it has made is no longer to be made. */
  plans: (OperationPlan | null)[];
  output: OutputLine[];
  exit: number | null;
  before: Snapshot | null;
  /** What was asked before the step, by questionKey. */
  readonly asked: Map<string, Reading<unknown>>;
  /** Checks with `edge` that have passed. */
  readonly passed: Set<string>;
}

/** A session in any world; `startSession` and `replaySession` are the two ways to get one. */
export function playSession(options: {
  readonly lesson: Lesson;
  readonly lang: Lang;
  readonly world: World;
  /** Steps that were done in an earlier run: a lesson goes on at the first that must run, or that is new. */
  readonly done?: ReadonlySet<string> | undefined;
  readonly timing?: Timing | undefined;
}): Session {
  const { lesson, lang, world } = options;
  const timing = options.timing ?? TIMING;
  const listeners = new Set<(state: SessionState) => void>();
  const abort = new AbortController();
  // Actors of this kernel and of a recording can have one name.
  const knownLive = new Map<string, KnownActor>();
  const knownRecorded = new Map<string, KnownActor>();
  const isLive = (index: number): boolean => world.sourceOf(index).kind === 'live';
  const knownAt = (index: number): Map<string, KnownActor> => (isLive(index) ? knownLive : knownRecorded);
  const doings: Doings[] = lesson.steps.map(() => ({
    performed: 0,
    plans: [],
    output: [],
    exit: null,
    before: null,
    asked: new Map(),
    passed: new Set(),
  }));
  let lines: OutputLine[] = [];
  let cut = 0;
  let timer: NodeJS.Timeout | null = null;
  let closing: Promise<readonly Leftover[]> | null = null;
  // What acts or looks does so one after the other: a poll must not meet an operation.
  let queue: Promise<unknown> = Promise.resolve();

  let state: SessionState = Object.freeze({
    lesson,
    lang,
    attempt: randomBytes(8).toString('hex'),
    times: lesson.steps.map(() => ({ met: null, done: null })),
    base: world.source,
    source: world.sourceOf(0),
    ...(world.variant ? { variant: world.variant } : {}),
    labId: null,
    index: 0,
    steps: lesson.steps.map(
      (step, index): StepState => ({
        id: step.id,
        kind: step.kind,
        phase: 'reading',
        chosen: null,
        truth: null,
        hintsShown: 0,
        results: [],
        plans: plansOf(step.operations, index),
      }),
    ),
    output: [],
    actors: [],
    problem: null,
    ended: false,
    before: null,
    shown: null,
  });

  function update(change: Partial<SessionState>): void {
    state = Object.freeze({ ...state, ...change });
    for (const listener of listeners) listener(state);
  }

  function updateStep(index: number, change: Partial<StepState>, rest: Partial<SessionState> = {}): void {
    const done = change.phase === 'done' && state.times[index]?.done === null;
    const extra: Partial<StepState> = done ? witnessesOf(index) : {};
    const times = done
      ? state.times.map((time, i) => (i === index ? { ...time, done: Date.now() } : time))
      : state.times;
    update({
      ...rest,
      times,
      steps: state.steps.map((step, i) => (i === index ? { ...step, ...change, ...extra } : step)),
    });
  }

  /** The lab's processes that a live step saw, for the progress. */
  function witnessesOf(index: number): Pick<StepState, 'witnesses'> {
    if (!isLive(index) || (doings[index]?.performed ?? 0) === 0) return {};
    const witnesses = [...knownLive].map(([name, { actor, namespaces }]): Witness => {
      const own = actor.namespaces.flatMap((type) =>
        namespaces[type] === undefined ? [] : [[type, namespaces[type]] as const],
      );
      return { actor: name, pid: actor.pid, starttime: actor.starttime, namespaces: Object.fromEntries(own) };
    });
    return witnesses.length > 0 ? { witnesses } : {};
  }

  function plansOf(operations: readonly Operation[], index: number): readonly OperationPlan[] {
    const doing = doings[index];
    if (!doing) return [];
    doing.plans = operations.map((operation, place) =>
      place < doing.performed ? (doing.plans[place] ?? null) : world.plan(operation, index, place),
    );
    return doing.plans.filter((plan) => plan !== null);
  }

  function exclusively<T>(act: () => Promise<T>): Promise<T> {
    const turn = queue.then(act);
    queue = turn.catch(() => undefined);
    return turn;
  }

  function problemOf(error: unknown): SessionState['problem'] {
    if (error instanceof UserError) {
      const problem = { message: error.message, hint: error.hint ?? null };
      return error.exitCode === 3 ? { ...problem, exitCode: 3 } : problem;
    }
    return { message: error instanceof Error ? error.message : String(error), hint: null };
  }

  function stepAt(index: number): { step: Step; at: StepState; doing: Doings } | null {
    const [step, at, doing] = [lesson.steps[index], state.steps[index], doings[index]];
    return step && at && doing ? { step, at, doing } : null;
  }

  function momentOf(index: number): Moment {
    return { step: index, when: (doings[index]?.performed ?? 0) > 0 ? 'after' : 'before' };
  }

  async function observe(moment: Moment): Promise<Snapshot> {
    const snapshot = await world.observe(moment);
    learn(moment, snapshot);
    if (!isLive(moment.step)) update({ shown: snapshot });
    return snapshot;
  }

  function learn(moment: Moment, snapshot: Snapshot | null): void {
    const known = knownAt(moment.step);
    for (const actor of world.actors(moment))
      known.set(actor.name, knownActor(actor, known.get(actor.name), snapshot));
    if (snapshot) for (const [name, one] of known) known.set(name, knownActor(one.actor, one, snapshot));
  }

  /** The snapshot knows the host's name already. */
  function ask(question: Question, moment: Moment, now: Snapshot): Promise<Reading<unknown>> {
    return question.ask === 'hostname' && question.of === 'host'
      ? Promise.resolve(now.host.hostname)
      : world.ask(question, moment, abort.signal);
  }

  /** Remembers how things are before the step, as far as its checks will ask. */
  async function begin(index: number): Promise<void> {
    const here = stepAt(index);
    if (!here || here.doing.before) return;
    const moment: Moment = { step: index, when: 'before' };
    const before = await observe(moment);
    here.doing.before = before;
    const checks = [...here.step.checks, ...here.step.choices.flatMap((choice) => choice.when ?? [])];
    for (const question of checks.flatMap(questionsBefore)) {
      if (needsLife(question) && question.of !== 'host' && !knownAt(index).has(question.of)) continue;
      here.doing.asked.set(questionKey(question), await ask(question, moment, before));
    }
    if (state.index === index) update({ before });
  }

  async function look(index: number): Promise<Look> {
    const here = stepAt(index);
    if (!here) return { results: [], truth: null, alsoTrue: [] };
    const { step, doing } = here;
    const moment = momentOf(index);
    const now = await observe(moment);
    return lookAtStep(step, {
      lang,
      mode: world.mode(index),
      now,
      actors: knownAt(index),
      output: doing.output,
      exit: doing.exit,
      question: (question) => ask(question, moment, now),
      asked: doing.asked,
      labels: lesson.prose[lang][step.id]?.checks ?? {},
      passed: doing.passed,
    });
  }

  /**
   * Looks until the step shows what it should, or the time is over. A prediction is believed when two looks agree: a signal that
   * has not done its work yet would else be taken for one that does nothing.
   */
  async function settle(index: number, step: Step): Promise<Look> {
    const deadline = Date.now() + timing.settle;
    let seen = await look(index);
    let agreed = step.kind !== 'predict';
    while (isLive(index) && !abort.signal.aborted) {
      const good =
        seen.results.every((result) => result.verdict !== 'fail') &&
        (step.kind !== 'predict' || seen.truth !== null);
      if ((good && agreed) || Date.now() > deadline) break;
      await pause(timing.look);
      const next = await look(index);
      agreed = step.kind !== 'predict' || next.truth === seen.truth;
      seen = next;
    }
    return seen;
  }

  function addOutput(line: OutputLine): void {
    lines.push(line);
    if (lines.length >= MAX_OUTPUT) {
      cut += lines.length - MAX_OUTPUT + 1;
      lines = lines.slice(lines.length - MAX_OUTPUT + 1);
    }
    const note: OutputLine = { stream: 'note', text: say(lang, SESSION.outputCut, { count: cut }) };
    update({ output: cut > 0 ? [note, ...lines] : [...lines] });
  }

  /** Performs what of the operations is still to do. Throws what they throw, and a UserError for a status that was not expected. */
  async function perform(index: number, operations: readonly Operation[]): Promise<void> {
    const here = stepAt(index);
    if (!here) return;
    await world.open(index);
    abort.signal.throwIfAborted();
    update({ labId: world.labId() });
    updateStep(index, { plans: plansOf(operations, index) });
    await begin(index);
    const { doing } = here;
    for (const [place, operation] of operations.entries()) {
      if (place < doing.performed) continue;
      abort.signal.throwIfAborted();
      const result = await world.perform(operation, index, place, addOutput, abort.signal);
      doing.output.push(...result.output);
      doing.exit = result.exit ?? doing.exit;
      const moment: Moment = { step: index, when: 'after' };
      learn(moment, null);
      if (result.asExpected) doing.performed = place + 1;
      updateStep(index, { plans: plansOf(operations, index) }, { actors: world.actors(moment) });
      if (!result.asExpected) throw unexpected(operation, result.exit);
    }
  }

  function unexpected(operation: Operation, exit: number | null): UserError {
    const command = 'command' in operation ? (operation.command ?? []).join(' ') : operation.op;
    const expected = 'exits' in operation ? (operation.exits ?? [0]).join(', ') : '0';
    return new UserError(say(lang, SESSION.exit, { command, exit: exit ?? '?', expected }), {
      hint: say(lang, SESSION.exitHint),
      exitCode: 1,
    });
  }

  /** The phase and problem that a look leaves a run or predict step in. */
  function outcome(step: Step, seen: Look): { phase: Phase; problem: SessionState['problem'] } {
    const failed = seen.results.find((result) => result.verdict === 'fail');
    if (failed) {
      const { label, seen: found, proof } = failed;
      return {
        phase: 'failed',
        problem: {
          message: say(lang, SESSION.checkFailed, { label, seen: found }),
          hint: say(lang, SESSION.checkFailedHint, { proof }),
        },
      };
    }
    if (step.kind === 'predict' && seen.truth === null) {
      return {
        phase: 'failed',
        problem: { message: say(lang, SESSION.noTruth), hint: say(lang, SESSION.exitHint) },
      };
    }
    return { phase: 'done', problem: null };
  }

  async function runStep(index: number): Promise<void> {
    const here = stepAt(index);
    if (!here || closing || (here.at.phase !== 'ready' && here.at.phase !== 'failed')) return;
    updateStep(index, { phase: 'running' }, { problem: null });
    try {
      await perform(index, here.step.operations);
      const seen = await settle(index, here.step);
      const { phase, problem } = outcome(here.step, seen);
      updateStep(
        index,
        {
          phase,
          results: seen.results,
          truth: seen.truth,
          ...(seen.alsoTrue.length > 0 ? { alsoTrue: seen.alsoTrue } : {}),
        },
        { problem, actors: world.actors(momentOf(index)) },
      );
    } catch (error) {
      updateStep(index, { phase: 'failed' }, { problem: closing ? null : problemOf(error) });
    }
  }

  async function checkTask(index: number): Promise<void> {
    const here = stepAt(index);
    if (!here || closing || here.at.phase !== 'working') return;
    try {
      await begin(index);
      const { results } = await look(index);
      const done = results.every((result) => result.verdict === 'pass');
      updateStep(index, { results, phase: done ? 'done' : 'working' }, done ? { problem: null } : {});
    } catch (error) {
      if (!closing) update({ problem: problemOf(error) });
    }
  }

  async function solveTask(index: number): Promise<void> {
    const here = stepAt(index);
    if (!here || closing || here.at.phase !== 'working') return;
    updateStep(index, { phase: 'running' }, { problem: null });
    try {
      await perform(index, here.step.solution);
      const { results } = await settle(index, here.step);
      const done = results.every((result) => result.verdict === 'pass');
      const { problem } = outcome(here.step, { results, truth: null, alsoTrue: [] });
      updateStep(
        index,
        { results, phase: done ? 'done' : 'working', ...(done ? { solved: true } : {}) },
        { problem },
      );
    } catch (error) {
      updateStep(index, { phase: 'working' }, { problem: closing ? null : problemOf(error) });
    }
    watch();
  }

  /** Looks at the current task's checks again and again until they pass. */
  function watch(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    const { index } = state;
    if (closing || !isLive(index) || state.steps[index]?.phase !== 'working') return;
    timer = setTimeout(() => {
      void exclusively(() => checkTask(index)).then(watch);
    }, timing.poll);
  }

  function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = (): void => {
        clearTimeout(wait);
        abort.signal.removeEventListener('abort', stop);
        resolve();
      };
      const wait = setTimeout(stop, milliseconds);
      abort.signal.addEventListener('abort', stop);
    });
  }

  /** A step is met for the first time. */
  function enter(index: number): void {
    const here = stepAt(index);
    if (state.times[index]?.met === null) {
      update({ times: state.times.map((time, i) => (i === index ? { ...time, met: Date.now() } : time)) });
    }
    if (!here || here.at.phase !== 'reading') return;
    if (world.sourceOf(index).kind === 'recording' && world.source.kind === 'live') {
      updateStep(index, { recorded: true });
    }
    // Nothing of these is in the lab, which is a new one each time: what was answered need not be answered again.
    if (options.done?.has(here.step.id) === true) {
      const again = here.step.kind !== 'read' && here.step.kind !== 'quiz';
      updateStep(index, again ? { doneBefore: true } : { doneBefore: true, phase: 'done' });
      if (!again) return;
    }
    if (world.sourceOf(index).kind === 'skipped') {
      updateStep(index, { phase: 'done', skipped: true });
      return;
    }
    const first: Record<Step['kind'], Phase> = {
      read: 'reading',
      run: 'ready',
      predict: 'choosing',
      quiz: 'choosing',
      task: 'working',
    };
    const plans = plansOf(here.step.operations, index);
    updateStep(index, { phase: first[here.step.kind], plans });
    if (here.step.kind === 'task') void exclusively(() => checkTask(index)).then(watch);
  }

  /** In a recording the panes show the moment of the step that is looked at. */
  function show(index: number): void {
    if (world.sourceOf(index).kind !== 'recording') return;
    const moment = momentOf(index);
    void exclusively(async () => {
      await observe(moment);
      update({ actors: world.actors(moment) });
    });
  }

  function go(index: number): void {
    const source = world.sourceOf(index);
    update({ index, source, before: doings[index]?.before ?? null, problem: null });
    if (source.kind !== 'recording') update({ shown: null, actors: world.actors(momentOf(index)) });
    enter(index);
    show(index);
    watch();
  }

  const session: Session = {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    choose(choice) {
      const here = stepAt(state.index);
      if (!here || closing) return;
      const { step, at } = here;
      if (!step.choices.some((one) => one.id === choice)) {
        update({ problem: { message: say(lang, SESSION.noChoice, { step: step.id, choice }), hint: null } });
      } else if (step.kind === 'quiz' && at.phase === 'choosing') {
        const truth = step.choices.find((one) => one.right === true)?.id ?? null;
        updateStep(state.index, { chosen: choice, truth, phase: 'done' }, { problem: null });
      } else if (step.kind === 'predict' && (at.phase === 'choosing' || at.phase === 'ready')) {
        updateStep(state.index, { chosen: choice, phase: 'ready' }, { problem: null });
      }
    },
    async run() {
      const { index } = state;
      const here = stepAt(index);
      if (here?.step.kind === 'task' && !isLive(index)) return session.solve();
      if (here?.at.phase !== 'ready' && here?.at.phase !== 'failed') return;
      await exclusively(() => runStep(index));
    },
    hint() {
      const here = stepAt(state.index);
      const hints = lesson.prose[lang][here?.step.id ?? '']?.hints.length ?? 0;
      if (here?.at.phase !== 'working' || here.at.hintsShown >= hints) return;
      updateStep(state.index, { hintsShown: here.at.hintsShown + 1 });
    },
    async check() {
      const { index } = state;
      if (state.steps[index]?.phase === 'failed') return session.run();
      await exclusively(() => checkTask(index));
    },
    async solve() {
      const { index } = state;
      await exclusively(() => solveTask(index));
    },
    next() {
      const { index } = state;
      const at = state.steps[index];
      if (closing || !at || (at.phase !== 'done' && at.kind !== 'read')) return;
      if (at.phase !== 'done') updateStep(index, { phase: 'done' });
      if (index + 1 < lesson.steps.length) go(index + 1);
      else if (!state.ended) update({ ended: true, before: null });
    },
    back() {
      const { index } = state;
      if (closing || index === 0 || state.steps[index]?.phase === 'running') return;
      go(index - 1);
    },
    close() {
      closing ??= end();
      return closing;
    },
    shellIn: (actor, term) => world.shellIn(actor, state.index, term),
  };

  async function end(): Promise<readonly Leftover[]> {
    if (timer) clearTimeout(timer);
    abort.abort();
    // The operation under way settles first: its inverse is in the ledger, and the lab undoes it with the rest.
    await queue;
    const leftovers = await world.close();
    update({ labId: null, actors: [] });
    return leftovers;
  }

  enter(0);
  // What was read and answered before is passed by; what is in the lab must run again.
  while (state.steps[state.index]?.doneBefore && state.steps[state.index]?.phase === 'done') {
    if (state.index + 1 >= lesson.steps.length) break;
    const index = state.index + 1;
    update({ index, source: world.sourceOf(index) });
    enter(index);
  }
  show(state.index);
  return session;
}
