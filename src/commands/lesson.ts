// `nscope lesson`: the course as a list, a lesson without the terminal program, and the taking of a recording.
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { takeSnapshot } from '../host/host.ts';
import { liveFs } from '../host/live-fs.ts';
import { watchHost } from '../host/watch.ts';
import { openLab } from '../lab/open.ts';
import { planner } from '../lab/plan.ts';
import type { NeedResult } from '../lab/preflight.ts';
import { stateDir } from '../lab/state-dir.ts';
import { runHeadless } from '../lesson/headless.ts';
import { loadLessons } from '../lesson/load.ts';
import { loadProgress } from '../lesson/progress.ts';
import { printRecording } from '../lesson/recording-schema.ts';
import { recordSession } from '../lesson/recording.ts';
import type { Lesson, Session } from '../lesson/types.ts';
import { resolveLesson } from '../lesson/variant.ts';
import { UserError } from '../text/errors.ts';
import { say } from '../text/lang.ts';
import { table } from '../text/table.ts';
import { type Context, refuseFrom } from './context.ts';
import { closeOnEnd } from './ending.ts';
import { MESSAGES } from './messages.ts';
import {
  lessonNamed,
  liveSession,
  packDir,
  recordedSession,
  tryNeeds,
  unmet,
  variantTried,
} from './sessions.ts';
import { ensureTrust } from './trust.ts';
import { version } from './version.ts';

/** Exit code 0. A state directory that cannot be read costs the progress column, with a line on stderr, and no more. */
export async function listCommand(
  context: Context,
  options: { readonly dir?: string } = {},
): Promise<number> {
  const lessons = await loadLessons(packDir(options.dir, context.lang), context.lang);
  const progress = await progressOf(context);
  const rows = lessons.map((lesson) => {
    const record = progress[lesson.id];
    const done = lesson.steps.filter(({ id }) => (record?.steps[id]?.doneAt ?? null) !== null).length;
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
  readonly dir?: string;
  readonly trust?: boolean;
  readonly dryRun?: boolean;
}

/**
 * 0 all passed, 1 a check failed or something was left, 2 usage or no --yes, 3 where this host cannot run it. A host that cannot is
 * told to take --replay, which plays the recording. --dry-run tells what would run, and runs nothing, on a host that cannot too. SIGINT, SIGTERM and SIGHUP close the lab first.
 */
export async function runCommand(context: Context, id: string, options: RunOptions): Promise<number> {
  const lesson = lessonNamed(await loadLessons(packDir(options.dir, context.lang), context.lang), id);
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
  const runs = options.yes === true && options.dryRun !== true;
  if (runs) await ensureTrust(context, [lesson], options.trust);
  let session: Session | null = null;
  // Before the needs are tried: that makes a lab too, which is to be closed.
  const signals = closeOnEnd(async () => session?.close());
  try {
    const needs = runs ? await tryNeeds(context) : [];
    const code = signals.code();
    if (code !== null) return code;
    if (runs) refuseUnmet(context, lesson, needs);
    const host = watchHost({ intervalMs: 60_000 });
    try {
      session = await liveSession(context, lesson, host, context.lang, needs);
      return await headless(context, session, options).then((exit) => signals.code() ?? exit);
    } finally {
      await host.close();
    }
  } finally {
    signals.stop();
  }
}

/** Throws a UserError (3) with what is missing; nothing where the lesson can run here. */
function refuseUnmet(context: Context, lesson: Lesson, needs: readonly NeedResult[]): void {
  const missing = unmet(lesson, needs);
  if (missing.length === 0) return;
  throw new UserError(
    `this host cannot run ${lesson.id}: ${missing.map(({ message }) => message[context.lang]).join('; ')}`,
    {
      hint: `nscope lesson run ${lesson.id} --replay plays its recording`,
      exitCode: 3,
    },
  );
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

export interface RecordOptions {
  readonly out: string;
  readonly title: string;
  readonly titleZh?: string;
  readonly dir?: string;
  readonly trust?: boolean;
}

/**
 * Runs the lesson with its solutions on this host and writes what was seen, redacted, to a file that is not there yet.
 * @throws UserError (2) with --from, and for a file that cannot be written, before anything runs.
 */
export async function recordCommand(context: Context, id: string, options: RecordOptions): Promise<number> {
  refuseFrom(context, 'lesson record');
  const stop = new AbortController();
  const signals = closeOnEnd(async () => stop.abort());
  try {
    return await record(context, id, options, stop.signal);
  } catch (error) {
    const code = signals.code();
    if (code === null) throw error;
    return code;
  } finally {
    signals.stop();
  }
}

async function record(
  context: Context,
  id: string,
  options: RecordOptions,
  signal: AbortSignal,
): Promise<number> {
  const lessons = await loadLessons(packDir(options.dir, context.lang), context.lang);
  const whole = lessonNamed(lessons, id);
  await ensureTrust(context, [whole], options.trust);
  const host = context.host();
  const state = stateDir(context.env, context.lang);
  const file = await newFile(options.out);
  try {
    const variant = await variantTried();
    signal.throwIfAborted();
    const recording = await recordSession({
      lesson: resolveLesson(whole, variant),
      lab: () => openLab({ stateDir: state, fs: liveFs() }),
      observe: (watch) => takeSnapshot(host, { watch }),
      variant,
      title: { en: options.title, 'zh-CN': options.titleZh ?? options.title },
      version: version(),
      recordedOn: new Date().toISOString().slice(0, 10),
      hidden: [{ text: state, by: '/var/lib/nscope' }],
      signal,
    });
    await file.writeFile(printRecording(recording));
    return 0;
  } catch (error) {
    // Nothing half written stays under the name.
    await unlink(options.out);
    throw error;
  } finally {
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
