// `nscope lesson check`: the author's gate over a folder of lessons, or one of them: files first, then each lesson on this kernel, twice.
// What is wrong with a lesson is lesson/gate.ts' to find.
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { adoptOrphans } from '../host/orphans.ts';
import { liveFs } from '../host/live-fs.ts';
import { watchHost } from '../host/watch.ts';
import { stateDir } from '../lab/state-dir.ts';
import { liveBench } from '../lesson/bench.ts';
import { type GateFault, gateLesson } from '../lesson/gate.ts';
import { lessonsDir, type Surveyed, surveyLessons } from '../lesson/load.ts';
import { resolveLesson, type Variant } from '../lesson/variant.ts';
import { say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import { type Context, refuseFrom } from './context.ts';
import { closeOnEnd } from './ending.ts';
import { LESSON_CHECK } from './lesson-messages.ts';
import { folderNamed, lackOf, lessonNamed, variantHere, tryNeeds, unmet } from './sessions.ts';
import { ensureTrust } from './trust.ts';

/** What `nscope lesson check --json` prints, one object a line. */
export type CheckEvent =
  | {
      readonly event: 'broken';
      readonly folder: string;
      readonly message: string;
      readonly hint: string | null;
    }
  | {
      readonly event: 'lesson';
      readonly lesson: string;
      readonly number: number;
      readonly steps: number;
      readonly variant: Pick<Variant, 'mode' | 'cgroup'>;
    }
  | ({ readonly event: 'fault'; readonly lesson: string } & GateFault)
  | {
      readonly event: 'skipped';
      readonly lesson: string;
      readonly needs: readonly string[];
      readonly message: string;
    }
  | {
      readonly event: 'skippedStep';
      readonly lesson: string;
      readonly step: string;
      readonly message: string;
    }
  | {
      readonly event: 'end';
      readonly passed: number;
      readonly faulty: number;
      readonly skipped: number;
      readonly skippedSteps: number;
      /** False: processes that left their parents could not be told from others'. */
      readonly orphansSeen: boolean;
      readonly exit: number;
    };

/**
 * `what`: a folder of lessons, the folder of one, or the id of one of the program's; the program's own lessons without it. 0 every lesson
 * was played twice and nothing is wrong; 1 something is; 2 no such folder or lesson; 3 nothing is wrong, but a lesson was skipped
 * because this host has not what it needs. SIGINT, SIGTERM and SIGHUP close the lab first.
 */
export async function checkCommand(
  context: Context,
  what: string | undefined,
  options: { readonly trust?: boolean } = {},
): Promise<number> {
  refuseFrom(context, 'lesson check');
  const { lang } = context;
  const print = context.json
    ? (event: CheckEvent) => void process.stdout.write(`${JSON.stringify(event)}\n`)
    : (event: CheckEvent) => printText(context, event);
  const { lessons, broken } = await chosen(what, context);
  for (const { folder, error } of broken) {
    print({ event: 'broken', folder, message: error.message, hint: error.hint ?? null });
  }
  await ensureTrust(context, lessons, options.trust);
  const counts = { passed: 0, faulty: broken.length, skipped: 0, skippedSteps: 0 };
  const orphansSeen = adoptOrphans();
  const needs = lessons.length > 0 ? await tryNeeds(context) : [];
  const variant = variantHere(needs);
  const state = stateDir(context.env, lang);
  const fs = liveFs();
  const host = watchHost({ intervalMs: 60_000 });
  const stop = new AbortController();
  const signals = closeOnEnd(async () => stop.abort());
  try {
    for (const lesson of lessons) {
      const { id, number } = lesson;
      const missing = unmet(lesson, needs);
      if (missing.length > 0) {
        counts.skipped++;
        print({
          event: 'skipped',
          lesson: id,
          needs: missing.map(({ need }) => need),
          message: missing.map(({ message }) => message[lang]).join('; '),
        });
        continue;
      }
      print({
        event: 'lesson',
        lesson: id,
        number,
        steps: resolveLesson(lesson, variant).steps.length,
        variant: { mode: variant.mode, cgroup: variant.cgroup },
      });
      const faults = await gateLesson({
        lang,
        bench: () =>
          liveBench({
            lesson,
            lang,
            variant,
            lack: lackOf(needs, lang),
            stateDir: state,
            fs,
            observe: (watch) => host.refresh(watch),
          }),
        onSkip(step, why) {
          counts.skippedSteps++;
          print({ event: 'skippedStep', lesson: id, step, message: why });
        },
        signal: stop.signal,
      });
      for (const fault of faults) print({ event: 'fault', lesson: id, ...fault });
      if (faults.length > 0) counts.faulty++;
      else counts.passed++;
    }
  } catch (error) {
    const code = signals.code();
    if (code === null) throw error;
    return code;
  } finally {
    signals.stop();
    await host.close();
  }
  const exit = counts.faulty > 0 ? 1 : counts.skipped + counts.skippedSteps > 0 ? 3 : 0;
  print({ event: 'end', ...counts, orphansSeen, exit });
  return exit;
}

/** The lessons to check, and those among them whose files are wrong. @throws UserError (2) where there are none. */
async function chosen(what: string | undefined, context: Context): Promise<Surveyed> {
  if (what === undefined) return surveyLessons(lessonsDir(), context.lang);
  const path = resolve(what);
  if (!existsSync(path)) {
    const { lessons, broken } = await surveyLessons(lessonsDir(), context.lang);
    const one = broken.find(({ folder }) => basename(folder).replace(/^\d+-/, '') === what);
    return one ? { lessons: [], broken: [one] } : { lessons: [lessonNamed(lessons, what)], broken: [] };
  }
  const folder = folderNamed(path, context.lang);
  if (!existsSync(join(folder, 'lesson.yaml'))) return surveyLessons(folder, context.lang);
  const { lessons, broken } = await surveyLessons(dirname(folder), context.lang);
  return {
    lessons: lessons.filter((lesson) => lesson.folder === folder),
    broken: broken.filter((one) => one.folder === folder),
  };
}

function printText(context: Context, event: CheckEvent): void {
  const { lang, paint } = context;
  switch (event.event) {
    case 'broken':
      context.print([
        `${paint('bad', '✗')} ${clean(event.message)}`,
        ...(event.hint === null ? [] : [`  ${clean(event.hint)}`]),
      ]);
      break;
    case 'lesson':
      context.print([
        say(lang, LESSON_CHECK.lesson, { id: event.lesson, steps: event.steps, ...event.variant }),
      ]);
      break;
    case 'fault': {
      const where = event.step === null ? '' : `${event.step}: `;
      const line = say(lang, LESSON_CHECK.fault, { run: event.run, message: `${where}${event.message}` });
      context.print([`  ${paint('bad', '✗')} ${clean(line)}`]);
      break;
    }
    case 'skipped':
      context.print([
        `${paint('warn', '-')} ${say(lang, LESSON_CHECK.skipped, {
          id: event.lesson,
          needs: event.needs.join(', '),
          message: clean(event.message),
        })}`,
      ]);
      break;
    case 'skippedStep':
      context.print([
        `  ${paint('warn', '-')} ${clean(say(lang, LESSON_CHECK.skippedStep, { step: event.step, message: event.message }))}`,
      ]);
      break;
    case 'end': {
      const { passed, faulty, skipped, skippedSteps } = event;
      if (!event.orphansSeen) context.say(say(lang, LESSON_CHECK.orphans));
      context.print([say(lang, LESSON_CHECK.end, { passed, faulty, skipped, skippedSteps })]);
      break;
    }
  }
}
