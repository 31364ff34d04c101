// The lesson's own pane: the prose of the step, what it asks or will run, and after that the verdicts and what they mean.
import { currentStep } from '../app/target.ts';
import type { Anchor, AppState } from '../app/state.ts';
import type { OperationPlan } from '../lab/types.ts';
import type { CheckResult, Step, StepProse, StepState } from '../lesson/types.ts';
import { markdownLines } from '../text/markdown.ts';
import { clean } from '../text/sanitize.ts';
import type { Paint } from '../text/sgr.ts';
import { width } from '../text/width.ts';
import { wrap } from '../text/wrap.ts';
import { goalLines, verdictSign } from './goals.ts';
import { type PaneText, type Room, tell, windowed } from './pane-text.ts';

interface Part {
  readonly anchor: Anchor | null;
  readonly lines: readonly string[];
}

export function lessonPane(state: AppState, room: Room, paint: Paint): PaneText {
  const current = currentStep(state);
  if (!current) return { title: tell(state, 'lesson'), ...windowed(state, 'lesson', room, []) };
  const { step, at, prose } = current;
  // A column of air at the right keeps prose off the frame.
  const columns = room.width - 1;
  const inTask = step.kind === 'task' && at.phase !== 'done';
  const goals = inTask ? goalLines(state, at.results, columns, paint) : [];
  // In sight while the text scrolls above, if that has half of the pane.
  const pinned = goals.length + 1 <= room.height / 2;
  const parts: readonly Part[] = [
    heading(
      `${prose?.title ?? step.id}${at.doneBefore ? ` · ${tell(state, 'doneBefore')}` : ''}`,
      columns,
      paint,
    ),
    { anchor: null, lines: prose ? markdownLines(prose.text, columns, paint) : [tell(state, 'noProse')] },
    choices(state, step, at, prose, columns, paint),
    plans(state, at, step, columns, paint),
    ...hints(state, at, prose, columns, paint),
    verdictOnChoice(state, step, at, prose, columns, paint),
    ...(inTask && !pinned ? [{ anchor: null, lines: goals }] : []),
    ...(inTask ? [] : [checks(state, at, columns, paint)]),
    explanation(state, at, prose, columns, paint),
  ].filter((part) => part.lines.length > 0);
  const lines: string[] = [];
  let from: number | null = null;
  for (const part of parts) {
    if (lines.length > 0) lines.push('');
    if (part.anchor !== null && part.anchor === state.anchor) from ??= lines.length;
    lines.push(...part.lines);
  }
  if (state.anchor === 'top') from = 0;
  const foot = pinned && goals.length > 0 ? [paint('dim', '─'.repeat(columns)), ...goals] : [];
  return { title: tell(state, 'lesson'), ...windowed(state, 'lesson', room, lines, { from, foot }) };
}

function heading(title: string, columns: number, paint: Paint): Part {
  const lines = wrap(clean(title), columns);
  return {
    anchor: null,
    lines: [...lines.map((line) => paint('title', line)), paint('dim', '─'.repeat(Math.min(24, columns)))],
  };
}

/** The text with a sign before its first line, the others under the text. */
function hung(sign: string, text: string, columns: number): readonly string[] {
  return led(sign, wrap(text, besides(sign, columns)));
}

/** The same for prose with Markdown in it. */
function hungProse(sign: string, markdown: string, columns: number, paint: Paint): readonly string[] {
  return led(sign, markdownLines(markdown, besides(sign, columns), paint));
}

function besides(sign: string, columns: number): number {
  return Math.max(8, columns - width(sign) - 1);
}

function led(sign: string, lines: readonly string[]): readonly string[] {
  const indent = ' '.repeat(width(sign) + 1);
  return lines.map((line, at) => (at === 0 ? `${sign} ${line}` : indent + line));
}

function choices(
  state: AppState,
  step: Step,
  at: StepState,
  prose: StepProse | null,
  columns: number,
  paint: Paint,
): Part {
  if (step.choices.length === 0) return { anchor: null, lines: [] };
  const known = at.truth !== null;
  const lines = step.choices.flatMap((choice, index) => {
    const chosen = at.chosen === choice.id;
    const sign =
      known && at.truth === choice.id
        ? paint('good', '✓')
        : known && chosen
          ? paint('bad', '✗')
          : chosen
            ? '•'
            : ' ';
    const text = prose?.choices[choice.id] ?? choice.id;
    return hungProse(`${index + 1} (${sign})`, text, columns, paint).map((line) =>
      chosen ? paint('strong', line) : line,
    );
  });
  const head = paint('strong', tell(state, step.kind === 'quiz' ? 'quiz' : 'predict'));
  return { anchor: 'act', lines: [head, ...lines] };
}

/** How the answer compares with what the kernel (in a quiz, the lesson) says. */
function verdictOnChoice(
  state: AppState,
  step: Step,
  at: StepState,
  prose: StepProse | null,
  columns: number,
  paint: Paint,
): Part {
  if (at.truth === null || at.chosen === null) return { anchor: null, lines: [] };
  const right = at.truth === at.chosen;
  const quiz = step.kind === 'quiz';
  const text = tell(
    state,
    right ? (quiz ? 'quizRight' : 'answerRight') : quiz ? 'quizWrong' : 'answerWrong',
    {
      choice: prose?.choices[at.truth] ?? at.truth,
    },
  );
  const sign = right ? paint('good', '✓') : paint('bad', '✗');
  return { anchor: 'explain', lines: hungProse(sign, text, columns, paint) };
}

function plans(state: AppState, at: StepState, step: Step, columns: number, paint: Paint): Part {
  if (at.plans.length === 0) return { anchor: null, lines: [] };
  const over = at.phase === 'done' || at.phase === 'failed';
  const head = paint('strong', tell(state, over ? 'ran' : at.phase === 'running' ? 'running' : 'run'));
  // A predict step shows its commands at once: what will run is what the question is about.
  const lines = at.plans.flatMap((plan) => planLines(state, plan, columns, paint));
  return { anchor: step.choices.length === 0 ? 'act' : null, lines: [head, ...lines] };
}

function planLines(state: AppState, plan: OperationPlan, columns: number, paint: Paint): readonly string[] {
  const shell = plan.shell.split('\n').flatMap((line, index) => {
    const lead = index === 0 ? '$' : ' ';
    return hung(lead, clean(line), columns).map((text) => paint('code', text));
  });
  // A command that only looks has nothing to touch and nothing to undo: said once is enough, and its name says it.
  if (plan.looksOnly === true) return shell;
  const facts = [
    ...(plan.touches === '' ? [] : [`${tell(state, 'touches')} ${clean(plan.touches)}`]),
    ...(plan.undo === '' ? [] : [`${tell(state, 'undone')} ${clean(plan.undo)}`]),
    ...(plan.privileged ? [tell(state, 'needsRoot')] : []),
  ];
  return [...shell, ...facts.flatMap((fact) => hung(' ', fact, columns).map((line) => paint('dim', line)))];
}

function hints(
  state: AppState,
  at: StepState,
  prose: StepProse | null,
  columns: number,
  paint: Paint,
): readonly Part[] {
  const shown = (prose?.hints ?? []).slice(0, at.hintsShown);
  return shown.map((hint, index) => ({
    anchor: index === shown.length - 1 ? ('hint' as const) : null,
    lines: [
      paint('strong', tell(state, 'hintNumber', { n: index + 1 })),
      ...markdownLines(hint, columns, paint),
    ],
  }));
}

function checks(state: AppState, at: StepState, columns: number, paint: Paint): Part {
  if (at.results.length === 0) return { anchor: null, lines: [] };
  return {
    anchor: 'explain',
    lines: [
      paint('strong', tell(state, 'checks')),
      ...at.results.flatMap((result) => checkLines(state, result, columns, paint)),
    ],
  };
}

function checkLines(state: AppState, result: CheckResult, columns: number, paint: Paint): readonly string[] {
  const head = hungProse(verdictSign(result, paint), result.label, columns, paint);
  const facts =
    result.verdict === 'pass'
      ? []
      : [
          `${tell(state, 'expected')} ${clean(result.expected)}`,
          `${tell(state, 'seen')} ${clean(result.seen)}`,
        ];
  const proof = result.proof === '' ? [] : [tell(state, 'proof', { command: clean(result.proof) })];
  return [
    ...head,
    ...[...facts, ...proof].flatMap((fact) => hung(' ', fact, columns).map((line) => paint('dim', line))),
  ];
}

function explanation(
  state: AppState,
  at: StepState,
  prose: StepProse | null,
  columns: number,
  paint: Paint,
): Part {
  if (at.phase !== 'done' || !prose?.explain) return { anchor: null, lines: [] };
  return {
    anchor: 'explain',
    lines: [paint('strong', tell(state, 'explain')), ...markdownLines(prose.explain, columns, paint)],
  };
}
