// `nscope lesson show`: a lesson as text, without running anything: prose, the commands it would run, what is asked and checked.
import { planner } from '../lab/plan.ts';
import type { Operation, OperationPlan } from '../lab/types.ts';
import { loadLessons } from '../lesson/load.ts';
import type { Check, Lesson, Step, StepProse } from '../lesson/types.ts';
import { say } from '../text/lang.ts';
import { markdownLines } from '../text/markdown.ts';
import { clean } from '../text/sanitize.ts';
import type { Context } from './context.ts';
import { LESSON_SHOW } from './lesson-messages.ts';
import { lessonNamed, packDir } from './sessions.ts';

/** Columns where stdout is no terminal. */
const COLUMNS = 100;

export interface ShowOptions {
  readonly dir?: string;
  /** With explanations, hints, solutions and right answers. */
  readonly answers?: boolean;
}

/** Exit code 0. @throws UserError (2) for a lesson that is not there. */
export async function showCommand(context: Context, id: string, options: ShowOptions): Promise<number> {
  const { lang } = context;
  const lesson = lessonNamed(await loadLessons(packDir(options.dir, lang), lang), id);
  const answers = options.answers === true;
  // In the order of the lesson: a later operation stands on an earlier one.
  const plan = planner(lang);
  const steps = lesson.steps.map((step) => ({
    step,
    plans: plansOf(step.operations, plan),
    solution: plansOf(step.solution, plan),
    prose: lesson.prose[lang][step.id] ?? null,
  }));
  if (context.json) {
    context.printJson({
      lesson: {
        id: lesson.id,
        number: lesson.number,
        part: lesson.part,
        title: lesson.title[lang],
        summary: lesson.summary[lang],
        minutes: lesson.minutes,
        requires: lesson.requires,
        prerequisites: lesson.prerequisites,
        steps: steps.map((one) => plainStep(one, answers)),
      },
    });
    return 0;
  }
  context.print(headLines(context, lesson));
  for (const [index, one] of steps.entries()) context.print(stepLines(context, index, one, answers));
  return 0;
}

interface Shown {
  readonly step: Step;
  readonly plans: readonly Planned[];
  readonly solution: readonly Planned[];
  readonly prose: StepProse | null;
}

interface Planned {
  readonly op: Operation['op'];
  /** null where it cannot be told before what it stands on is there. */
  readonly plan: OperationPlan | null;
}

function plansOf(
  operations: readonly Operation[],
  plan: (operation: Operation) => OperationPlan,
): readonly Planned[] {
  return operations.map((operation) => {
    try {
      return { op: operation.op, plan: plan(operation) };
    } catch {
      return { op: operation.op, plan: null };
    }
  });
}

function plainStep({ step, plans, solution, prose }: Shown, answers: boolean): object {
  return {
    id: step.id,
    kind: step.kind,
    title: prose?.title ?? step.id,
    text: prose?.text ?? '',
    operations: plans,
    choices: step.choices.map((choice) => ({
      id: choice.id,
      text: prose?.choices[choice.id] ?? '',
      ...(answers && step.kind === 'quiz' ? { right: choice.right === true } : {}),
      ...(answers && choice.when ? { when: choice.when } : {}),
    })),
    checks: step.checks.map((check) => ({ text: checkText(check, prose), ...check })),
    ...(answers ? { explain: prose?.explain ?? null, hints: prose?.hints ?? [], solution } : {}),
  };
}

function headLines({ lang, paint }: Context, lesson: Lesson): string[] {
  const none = say(lang, LESSON_SHOW.none);
  const { number, id, minutes } = lesson;
  return [
    paint('title', clean(say(lang, LESSON_SHOW.head, { number, title: lesson.title[lang] }))),
    clean(
      say(lang, LESSON_SHOW.facts, {
        id,
        minutes,
        requires: lesson.requires.join(', ') || none,
        prerequisites: lesson.prerequisites.join(', ') || none,
      }),
    ),
    '',
    clean(lesson.summary[lang]),
  ];
}

function stepLines(
  { lang, paint, columns = COLUMNS }: Context,
  index: number,
  { step, plans, solution, prose }: Shown,
  answers: boolean,
): string[] {
  const prosed = (text: string): string[] => markdownLines(text, columns, paint);
  const title = clean(prose?.title ?? step.id);
  const planned = (all: readonly Planned[]): string[] => all.flatMap((one) => planLines(one));
  const lines = [
    '',
    paint('title', say(lang, LESSON_SHOW.step, { index: index + 1, title, kind: step.kind, id: step.id })),
    '',
    ...prosed(prose?.text ?? ''),
  ];
  const part = (more: readonly string[]): void => {
    if (more.length > 0) lines.push('', ...more);
  };
  part(planned(plans));
  part(
    step.choices.map((choice) => {
      const text = clean(prose?.choices[choice.id] ?? choice.id);
      return `  ${answers && choice.right === true ? '✓ ' : ''}${say(lang, LESSON_SHOW.answer, { text })}`;
    }),
  );
  part(
    step.checks.map((check) => `  ${say(lang, LESSON_SHOW.check, { text: clean(checkText(check, prose)) })}`),
  );
  if (answers) {
    part(
      (prose?.hints ?? []).map(
        (text, i) => `  ${say(lang, LESSON_SHOW.hint, { index: i + 1, text: clean(text) })}`,
      ),
    );
    part(solution.length > 0 ? [say(lang, LESSON_SHOW.solution), ...planned(solution)] : []);
    part(prosed(prose?.explain ?? ''));
  }
  return lines;

  function planLines({ op, plan }: Planned): string[] {
    if (!plan) return [`  ${say(lang, LESSON_SHOW.unplanned, { op })}`];
    const [first = '', ...rest] = plan.shell.split('\n').map(clean);
    const { touches, undo, looksOnly } = plan;
    return [
      `  $ ${first}`,
      ...rest.map((line) => `    ${line}`),
      ...(looksOnly ? [] : [`      ${clean(say(lang, LESSON_SHOW.touches, { touches, undo }))}`]),
    ];
  }
}

/** The lesson's words for a check, else its facts as they stand in lesson.yaml. */
function checkText(check: Check, prose: StepProse | null): string {
  const own = prose?.checks[check.id];
  if (own !== undefined) return own;
  const { check: kind, id: _id, ...facts } = check;
  return `${kind} ${Object.entries(facts)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')}`;
}
