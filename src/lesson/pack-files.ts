// Reads the files of a lesson folder, which may be anybody's: plain files of a sane size and plain text, never through a link. Knows no form.
import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { UserError } from '../text/errors.ts';
import { type Lang, say } from '../text/lang.ts';
import { visibleName } from './control.ts';
import { faultError } from './lesson-yaml.ts';
import { FAULTS } from './messages.ts';

/** No lesson comes near; a reader that takes everything is one that a file can choke. */
export const MAX_BYTES = 256 * 1024;

/** Refuses a lesson's folder that is a symbolic link: what it holds could be exchanged, and is not what the pack's author sent. */
export async function refuseLink(folder: string, lang: Lang): Promise<void> {
  if (!(await lstat(folder)).isSymbolicLink()) return;
  throw faultError(
    folder,
    say(lang, FAULTS.link),
    say(lang, FAULTS.linkFolderGood),
    say(lang, FAULTS.linkTodo),
    lang,
  );
}

/** The text of one file of a lesson. Throws UserError (exit 2) naming the file, and the line of a character that may not be in it. */
export async function readPart(file: string, files: readonly string[], lang: Lang): Promise<string> {
  let text: string | null;
  try {
    text = await plainText(file);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    const found =
      code === 'ENOENT' ? say(lang, FAULTS.noFile) : code === 'ELOOP' ? say(lang, FAULTS.link) : code;
    throw faultError(
      file,
      found,
      say(lang, FAULTS.fileGood, { name: basename(file) }),
      say(lang, FAULTS.fileTodo, { files: files.join(', ') }),
      lang,
    );
  }
  if (text === null) {
    throw faultError(
      file,
      say(lang, FAULTS.notPlain),
      say(lang, FAULTS.notPlainGood, { kib: MAX_BYTES / 1024 }),
      say(lang, FAULTS.notPlainTodo),
      lang,
    );
  }
  const bad = controlIn(file, text, lang);
  if (bad) throw bad;
  return text;
}

/** null for what is no regular file, or too big. */
async function plainText(file: string): Promise<string | null> {
  // O_NONBLOCK: a FIFO would wait for its writer for ever.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > MAX_BYTES) return null;
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(MAX_BYTES + 1), 0, MAX_BYTES + 1, 0);
    return bytesRead > MAX_BYTES ? null : buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

function controlIn(file: string, text: string, lang: Lang): UserError | null {
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const bad = visibleName(line);
    if (!bad) continue;
    return faultError(
      `${file}:${index + 1}:${bad.column}`,
      say(lang, FAULTS.control, { name: bad.name }),
      say(lang, FAULTS.controlGood),
      say(lang, FAULTS.controlTodo),
      lang,
    );
  }
  return null;
}
