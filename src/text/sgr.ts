// Roles of text and how each is painted with SGR codes (console_codes(4), ECMA-48) for what the terminal can show.
// Which mode a terminal gets is decided elsewhere; no role is told by colour alone, the signs beside it say the same.

export type Role =
  | 'title'
  | 'dim'
  | 'strong'
  | 'good'
  | 'bad'
  | 'warn'
  | 'host'
  | 'box'
  | 'changed'
  | 'selected'
  | 'code'
  | 'link';

/** Text in a role. A text that holds painted parts keeps its own style after each of them. */
export type Paint = (role: Role, text: string) => string;

/** `none`: no SGR at all, for pipes; `mono`: bold, faint, underline and reverse (NO_COLOR in the terminal program). */
export type PaintMode = 'none' | 'mono' | '16' | '256';

type Style = readonly string[];

const BOLD = '1';
const FAINT = '2';
const UNDERLINE = '4';
const REVERSE = '7';
const colour = (index: number): string => `38;5;${index}`;

/**
 * Colours 16 to 256 alone, as the first 16 are the theme's; each is readable on black and on white (a contrast of 3 or more).
 */
const STYLES_256: Readonly<Record<Role, Style>> = {
  title: [BOLD],
  dim: [colour(243)],
  strong: [BOLD],
  good: [colour(28)],
  bad: [BOLD, colour(160)],
  warn: [colour(130)],
  host: [colour(31)],
  box: [colour(133)],
  changed: [BOLD, colour(166)],
  selected: [REVERSE],
  code: [colour(30)],
  link: [UNDERLINE, colour(32)],
};

const STYLES_16: Readonly<Record<Role, Style>> = {
  title: [BOLD],
  // Bright black is invisible on some dark themes; blessed shows SGR 2 as plain text.
  dim: [FAINT],
  strong: [BOLD],
  good: ['32'],
  bad: [BOLD, '31'],
  warn: ['33'],
  host: ['36'],
  box: ['35'],
  changed: [BOLD, '33'],
  selected: [REVERSE],
  code: ['36'],
  link: [UNDERLINE, '36'],
};

const STYLES_MONO: Readonly<Record<Role, Style>> = {
  title: [BOLD],
  dim: [FAINT],
  strong: [BOLD],
  good: [],
  bad: [BOLD],
  warn: [UNDERLINE],
  host: [],
  box: [BOLD],
  changed: [BOLD, UNDERLINE],
  selected: [REVERSE],
  code: [],
  link: [UNDERLINE],
};

const RESETS: Readonly<Record<string, string>> = {
  [BOLD]: '22',
  [FAINT]: '22',
  [UNDERLINE]: '24',
  [REVERSE]: '27',
};
const FOREGROUND_RESET = '39';

const sgr = (code: string): string => `\x1b[${code}m`;
const resetOf = (code: string): string => RESETS[code] ?? FOREGROUND_RESET;

/**
 * The painter of a mode. `none` returns every text as it is, `selected` too: a plain view marks its selection with a sign.
 * Each style is ended by its own reset (22, 24, 27, 39), never by 0, so paints nest.
 */
export function paintFor(mode: PaintMode): Paint {
  if (mode === 'none') return (_role, text) => text;
  const styles = mode === '256' ? STYLES_256 : mode === '16' ? STYLES_16 : STYLES_MONO;
  return (role, text) => {
    const style = styles[role];
    if (style.length === 0 || text === '') return text;
    const open = style.map(sgr).join('');
    const close = [...new Set(style.map(resetOf).toReversed())].map(sgr).join('');
    return open + reopen(text, style) + close;
  };
}

/** The text with the style opened anew wherever a part inside ends a style that would take ours with it. */
function reopen(text: string, style: Style): string {
  if (!text.includes('\x1b')) return text;
  const flags = style
    .filter((code) => resetOf(code) !== FOREGROUND_RESET)
    .map(sgr)
    .join('');
  const foreground = style
    .filter((code) => resetOf(code) === FOREGROUND_RESET)
    .map(sgr)
    .join('');
  // blessed 0.1.81 ends every flag at any of 22, 24 and 27 (screen.js, attrCode), so all flags are opened again.
  return text.replace(
    /\x1b\[(22|24|27|39)m/g,
    (reset, code: string) => reset + (code === FOREGROUND_RESET ? foreground : flags),
  );
}

/** A style that a line has opened: the sequence that did, and the number of the reset that ends it. */
export interface OpenStyle {
  readonly open: string;
  readonly reset: string;
}

const KNOWN_RESETS = new Set(['22', '23', '24', '25', '27', '28', '29', '39', '49']);
const ATTRIBUTE = /[34]8;5;\d+|[34]8;2;\d+;\d+;\d+|\d+/g;

/** The styles that are open after one more SGR sequence (`ESC [ … m`), in the order of their opening. */
export function afterSgr(open: readonly OpenStyle[], sequence: string): readonly OpenStyle[] {
  const attributes = sequence.match(ATTRIBUTE) ?? ['0'];
  return attributes.reduce<readonly OpenStyle[]>((now, code) => {
    if (Number(code) === 0) return [];
    if (KNOWN_RESETS.has(code)) return now.filter((style) => style.reset !== code);
    const reset = resetOfAny(code);
    const flag = reset !== '39' && reset !== '49';
    const kept = now.filter((style) => (flag ? style.open !== sgr(code) : style.reset !== reset));
    return [...kept, { open: sgr(code), reset }];
  }, open);
}

/** The sequences that end these styles, the last opened first. */
export function closingSgr(open: readonly OpenStyle[]): string {
  return [...new Set(open.map((style) => style.reset).toReversed())].map(sgr).join('');
}

/** Faint shares bold's reset; 3 italic, 5 blink, 8 hidden and 9 struck are 20 less than theirs; the rest are colours. */
function resetOfAny(code: string): string {
  if (RESETS[code] !== undefined) return RESETS[code];
  if (/^[3589]$/.test(code)) return String(Number(code) + 20);
  return /^(?:4|10)/.test(code) ? '49' : '39';
}
