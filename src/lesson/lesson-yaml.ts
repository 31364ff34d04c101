// Reads the text of one lesson.yaml: YAML, format, form. Every mistake becomes a UserError with file:line:column. Reads no file.
import { dirname, join } from 'node:path';
import { type Document, LineCounter, isMap, isNode, isPair, isScalar, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { closest } from '../text/closest.ts';
import { UserError } from '../text/errors.ts';
import { type Lang, type Message, say } from '../text/lang.ts';
import { visibleName } from './control.ts';
import { FAULTS } from './messages.ts';
import { LESSON_FORMAT, type LessonFile, keysAt, lessonSchema } from './schema.ts';
import type { Fault, Path } from './fault.ts';

/** One mistake as an error (exit 2); `more` others are counted. */
export function faultError(
  where: string,
  found: string,
  expected: string,
  todo: string,
  lang: Lang,
  more = 0,
): UserError {
  const rest = more > 0 ? say(lang, FAULTS.more, { count: more }) : '';
  return new UserError(say(lang, FAULTS.line, { where, found, expected }) + rest, { hint: todo });
}

/** A lesson.yaml of the right form, and the way to place its mistakes in it. */
export interface Parsed {
  readonly data: LessonFile;
  readonly error: (faults: readonly Fault[]) => UserError;
}

/** Reads the text of lesson.yaml. Throws UserError (exit 2) with file:line:column, what was found and what to do. */
export function parseYaml(file: string, text: string, lang: Lang): Parsed {
  const lines = new LineCounter();
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  let document: Document;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  } catch (error) {
    // The parser follows the nesting by recursion.
    if (!(error instanceof RangeError)) throw error;
    throw faultError(
      place(0),
      say(lang, FAULTS.deep),
      say(lang, FAULTS.deepGood),
      say(lang, FAULTS.yamlTodo),
      lang,
    );
  }
  const broken = document.errors[0];
  if (broken) {
    const detail = broken.message.replace(/\s+/g, ' ').trim();
    throw faultError(
      place(broken.pos[0]),
      say(lang, FAULTS.yamlBroken, { detail }),
      say(lang, FAULTS.yamlGood),
      say(lang, FAULTS.yamlTodo),
      lang,
    );
  }
  const error = (faults: readonly Fault[]): UserError => {
    const [first] = faults;
    if (!first) throw new TypeError('no fault to report');
    const where =
      'file' in first.at
        ? `${join(dirname(file), first.at.file)}:${first.at.line}:1`
        : place(offsetOf(document, first.at));
    return faultError(where, first.found, first.expected, first.todo, lang, faults.length - 1);
  };
  const alias = firstAlias(document);
  if (alias !== null) {
    throw faultError(
      place(alias),
      say(lang, FAULTS.alias),
      say(lang, FAULTS.aliasGood),
      say(lang, FAULTS.aliasTodo),
      lang,
    );
  }
  const raw: unknown = document.toJS();
  const unseen = controlFault(raw, [], lang);
  if (unseen) throw error([unseen]);
  const known = formatFault(raw, lang);
  if (known) throw error([known]);
  const parsed = lessonSchema.safeParse(raw);
  if (parsed.success) return { data: parsed.data, error };
  throw error(parsed.error.issues.map((issue) => issueFault(issue, raw, lang)));
}

/** Where the first alias stands; null where there is none. */
function firstAlias(document: Document): number | null {
  let at: number | null = null;
  visit(document, {
    Alias(_, node) {
      at = node.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return at;
}

/** A text with a character that an escape like `"\\e"` has put there; newlines stand in commands. */
function controlFault(value: unknown, at: Path, lang: Lang): Fault | null {
  if (typeof value === 'string') {
    const bad = value.split('\n').map(visibleName).find(Boolean);
    if (!bad) return null;
    return {
      at,
      found: say(lang, FAULTS.control, { name: bad.name }),
      expected: say(lang, FAULTS.controlGood),
      todo: say(lang, FAULTS.controlTodo),
    };
  }
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found =
      controlFault(key, at, lang) ??
      controlFault(inner, [...at, Array.isArray(value) ? Number(key) : key], lang);
    if (found) return found;
  }
  return null;
}

/** Where the thing at `path` begins; a key that is not there is placed at what should hold it. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const inner = path.slice(0, length);
    const holder = inner.length > 0 ? document.getIn(inner.slice(0, -1), true) : document.contents;
    const key = inner.at(-1);
    if (key !== undefined && isMap(holder)) {
      const pair = holder.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
      // A missing value is told at its holder, a wrong one at its key: there the eye finds both.
      if (pair && isNode(pair.key)) return pair.key.range?.[0] ?? 0;
      continue;
    }
    const node = inner.length > 0 ? document.getIn(inner, true) : document.contents;
    if (isNode(node)) return node.range?.[0] ?? 0;
  }
  return 0;
}

/** The format is looked at first: a newer lesson may be of another form altogether. */
function formatFault(raw: unknown, lang: Lang): Fault | null {
  const format = (raw as { format?: unknown } | null | undefined)?.format;
  if (format === LESSON_FORMAT) return null;
  const newer = typeof format === 'number' && format > LESSON_FORMAT;
  return {
    at: ['format'],
    found:
      format === undefined
        ? say(lang, FAULTS.missing, { key: 'format' })
        : say(lang, FAULTS.format, { format: JSON.stringify(format) }),
    expected: say(lang, FAULTS.formatKnown),
    todo: newer ? say(lang, FAULTS.formatNewer, { format }) : say(lang, FAULTS.formatTodo),
  };
}

const TYPES: Readonly<Record<string, Message>> = {
  string: FAULTS.typeString,
  number: FAULTS.typeNumber,
  int: FAULTS.typeInt,
  boolean: FAULTS.typeBoolean,
  array: FAULTS.typeArray,
  object: FAULTS.typeObject,
  record: FAULTS.typeRecord,
};

function issueFault(issue: z.core.$ZodIssue, raw: unknown, lang: Lang): Fault {
  const t = (message: Message, values: Readonly<Record<string, string | number>> = {}) =>
    say(lang, message, values);
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  const value = path.reduce<unknown>(
    (from, key) => (from as Record<string | number, unknown> | null)?.[key],
    raw,
  );
  const key = nameOf(path);
  if (issue.code === 'unrecognized_keys') {
    const [wrong = ''] = issue.keys;
    const keys = keysAt(path, raw) ?? [];
    const meant = closest(wrong, keys);
    return {
      at: [...path, wrong],
      found: t(FAULTS.key, { key: wrong }),
      expected: t(FAULTS.keys, { keys: keys.join(', ') }),
      todo: meant === null ? t(FAULTS.keyTodo, { key: wrong }) : t(FAULTS.keyMeant, { meant }),
    };
  }
  const { expected, name } = expectation(issue, key, t);
  if (value === undefined) {
    return {
      at: path,
      found: t(FAULTS.missing, { key: name }),
      expected,
      todo: t(FAULTS.missingTodo, { key: name }),
    };
  }
  const unquoted = issue.code === 'invalid_type' && issue.expected === 'string' && typeof value !== 'object';
  const meant = typeof value === 'string' ? closest(value, allowedOf(issue)) : null;
  const todo =
    meant === null
      ? t(unquoted ? FAULTS.quoteTodo : FAULTS.typeTodo, { key: name })
      : t(FAULTS.keyMeant, { meant });
  return { at: path, found: `\`${name}: ${quote(value)}\``, expected, todo };
}

/** The values of which one was expected; empty where it is no such list. */
function allowedOf(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  // The options of a discriminated union's key.
  const { options } = issue as { readonly options?: readonly unknown[] };
  return issue.code === 'invalid_union' ? (options ?? []).map(String) : [];
}

type Speak = (message: Message, values?: Readonly<Record<string, string | number>>) => string;

function expectation(issue: z.core.$ZodIssue, key: string, t: Speak): { expected: string; name: string } {
  switch (issue.code) {
    case 'invalid_type': {
      const type = TYPES[issue.expected];
      return { expected: type ? t(type) : issue.expected, name: key };
    }
    case 'invalid_value':
    case 'invalid_union':
      return { expected: t(FAULTS.keys, { keys: allowedOf(issue).join(', ') }), name: key };
    case 'too_small': {
      const count = Number(issue.minimum);
      if (issue.origin === 'array') return { expected: t(FAULTS.atLeastItems, { count }), name: key };
      if (issue.origin === 'string') return { expected: t(FAULTS.notEmpty), name: key };
      return { expected: t(FAULTS.atLeast, { count }), name: key };
    }
    case 'too_big':
      return { expected: t(FAULTS.atMost, { count: Number(issue.maximum) }), name: key };
    case 'invalid_format':
      return { expected: t(FAULTS.pattern, { pattern: issue.pattern ?? issue.format }), name: key };
    default:
      return { expected: issue.message, name: key };
  }
}

/** `command[1]`, `limits.pids`: the last key with the places behind it. */
function nameOf(path: Path): string {
  const last = path.findLastIndex((key) => typeof key === 'string');
  const places = path.slice(last + 1).map((place) => `[${place}]`);
  return `${last < 0 ? 'lesson.yaml' : path[last]}${places.join('')}`;
}

function quote(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
