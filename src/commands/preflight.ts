// `nscope preflight`: what this host can do for the lessons, each need tried once, with the fix where it fails. The trying is lab/preflight.ts'.
import { liveFs } from '../host/live-fs.ts';
import { preflight } from '../lab/preflight.ts';
import { lessonsDir, loadLessons } from '../lesson/load.ts';
import { UserError } from '../text/errors.ts';
import { say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import { table } from '../text/table.ts';
import type { Context } from './context.ts';
import { closeOnEnd } from './ending.ts';
import { MESSAGES } from './messages.ts';

/** 0 where every need that a lesson has is met, else 3: a need that no lesson has is told, and no lack. A signal ends it when its labs are closed. */
export async function preflightCommand(context: Context): Promise<number> {
  if (context.from !== undefined)
    throw new UserError('a recorded host cannot be tried', {
      hint: 'nscope preflight without --from tries this one',
    });
  const { lang, paint } = context;
  const lessons = await loadLessons(lessonsDir(), lang);
  // What is being tried has a lab open, which closes by itself if it is let.
  const signals = closeOnEnd(() => Promise.resolve());
  const tried = await preflight({ fs: liveFs(), env: context.env }).finally(() => signals.stop());
  const ended = signals.code();
  if (ended !== null) return ended;
  const needs = tried.map((result) => ({
    ...result,
    lessons: lessons.filter(({ requires }) => requires.includes(result.need)).map(({ id }) => id),
  }));
  const exit = needs.some(({ ok, lessons: having }) => !ok && having.length > 0) ? 3 : 0;
  if (context.json) {
    context.printJson({
      needs: needs.map(({ need, ok, message, lessons: having }) => ({
        need,
        ok,
        message: message[lang],
        lessons: having,
      })),
    });
    return exit;
  }
  const [, ...lines] = table(
    [{ head: '' }, { head: '' }, { head: '' }],
    needs.map(({ need, ok, message, lessons: having }) => [
      ok ? paint('good', '✓') : paint(having.length > 0 ? 'bad' : 'warn', '✗'),
      need,
      [clean(message[lang]), ok || having.length === 0 ? '' : neededBy(context, having)]
        .filter(Boolean)
        .join('  '),
    ]),
    { paint },
  );
  context.print(lines);
  return exit;
}

function neededBy({ lang, paint }: Context, lessons: readonly string[]): string {
  return paint('dim', say(lang, MESSAGES.neededBy, { lessons: lessons.join(', ') }));
}
