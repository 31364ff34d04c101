// A terminal in small for tests: each visible character of a line with the styles that are on when it is drawn.

export interface Cell {
  readonly text: string;
  /** Numbers of the flags that are on, ascending. */
  readonly flags: string;
  /** The foreground as its SGR parameters; empty for the default. */
  readonly foreground: string;
}

const RESET_OF: Readonly<Record<string, string>> = { '1': '22', '2': '22', '3': '23', '4': '24', '7': '27' };

/** `blessed`: any of 22, 24 and 27 ends all flags (lib/widgets/screen.js, attrCode). */
export function cells(
  line: string,
  kind: 'terminal' | 'blessed' = 'terminal',
): { cells: Cell[]; open: boolean } {
  const drawn: Cell[] = [];
  let flags = new Set<string>();
  let foreground = '';
  for (const [piece, parameters] of line.matchAll(/\x1b\[([\d;]*)m|[\s\S]/gu)) {
    if (parameters === undefined) {
      drawn.push({ text: piece, flags: [...flags].sort().join(' '), foreground });
    } else if (parameters === '39') {
      foreground = '';
    } else if (RESET_OF[parameters] !== undefined) {
      flags.add(parameters);
    } else if (Object.values(RESET_OF).includes(parameters)) {
      flags = new Set(kind === 'blessed' ? [] : [...flags].filter((flag) => RESET_OF[flag] !== parameters));
    } else if (/^(?:38;5;\d+|3[0-7])$/.test(parameters)) {
      foreground = parameters;
    } else {
      throw new Error(`an SGR sequence that no style uses: ${parameters}`);
    }
  }
  return { cells: drawn, open: flags.size > 0 || foreground !== '' };
}

export function plain(line: string): string {
  return line.replace(/\x1b\[[\d;]*m/g, '');
}
