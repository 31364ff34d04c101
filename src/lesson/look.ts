// One look at a step: what its checks find, and which of its choices holds. When to look, and what comes of it, is the session's matter.
import type { Reading } from '../kernel/reading.ts';
import { type Answers, type Ask, type Question, type QuestionOf, questionKey } from '../lab/questions.ts';
import type { CheckContext } from './checks/check.ts';
import { evaluateCheck } from './checks/index.ts';
import type { Check, CheckResult, Step } from './types.ts';

/** What one look at a step showed. */
export interface Look {
  readonly results: readonly CheckResult[];
  /** The choice that holds; null where none does, or for a step without choices. */
  readonly truth: string | null;
  /** Choices behind it that hold too. */
  readonly alsoTrue: readonly string[];
}

/** What there is to look at. */
export interface Scene extends Omit<CheckContext, 'label' | 'ask' | 'askedBefore'> {
  /** Asks the world; each question is put once in a look. */
  readonly question: (question: Question) => Promise<Reading<unknown>>;
  /** What was asked before the step, by questionKey. */
  readonly asked: ReadonlyMap<string, Reading<unknown>>;
  /** The lesson's words for the step's own checks, by id. */
  readonly labels: Readonly<Record<string, string>>;
  /** Checks with `edge` that have passed: they stay so. A look adds to it. */
  readonly passed: Set<string>;
}

/** Looks at the step's own checks, and at its choices where it is a prediction. */
export async function lookAtStep(step: Step, scene: Scene): Promise<Look> {
  const { question, asked, labels, passed, ...rest } = scene;
  const answers = new Map<string, Promise<Reading<unknown>>>();
  const context: Omit<CheckContext, 'label'> = {
    ...rest,
    ask<K extends Ask>(of: QuestionOf<K>) {
      const key = questionKey(of);
      const answer = answers.get(key) ?? question(of);
      answers.set(key, answer);
      return answer as Promise<Reading<Answers[K]>>;
    },
    askedBefore: <K extends Ask>(of: QuestionOf<K>) =>
      (asked.get(questionKey(of)) as Reading<Answers[K]> | undefined) ?? null,
  };
  const results: CheckResult[] = [];
  for (const check of step.checks) {
    const result = await evaluateCheck(check, { ...context, label: (id) => labels[id] ?? null });
    if (check.edge === true && result.verdict === 'pass') passed.add(check.id);
    results.push(passed.has(check.id) ? { ...result, verdict: 'pass' } : result);
  }
  if (step.kind !== 'predict') return { results, truth: null, alsoTrue: [] };
  let truth: string | null = null;
  let shown: readonly CheckResult[] = [];
  const alsoTrue: string[] = [];
  for (const { id, when = [] } of step.choices) {
    const found = await all(when, { ...context, label: () => null });
    if (found.some((result) => result.verdict !== 'pass')) continue;
    if (truth !== null) alsoTrue.push(id);
    else {
      truth = id;
      shown = evidence(when, found, results);
    }
  }
  return { results: [...results, ...shown], truth, alsoTrue };
}

async function all(checks: readonly Check[], context: CheckContext): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) results.push(await evaluateCheck(check, context));
  return results;
}

/** What of a choice's checks is worth showing: the output is there to be read, and what the step's own checks say is said. */
function evidence(
  checks: readonly Check[],
  shown: readonly CheckResult[],
  said: readonly CheckResult[],
): readonly CheckResult[] {
  const same = (a: CheckResult, b: CheckResult): boolean =>
    a.expected === b.expected && a.seen === b.seen && a.proof === b.proof;
  return shown.filter((result, i) => {
    const kind = checks[i]?.check;
    return kind !== 'output' && kind !== 'exit' && !said.some((one) => same(one, result));
  });
}
