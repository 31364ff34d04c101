// What a learner has done, in progress.json of the state directory: read, added to, reset. Who calls it when is not decided here.
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { UserError } from '../text/errors.ts';
import { type Lang, say } from '../text/lang.ts';
import { PROGRESS } from './messages.ts';

const FORMAT = 1;

const stepSchema = z.strictObject({
  /** ISO 8601. */
  doneAt: z.string(),
  /** Predict and quiz: the answer was right. Null for the other kinds. */
  right: z.boolean().nullable(),
  hints: z.number().int().min(0),
});

const lessonProgressSchema = z.strictObject({
  steps: z.record(z.string(), stepSchema),
  /** ISO 8601; null while steps are missing. */
  finishedAt: z.string().nullable(),
});

const progressSchema = z.strictObject({
  format: z.literal(FORMAT),
  lessons: z.record(z.string(), lessonProgressSchema),
});

export type StepRecord = Readonly<z.infer<typeof stepSchema>>;
export type LessonRecord = Readonly<z.infer<typeof lessonProgressSchema>>;
export type Progress = Readonly<z.infer<typeof progressSchema>>;

export interface LoadedProgress {
  readonly progress: Progress;
  /** What to tell the learner: a damaged file was kept aside. */
  readonly note: string | null;
}

const NOTHING: Progress = { format: FORMAT, lessons: {} };

export function progressFile(stateDir: string): string {
  return join(stateDir, 'progress.json');
}

/**
 * The progress in `stateDir`, empty where there is no file. A file that is no progress is renamed to `progress.json.damaged`
 * (`.damaged.2` … where that is taken) and never lost. Throws UserError for a newer format, which is left alone,
 * and for a file that cannot be read.
 */
export async function loadProgress(stateDir: string, lang: Lang = 'en'): Promise<LoadedProgress> {
  const file = progressFile(stateDir);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { progress: NOTHING, note: null };
    if (code === undefined) throw error;
    throw new UserError(say(lang, PROGRESS.unreadable, { file, code }), {
      hint: say(lang, PROGRESS.unreadableHint),
      exitCode: 3,
      cause: error,
    });
  }
  const raw = jsonOf(text);
  const format = (raw as { format?: unknown } | null | undefined)?.format;
  if (typeof format === 'number' && format > FORMAT) {
    throw new UserError(say(lang, PROGRESS.newer, { file, format }), { hint: say(lang, PROGRESS.newerHint) });
  }
  const parsed = progressSchema.safeParse(raw);
  if (parsed.success) return { progress: parsed.data, note: null };
  const kept = await freeName(`${file}.damaged`);
  await rename(file, kept);
  return { progress: NOTHING, note: say(lang, PROGRESS.damaged, { file, kept }) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function freeName(base: string): Promise<string> {
  for (let i = 1; ; i++) {
    const name = i === 1 ? base : `${base}.${i}`;
    try {
      await stat(name);
    } catch {
      return name;
    }
  }
}

/** Writes one finished step; a step that was done before keeps its first date and gets the new answer. */
export function recordStep(
  stateDir: string,
  lesson: string,
  step: string,
  record: StepRecord,
): Promise<Progress> {
  return change(stateDir, (progress) => {
    const known = progress.lessons[lesson] ?? { steps: {}, finishedAt: null };
    const doneAt = known.steps[step]?.doneAt ?? record.doneAt;
    return withLesson(progress, lesson, {
      ...known,
      steps: { ...known.steps, [step]: { ...record, doneAt } },
    });
  });
}

/** Writes that a lesson is finished; `at` in ISO 8601. The first date stays. */
export function recordLesson(stateDir: string, lesson: string, at: string): Promise<Progress> {
  return change(stateDir, (progress) => {
    const known = progress.lessons[lesson] ?? { steps: {}, finishedAt: null };
    return withLesson(progress, lesson, { ...known, finishedAt: known.finishedAt ?? at });
  });
}

/** Forgets one lesson. */
export function resetLesson(stateDir: string, lesson: string): Promise<Progress> {
  return change(stateDir, (progress) => {
    const { [lesson]: _, ...lessons } = progress.lessons;
    return { ...progress, lessons };
  });
}

function withLesson(progress: Progress, lesson: string, record: LessonRecord): Progress {
  return { ...progress, lessons: { ...progress.lessons, [lesson]: record } };
}

// One write after the other: each begins with what the one before it wrote.
let turn: Promise<unknown> = Promise.resolve();

function change(stateDir: string, edit: (progress: Progress) => Progress): Promise<Progress> {
  const made = turn.then(async () => {
    const { progress } = await loadProgress(stateDir);
    const next = edit(progress);
    const file = progressFile(stateDir);
    await mkdir(dirname(file), { recursive: true });
    await writeFileAtomic(file, `${JSON.stringify(next, null, 2)}\n`);
    return next;
  });
  turn = made.catch(() => undefined);
  return made;
}
