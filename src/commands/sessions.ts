// How a lesson comes to run: live where preflight says that this host can, from its recording where not. Shared by `learn` and `lesson run`.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { liveFs } from '../host/live-fs.ts';
import type { HostWatch } from '../host/watch.ts';
import { audit } from '../lab/audit.ts';
import { hierarchiesOf } from '../lab/cgroupfs.ts';
import { labMode } from '../lab/mode.ts';
import { openLab } from '../lab/open.ts';
import { planner } from '../lab/plan.ts';
import { type NeedResult, preflight } from '../lab/preflight.ts';
import { stateDir } from '../lab/state-dir.ts';
import type { Leftover } from '../lab/types.ts';
import { lessonsDir } from '../lesson/load.ts';
import type { Recording } from '../lesson/recording-schema.ts';
import { loadRecording, replaysDir } from '../lesson/recording.ts';
import { replaySession } from '../lesson/replay.ts';
import { startVariant } from '../lesson/mixed.ts';
import { type Variant, variantOf } from '../lesson/variant.ts';
import type { Lesson, Session } from '../lesson/types.ts';
import { closest } from '../text/closest.ts';
import { UserError } from '../text/errors.ts';
import { type Lang, say } from '../text/lang.ts';
import type { Context } from './context.ts';
import { LESSON_CHECK } from './lesson-messages.ts';

/** @throws UserError (2) with the nearest id. */
export function lessonNamed(lessons: readonly Lesson[], id: string): Lesson {
  const found = lessons.find((lesson) => lesson.id === id);
  if (found) return found;
  const near = closest(
    id,
    lessons.map((lesson) => lesson.id),
  );
  throw new UserError(`no lesson "${id}"`, {
    hint: near === null ? 'nscope lesson list shows them' : `did you mean "${near}"?`,
  });
}

/** The folder of lessons that `--dir` names; the program's own without it. @throws UserError (2) where it is none. */
export function packDir(dir: string | undefined, lang: Lang): string {
  return dir === undefined ? lessonsDir() : folderNamed(dir, lang);
}

/** The absolute path of a folder that is there. @throws UserError (2) where it is none. */
export function folderNamed(path: string, lang: Lang): string {
  const folder = resolve(path);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new UserError(say(lang, LESSON_CHECK.noFolder, { path }), {
    hint: say(lang, LESSON_CHECK.noFolderHint),
  });
}

/** What the lesson needs and this host has not; empty where it can run here. */
export function unmet(lesson: Lesson, needs: readonly NeedResult[]): readonly NeedResult[] {
  return needs.filter(({ need, ok }) => !ok && lesson.requires.includes(need));
}

const tried = new WeakMap<Context, Promise<readonly NeedResult[]>>();

/** Everything that preflight tries, tried once in a run of the program. */
export function tryNeeds(context: Context): Promise<readonly NeedResult[]> {
  const known = tried.get(context) ?? preflight({ fs: liveFs(), env: context.env });
  tried.set(context, known);
  return known;
}

/** The variant of lessons that this host plays, by what was tried. `needs` is empty where nothing was: then by the uid. */
export function variantHere(needs: readonly NeedResult[]): Variant {
  const root = needs.find(({ need }) => need === 'root')?.ok ?? process.getuid?.() === 0;
  return variantOf(root ? 'root' : 'rootless', hierarchiesOf(liveFs()));
}

/** The same where nothing but the mode is tried, which makes no lab. */
export async function variantTried(): Promise<Variant> {
  return variantOf((await labMode()) ?? 'rootless', hierarchiesOf(liveFs()));
}

/** What of a need this host has not, in words; null where it is met or was not tried. */
export function lackOf(needs: readonly NeedResult[], lang: Lang): (need: string) => string | null {
  return (need) => {
    const found = needs.find((one) => one.need === need);
    return found === undefined || found.ok ? null : found.message[lang];
  };
}

/**
 * A session on this kernel, in its variant. Nothing is made before its first operation. A step whose own needs are not met is played
 * from the lesson's recording in `replays`.
 */
export function liveSession(
  context: Context,
  lesson: Lesson,
  host: HostWatch,
  lang: Lang,
  needs: readonly NeedResult[],
  lineDelay = 0,
  done?: ReadonlySet<string>,
): Promise<Session> {
  const fs = liveFs();
  return startVariant({
    lesson,
    lang,
    lab: () => openLab({ stateDir: stateDir(context.env, lang), fs, lang }),
    observe: (watch) => host.refresh(watch),
    plan: planner(lang),
    variant: variantHere(needs),
    lack: lackOf(needs, lang),
    recording: () => recordingOf(lesson, lang),
    lineDelay,
    done,
  });
}

/** The recording of a lesson: the program's own among its replays, another's as ID.json in its folder. */
function recordingOf(lesson: Lesson, lang: Lang): Promise<Recording | null> {
  return loadRecording(lesson.id, lesson.foreign ? lesson.folder : replaysDir(), lang);
}

/** The recording of a lesson as a session, or null where the program has none. `lineDelay` in milliseconds. */
export async function recordedSession(
  lesson: Lesson,
  lang: Lang,
  lineDelay: number,
  done?: ReadonlySet<string>,
): Promise<Session | null> {
  const recording = await recordingOf(lesson, lang);
  return recording ? replaySession({ lesson, lang, recording, lineDelay, done }) : null;
}

/** What labs have left, those of running programs among them. */
export function leftoversOf(context: Context): Promise<readonly Leftover[]> {
  return audit({ stateDir: stateDir(context.env, context.lang), fs: liveFs(), lang: context.lang });
}
