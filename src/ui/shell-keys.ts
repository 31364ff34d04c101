// The bytes that a terminal sends, sorted: what is the shell's, what the panes', and the key that leads from the one to the others. Pure.
// Bytes stand in strings with a character for each (latin1).

export type Typed =
  | { readonly to: 'shell' | 'panes'; readonly bytes: string }
  /** The key that leads out; by the name that keymap.ts has. */
  | { readonly to: 'out'; readonly key: string };

/** Ctrl-] as telnet(1) has it; F12 for keyboards on which that is out of reach (xterm's ctlseqs). */
const OUT: Readonly<Record<string, string>> = { '\x1d': 'C-]', '\x1b[24~': 'f12' };

/** A report of the mouse in SGR mode (1006): the panes know what is under it. */
const OURS = /\x1d|\x1b\[24~|\x1b\[<[\d;]*[Mm]/g;
const UNFINISHED = /\x1b\[<[\d;]*$/;

/** What was typed while the shell has the keys; behind the key that leads out all is the panes'. `rest`: the head of a report, to stand before what comes next. */
export function sortedForShell(bytes: string): { readonly typed: readonly Typed[]; readonly rest: string } {
  const rest = UNFINISHED.exec(bytes)?.[0] ?? '';
  const whole = bytes.slice(0, bytes.length - rest.length);
  const typed: Typed[] = [];
  let from = 0;
  for (const { 0: found, index } of whole.matchAll(OURS)) {
    if (index > from) typed.push({ to: 'shell', bytes: whole.slice(from, index) });
    from = index + found.length;
    const key = OUT[found];
    if (key === undefined) typed.push({ to: 'panes', bytes: found });
    else {
      typed.push({ to: 'out', key });
      if (from < bytes.length) typed.push({ to: 'panes', bytes: bytes.slice(from) });
      return { typed, rest: '' };
    }
  }
  if (from < whole.length) typed.push({ to: 'shell', bytes: whole.slice(from) });
  return { typed, rest };
}

/** Cursor keys as the shell's terminal sends them, whose mode (DECCKM) is its own and not that of the terminal before us. */
export function cursorKeys(bytes: string, application: boolean): string {
  return bytes.replace(/\x1b[[O]([A-DHF])/g, `\x1b${application ? 'O' : '['}$1`);
}
