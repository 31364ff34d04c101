// `nscope lesson`: the course as a list, a lesson without the terminal program, and the taking of a recording.
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { takeSnapshot } from '../host/host.ts';
import { liveFs } from '../host/live-fs.ts';
import { watchHost } from '../host/watch.ts';
import { openLab } from '../lab/open.ts';
import { planner } from '../lab/plan.ts';
import { stateDir } from '../lab/state-dir.ts';
import { runHeadless } from '../lesson/headless.ts';
import { lessonsDir, loadLessons } from '../lesson/load.ts';
import { loadProgress } from '../lesson/progress.ts';
import { printRecording } from '../lesson/recording-schema.ts';
import { recordSession } from '../lesson/recording.ts';
import type { Session } from '../lesson/types.ts';
import { UserError } from '../text/errors.ts';
import { say } from '../text/lang.ts';
import { table } from '../text/table.ts';
import { type Context, refuseFrom } from './context.ts';
import { MESSAGES } from './messages.ts';
import { lessonNamed, liveSession, recordedSession, tryNeeds, unmet } from './sessions.ts';
import { version } from './version.ts';

/** Exit code 0. A state directory that cannot be read costs the progress column, with a line on stderr, and no more. */
export async function listCommand(context: Context): Promise<number> {
  const lessons = await loadLessons(lessonsDir(), context.lang);
  const progress = await progressOf(context);
  const rows = lessons.map((lesson) => {
    const record = progress[lesson.id];
    const done = lesson.steps.filter((step) => record?.steps[step.id] !== undefined).length;
    return { lesson, done, finished: typeof record?.finishedAt === 'string' };
  });
  if (context.json) {
    context.printJson({
      lessons: rows.map(({ lesson, done, finished }) => ({
        id: lesson.id,
        number: lesson.number,
        part: lesson.part,
        title: lesson.title[context.lang],
        summary: lesson.summary[context.lang],
        minutes: lesson.minutes,
        requires: lesson.requires,
        prerequisites: lesson.prerequisites,
        steps: lesson.steps.length,
        stepsDone: done,
        finished,
      })),
    });
    return 0;
  }
  context.print(
    table(
      [
        { head: '' },
        { head: '#', align: 'right' },
        { head: 'ID' },
        { head: '', align: 'right' },
        { head: '' },
        { head: '' },
      ],
      rows.map(({ lesson, done, finished }) => [
        finished ? context.paint('good', '✓') : ' ',
        String(lesson.number),
        lesson.id,
        say(context.lang, MESSAGES.minutes, { count: lesson.minutes }),
        finished || done === 0 ? '' : say(context.lang, MESSAGES.halfway, { done, all: lesson.steps.length }),
        lesson.title[context.lang],
      ]),
      { paint: context.paint, ...(context.columns === undefined ? {} : { width: context.columns }) },
    ),
  );
  return 0;
}

async function progressOf(
  context: Context,
): Promise<Awaited<ReturnType<typeof loadProgress>>['progress']['lessons']> {
  try {
    const { progress, note } = await loadProgress(stateDir(context.env, context.lang), context.lang);
    if (note !== null) context.say(note);
    return progress.lessons;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    context.say(`${error.message}; ${error.hint ?? ''}`);
    return {};
  }
}

export interface RunOptions {
  readonly yes?: boolean;
  readonly solve?: boolean;
  readonly replay?: boolean;
  readonly dryRun?: boolean;
}

/**
 * 0 all passed, 1 a check failed or something was left, 2 usage or no --yes, 3 where this host cannot run it. A host that cannot is
 * told to take --replay, which plays the recording. --dry-run tells what would run, and runs nothing, on a host that cannot too. SIGINT, SIGTERM and SIGHUP close the lab first.
 */
export async function runCommand(context: Context, id: string, options: RunOptions): Promise<number> {
  const lesson = lessonNamed(await loadLessons(lessonsDir(), context.lang), id);
  // A recorded host has no kernel to run anything on.
  if (options.replay || context.from !== undefined) {
    if (options.dryRun) {
      throw new UserError('--dry-run tells what would run on this host, and a recording runs nothing', {
        hint: 'leave out one of --dry-run and --replay (or --from)',
      });
    }
    const replay = await recordedSession(lesson, context.lang, 0);
    if (!replay) throw new UserError(`there is no recording of ${lesson.id}`, { exitCode: 3 });
    return headless(context, replay, options);
  }
  if (options.yes && !options.dryRun) {
    const missing = unmet(lesson, await tryNeeds(context));
    if (missing.length > 0) {
      throw new UserError(
        `this host cannot run ${lesson.id}: ${missing.map(({ message }) => message[context.lang]).join('; ')}`,
        {
          hint: `nscope lesson run ${lesson.id} --replay plays its recording`,
          exitCode: 3,
        },
      );
    }
  }
  const host = watchHost({ intervalMs: 60_000 });
  try {
    const session = liveSession(context, lesson, host, context.lang);
    const signals = closeOnEnd(() => session.close());
    try {
      const code = await headless(context, session, options);
      return signals.code() ?? code;
    } finally {
      signals.stop();
    }
  } finally {
    await host.close();
  }
}

function headless(context: Context, session: Session, options: RunOptions): Promise<number> {
  return runHeadless({
    session,
    solve: options.solve ?? false,
    yes: options.yes ?? false,
    dryRun: options.dryRun ?? false,
    json: context.json,
    // JSON is written as it is: to make a character visible would change what it says.
    write: (line) => (context.json ? process.stdout.write(`${line}\n`) : context.print([line])),
    plan: planner(context.lang),
  });
}

const SIGNALS: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
];

/**
 * A signal, or a reader of our output that goes away, closes the lab; `code` is then what the program exits with: 128 + the signal's
 * number, 1 for a lesson that nobody sees to its end.
 */
function closeOnEnd(close: () => Promise<unknown>): {
  readonly code: () => number | null;
  readonly stop: () => void;
} {
  let ending: number | null = null;
  let closing: Promise<unknown> = Promise.resolve();
  const end = (code: number): void => {
    if (ending !== null) return;
    ending = code;
    closing = close();
    closing.catch(() => {});
  };
  const listeners = SIGNALS.map(([signal, code]) => [signal, () => end(code)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  const unread = (): void => end(1);
  process.stdout.on('error', unread);
  return {
    code: () => ending,
    stop: () => {
      for (const [signal, listener] of listeners) process.off(signal, listener);
      // Stdout keeps its listener: lines still on their way fail later, and must not end the program with 0.
    },
  };
}

export interface RecordOptions {
  readonly out: string;
  readonly title: string;
  readonly titleZh?: string;
}

/**
 * Runs the lesson with its solutions on this host and writes what was seen, redacted, to a file that is not there yet.
 * @throws UserError (2) with --from, and for a file that cannot be written, before anything runs.
 */
export async function recordCommand(context: Context, id: string, options: RecordOptions): Promise<number> {
  refuseFrom(context, 'lesson record');
  const lesson = lessonNamed(await loadLessons(lessonsDir(), context.lang), id);
  const host = context.host();
  const state = stateDir(context.env, context.lang);
  const file = await newFile(options.out);
  const stop = new AbortController();
  const signals = closeOnEnd(async () => stop.abort());
  try {
    const recording = await recordSession({
      lesson,
      lab: () => openLab({ stateDir: state, fs: liveFs() }),
      observe: (watch) => takeSnapshot(host, { watch }),
      title: { en: options.title, 'zh-CN': options.titleZh ?? options.title },
      version: version(),
      recordedOn: new Date().toISOString().slice(0, 10),
      hidden: [{ text: state, by: '/var/lib/nscope' }],
      signal: stop.signal,
    });
    await file.writeFile(printRecording(recording));
    return 0;
  } catch (error) {
    // Nothing half written stays under the name.
    await unlink(options.out);
    const code = signals.code();
    if (code === null) throw error;
    return code;
  } finally {
    signals.stop();
    await file.close();
  }
}

async function newFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o644);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new UserError(`cannot write ${path}: ${code}`, {
      hint:
        code === 'EEXIST'
          ? 'give the name of a file that is not there yet'
          : 'give a file in a directory that can be written',
      cause: error,
    });
  }
}
