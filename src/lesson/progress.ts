// What a learner has done, in progress.json of the state directory: read, added to, taken over, reset. Its form is progress-schema.ts's.
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { UserError } from '../text/errors.ts';
import { type Lang, say } from '../text/lang.ts';
import { PROGRESS } from './messages.ts';
import {
  type LessonRecord,
  mergeProgress,
  mergeSteps,
  NOTHING,
  type Progress,
  PROGRESS_FORMAT,
  readProgress,
  type StepRecord,
  type Tried,
} from './progress-schema.ts';

export type { LessonRecord, Progress, StepRecord, Tried };

export interface LoadedProgress {
  readonly progress: Progress;
  /** What to tell the learner: a damaged file was kept aside. */
  readonly note: string | null;
}

export function progressFile(stateDir: string): string {
  return join(stateDir, 'progress.json');
}

/**
 * The progress in `stateDir`, empty where there is no file; an older format is read as this one, and written as this one with the next
 * change. A file that is no progress is renamed to `progress.json.damaged` (`.damaged.2` … where that is taken) and never lost. Throws
 * UserError for a newer format, which is left alone, and for a file that cannot be read.
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
  if (typeof format === 'number' && format > PROGRESS_FORMAT) {
    throw new UserError(say(lang, PROGRESS.newer, { file, format }), { hint: say(lang, PROGRESS.newerHint) });
  }
  const progress = readProgress(raw);
  if (progress) return { progress, note: null };
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

/**
 * Writes the tries of one run of a lesson, by step id: called as often as the run goes on, the later word on a try replaces the earlier one.
 * `finishedAt` (ISO 8601) where the run came to the lesson's end; the first date stays.
 */
export function recordTries(
  stateDir: string,
  lesson: string,
  tries: Readonly<Record<string, Tried>>,
  finishedAt: string | null,
): Promise<Progress> {
  return change(stateDir, (progress) => {
    const known = progress.lessons[lesson] ?? { steps: {}, finishedAt: null };
    const steps = { ...known.steps };
    for (const [id, tried] of Object.entries(tries)) {
      const fresh: StepRecord = {
        doneAt: tried.doneAt,
        right: tried.right,
        hints: tried.hints,
        attempts: 1,
        tries: [tried],
      };
      const before = steps[id];
      steps[id] = before ? added(before, fresh, tried) : fresh;
    }
    const record: LessonRecord = { steps, finishedAt: known.finishedAt ?? finishedAt };
    return { ...progress, lessons: { ...progress.lessons, [lesson]: record } };
  });
}

/** One more try, or a later word on the last one. A step that was only met again keeps what is known of the time when it was done. */
function added(before: StepRecord, fresh: StepRecord, tried: Tried): StepRecord {
  const merged = mergeSteps(before, fresh);
  const isKnown = before.tries.some(({ nonce }) => nonce === tried.nonce);
  const done = tried.doneAt !== null || before.doneAt === null;
  return {
    ...merged,
    attempts: before.attempts + (isKnown ? 0 : 1),
    ...(done ? {} : { right: before.right, hints: before.hints }),
  };
}

/** Takes another file's progress into this one; nothing of either is lost (mergeProgress). */
export function takeOver(stateDir: string, other: Progress): Promise<Progress> {
  return change(stateDir, (progress) => mergeProgress(progress, other));
}

/** Forgets one lesson. */
export function resetLesson(stateDir: string, lesson: string): Promise<Progress> {
  return change(stateDir, (progress) => {
    const { [lesson]: _, ...lessons } = progress.lessons;
    return { ...progress, lessons };
  });
}

/** Forgets every lesson. */
export function resetAll(stateDir: string): Promise<Progress> {
  return change(stateDir, () => NOTHING);
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
