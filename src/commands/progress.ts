// `nscope progress`: what a learner has done: shown, exported, taken over from a file, reset.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { stateDir } from '../lab/state-dir.ts';
import { lessonsDir, loadLessons } from '../lesson/load.ts';
import { loadProgress, type Progress, resetAll, resetLesson, takeOver } from '../lesson/progress.ts';
import { type Exported, progressCsv, progressRows, readExported } from '../lesson/progress-export.ts';
import type { Lesson } from '../lesson/types.ts';
import { closest } from '../text/closest.ts';
import { UserError } from '../text/errors.ts';
import { say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import { table } from '../text/table.ts';
import { type Context, refuseFrom } from './context.ts';
import { PROGRESS_TEXT } from './progress-messages.ts';

/** Bytes of a file that is read as somebody's progress. */
const MAX_BYTES = 16 * 1024 * 1024;

async function ownProgress(context: Context): Promise<Progress> {
  const { progress, note } = await loadProgress(stateDir(context.env, context.lang), context.lang);
  if (note !== null) context.say(note);
  return progress;
}

/** Exit code 0: every lesson that was begun, and where it goes on. */
export async function showProgressCommand(context: Context): Promise<number> {
  refuseFrom(context, 'progress');
  const { lang, paint } = context;
  const progress = await ownProgress(context);
  const lessons = await loadLessons(lessonsDir(), lang);
  const rows = Object.entries(progress.lessons).map(([id, record]) => {
    const lesson = lessons.find((one) => one.id === id) ?? null;
    const done = Object.values(record.steps).filter(({ doneAt }) => doneAt !== null).length;
    const attempts = Math.max(0, ...Object.values(record.steps).map((step) => step.attempts));
    const hints = Object.values(record.steps).reduce((sum, step) => sum + step.hints, 0);
    const right = Object.values(record.steps).filter((step) => step.right === true).length;
    const asked = Object.values(record.steps).filter((step) => step.right !== null).length;
    return {
      lesson: id,
      title: lesson?.title[lang] ?? null,
      steps: lesson?.steps.length ?? null,
      stepsDone: done,
      finishedAt: record.finishedAt,
      attempts,
      hints,
      right,
      asked,
      next: record.finishedAt === null && lesson ? nextOf(lesson, record.steps) : null,
    };
  });
  if (context.json) {
    context.printJson({ lessons: rows });
    return 0;
  }
  if (rows.length === 0) {
    context.print([say(lang, PROGRESS_TEXT.nothing)]);
    return 0;
  }
  const t = (key: keyof typeof PROGRESS_TEXT) => say(lang, PROGRESS_TEXT[key]);
  context.print(
    table(
      [
        { head: '' },
        { head: t('lessonHead') },
        { head: t('stepsHead'), align: 'right' },
        { head: t('rightHead'), align: 'right' },
        { head: t('hintsHead'), align: 'right' },
        { head: t('runsHead'), align: 'right' },
        { head: t('nextHead') },
      ],
      rows.map((row) => [
        row.finishedAt === null ? ' ' : paint('good', '✓'),
        clean(row.lesson),
        `${row.stepsDone}/${row.steps ?? '?'}`,
        row.asked === 0 ? '' : `${row.right}/${row.asked}`,
        String(row.hints),
        String(row.attempts),
        clean(row.next ?? ''),
      ]),
      { paint, ...(context.columns === undefined ? {} : { width: context.columns }) },
    ),
  );
  return 0;
}

function nextOf(lesson: Lesson, steps: Progress['lessons'][string]['steps']): string | null {
  return lesson.steps.find(({ id }) => (steps[id]?.doneAt ?? null) === null)?.id ?? null;
}

export interface ExportOptions {
  readonly csv?: boolean;
  readonly learner?: string;
}

/** To stdout: JSON without `--csv`. Exit code 0. */
export async function exportCommand(context: Context, options: ExportOptions): Promise<number> {
  refuseFrom(context, 'progress export');
  if (options.csv && context.json) {
    throw new UserError(say(context.lang, PROGRESS_TEXT.both), {
      hint: say(context.lang, PROGRESS_TEXT.bothHint),
    });
  }
  const progress = await ownProgress(context);
  const learner = options.learner ?? null;
  if (options.csv) {
    process.stdout.write(progressCsv({ learner, progress }));
    return 0;
  }
  context.printJson({
    learner,
    exportedAt: new Date().toISOString(),
    progress,
    rows: progressRows({ learner, progress }),
  });
  return 0;
}

/** A file that somebody gave: a plain file of a sane size that holds progress; null for anything else. Throws what open(2) says. */
export async function exportedIn(file: string): Promise<Exported | null> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > MAX_BYTES) return null;
    return readExported(await handle.readFile('utf8'));
  } finally {
    await handle.close();
  }
}

/** Takes the progress of a file into this machine's. @throws UserError (2) for a file that holds none. */
export async function importCommand(context: Context, file: string): Promise<number> {
  refuseFrom(context, 'progress import');
  const { lang } = context;
  let exported: Exported | null;
  try {
    exported = await exportedIn(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    if (code === null) throw error;
    throw new UserError(say(lang, PROGRESS_TEXT.cannotRead, { file, code }), {
      hint: say(lang, PROGRESS_TEXT.noProgressHint),
      cause: error,
    });
  }
  if (!exported) {
    throw new UserError(say(lang, PROGRESS_TEXT.noProgress, { file }), {
      hint: say(lang, PROGRESS_TEXT.noProgressHint),
    });
  }
  // What is wrong with the own file is said here, and not lost in the change.
  await ownProgress(context);
  const progress = await takeOver(stateDir(context.env, lang), exported.progress);
  const lessons = Object.keys(exported.progress.lessons);
  if (context.json) context.printJson({ lessons, all: Object.keys(progress.lessons) });
  else context.print([clean(say(lang, PROGRESS_TEXT.imported, { lessons: lessons.join(', ') || '0' }))]);
  return 0;
}

/** Forgets one lesson, or all. @throws UserError (2) for a lesson that was never begun, and for neither or both. */
export async function resetCommand(
  context: Context,
  lesson: string | undefined,
  options: { readonly all?: boolean },
): Promise<number> {
  refuseFrom(context, 'progress reset');
  const { lang } = context;
  if ((lesson === undefined) === (options.all !== true)) {
    throw new UserError(say(lang, PROGRESS_TEXT.resetWhat), { hint: say(lang, PROGRESS_TEXT.resetWhatHint) });
  }
  const state = stateDir(context.env, lang);
  const known = Object.keys((await ownProgress(context)).lessons);
  if (lesson !== undefined && !known.includes(lesson)) {
    const near = closest(lesson, known);
    throw new UserError(say(lang, PROGRESS_TEXT.notBegun, { lesson }), {
      hint: near === null ? say(lang, PROGRESS_TEXT.notBegunHint) : say(lang, PROGRESS_TEXT.meant, { near }),
    });
  }
  const forgotten = lesson === undefined ? known : [lesson];
  await (lesson === undefined ? resetAll(state) : resetLesson(state, lesson));
  if (context.json) context.printJson({ forgotten });
  else context.print([clean(say(lang, PROGRESS_TEXT.forgotten, { lessons: forgotten.join(', ') || '0' }))]);
  return 0;
}
