// Makes text from outside safe to draw: every character that a terminal obeys, hides or reorders becomes a visible form.
// It colours nothing and cuts nothing; `\` itself stays as it is, so the visible forms are for reading, not for parsing back.

/** Combining marks that one character may carry; real scripts stay below, floods that smear over other rows do not. */
const MAX_MARKS = 3;

const PRINTABLE_ASCII = /^[ -~]*$/;

/** What a terminal obeys, hides or reorders: C0, DEL, C1, bidi controls, zero-width, tags, line separators, lone surrogates. */
const UNSEEN =
  '\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}';

/**
 * What blessed (wcwidth of Unicode 5) and string-width disagree about the width of, so that it would shift its row: astral
 * characters, emoji and keycaps, jamo that join, and wide characters that are newer than Unicode 5.
 */
const UNEVEN = [
  '\\u{10000}-\\u{10ffff}\\p{Emoji_Presentation}\\u20e3',
  '\\u06de\\u0d4e\\u0e33\\u0eb3\\u1734\\u1160-\\u11ff\\ua960-\\ua97c\\ud7b0-\\ud7fb',
  '\\u2630-\\u2637\\u268a-\\u268f\\u2ffc-\\u2fff\\u302e\\u302f\\u312e\\u312f\\u31bb-\\u31bf\\u31e4\\u31e5\\u31ef\\u32ff\\u4dc0-\\u4dff',
].join('');

const FOREIGN = new RegExp(`[${UNSEEN}${UNEVEN}]`, 'u');
const MARK = /[\p{Mn}\p{Me}]/u;
/** Marks that all count as no column: of Latin, Greek and Cyrillic, Hebrew, Arabic, Thai and Japanese. */
const KNOWN_MARK =
  /[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u0652\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u3099\u309a]/;
const SGR_OR_UNSEEN = new RegExp(`(\\x1b\\[[0-9;]*m)|[${UNSEEN}]`, 'gu');

const SHORT_FORMS: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' };

function visible(character: string): string {
  const short = SHORT_FORMS[character];
  if (short !== undefined) return short;
  const point = character.codePointAt(0) ?? 0;
  return point < 0x80 ? `\\x${point.toString(16).padStart(2, '0')}` : `\\u{${point.toString(16)}}`;
}

/**
 * One line that is safe to draw from a text that a stranger wrote (comm, argv, a name). C0 with newline and tab, DEL, C1, bidi
 * controls, zero-width and other invisible characters, lone surrogates, astral characters, marks of rarer scripts and floods of
 * marks become `\n`, `\x1b`, `\u{202e}`. Cleaning a clean text changes nothing.
 */
export function clean(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  let out = '';
  // A mark with no character of this text below it would sit on whatever is drawn before.
  let marks = MAX_MARKS;
  for (const character of text) {
    if (FOREIGN.test(character)) {
      out += visible(character);
      marks = MAX_MARKS;
    } else if (!MARK.test(character)) {
      out += character;
      marks = 0;
    } else if (marks < MAX_MARKS && KNOWN_MARK.test(character)) {
      out += character;
      marks++;
    } else {
      out += visible(character);
      marks = MAX_MARKS;
    }
  }
  return out;
}

/**
 * Bytes as text, strictly UTF-8 (utf-8(7)): a byte that is part of no valid character becomes `\xNN`. A byte order mark stays.
 * The result is not sanitised otherwise.
 */
export function decode(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return text.includes('\ufffd') ? decodeBroken(bytes) : text;
}

function decodeBroken(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let out = '';
  let start = 0;
  let at = 0;
  while (at < buffer.length) {
    const size = characterSize(buffer, at);
    if (size === 0) {
      out += buffer.toString('utf8', start, at);
      out += `\\x${(buffer[at] ?? 0).toString(16).padStart(2, '0')}`;
      start = at + 1;
    }
    at += size || 1;
  }
  return out + buffer.toString('utf8', start, at);
}

/** Bytes of the well-formed character at `at` (Unicode, table 3-7: no overlong forms, no surrogates, not above U+10FFFF), else 0. */
function characterSize(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const size =
    lead >= 0xc2 && lead <= 0xdf
      ? 2
      : lead >= 0xe0 && lead <= 0xef
        ? 3
        : lead >= 0xf0 && lead <= 0xf4
          ? 4
          : 0;
  if (size === 0) return 0;
  const second = bytes[at + 1] ?? 0;
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let i = 2; i < size; i++) {
    const next = bytes[at + i] ?? 0;
    if (next < 0x80 || next > 0xbf) return 0;
  }
  return size;
}

/**
 * The last guard before a terminal, for one styled line: SGR sequences (`ESC [ digits and ; m`) stay, every other control,
 * bidi, zero-width or invisible character becomes visible. What a careful view made passes unchanged.
 */
export function onlySgr(line: string): string {
  return PRINTABLE_ASCII.test(line)
    ? line
    : line.replace(SGR_OR_UNSEEN, (found: string, sgr: string | undefined) => sgr ?? visible(found));
}
