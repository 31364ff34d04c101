// A real program in a real pseudo terminal, with a real screen buffer, driven by key names. Knows nothing of what the program shows.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { descendants, endAll, runToEnd, until, within } from '../../support/process.ts';
import { removeTemp, tempDir } from '../../support/temp.ts';
import { bytesOf } from './keys.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export interface TuiOptions {
  /** Arguments of nscope. */
  readonly args?: readonly string[];
  /** The program and its first arguments, in place of `node dist/cli.js`. */
  readonly command?: readonly string[];
  readonly cols?: number;
  readonly rows?: number;
  /** Set, or removed where undefined, in the program's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

/** A colour as a program asked for it: the terminal's own, one of 256, or 0xRRGGBB. */
export type Colour = 'default' | { readonly palette: number } | { readonly rgb: number };

export interface Cell {
  /** One character with its combining marks; a space where nothing was drawn, empty for the right half of a wide one. */
  readonly chars: string;
  /** Columns: 1, 2 for a wide character, 0 for its right half. */
  readonly width: number;
  readonly fg: Colour;
  readonly bg: Colour;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

export interface Exit {
  readonly code: number;
  /** Number of the signal that ended it, 0 if none did. */
  readonly signal: number;
}

export interface Tui {
  readonly pid: number;
  /** HOME and XDG_STATE_HOME of the program, removed by `close`. */
  readonly home: string;
  /** The screen as lines, without blanks at their ends. */
  text(): string;
  /** The screen, row by row. */
  cells(): Cell[][];
  /** Column and row of the cursor, from 0. */
  cursor(): { readonly x: number; readonly y: number };
  /** Whether the program is in the alternate screen, and so has not given the terminal back. */
  isAlternate(): boolean;
  /** Waits until the screen's text matches; its text then. Throws with the screen after `ms` milliseconds. */
  waitFor(what: string | RegExp | ((text: string) => boolean), ms?: number): Promise<string>;
  /** Waits until the program has written nothing for `quietMs`; for pictures: a test waits for something that it can see. */
  settle(quietMs?: number, ms?: number): Promise<void>;
  /** Keys by their names (keys.ts). Esc must be the last of a call: with bytes behind it, it is read as the head of a sequence. */
  press(...keys: readonly string[]): void;
  /** Text as it is. */
  type(text: string): void;
  /** A click of the left button; column and row from 0 (SGR mouse mode). */
  click(x: number, y: number): void;
  resize(cols: number, rows: number): void;
  /** Called when the screen shows what the program wrote, with the time of its arrival (performance.now()). Returns the way to stop it. */
  onDrawn(listener: (arrivedAt: number) => void): () => void;
  /** Every byte that the program wrote so far, decoded as UTF-8. */
  raw(): string;
  readonly exit: Promise<Exit>;
  /** A signal to the program alone; SIGTERM if none is named. */
  kill(signal?: NodeJS.Signals): void;
  /** Closes the terminal, as a window that is closed: the program gets SIGHUP, and its reads and writes fail. */
  hangUp(): void;
  /** Ends the program and its descendants, by their pids, and removes its directories. */
  close(): Promise<void>;
}

/** Starts the program in a terminal of 80×24 (xterm, 256 colours, UTF-8) with a home and a state directory of its own. */
export function openTui(options: TuiOptions = {}): Tui {
  const [file = '', ...first] = options.command ?? [process.execPath, 'dist/cli.js'];
  const home = tempDir('tui-');
  const size = { cols: options.cols ?? 80, rows: options.rows ?? 24 };
  const env = environment(home, options.env ?? {});
  const program = spawn(file, [...first, ...(options.args ?? [])], {
    ...size,
    name: env['TERM'] ?? 'dumb',
    cwd: options.cwd ?? ROOT,
    env,
    encoding: null,
  });
  const screen = new xterm.Terminal({ ...size, allowProposedApi: true, scrollback: 1000 });
  const chunks: Buffer[] = [];
  const listeners = new Set<(arrivedAt: number) => void>();
  let lastWrite = performance.now();
  program.onData((data: string | Buffer) => {
    const chunk = Buffer.from(data);
    chunks.push(chunk);
    const arrivedAt = performance.now();
    lastWrite = arrivedAt;
    screen.write(chunk, () => {
      for (const listener of listeners) listener(arrivedAt);
    });
  });
  // What a terminal answers to questions (cursor position, device attributes).
  screen.onData((answer) => program.write(answer));

  let ended = false;
  const exit = new Promise<Exit>((resolve) => {
    program.onExit(({ exitCode, signal }) => {
      ended = true;
      // The screen must have drawn all of it before a test looks.
      screen.write('', () => resolve({ code: exitCode, signal: signal ?? 0 }));
    });
  });

  const text = (): string =>
    Array.from({ length: screen.rows }, (_, y) => lineOf(screen, y)?.translateToString(true) ?? '').join(
      '\n',
    );

  const write = (bytes: string): void => {
    if (ended) throw new Error(`the program has ended:\n${text()}`);
    program.write(bytes);
  };

  return {
    pid: program.pid,
    home,
    text,
    cells: () => Array.from({ length: screen.rows }, (_, y) => cellsOf(screen, y)),
    cursor: () => ({ x: screen.buffer.active.cursorX, y: screen.buffer.active.cursorY }),
    isAlternate: () => screen.buffer.active.type === 'alternate',
    async waitFor(what, ms = 10_000) {
      const matches = (now: string): boolean =>
        typeof what === 'string' ? now.includes(what) : what instanceof RegExp ? what.test(now) : what(now);
      const name = typeof what === 'function' ? 'the screen that was asked for' : String(what);
      try {
        // Wrapped, since an empty screen is a text too.
        const found = await until(name, () => (matches(text()) ? { text: text() } : undefined), ms);
        return found.text;
      } catch (error) {
        const state = ended ? 'the program has ended' : 'the program runs';
        throw new Error(`${String(error)}; ${state}, and the screen is:\n${text()}`, { cause: error });
      }
    },
    async settle(quietMs = 300, ms = 10_000) {
      await until('a quiet screen', () => ended || performance.now() - lastWrite > quietMs, ms);
      await new Promise<void>((resolve) => screen.write('', resolve));
    },
    press(...keys) {
      if (keys.slice(0, -1).includes('Esc')) throw new Error('Esc must be the last key of a press()');
      for (const key of keys) write(bytesOf(key, screen.modes.applicationCursorKeysMode));
    },
    type: write,
    click(x, y) {
      write(`\u001B[<0;${x + 1};${y + 1}M`);
      write(`\u001B[<0;${x + 1};${y + 1}m`);
    },
    resize(cols, rows) {
      program.resize(cols, rows);
      screen.resize(cols, rows);
    },
    onDrawn(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    raw: () => Buffer.concat(chunks).toString(),
    exit,
    kill(signal = 'SIGTERM') {
      if (!ended) process.kill(program.pid, signal);
    },
    hangUp() {
      // Every terminal of node-pty has it; its types do not tell.
      (program as typeof program & { destroy(): void }).destroy();
    },
    async close() {
      if (!ended) {
        const family = descendants(program.pid);
        try {
          process.kill(program.pid, 'SIGKILL');
        } catch {
          // It has ended, and its terminal has not told yet.
        }
        await within(exit, 5000, 'the end of the program in the terminal');
        await endAll(family);
      }
      screen.dispose();
      // A test that failed in mid-lesson leaves a lab: its journal is in the home that goes now.
      if (existsSync(join(home, 'nscope', 'labs'))) {
        await runToEnd([process.execPath, join(ROOT, 'dist', 'cli.js'), 'cleanup'], {
          env: { XDG_STATE_HOME: home },
        });
      }
      removeTemp(home);
    },
  };
}

/** Opens a terminal program, hands it to `fn`, and ends it afterwards, whatever `fn` did. */
export async function withTui<T>(options: TuiOptions, fn: (tui: Tui) => T | Promise<T>): Promise<T> {
  const tui = openTui(options);
  try {
    return await fn(tui);
  } finally {
    await tui.close();
  }
}

/** Settings of the developer's that would change what the program draws. */
const UNWANTED = ['NO_COLOR', 'FORCE_COLOR', 'COLORTERM', 'TMUX', 'LINES', 'COLUMNS'];

function environment(home: string, wanted: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const all = {
    ...process.env,
    ...Object.fromEntries(UNWANTED.map((name) => [name, undefined])),
    TERM: 'xterm-256color',
    LC_ALL: 'C.UTF-8',
    HOME: home,
    XDG_STATE_HOME: home,
    ...wanted,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function lineOf(screen: xterm.Terminal, y: number): ReturnType<typeof screen.buffer.active.getLine> {
  return screen.buffer.active.getLine(screen.buffer.active.baseY + y);
}

function cellsOf(screen: xterm.Terminal, y: number): Cell[] {
  const line = lineOf(screen, y);
  return Array.from({ length: screen.cols }, (_, x): Cell => {
    const cell = line?.getCell(x);
    if (cell === undefined) return BLANK;
    const fg = cell.getFgColor();
    const bg = cell.getBgColor();
    return {
      chars: cell.getChars() || (cell.getWidth() === 0 ? '' : ' '),
      width: cell.getWidth(),
      fg: cell.isFgRGB() ? { rgb: fg } : cell.isFgPalette() ? { palette: fg } : 'default',
      bg: cell.isBgRGB() ? { rgb: bg } : cell.isBgPalette() ? { palette: bg } : 'default',
      bold: cell.isBold() !== 0,
      dim: cell.isDim() !== 0,
      italic: cell.isItalic() !== 0,
      underline: cell.isUnderline() !== 0,
      inverse: cell.isInverse() !== 0,
    };
  });
}

const BLANK: Cell = {
  chars: ' ',
  width: 1,
  fg: 'default',
  bg: 'default',
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
};
