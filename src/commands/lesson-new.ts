// `nscope lesson new`: writes the folder of a new lesson. What stands in it is lesson/scaffold.ts'.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ID_PATTERN } from '../lab/operations/names.ts';
import { lessonsDir } from '../lesson/load.ts';
import { scaffold } from '../lesson/scaffold.ts';
import { UserError } from '../text/errors.ts';
import { say } from '../text/lang.ts';
import { type Context, refuseFrom } from './context.ts';
import { LESSON_NEW } from './lesson-messages.ts';
import { folderNamed } from './sessions.ts';

/**
 * Writes `DIR/NN-SLUG` with its three files, NN behind the last number there. @throws UserError (2) for a slug that is no id or is
 * taken, in the folder or by a lesson of the program's, and for a folder that cannot be written.
 */
export async function newCommand(
  context: Context,
  slug: string,
  options: { readonly dir?: string },
): Promise<number> {
  refuseFrom(context, 'lesson new');
  const { lang } = context;
  if (!ID_PATTERN.test(slug)) {
    throw new UserError(say(lang, LESSON_NEW.badName, { slug }), { hint: say(lang, LESSON_NEW.badNameHint) });
  }
  const dir = folderNamed(options.dir ?? '.', lang);
  const there = await lessonFolders(dir);
  // Progress is kept by id: one that the program's own course has would be taken for it.
  for (const [where, folders] of [
    [dir, there] as const,
    [lessonsDir(), await lessonFolders(lessonsDir())] as const,
  ]) {
    const taken = folders.find((one) => one.slug === slug);
    if (!taken) continue;
    throw new UserError(say(lang, LESSON_NEW.taken, { slug, folder: join(where, taken.name) }), {
      hint: say(lang, LESSON_NEW.takenHint),
    });
  }
  const number = Math.max(0, ...there.map((one) => one.number)) + 1;
  const folder = join(dir, `${String(number).padStart(2, '0')}-${slug}`);
  try {
    await mkdir(folder);
    for (const [name, text] of Object.entries(scaffold(slug))) {
      await writeFile(join(folder, name), text, { flag: 'wx' });
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    if (code === null) throw error;
    throw new UserError(say(lang, LESSON_NEW.cannot, { folder, code }), {
      hint: say(lang, LESSON_NEW.cannotHint),
      cause: error,
    });
  }
  if (context.json) context.printJson({ folder, files: Object.keys(scaffold(slug)) });
  else context.print([say(lang, LESSON_NEW.made, { folder }), say(lang, LESSON_NEW.next, { folder })]);
  return 0;
}

async function lessonFolders(
  dir: string,
): Promise<readonly { readonly name: string; readonly number: number; readonly slug: string }[]> {
  const names = await readdir(dir);
  return names.flatMap((name) => {
    const [, number, slug] = /^(\d+)-(.+)$/.exec(name) ?? [];
    return number === undefined || slug === undefined ? [] : [{ name, number: Number(number), slug }];
  });
}
