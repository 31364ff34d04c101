// Spoils a text in the ways in which files are spoilt: cut, spliced, doubled, shuffled, with bits turned, huge numbers and hostile characters.
import type { Random } from './random.ts';

const NUMBERS = [
  '0',
  '-1',
  '-0',
  '00',
  '1e9',
  '0x10',
  '1.5',
  'NaN',
  'Infinity',
  '4294967296',
  '9007199254740993',
  '9223372036854771712',
  '18446744073709551616',
  '9'.repeat(400),
];
const PIECES = [
  '',
  ' ',
  '\n',
  '\t',
  '\0',
  '\r',
  ':',
  '/',
  '-',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '"',
  '\\',
  '\\134',
  '|',
  ',',
  '=',
  ' - ',
  ' (deleted)',
  '/../',
  '\u001b[31m',
  '\u001b]52;c;AA==\u0007',
  '\u009b',
  '\u202e',
  '\ud800',
  '\ufffd',
  '\ufeff',
  '𝕏',
  '漢',
  '__proto__',
  'constructor',
  'toString',
  'max',
  'null',
];
const LONGEST = 4096;

type Change = (text: string, random: Random) => string;

function splice(text: string, at: number, length: number, piece: string): string {
  return text.slice(0, at) + piece + text.slice(at + length);
}

/** Puts another list of lines in the place of the text's. */
function lines(text: string, change: (of: string[]) => string[]): string {
  return change(text.split('\n')).join('\n');
}

const CHANGES: readonly Change[] = [
  // A bit, as broken memory turns it.
  (text, { below }) => {
    const at = below(text.length + 1);
    return splice(text, at, 1, String.fromCharCode(text.charCodeAt(at) ^ (1 << below(8))));
  },
  // A file that is being written.
  (text, { below }) => text.slice(0, below(text.length + 1)),
  (text, { below }) => text.slice(below(text.length + 1)),
  (text, { below }) => splice(text, below(text.length + 1), below(8), ''),
  (text, { below, pick }) => splice(text, below(text.length + 1), below(3), pick(PIECES)),
  // One number becomes another.
  (text, { below, pick }) => {
    const found = [...text.matchAll(/\d+/g)];
    const one = found[below(Math.max(1, found.length))];
    return one ? splice(text, one.index, one[0].length, pick(NUMBERS)) : pick(NUMBERS);
  },
  // A part stands twice.
  (text, { below }) => {
    const at = below(text.length + 1);
    return splice(text, at, 0, text.slice(at, at + below(40)));
  },
  (text, { below }) => lines(text, (of) => of.toSpliced(below(of.length), 0, of[below(of.length)] ?? '')),
  (text, { below }) => lines(text, (of) => of.toSpliced(below(of.length), 1)),
  (text, { below }) =>
    lines(text, (of) => {
      const [from, to] = [below(of.length), below(of.length)];
      return of.with(from, of[to] ?? '').with(to, of[from] ?? '');
    }),
  // Two words of a line change their places.
  (text, { below }) =>
    lines(text, (of) => {
      const at = below(of.length);
      const words = (of[at] ?? '').split(' ');
      const [a, b] = [below(words.length), below(words.length)];
      return of.with(
        at,
        words
          .with(a, words[b] ?? '')
          .with(b, words[a] ?? '')
          .join(' '),
      );
    }),
];

const JSON_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  '',
  'x',
  '\u001b[2J',
  [],
  {},
  [[]],
  [null],
  { '': null },
  JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}'),
];

/** The document with one of its values, or one of its keys, replaced. */
function spoilJson(document: unknown, random: Random): unknown {
  if (typeof document !== 'object' || document === null || random.oneIn(4)) return random.pick(JSON_VALUES);
  if (Array.isArray(document)) {
    if (document.length === 0) return [random.pick(JSON_VALUES)];
    const at = random.below(document.length);
    return document.with(at, spoilJson(document[at], random));
  }
  const entries = Object.entries(document);
  const at = random.below(Math.max(1, entries.length));
  const [key, value] = entries[at] ?? ['', null];
  const spoilt: [string, unknown] = random.oneIn(6)
    ? [random.pick(PIECES), value]
    : [key, spoilJson(value, random)];
  return Object.fromEntries(entries.length === 0 ? [spoilt] : entries.with(at, spoilt));
}

function randomText({ below, pick, oneIn }: Random): string {
  const length = below(60);
  let text = '';
  for (let at = 0; at < length; at += 1) {
    text += oneIn(3) ? pick(PIECES) : oneIn(8) ? pick(NUMBERS) : String.fromCharCode(below(256));
  }
  return text;
}

/** One input of at most 4,096 characters: one of `texts` spoilt one to four times, now and then a text of nothing but chance. */
export function spoil(texts: readonly string[], random: Random): string {
  if (random.oneIn(10)) return randomText(random);
  let text = random.pick(texts);
  if (/^\s*[[{]/.test(text) && random.oneIn(2)) {
    const document: unknown = JSON.parse(text);
    text = JSON.stringify(spoilJson(document, random)) ?? '';
    if (random.oneIn(2)) return text.slice(0, LONGEST);
  }
  for (let times = random.below(4); times >= 0; times -= 1) text = random.pick(CHANGES)(text, random);
  return text.slice(0, LONGEST);
}
