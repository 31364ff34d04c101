// Plays a lesson without a terminal program: text for people, or JSON lines for programs. Decides the exit code; ends no process.
import type { Operation, OperationPlan } from '../lab/types.ts';
import { UserError } from '../text/errors.ts';
import { type Message, say } from '../text/lang.ts';
import { HEADLESS } from './messages.ts';
import type { CheckResult, Session, SessionState, Step, StepSource } from './types.ts';
import type { Variant } from './variant.ts';

/** What `nscope lesson run --json` prints, one object a line. */
export type HeadlessEvent =
  | {
      readonly event: 'lesson';
      readonly id: string;
      readonly title: string;
      readonly source: 'live' | 'recording';
      readonly variant: Pick<Variant, 'mode' | 'cgroup'> | null;
      readonly steps: number;
    }
  | {
      readonly event: 'step';
      readonly id: string;
      readonly kind: Step['kind'];
      readonly title: string;
      readonly source: StepSource['kind'];
      /** Which recording, or why it is skipped; null for a live step. */
      readonly from: string | null;
    }
  | ({ readonly event: 'command'; readonly step: string } & OperationPlan)
  | { readonly event: 'output'; readonly step: string; readonly stream: string; readonly text: string }
  | {
      readonly event: 'prediction';
      readonly step: string;
      readonly chosen: string | null;
      readonly truth: string | null;
      readonly right: boolean;
    }
  | ({ readonly event: 'verdict'; readonly step: string } & CheckResult)
  | { readonly event: 'problem'; readonly message: string; readonly hint: string | null }
  | { readonly event: 'leftover'; readonly kind: string; readonly what: string; readonly proof: string }
  | { readonly event: 'end'; readonly passed: boolean; readonly exit: number };

/**
 * Plays the session from its first step to its last, or to the first that does not pass, and closes it. `write` gets whole lines
 * without their newline. Without `yes` nothing runs: the plans are told and the answer is 2, or 0 where that was asked for (`dryRun`).
 * `solve` plays the tasks' solutions;
 * without it a task is looked at once. A prediction takes its first choice: whether it was right is told and decides nothing.
 * `plan` describes the solutions where nothing is open yet. Returns the exit code: 0 all passed, 1 a check failed or something was
 * left behind, 2 `yes` is missing, 3 this host cannot do it.
 */
export async function runHeadless(options: {
  readonly session: Session;
  readonly solve: boolean;
  readonly yes: boolean;
  readonly dryRun?: boolean;
  readonly json: boolean;
  readonly write: (line: string) => void;
  readonly plan?: (operation: Operation) => OperationPlan;
}): Promise<number> {
  const { session, solve, yes, json, write } = options;
  const { lesson, lang, base, variant } = session.state();
  const print = json ? (event: HeadlessEvent) => write(JSON.stringify(event)) : textPrinter(session, write);

  if (options.dryRun === true || (!yes && base.kind === 'live')) {
    return explain();
  }
  print({
    event: 'lesson',
    id: lesson.id,
    title: lesson.title[lang],
    source: base.kind,
    variant: variant ? { mode: variant.mode, cgroup: variant.cgroup } : null,
    steps: lesson.steps.length,
  });
  let passed = true;
  let unmet = false;
  let last = session.state().output;
  // Lines of a shell command that its plan has told already.
  let told: readonly string[] = [];
  // The place of the plan that comes next: two of a step may begin with the same line.
  let place = 0;
  const stop = session.subscribe((state) => {
    if (state.output === last) return;
    last = state.output;
    const step = state.steps[state.index];
    const line = last.at(-1);
    if (!step || !line) return;
    if (line.stream === 'command' && line.text === told[0]) {
      told = told.slice(1);
      return;
    }
    const at =
      line.stream === 'command'
        ? step.plans.findIndex((one, i) => i >= place && firstLine(one.shell) === line.text)
        : -1;
    const plan = step.plans[at];
    if (plan) place = at + 1;
    told = plan?.shell.split('\n').slice(1) ?? [];
    if (plan) print({ event: 'command', step: step.id, ...plan });
    else print({ event: 'output', step: step.id, stream: line.stream, text: line.text });
  });
  for (const [index, step] of lesson.steps.entries()) {
    const title = lesson.prose[lang][step.id]?.title ?? step.id;
    const { source } = session.state();
    const from = source.kind === 'live' ? null : source.title;
    print({ event: 'step', id: step.id, kind: step.kind, title, source: source.kind, from });
    place = 0;
    await play(step);
    const { steps, problem } = session.state();
    const at = steps[index];
    if (!at) break;
    if (!at.skipped && (at.kind === 'predict' || at.kind === 'quiz')) {
      const { chosen, truth } = at;
      print({
        event: 'prediction',
        step: step.id,
        chosen,
        truth,
        right: chosen !== null && chosen === truth,
      });
    }
    for (const result of at.results) print({ event: 'verdict', step: step.id, ...result });
    if (problem) print({ event: 'problem', message: problem.message, hint: problem.hint });
    if (at.phase !== 'done' && at.kind !== 'read') {
      if (at.kind === 'task' && !solve) {
        print({ event: 'problem', message: say(lang, HEADLESS.unsolved), hint: null });
      }
      passed = false;
      unmet = problem?.exitCode === 3;
      break;
    }
    session.next();
  }
  stop();
  const leftovers = await session.close();
  for (const { kind, what, proof } of leftovers) print({ event: 'leftover', kind, what, proof });
  passed &&= leftovers.length === 0;
  const exit = passed ? 0 : unmet ? 3 : 1;
  print({ event: 'end', passed, exit });
  return exit;

  async function play(step: Step): Promise<void> {
    const choice = step.choices[0]?.id;
    if (choice !== undefined) session.choose(choice);
    if (step.kind === 'run' || step.kind === 'predict') await session.run();
    if (step.kind === 'task') await (solve ? session.solve() : session.check());
  }

  /** Every step's commands, in order: a later plan stands on the things of earlier ones, those of a solution too. */
  async function explain(): Promise<number> {
    if (!json) write(say(lang, HEADLESS.plan, { title: lesson.title[lang] }));
    let failed = false;
    for (const [index, step] of lesson.steps.entries()) {
      const title = lesson.prose[lang][step.id]?.title ?? step.id;
      print({ event: 'step', id: step.id, kind: step.kind, title, source: 'live', from: null });
      try {
        const plans = plansOf(step, index);
        for (const plan of step.kind === 'task' && !solve ? [] : plans) {
          print({ event: 'command', step: step.id, ...plan });
        }
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        failed = true;
        print({ event: 'problem', message: error.message, hint: error.hint ?? null });
      }
    }
    if (!json) write('');
    if (options.dryRun !== true) {
      print({ event: 'problem', message: say(lang, HEADLESS.askYes), hint: null });
    } else if (!json) {
      write(say(lang, HEADLESS.planOnly));
    }
    await session.close();
    return options.dryRun === true ? (failed ? 1 : 0) : 2;
  }

  function plansOf(step: Step, index: number): readonly OperationPlan[] {
    const { plan } = options;
    if (!plan) return session.state().steps[index]?.plans ?? [];
    return [...step.operations, ...step.solution].map(plan);
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

const MARKS: Readonly<Record<CheckResult['verdict'], string>> = { pass: '✓', fail: '✗', unknown: '?' };

function textPrinter(session: Session, write: (line: string) => void): (event: HeadlessEvent) => void {
  const { lesson, lang, base } = session.state();
  const t = (message: Message, values: Readonly<Record<string, string | number>> = {}) =>
    say(lang, message, values);
  return (event) => {
    switch (event.event) {
      case 'lesson':
        write(t(HEADLESS.lesson, { number: lesson.number, title: event.title }));
        if (base.kind === 'recording') write(t(HEADLESS.recorded, { title: base.title }));
        if (event.variant) write(t(HEADLESS.variant, event.variant));
        break;
      case 'step': {
        const index = lesson.steps.findIndex((step) => step.id === event.id) + 1;
        write('');
        write(t(HEADLESS.step, { index, count: lesson.steps.length, title: event.title }));
        if (event.source === 'recording' && base.kind === 'live')
          write(`  ${t(HEADLESS.stepRecorded, { title: event.from ?? '' })}`);
        if (event.source === 'skipped') write(`  ${t(HEADLESS.stepSkipped, { why: event.from ?? '' })}`);
        break;
      }
      case 'command':
        writeCommand(event);
        break;
      case 'output':
        write(event.stream === 'command' ? `  $ ${event.text}` : `  ${event.text}`);
        break;
      case 'prediction':
        writePrediction(event);
        break;
      case 'verdict':
        write(`  ${MARKS[event.verdict]} ${event.label}`);
        write(
          `      ${t(HEADLESS.evidence, { expected: event.expected, seen: event.seen, proof: event.proof })}`,
        );
        break;
      case 'problem':
        write(event.message);
        if (event.hint !== null) write(event.hint);
        break;
      case 'leftover':
        write(t(HEADLESS.leftover, { kind: event.kind, what: event.what, proof: event.proof }));
        break;
      case 'end':
        write('');
        write(t(event.passed ? HEADLESS.endPassed : HEADLESS.endFailed));
        break;
    }
  };

  function writeCommand(plan: OperationPlan): void {
    const [first = '', ...rest] = plan.shell.split('\n');
    write(`  $ ${first}`);
    for (const line of rest) write(`    ${line}`);
    const { touches, undo } = plan;
    if (plan.looksOnly !== true)
      write(`      ${t(plan.privileged ? HEADLESS.plannedRoot : HEADLESS.planned, { touches, undo })}`);
  }

  function writePrediction(event: Extract<HeadlessEvent, { event: 'prediction' }>): void {
    const { prose, quiz } = proseOf(session.state(), event.step);
    const text = (choice: string | null): string => (choice === null ? '?' : (prose[choice] ?? choice));
    write(`  ${t(quiz ? HEADLESS.answered : HEADLESS.predicted, { choice: text(event.chosen) })}`);
    if (event.right) write(`  ${t(quiz ? HEADLESS.answerRight : HEADLESS.truthRight)}`);
    else if (event.truth === null) write(`  ${t(HEADLESS.truthNone)}`);
    else write(`  ${t(quiz ? HEADLESS.answerWrong : HEADLESS.truthWrong, { truth: text(event.truth) })}`);
  }
}

function proseOf(
  state: SessionState,
  step: string,
): { readonly prose: Readonly<Record<string, string>>; readonly quiz: boolean } {
  const quiz = state.lesson.steps.find((one) => one.id === step)?.kind === 'quiz';
  return { prose: state.lesson.prose[state.lang][step]?.choices ?? {}, quiz };
}
