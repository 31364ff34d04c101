// The one shell that is open: in its pane where one can be shown, else on the terminal itself. What the pane looks like is app/'s and view/'s.
import type { Action } from '../app/actions.ts';
import { innerRect, layoutNow } from '../app/layout.ts';
import { shellStep, typesIntoShell } from '../app/shell.ts';
import type { AppState, ShellPlace } from '../app/state.ts';
import type { ShellCommand } from '../lab/types.ts';
import { type Message, say } from '../text/lang.ts';
import { cleanLines } from '../text/lines.ts';
import { placeName } from '../view/shell.ts';
import type { Front, PaneShell, PaneShells, PaneSize, RunningShell, ShellKeys } from './front.ts';
import type { ShellMaker } from './options.ts';
import { PANE_TERM } from './shell-pane.ts';

/** What was typed shows in the other panes when the shell has said nothing for so long. */
const QUIET_MS = 150;

const BACK: Message = {
  en: 'nscope: a shell in {place}; exit or Ctrl-D goes back',
  'zh-CN': 'nscope：已进入 {place} 的 shell；输入 exit 或按 Ctrl-D 返回',
};

export interface Shells {
  /** True while a shell has the whole terminal: nothing is shown, nothing typed is the program's. */
  hasTerminal(): boolean;
  /** Opens one, unless there is one. Settles when it runs in its pane, or has given the terminal back. @throws UserError where it cannot be. */
  open(place: ShellPlace): Promise<void>;
  readonly keys: ShellKeys;
  scroll(lines: number): void;
  /** Gives the shell's terminal the size of its pane. */
  fit(): void;
  /** Ends it and all that runs in its session; settles when they are gone. */
  end(): Promise<void>;
}

export interface ShellsOptions {
  readonly front: () => Front;
  readonly state: () => AppState;
  readonly send: (action: Action) => void;
  readonly maker: ShellMaker;
  /** A shell inside an actor of the lesson that is open. */
  readonly inActor: (name: string, term: string | null) => ShellCommand | null;
  /** The program ends: what was asked for before is not opened any more, the terminal is not taken back. */
  readonly ending: () => boolean;
  /** The shell has been quiet for a moment, or has given the terminal back. */
  readonly onQuiet: () => void;
}

export function shells(options: ShellsOptions): Shells {
  const { send, maker, state } = options;
  let pane: PaneShell | null = null;
  let onTerminal: RunningShell | null = null;
  let opening = false;
  let quiet: NodeJS.Timeout | null = null;
  /** Shells that are being ended: the program waits for them. */
  let closing: Promise<void> = Promise.resolve();

  const heard = (): void => {
    if (quiet !== null) clearTimeout(quiet);
    quiet = setTimeout(options.onQuiet, QUIET_MS);
  };

  const close = (shell: PaneShell): Promise<void> => {
    if (pane === shell) pane = null;
    if (quiet !== null) clearTimeout(quiet);
    closing = Promise.all([closing, maker.endSession(shell.pid)]).then(() => shell.close());
    return closing;
  };

  const openPane = (paneShells: PaneShells, place: ShellPlace, command: ShellCommand): void => {
    const shell = paneShells({
      argv: command.argv,
      banner: typedLines(command),
      size: sizeOf(shellStep(state(), { type: 'shell-opened', place })),
      onScreen: (screen) => {
        if (pane === shell) send({ type: 'shell-screen', screen });
      },
      onOutput: heard,
      ownDescriptor: (fd) => maker.ownDescriptor(fd),
    });
    pane = shell;
    send({ type: 'shell-opened', place });
    void shell.ended.then(() => {
      if (pane !== shell) return;
      send({ type: 'shell-ended' });
      void close(shell);
      options.onQuiet();
    });
  };

  const openOnTerminal = async (place: ShellPlace, command: ShellCommand): Promise<void> => {
    const front = options.front();
    const line = `${say(state().lang, BACK, { place: placeName(state(), place) })}\n${typedLines(command).join('\n')}`;
    onTerminal = front.runShell(command.argv, line);
    const error = await onTerminal.ended;
    // Where the program ends, the terminal is already as it is to be left.
    if (options.ending()) return;
    onTerminal = null;
    front.comeBack();
    options.onQuiet();
    if (error) throw error;
  };

  return {
    hasTerminal: () => onTerminal !== null,
    async open(place) {
      if (opening || pane || onTerminal) return;
      opening = true;
      try {
        const paneShells = await options.front().paneShells();
        const found = commandOf(place, paneShells === null ? null : PANE_TERM);
        if (options.ending()) return;
        if (found === null) send({ type: 'notice', notice: { kind: 'no-actor' } });
        else if (paneShells === null) await openOnTerminal(found.place, found.command);
        // Its screen was left in the meantime.
        else if (state().screen !== 'home') openPane(paneShells, found.place, found.command);
      } finally {
        opening = false;
      }
    },
    keys: {
      active: () => pane !== null && typesIntoShell(state()),
      type: (bytes) => pane?.type(bytes),
    },
    scroll: (lines) => pane?.scroll(lines),
    fit() {
      if (pane && state().shell) pane.resize(sizeOf(state()));
    },
    async end() {
      if (pane) void close(pane);
      if (state().shell) send({ type: 'shell-closed' });
      await Promise.all([closing, onTerminal?.end()]);
    },
  };

  function commandOf(
    place: ShellPlace,
    term: string | null,
  ): { readonly place: ShellPlace; readonly command: ShellCommand } | null {
    if (place.kind === 'actor') {
      const command = options.inActor(place.name, term);
      return command && { place, command };
    }
    const inside = place.kind === 'process' ? maker.inProcess(place.ref, place.name, term) : null;
    return inside ? { place, command: inside } : { place: { kind: 'host' }, command: maker.onHost() };
  }
}

function typedLines({ typed }: ShellCommand): readonly string[] {
  return cleanLines(typed).map((line, at) => `${at === 0 ? '$' : ' '} ${line}`);
}

/** Of the shell's pane; where the pane is out of sight, of what there was room for at least. */
function sizeOf(state: AppState): PaneSize {
  const layout = layoutNow({ ...state, shell: state.shell && { ...state.shell, front: true } });
  const placed = layout?.panes.find(({ id }) => id === 'shell');
  if (!placed) return { cols: 80, rows: 24 };
  const { width, height } = innerRect(placed);
  return { cols: width, rows: height };
}
