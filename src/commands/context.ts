// What every command gets: the common options resolved, and where to print. No command's own logic is here.
import { type Host, openHost } from '../host/host.ts';
import type { Coverage } from '../model/types.ts';
import { UserError } from '../text/errors.ts';
import { LANGS, type Lang, langOf } from '../text/lang.ts';
import { onlySgr } from '../text/sanitize.ts';
import { type Paint, paintFor } from '../text/sgr.ts';
import { jsonText } from './json.ts';

/** The options of interface.md §1 that every command takes, as commander hands them over. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly color?: boolean;
  readonly lang?: string;
  readonly from?: string;
}

export interface Context {
  readonly json: boolean;
  readonly lang: Lang;
  readonly from: string | undefined;
  readonly colour: 'none' | 'mono' | '16' | '256';
  readonly paint: Paint;
  readonly env: NodeJS.ProcessEnv;
  /** Columns to fill; undefined where stdout is no terminal: nothing is cut there. */
  readonly columns: number | undefined;
  host(): Host;
  /** Lines to stdout, sanitised but for SGR. */
  print(lines: readonly string[]): void;
  /** The envelope of interface.md with `fields` in it, to stdout: bigints become decimal strings, Readings their value or null. */
  printJson(fields: Readonly<Record<string, unknown>>, coverage?: Coverage): void;
  /** The text that `printJson` prints. */
  jsonText(fields: Readonly<Record<string, unknown>>, coverage?: Coverage): string;
  /** A line to stderr. */
  say(line: string): void;
}

/** @throws UserError (2) for a language that the program does not speak. */
export function contextOf(options: CommonOptions): Context {
  const lang = languageOf(options.lang, process.env);
  const colour = colourMode(options.color !== false, process.env, process.stdout.isTTY);
  return {
    json: options.json === true,
    lang,
    from: options.from,
    colour,
    paint: paintFor(process.stdout.isTTY ? colour : 'none'),
    env: process.env,
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    host: () => openHost(options.from),
    print: (lines) => {
      if (lines.length > 0) process.stdout.write(`${lines.map(onlySgr).join('\n')}\n`);
    },
    printJson: (fields, coverage) => {
      process.stdout.write(jsonText(fields, coverage));
    },
    jsonText,
    say: (line) => {
      process.stderr.write(`${onlySgr(line)}\n`);
    },
  };
}

/** For commands that act on, or speak of, this machine alone. @throws UserError (2) where --from was given. */
export function refuseFrom(context: Context, command: string): void {
  if (context.from === undefined) return;
  throw new UserError(`${command} is of this machine, not of a recorded host`, { hint: 'leave out --from' });
}

function languageOf(asked: string | undefined, env: NodeJS.ProcessEnv): Lang {
  if (asked === undefined) return langOf(env);
  const found =
    LANGS.find((lang) => lang.toLowerCase() === asked.toLowerCase()) ??
    (/^zh/i.test(asked) ? 'zh-CN' : undefined);
  if (!found) throw new UserError(`no language "${asked}"`, { hint: `--lang takes ${LANGS.join(' or ')}` });
  return found;
}

/** NO_COLOR (any value but the empty one) and TERM; COLORTERM and 256color say more than sixteen. */
function colourMode(wanted: boolean, env: NodeJS.ProcessEnv, tty: boolean): Context['colour'] {
  if (!wanted || (env['NO_COLOR'] ?? '') !== '') return tty ? 'mono' : 'none';
  const term = env['TERM'] ?? '';
  if (term === 'dumb' || term === '') return 'none';
  return /256color|kitty|ghostty|alacritty|direct/.test(term) || (env['COLORTERM'] ?? '') !== ''
    ? '256'
    : '16';
}
