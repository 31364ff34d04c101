// The bytes that a terminal sends, in pieces: reports of the mouse, the key that leads out of a shell, and all else. Pure.
// Bytes stand in strings with a character for each (latin1).

export interface Piece {
  /** `mouse`: a report, which is for the panes whoever has the keys. `out`: the key that gives them back. */
  readonly kind: 'keys' | 'mouse' | 'out';
  readonly bytes: string;
}

/** The keys that lead out by the names that keymap.ts has: Ctrl-] as in telnet(1), F12 where that is out of reach on a keyboard. */
const OUT: Readonly<Record<string, string>> = { '\x1d': 'C-]', '\x1b[24~': 'f12' };

/** The name of a piece that leads out. */
export function outKey(bytes: string): string {
  return OUT[bytes] ?? '';
}

/** F12 and the mouse in SGR mode (1006) by xterm's ctlseqs. */
const OURS = /\x1d|\x1b\[24~|\x1b\[<[\d;]*[Mm]/g;
const UNFINISHED = /\x1b\[<[\d;]*$/;

/** What was typed, in order. `rest`: the head of a report, to stand before what comes next. */
export function piecesOf(bytes: string): { readonly pieces: readonly Piece[]; readonly rest: string } {
  const rest = UNFINISHED.exec(bytes)?.[0] ?? '';
  const whole = bytes.slice(0, bytes.length - rest.length);
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: found, index } of whole.matchAll(OURS)) {
    if (index > from) pieces.push({ kind: 'keys', bytes: whole.slice(from, index) });
    pieces.push({ kind: OUT[found] === undefined ? 'mouse' : 'out', bytes: found });
    from = index + found.length;
  }
  if (from < whole.length) pieces.push({ kind: 'keys', bytes: whole.slice(from) });
  return { pieces, rest };
}

/** Cursor keys as the shell's terminal sends them, whose mode (DECCKM) is its own and not that of the terminal before us. */
export function cursorKeys(bytes: string, application: boolean): string {
  return bytes.replace(/\x1b[[O]([A-DHF])/g, `\x1b${application ? 'O' : '['}$1`);
}
