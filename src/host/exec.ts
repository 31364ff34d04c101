// Starts commands: in a process group of their own, with a time limit that holds, streamed as lines. The only file that imports execa.
// Runs no shell, and knows nothing of what the commands are for.
import type { ChildProcess } from 'node:child_process';
import { cleanLines } from '../text/lines.ts';
import { clean, decode } from '../text/sanitize.ts';

/** Where tools are on every Linux host. A user's PATH may lack the sbin directories, or be bare under a service manager. */
export const TOOL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface CommandLine {
  readonly stream: 'stdout' | 'stderr';
  /** Sanitised, without its newline. */
  readonly text: string;
}

export interface StartOptions {
  /** The whole environment of the command; if not given this program's own, its PATH extended by TOOL_PATH. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Milliseconds after which the whole group is killed. None if not given. */
  readonly timeoutMs?: number;
  /** Kills the whole group when it aborts. */
  readonly signal?: AbortSignal;
  /** Gets each line as it comes; lines beyond `maxLines` are counted, not given. */
  readonly onLine?: (line: CommandLine) => void;
  readonly maxLines?: number;
}

export interface CommandEnd {
  /** Exit status; 128+N where signal N ended it, 127 where there is no such command, 126 where it may not be executed. */
  readonly exit: number;
  readonly timedOut: boolean;
  readonly aborted: boolean;
  /** It was killed and has not ended (frozen, or in an uninterruptible sleep): it may end later. `exit` is 137 then. */
  readonly stuck: boolean;
  /** Lines that came after `maxLines`. */
  readonly dropped: number;
  /** Why it could not be started; null where it was. */
  readonly failure: string | null;
}

export interface Running {
  /** Leader of the group and of the session; 0 where it could not be started. */
  readonly pid: number;
  readonly ended: Promise<CommandEnd>;
  /** SIGKILL to the whole group. Does nothing once the leader has ended. */
  kill(): void;
}

/** A longer line is cut there: what is shown is a pane, and the writer may be hostile. */
const LONGEST_LINE = 4096;
const MOST_LINES = 5000;
/** How long a pipe that a grandchild holds open is read on after the command has ended. */
const DRAIN_MS = 100;
/** How long a killed leader may take to end before it is given up as stuck. */
const STUCK_MS = 2000;

const SIGNALS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

/** Leaders of groups that still run: killed when this program exits. */
const groups = new Set<number>();
let watching = false;

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // ESRCH: it has ended by itself.
  }
}

function watchExit(): void {
  if (watching) return;
  watching = true;
  process.on('exit', () => {
    for (const leader of groups) killGroup(leader);
  });
}

/** Cuts a stream of bytes into lines; a last line without a newline is given at the end. */
function lineCutter(give: (text: string) => void): { push(chunk: Buffer): void; end(): void } {
  let rest = Buffer.alloc(0);
  let cut = false;
  const emit = (bytes: Buffer) => {
    if (!cut) for (const line of cleanLines(`${decode(bytes.subarray(0, LONGEST_LINE))}\n`)) give(line);
    cut = false;
  };
  return {
    push(chunk) {
      let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (let at = data.indexOf(10); at !== -1; at = data.indexOf(10)) {
        emit(data.subarray(0, at));
        data = data.subarray(at + 1);
      }
      if (data.length > LONGEST_LINE) {
        emit(data);
        cut = true;
        data = Buffer.alloc(0);
      }
      rest = Buffer.from(data);
    },
    end() {
      if (rest.length > 0) emit(rest);
      rest = Buffer.alloc(0);
    },
  };
}

interface Spawned {
  readonly child: ChildProcess;
  /**
   * The end of the child by its `exit` event: execa's own promise waits for every grandchild that holds a pipe, and
   * serves here only where nothing could be started.
   */
  readonly exited: Promise<{ exit: number; failure: string | null }>;
}

/** The subprocess is a thenable: it is handed on inside an object, or `await` would wait for its end. */
function ownPath(): string {
  const own = process.env['PATH'] ?? '';
  return own === '' ? TOOL_PATH : `${own}:${TOOL_PATH}`;
}

async function spawn(argv: readonly string[], options: StartOptions): Promise<Spawned> {
  const { execa } = await import('execa');
  const [file = '', ...args] = argv;
  const child = execa(file, args, {
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stripFinalNewline: false,
    encoding: 'buffer',
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    ...(options.env === undefined ? { env: { PATH: ownPath() } } : { env: options.env, extendEnv: false }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const exited = new Promise<{ exit: number; failure: string | null }>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ exit: code ?? 128 + (signal === null ? 0 : (SIGNALS[signal] ?? 0)), failure: null });
    });
    void child.then((result) => {
      if (child.pid !== undefined) return;
      resolve({
        exit: result.code === 'EACCES' ? 126 : 127,
        failure: clean(result.originalMessage ?? 'not started'),
      });
    });
  });
  return { child, exited };
}

/**
 * Starts a command in a session of its own (setsid(2)), stdin from /dev/null. Never throws for what the command does or
 * is not: a command that cannot be started ends with `failure`. If this program exits, the group is killed (by SIGKILL
 * of this program it is not: use setpriv --pdeathsig for that).
 */
export async function start(argv: readonly string[], options: StartOptions = {}): Promise<Running> {
  watchExit();
  const { child, exited } = await spawn(argv, options);
  const pid = child.pid ?? 0;
  const most = options.maxLines ?? MOST_LINES;
  let given = 0;
  let dropped = 0;
  let timedOut = false;
  let aborted = false;
  let over = false;

  let givenUp: NodeJS.Timeout | undefined;
  let giveUp: () => void = () => undefined;
  const stuckAfterKill = new Promise<'stuck'>((resolve) => {
    giveUp = () => resolve('stuck');
  });

  const kill = () => {
    if (pid === 0 || over) return;
    killGroup(pid);
    givenUp ??= setTimeout(giveUp, STUCK_MS);
  };
  const abort = () => {
    aborted = true;
    kill();
  };

  const cutters = (['stdout', 'stderr'] as const).map((stream) => {
    const cutter = lineCutter((text) => {
      if (given >= most) {
        dropped += 1;
        return;
      }
      given += 1;
      options.onLine?.({ stream, text });
    });
    const pipe = child[stream];
    pipe?.on('data', (chunk: Buffer) => cutter.push(chunk));
    const closed = new Promise<void>((resolve) => {
      if (pipe === null) resolve();
      pipe?.once('close', () => resolve());
    });
    return { cutter, closed, pipe };
  });

  if (pid !== 0) groups.add(pid);
  const timer =
    options.timeoutMs === undefined
      ? null
      : setTimeout(() => {
          timedOut = true;
          kill();
        }, options.timeoutMs);
  if (options.signal?.aborted === true) abort();
  options.signal?.addEventListener('abort', abort, { once: true });

  const ended = (async (): Promise<CommandEnd> => {
    void exited.then(() => {
      over = true;
      groups.delete(pid);
    });
    const first = await Promise.race([exited, stuckAfterKill]);
    const { exit, failure } = first === 'stuck' ? { exit: 137, failure: null } : first;
    clearTimeout(givenUp);
    if (timer !== null) clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
    let drained: NodeJS.Timeout | undefined;
    await Promise.race([
      Promise.all(cutters.map(({ closed }) => closed)),
      new Promise<void>((resolve) => {
        // A busy program comes to its timers late and before its pipes: what waits in them is read once more (a round of the event loop each).
        const lookOnce = () => setImmediate(() => setImmediate(resolve));
        drained = setTimeout(lookOnce, failure === null ? DRAIN_MS : 0);
      }),
    ]);
    clearTimeout(drained);
    for (const { cutter, pipe } of cutters) {
      cutter.end();
      pipe?.destroy();
    }
    return { exit, timedOut, aborted, stuck: first === 'stuck', dropped, failure };
  })();
  return { pid, ended, kill };
}

export interface RunResult {
  /** Lines joined by newlines, sanitised. */
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly timedOut: boolean;
}

/** Runs a command to its end and collects its output. `exitCode` is 127 where there is no such command. */
export async function run(
  file: string,
  args: readonly string[],
  options: {
    readonly timeoutMs?: number;
    readonly env?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  } = {},
): Promise<RunResult> {
  const lines = { stdout: [] as string[], stderr: [] as string[] };
  const { ended } = await start([file, ...args], {
    ...options,
    timeoutMs: options.timeoutMs ?? 10_000,
    maxLines: 200_000,
    onLine: ({ stream, text }) => lines[stream].push(text),
  });
  const end = await ended;
  return {
    stdout: lines.stdout.join('\n'),
    stderr: end.failure ?? lines.stderr.join('\n'),
    exitCode: end.exit,
    timedOut: end.timedOut,
  };
}
