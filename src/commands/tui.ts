// `nscope`, `nscope learn`, `nscope inspect`: the terminal program with this host, these lessons, this progress; or, where no terminal
// can show it, the overview as lines.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LessonProgress, Selection } from '../app/state.ts';
import { takeSnapshot } from '../host/host.ts';
import { closeOnExec } from '../host/libc.ts';
import { liveFs } from '../host/live-fs.ts';
import { type HostWatch, watchHost } from '../host/watch.ts';
import { cleanup } from '../lab/cleanup.ts';
import type { NeedResult } from '../lab/preflight.ts';
import { endSession, hostShell, shellInProcess } from '../lab/shell.ts';
import { stateDir } from '../lab/state-dir.ts';
import { triesOf } from '../lesson/attempt.ts';
import { lessonsDir, loadLessons } from '../lesson/load.ts';
import { type LoadedProgress, loadProgress, type Progress, recordTries } from '../lesson/progress.ts';
import type { Lesson, Session, SessionState } from '../lesson/types.ts';
import { processesAt, resolveTarget } from '../model/target.ts';
import { UserError } from '../text/errors.ts';
import { canShow } from '../ui/can-show.ts';
import type { ShellMaker } from '../ui/options.ts';
import type { Context } from './context.ts';
import { leftoverLine } from './lab.ts';
import { MESSAGES } from './messages.ts';
import { overview } from './overview.ts';
import {
  leftoversOf,
  lessonNamed,
  liveSession,
  packDir,
  recordedSession,
  tryNeeds,
  unmet,
} from './sessions.ts';
import { ensureTrust } from './trust.ts';

/** Milliseconds from one scan's end to the next: one redraw a second is what eyes follow. */
const REFRESH_MS = 1_000;
/** Milliseconds between two lines of a recording, so that it is seen to run. */
const REPLAY_LINE_MS = 120;
/** How long the end waits for needs that are being tried. */
const TRYING_MS = 5_000;

type Initial = 'home' | { readonly lesson: string } | { readonly inspect: Selection | null };

export async function homeCommand(context: Context): Promise<number> {
  return open(context, await loadLessons(lessonsDir(), context.lang), 'home');
}

/** @throws UserError (2) for a lesson that is not there. */
export async function learnCommand(
  context: Context,
  id: string | undefined,
  options: { readonly dir?: string } = {},
): Promise<number> {
  const lessons = await loadLessons(packDir(options.dir, context.lang), context.lang);
  // All of them: in the program each is a keypress away.
  if (!context.json && process.stdout.isTTY) await ensureTrust(context, lessons, false);
  return open(context, lessons, id === undefined ? 'home' : { lesson: lessonNamed(lessons, id).id });
}

/** @throws UserError (2) for a target that is not there. */
export async function inspectCommand(context: Context, word: string | undefined): Promise<number> {
  const selection = word === undefined ? null : await selectionOf(context, word);
  return open(context, await loadLessons(lessonsDir(), context.lang), { inspect: selection });
}

async function selectionOf(context: Context, word: string): Promise<Selection | null> {
  const snapshot = await takeSnapshot(context.host());
  const target = resolveTarget(snapshot, word);
  switch (target.kind) {
    case 'host':
      return null;
    case 'container':
      return { kind: 'container', id: target.container.id };
    case 'process':
      return { kind: 'process', ref: { pid: target.process.pid, starttime: target.process.starttime } };
    case 'namespace': {
      const first = snapshot.processes.find(({ pid }) => pid === target.namespace.members[0]);
      if (!first)
        throw new UserError(`no process is in ${word}`, {
          hint: 'nscope ns shows what keeps it alive',
          exitCode: 2,
        });
      return { kind: 'process', ref: { pid: first.pid, starttime: first.starttime } };
    }
    case 'cgroup': {
      const [first] = processesAt(snapshot, target);
      if (!first)
        throw new UserError(`no process is in ${word}`, { hint: `nscope cgroup ${word} shows the group` });
      return { kind: 'process', ref: { pid: first.pid, starttime: first.starttime } };
    }
  }
}

async function open(context: Context, lessons: readonly Lesson[], initial: Initial): Promise<number> {
  const shown = canShow(context.env, process.stdin, process.stdout);
  if (!shown.ok || context.json) return overview(context, lessons, shown.ok ? null : shown.reason);
  const state = usableStateDir(context);
  const stored = state === null ? null : await storedProgress(context, state);
  // Tried when somebody first wants to know: a recorded host needs none of it.
  let trying: Promise<readonly NeedResult[]> | null = null;
  const tried = (): Promise<readonly NeedResult[]> => {
    trying ??= tryNeeds(context);
    return trying;
  };
  let onFailure = (_message: string): void => {};
  const host = watchHost({
    from: context.from,
    intervalMs: REFRESH_MS,
    onFailure: (message) => onFailure(message),
  });
  const { runTui } = await import('../ui/loop.ts');
  const code = await runTui({
    initial,
    lang: context.lang,
    colour: context.colour,
    lessons,
    progress: progressOf(lessons, stored?.progress ?? null),
    host,
    onHostFailure: (listener) => {
      onFailure = listener;
    },
    openSession: (lesson) => openSession(context, lesson, host, tried, stored === null ? null : state),
    shells: shellMaker(context),
    preflight: async () =>
      context.from === undefined
        ? (await tried()).map(({ need, ok, message }) => ({ need, ok, line: message }))
        : [{ need: 'namespaces', ok: false, line: MESSAGES.recordedHost }],
    // What labs left is on this machine, and not on the recorded one that is being shown.
    leftovers: async () => (state === null || context.from !== undefined ? [] : leftoversOf(context)),
    cleanup: async () => {
      if (state === null) return [];
      const result = await cleanup({ stateDir: state, fs: liveFs(), lang: context.lang });
      return [...result.refused, ...result.left.filter(({ live }) => !live)].map((left) =>
        leftoverLine(context.lang, left).trim(),
      );
    },
    saveProgress: async (session) => progressOf(lessons, state === null ? null : await save(state, session)),
    // Never in a shared directory: a fixed name there is anybody's.
    logFile: state === null ? null : join(state, 'crash.log'),
  });
  // A need that is being tried has a lab open: it closes by itself, if it is let.
  await Promise.race([Promise.resolve(trying).catch(() => {}), sleep(TRYING_MS, undefined, { ref: false })]);
  return code;
}

function shellMaker(context: Context): ShellMaker {
  const fs = liveFs();
  const uid = process.getuid?.() ?? 0;
  return {
    inProcess: (ref, name, term) => shellInProcess(fs, ref, { of: name, term, lang: context.lang, uid }),
    onHost: () => hostShell(context.env),
    endSession: (leader) => endSession(fs, leader),
    ownDescriptor: (fd) => void closeOnExec(fd),
  };
}

/** null where it cannot be read, which is said and costs the marks on the lessons, no more. */
async function storedProgress(context: Context, state: string): Promise<LoadedProgress | null> {
  try {
    const stored = await loadProgress(state, context.lang);
    if (stored.note !== null) context.say(stored.note);
    return stored;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    context.say(error.hint === undefined ? error.message : `${error.message}; ${error.hint}`);
    return null;
  }
}

/** null where there is none to use: the program opens all the same, and says so in what preflight found. */
function usableStateDir(context: Context): string | null {
  try {
    return stateDir(context.env, context.lang);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

async function openSession(
  context: Context,
  lesson: Lesson,
  host: HostWatch,
  tried: () => Promise<readonly NeedResult[]>,
  state: string | null,
): Promise<Session> {
  const done = await doneSteps(state, lesson);
  // A recorded host has no kernel to run anything on.
  const needs = context.from === undefined ? await tried() : [];
  const missing = unmet(lesson, needs);
  if (context.from === undefined && missing.length === 0)
    return liveSession(context, lesson, host, context.lang, needs, REPLAY_LINE_MS, done);
  const replay = await recordedSession(lesson, context.lang, REPLAY_LINE_MS, done);
  if (replay) return replay;
  throw new UserError(`this host cannot run ${lesson.id} and there is no recording of it`, {
    hint: missing.map(({ message }) => message[context.lang]).join('; '),
    exitCode: 3,
  });
}

function progressOf(
  lessons: readonly Lesson[],
  progress: Progress | null,
): Readonly<Record<string, LessonProgress>> {
  return Object.fromEntries(
    lessons.map((lesson) => {
      const record = progress?.lessons[lesson.id];
      const stepsDone = lesson.steps.filter(({ id }) => (record?.steps[id]?.doneAt ?? null) !== null).length;
      return [lesson.id, { stepsDone, finished: typeof record?.finishedAt === 'string' }];
    }),
  );
}

/** Writes down every step that was met, and the lesson when all are done. A replay counts too: it was read. */
function save(state: string, session: SessionState): Promise<Progress> {
  const boot = liveFs().readText('/proc/sys/kernel/random/boot_id');
  const tries = triesOf(session, boot.ok ? boot.value : null);
  return recordTries(state, session.lesson.id, tries, session.ended ? new Date().toISOString() : null);
}

/** The steps of an unfinished lesson that were done; none of one that is finished: it begins anew. */
async function doneSteps(state: string | null, lesson: Lesson): Promise<ReadonlySet<string>> {
  if (state === null) return new Set();
  const record = (await loadProgress(state)).progress.lessons[lesson.id];
  if (!record || record.finishedAt !== null) return new Set();
  return new Set(Object.entries(record.steps).flatMap(([id, step]) => (step.doneAt === null ? [] : [id])));
}
