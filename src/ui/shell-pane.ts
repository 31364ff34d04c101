// A shell in a pane: a pseudo terminal, and the screen that a terminal would show of it (both optional packages, loaded when the first shell is opened).
// What it writes goes into that screen and nowhere else.
import type { IPty } from '@lydell/node-pty';
import type { Terminal } from '@xterm/headless';
import type { ShellScreen } from '../app/state.ts';
import type { OpenShell, PaneShell, PaneShells } from './front.ts';
import { linesOf } from './shell-cells.ts';
import { cursorKeys } from './shell-keys.ts';

/** The terminal that xterm is. */
export const PANE_TERM = 'xterm-256color';

/** Lines that can be scrolled back to. */
const SCROLLBACK = 2_000;
/** Milliseconds between two drawings: a shell can write without end. */
const DRAW_EVERY_MS = 25;
/** Bytes that wait to be put on the screen before the shell has to wait; and when it goes on. */
const MUCH = 256 * 1024;
const LITTLE = 32 * 1024;

/** null where the packages are not installed or do not load here. */
export async function loadPaneShells(): Promise<PaneShells | null> {
  try {
    const [{ spawn }, { default: xterm }] = await Promise.all([
      import('@lydell/node-pty'),
      import('@xterm/headless'),
    ]);
    return (open) => paneShell(open, spawn, xterm.Terminal);
  } catch {
    return null;
  }
}

function paneShell(
  { argv, banner, size, onScreen, onOutput, ownDescriptor }: OpenShell,
  spawn: typeof import('@lydell/node-pty').spawn,
  XtermTerminal: typeof Terminal,
): PaneShell {
  const [file = 'sh', ...words] = argv;
  const child = spawn(file, words, { ...size, name: PANE_TERM, env: environment(), encoding: null });
  ownDescriptor(descriptorOf(child));
  // It logs to the console, which is the program's screen.
  const settings = { allowProposedApi: true, logLevel: 'off', scrollback: SCROLLBACK } as const;
  const screen = new XtermTerminal({ ...size, ...settings });
  let cursor = true;
  watchCursor(screen, (shown) => {
    cursor = shown;
  });
  let drawing: NodeJS.Timeout | null = null;
  let drawn = 0;
  let waiting = 0;
  let ended = false;
  let over = false;

  const screenNow = (): ShellScreen => {
    const buffer = screen.buffer.active;
    return {
      lines: linesOf(buffer, screen, cursor && !ended),
      back: buffer.baseY - buffer.viewportY,
    };
  };
  const drawNow = (): void => {
    drawing = null;
    drawn = performance.now();
    if (!over) onScreen(screenNow());
  };
  const draw = (): void => {
    drawing ??= setTimeout(drawNow, Math.max(0, drawn + DRAW_EVERY_MS - performance.now()));
  };

  screen.write(`\x1b[36m${banner.join('\r\n')}\x1b[39m\r\n`, draw);
  child.onData((data: string | Buffer) => {
    const chunk = Buffer.from(data);
    waiting += chunk.length;
    if (waiting > MUCH) child.pause();
    screen.write(chunk, () => {
      waiting -= chunk.length;
      if (waiting < LITTLE && !ended) child.resume();
      draw();
    });
    onOutput();
  });
  // What a terminal answers to questions: where the cursor is, what it can do.
  screen.onData((answer) => {
    if (!ended) child.write(answer);
  });
  const exit = new Promise<void>((resolve) => {
    child.onExit(() => {
      ended = true;
      // Its last words first.
      screen.write('', () => {
        if (drawing !== null) clearTimeout(drawing);
        drawNow();
        resolve();
      });
    });
  });

  return {
    pid: child.pid,
    ended: exit,
    type(bytes) {
      if (ended) return;
      screen.scrollToBottom();
      const keys = cursorKeys(bytes, screen.modes.applicationCursorKeysMode);
      // As bytes, which it takes whatever its types say: a chunk can end within a character.
      child.write(Buffer.from(keys, 'latin1') as unknown as string);
    },
    scroll(lines) {
      if (screen.buffer.active.type === 'normal') screen.scrollLines(lines);
      // A program with the whole screen has its own way to scroll: xterm sends it cursor keys (its alternateScroll).
      else this.type((lines < 0 ? '\x1b[A' : '\x1b[B').repeat(Math.abs(lines)));
      draw();
    },
    resize(to) {
      if (to.cols === screen.cols && to.rows === screen.rows) return;
      screen.resize(to.cols, to.rows);
      if (!ended) child.resize(to.cols, to.rows);
      draw();
    },
    close() {
      over = true;
      if (drawing !== null) clearTimeout(drawing);
      screen.dispose();
    },
  };
}

/** Of the terminal before us nothing is true of the shell's. */
function environment(): Record<string, string> {
  const foreign = [
    'COLORTERM',
    'COLUMNS',
    'LINES',
    'TMUX',
    'TMUX_PANE',
    'STY',
    'WINDOW',
    'WINDOWID',
    'TERMCAP',
  ];
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || foreign.includes(name) ? [] : [[name, value] as const],
  );
  return Object.fromEntries(own);
}

/** Every terminal of node-pty on Linux has its descriptor; the types do not tell. */
function descriptorOf(child: IPty): number {
  return (child as IPty & { readonly fd: number }).fd;
}

/** DECTCEM: xterm's public screen does not tell whether the cursor is hidden. */
function watchCursor(screen: Terminal, onChange: (shown: boolean) => void): void {
  for (const final of ['h', 'l'] as const) {
    screen.parser.registerCsiHandler({ prefix: '?', final }, (params) => {
      if (params.includes(25)) onChange(final === 'h');
      return false;
    });
  }
}
