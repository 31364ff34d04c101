// JSON of engines and runtimes as values whose form has been checked by hand, small and fast. It knows no format.
import { ParseError } from '../text/errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The text as JSON, or a ParseError that names its source. */
export function parseJson(text: string, source: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch {
    throw new ParseError(source, 'JSON', text);
  }
}

/** The key under which `parseWideJson` keeps the digits of a number that a double cannot hold. */
const WIDE = '\0wide';

/** Strings, to be stepped over, and integers of sixteen digits and more that are no part of another number. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+-])-?[1-9]\d{15,}(?![\d.eE])/g;

/** As `parseJson`, but integers that pass 2^53 keep every digit: `asBigint` takes them, and nothing else does. */
export function parseWideJson(text: string, source: string): unknown {
  const kept = /\d{16}/.test(text)
    ? text.replace(TOKENS, (token) => (token.startsWith('"') ? token : JSON.stringify({ [WIDE]: token })))
    : text;
  try {
    const parsed: unknown = JSON.parse(kept);
    return parsed;
  } catch {
    throw new ParseError(source, 'JSON', text);
  }
}

/** What `parseWideJson` read as text again, with every digit. */
export function printWideJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(PRINTED, '$1');
}

/** As JSON.stringify writes the key: the zero is escaped. */
const PRINTED = /\{"\\u0000wide":"(-?\d{1,40})"\}/g;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(source: string, expected: string, value: unknown): ParseError {
  return new ParseError(source, expected, JSON.stringify(value) ?? 'nothing');
}

/** `where` says which part of the document it is, for the error. */
export function asObject(value: unknown, where: string, source: string): JsonObject {
  if (!isObject(value)) throw wrong(source, `an object as ${where}`, value);
  return value;
}

/** A missing or null array is empty: Go writes null for an empty slice. */
export function asArray(value: unknown, where: string, source: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong(source, `an array as ${where}`, value);
  return value;
}

export function asString(value: unknown, where: string, source: string): string {
  if (typeof value !== 'string') throw wrong(source, `a string as ${where}`, value);
  return value;
}

/** undefined where it is missing, null or empty: Go's "omitempty". */
export function asOptionalString(value: unknown, where: string, source: string): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : asString(value, where, source);
}

export function asInteger(value: unknown, where: string, source: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    throw wrong(source, `an integer as ${where}`, value);
  return value;
}

/** An integer of any size, of a document that `parseWideJson` read. */
export function asBigint(value: unknown, where: string, source: string): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  const wide = isObject(value) ? value[WIDE] : undefined;
  if (typeof wide === 'string' && /^-?\d{1,40}$/.test(wide)) return BigInt(wide);
  throw wrong(source, `an integer as ${where}`, value);
}

export function asBoolean(value: unknown, where: string, source: string): boolean {
  if (typeof value !== 'boolean') throw wrong(source, `true or false as ${where}`, value);
  return value;
}

/** What is missing or null is `fallback`; the rest is what `as` takes it for. */
export function orElse<T, U>(
  as: (value: unknown, where: string, source: string) => T,
  fallback: U,
): (value: unknown, where: string, source: string) => T | U {
  return (value, where, source) =>
    value === undefined || value === null ? fallback : as(value, where, source);
}

/** A missing or null list is empty. */
export function asListOf<T>(
  as: (value: unknown, where: string, source: string) => T,
): (value: unknown, where: string, source: string) => readonly T[] {
  return (value, where, source) => asArray(value, where, source).map((each) => as(each, where, source));
}

/** A missing or null map is empty. Keys are taken as they are, `__proto__` too. */
export function asStringMap(value: unknown, where: string, source: string): Record<string, string> {
  if (value === undefined || value === null) return {};
  const entries = Object.entries(asObject(value, where, source));
  return Object.fromEntries(entries.map(([key, each]) => [key, asString(each, `${where}.${key}`, source)]));
}
