// Asks before lessons from elsewhere run for the first time: lists every operation with its privilege and what it touches, takes a yes, keeps it.
import { createInterface } from 'node:readline/promises';
import { planner } from '../lab/plan.ts';
import { stateDir } from '../lab/state-dir.ts';
import type { Operation } from '../lab/types.ts';
import { trust, untrusted } from '../lesson/trust.ts';
import type { Lesson } from '../lesson/types.ts';
import { UserError } from '../text/errors.ts';
import { say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import type { Context } from './context.ts';
import { TRUST } from './lesson-messages.ts';

/**
 * Returns when every lesson comes with the program, or was said yes to with these very files: in an earlier run, now at the terminal, or by
 * `yes` (--trust). @throws UserError (2) otherwise; nothing has run then. The list goes to stderr.
 */
export async function ensureTrust(
  context: Context,
  lessons: readonly Lesson[],
  yes: boolean | undefined,
): Promise<void> {
  if (!lessons.some(({ foreign }) => foreign)) return;
  const state = stateDir(context.env, context.lang);
  const asked = await untrusted(lessons, state);
  if (asked.length === 0) return;
  const { lang } = context;
  if (yes !== true) {
    for (const lesson of asked) for (const line of listOf(lesson, context)) context.say(line);
    if (!(await isYes(context))) {
      throw new UserError(say(lang, TRUST.refused, { ids: asked.map(({ id }) => id).join(', ') }), {
        hint: say(lang, TRUST.refusedHint),
      });
    }
  }
  await trust(asked, state, new Date().toISOString());
}

async function isYes({ lang }: Context): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(y|yes|是)$/i.test((await ask.question(`${say(lang, TRUST.question)} [y/N] `)).trim());
  } finally {
    ask.close();
  }
}

/** Every operation that the lesson holds, in its order, solutions too: what a learner does not play, a check does. */
function listOf(lesson: Lesson, { lang }: Context): readonly string[] {
  const plan = planner(lang);
  const told = (step: string, operation: Operation): readonly string[] => {
    try {
      const { shell, touches, undo, privileged, looksOnly } = plan(operation);
      const [first = '', ...rest] = shell.split('\n').map(clean);
      const facts = say(lang, privileged ? TRUST.touchesRoot : TRUST.touches, { touches, undo });
      return [
        `  ${step}  $ ${first}`,
        ...rest.map((line) => `    ${line}`),
        `      ${looksOnly ? say(lang, TRUST.looks) : clean(facts)}`,
      ];
    } catch {
      // It stands on something that an operation before it has yet to make: its own fields say what it is.
      return [`  ${step}  ${clean(JSON.stringify(operation))}`];
    }
  };
  return [
    say(lang, TRUST.head, { id: lesson.id, folder: clean(lesson.folder) }),
    ...lesson.steps.flatMap((step) =>
      [...step.operations, ...step.solution].flatMap((operation) => told(step.id, operation)),
    ),
  ];
}
