// Reads lesson folders into lessons. Every mistake in them becomes a UserError with file:line:column, what was found and what to do.
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import glob from 'fast-glob';
import { UserError } from '../text/errors.ts';
import { LANGS, type Lang, say } from '../text/lang.ts';
import { faultError, parseYaml } from './lesson-yaml.ts';
import { FAULTS } from './messages.ts';
import { foreignFaults } from './foreign.ts';
import { readPart, refuseLink } from './pack-files.ts';
import { type ProseFile, parseProse, stepBody, stepTitle } from './prose.ts';
import type { LessonFile, StepFile } from './schema.ts';
import type { Lesson, Step, StepProse } from './types.ts';
import { courseFaults } from './course.ts';
import type { Fault } from './fault.ts';
import { proseFaults } from './prose-faults.ts';
import { lessonFaults } from './validate.ts';

const FILES = ['lesson.yaml', ...LANGS.map((lang) => `${lang}.md`)];

/** The folder of the lessons that come with the program; the same from src/ and from dist/. */
export function lessonsDir(): string {
  return resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', 'lessons');
}

/**
 * All lessons of a folder, by number. Throws UserError (exit 2) at the first mistake in any of them; `lang` is the language of the error.
 */
export async function loadLessons(dir: string, lang: Lang = 'en'): Promise<Lesson[]> {
  const loaded: Loaded[] = [];
  for (const folder of await foldersOf(dir, lang)) loaded.push(await load(folder, lang));
  const course = courseFaults(
    loaded.map(({ lesson }) => lesson),
    lang,
  );
  for (const { index, fault } of course) {
    const one = loaded[index];
    if (one) throw one.error([fault]);
  }
  return loaded.map(({ lesson }) => lesson).sort((a, b) => a.number - b.number);
}

/** What a folder of lessons holds: those that are right, and for each that is not its error. */
export interface Surveyed {
  readonly lessons: readonly Lesson[];
  readonly broken: readonly { readonly folder: string; readonly error: UserError }[];
}

/** All lessons of a folder as `loadLessons` has them, but with every mistake in place of the first. */
export async function surveyLessons(dir: string, lang: Lang = 'en'): Promise<Surveyed> {
  const loaded: Loaded[] = [];
  const broken: { folder: string; error: UserError }[] = [];
  for (const folder of await foldersOf(dir, lang)) {
    try {
      loaded.push(await load(folder, lang));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      broken.push({ folder, error });
    }
  }
  const bad = new Set<Loaded>();
  const known = broken.map(({ folder }) => ({
    id: basename(folder).replace(/^\d+-/, ''),
    prerequisites: [],
  }));
  // A prerequisite that is there and broken is told once, with its own mistake.
  for (const { index, fault } of courseFaults([...loaded.map(({ lesson }) => lesson), ...known], lang)) {
    const one = loaded[index];
    if (!one || bad.has(one)) continue;
    bad.add(one);
    broken.push({ folder: one.lesson.folder, error: one.error([fault]) });
  }
  const lessons = loaded.filter((one) => !bad.has(one)).map(({ lesson }) => lesson);
  return { lessons: lessons.sort((a, b) => a.number - b.number), broken };
}

/** True for a lesson that does not come with the program. */
function isForeign(folder: string): boolean {
  try {
    return realpathSync(dirname(folder)) !== realpathSync(lessonsDir());
  } catch {
    return true;
  }
}

async function foldersOf(dir: string, lang: Lang): Promise<readonly string[]> {
  const files = await glob('*/lesson.yaml', { cwd: dir, onlyFiles: false, followSymbolicLinks: true });
  if (files.length === 0) {
    throw faultError(
      dir,
      say(lang, FAULTS.noLesson),
      say(lang, FAULTS.noLessonGood),
      say(lang, FAULTS.noLessonTodo),
      lang,
    );
  }
  return files.map((file) => join(dir, dirname(file))).sort();
}

/** One lesson folder; its prerequisites are not looked at. Errors as of `loadLessons`. */
export async function loadLesson(folder: string, lang: Lang = 'en'): Promise<Lesson> {
  return (await load(folder, lang)).lesson;
}

interface Loaded {
  readonly lesson: Lesson;
  readonly error: (faults: readonly Fault[]) => UserError;
}

async function load(folder: string, lang: Lang): Promise<Loaded> {
  const [, number, slug] = /^(\d+)-([a-z][a-z0-9-]*)$/.exec(basename(folder)) ?? [];
  if (number === undefined || slug === undefined) {
    throw faultError(
      folder,
      say(lang, FAULTS.folder, { name: basename(folder) }),
      say(lang, FAULTS.folderGood),
      say(lang, FAULTS.folderTodo),
      lang,
    );
  }
  await refuseLink(folder, lang);
  const file = join(folder, 'lesson.yaml');
  const source = await readPart(file, FILES, lang);
  const yaml = parseYaml(file, source, lang);
  const data = yaml.data;
  if (data.id !== slug) {
    throw yaml.error([
      {
        at: ['id'],
        found: say(lang, FAULTS.idFolder, { id: data.id }),
        expected: say(lang, FAULTS.idFolderGood, { id: slug }),
        todo: say(lang, FAULTS.idFolderTodo),
      },
    ]);
  }
  const faults = lessonFaults(data, lang);
  if (faults.length > 0) throw yaml.error(faults);
  const texts = {
    en: await readPart(join(folder, 'en.md'), FILES, lang),
    'zh-CN': await readPart(join(folder, 'zh-CN.md'), FILES, lang),
  };
  const prose = { en: parseProse(texts.en), 'zh-CN': parseProse(texts['zh-CN']) };
  const inProse = proseFaults(data, prose, lang);
  if (inProse.length > 0) throw yaml.error(inProse);
  const whole = { 'lesson.yaml': source, 'en.md': texts.en, 'zh-CN.md': texts['zh-CN'] };
  for (const [name, text] of Object.entries(whole)) {
    if (text.endsWith('\n')) continue;
    throw faultError(
      `${join(folder, name)}:${text.split('\n').length}:1`,
      say(lang, FAULTS.midLine),
      say(lang, FAULTS.midLineGood),
      say(lang, FAULTS.midLineTodo),
      lang,
    );
  }
  const foreign = isForeign(folder);
  const forbidden = foreign ? foreignFaults(data, lang) : [];
  if (forbidden.length > 0) throw yaml.error(forbidden);
  const digest = createHash('sha256')
    .update(JSON.stringify([source, texts.en, texts['zh-CN']]))
    .digest('hex');
  return {
    lesson: { ...lessonOf(data, prose, Number(number), folder), foreign, digest },
    error: yaml.error,
  };
}

function lessonOf(
  data: LessonFile,
  prose: Readonly<Record<Lang, ProseFile>>,
  number: number,
  folder: string,
): Omit<Lesson, 'foreign' | 'digest'> {
  return {
    format: data.format,
    id: data.id,
    number,
    part: data.part,
    minutes: data.minutes,
    requires: data.requires,
    prerequisites: data.prerequisites,
    steps: data.steps.map(stepOf),
    title: { en: prose.en.title, 'zh-CN': prose['zh-CN'].title },
    summary: { en: prose.en.summary, 'zh-CN': prose['zh-CN'].summary },
    prose: { en: proseOf(prose.en), 'zh-CN': proseOf(prose['zh-CN']) },
    folder,
  };
}

function stepOf(step: StepFile): Step {
  return {
    id: step.id,
    kind: step.kind,
    ...(step.requires ? { requires: step.requires } : {}),
    ...(step.only ? { only: step.only } : {}),
    focus: step.focus,
    pointAt: step.pointAt,
    operations: 'operations' in step ? step.operations : [],
    choices: 'choices' in step ? step.choices : [],
    checks: 'checks' in step ? step.checks : [],
    solution: 'solution' in step ? step.solution : [],
  };
}

function proseOf(prose: ProseFile): Readonly<Record<string, StepProse>> {
  const named = (marker: 'choice' | 'check', step: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      prose.parts
        .filter((part) => part.marker === marker && part.id.startsWith(`${step}.`))
        .map((part) => [part.id.slice(step.length + 1), part.text]),
    );
  const steps = prose.parts.filter((part) => part.marker === 'step');
  return Object.fromEntries(
    steps.map((part): [string, StepProse] => [
      part.id,
      {
        title: stepTitle(part.text) ?? part.id,
        text: stepBody(part.text),
        explain: prose.parts.find((one) => one.marker === 'explain' && one.id === part.id)?.text ?? null,
        hints: prose.parts
          .filter((one) => one.marker === 'hint' && one.id === part.id)
          .map((one) => one.text),
        choices: named('choice', part.id),
        checks: named('check', part.id),
      },
    ]),
  );
}
