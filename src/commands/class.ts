// `nscope class DIR`: the progress of many learners as one table. What the table says is lesson/class.ts'.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClassCell, type ClassFile, classTable, type ClassTable } from '../lesson/class.ts';
import { lessonsDir, loadLessons } from '../lesson/load.ts';
import { say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import { table } from '../text/table.ts';
import { type Context, refuseFrom } from './context.ts';
import { exportedIn } from './progress.ts';
import { PROGRESS_TEXT } from './progress-messages.ts';
import { folderNamed } from './sessions.ts';

interface Skipped {
  readonly file: string;
  readonly reason: string;
}

/** Exit code 0, 1 where two learners' files claim what only one can have. @throws UserError (2) where `dir` is no folder. */
export async function classCommand(context: Context, dir: string): Promise<number> {
  refuseFrom(context, 'class');
  const { lang } = context;
  const folder = folderNamed(dir, lang);
  const files: ClassFile[] = [];
  const skipped: Skipped[] = [];
  for (const file of (await readdir(folder)).sort()) {
    if (file.startsWith('.')) continue;
    try {
      const exported = await exportedIn(join(folder, file));
      if (exported) files.push({ file, exported });
      else skipped.push({ file, reason: say(lang, PROGRESS_TEXT.isNone) });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : null;
      if (code === null) throw error;
      skipped.push({ file, reason: code });
    }
  }
  const made = classTable(files);
  const lessons = await loadLessons(lessonsDir(), lang);
  const steps = new Map(lessons.map(({ id, steps: all }) => [id, all.length]));
  const exit = made.inconsistencies.length > 0 ? 1 : 0;
  if (context.json) {
    context.printJson({
      learners: made.rows.map((row) => ({
        ...row,
        lessons: row.lessons.map((cell) => ({ ...cell, steps: steps.get(cell.lesson) ?? null })),
      })),
      inconsistencies: made.inconsistencies,
      skipped,
    });
    return exit;
  }
  printTable(
    context,
    made,
    lessons.map(({ id }) => id),
    steps,
  );
  for (const { file, reason } of skipped) {
    context.say(clean(say(lang, PROGRESS_TEXT.skipped, { file, reason })));
  }
  return exit;
}

function printTable(
  context: Context,
  { rows, inconsistencies }: ClassTable,
  order: readonly string[],
  steps: ReadonlyMap<string, number>,
): void {
  const { lang, paint } = context;
  if (rows.length === 0) {
    context.print([say(lang, PROGRESS_TEXT.nobody)]);
    return;
  }
  const begun = [...new Set(rows.flatMap((row) => row.lessons.map(({ lesson }) => lesson)))];
  const place = (lesson: string): number => (order.includes(lesson) ? order.indexOf(lesson) : order.length);
  const columns = begun.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
  const cell = (found: ClassCell | undefined): string => {
    if (!found) return '';
    if (found.finishedAt !== null) return paint('good', '✓');
    return `${found.stepsDone}/${steps.get(found.lesson) ?? '?'}`;
  };
  context.print(
    table(
      [{ head: say(lang, PROGRESS_TEXT.learnerHead) }, ...columns.map((lesson) => ({ head: clean(lesson) }))],
      rows.map((row) => [
        clean(row.learner),
        ...columns.map((lesson) => cell(row.lessons.find((one) => one.lesson === lesson))),
      ]),
      { paint },
    ),
  );
  const stuck = rows.flatMap(({ learner, lessons }) =>
    lessons.flatMap(({ lesson, stuckAt, attempts, hints, since }) =>
      stuckAt === null ? [] : [{ learner, lesson, step: stuckAt, attempts, hints, since: since ?? '?' }],
    ),
  );
  if (stuck.length > 0) {
    context.print(['', paint('title', say(lang, PROGRESS_TEXT.stuckHead))]);
    context.print(stuck.map((one) => `  ${clean(say(lang, PROGRESS_TEXT.stuck, one))}`));
  }
  if (inconsistencies.length > 0) {
    context.print(['', paint('warn', say(lang, PROGRESS_TEXT.inconsistentHead))]);
    context.print(
      inconsistencies.map(({ kind, learners, lesson, step, what }) => {
        const message = kind === 'nonce' ? PROGRESS_TEXT.sameNonce : PROGRESS_TEXT.sameProcess;
        return `  ${clean(say(lang, message, { learners: learners.join(', '), lesson, step, what }))}`;
      }),
    );
  }
}
