// What shows the states of the program and takes its terminal: the screen of panes is one, the lines for a screen reader another. Types only.
import type { Action } from '../app/actions.ts';
import type { AppState, Extent, Scrolled, ShellScreen } from '../app/state.ts';

/** A shell that has the whole terminal. */
export interface RunningShell {
  /** Settles when the shell has ended, with an error where it could not be started. */
  readonly ended: Promise<Error | null>;
  /** Ends it as a terminal that hangs up does; settles when it has ended. */
  end(): Promise<void>;
}

/** A shell in a part of the screen, with a terminal of its own. */
export interface PaneShell {
  /** The leader of its session. */
  readonly pid: number;
  /** Settles when it has ended and its last screen was told. */
  readonly ended: Promise<void>;
  /** Bytes as the terminal sends them, a character for each. */
  type(bytes: string): void;
  /** So many lines down; less than 0 is up, to what has gone off at the top. */
  scroll(lines: number): void;
  resize(size: PaneSize): void;
  /** Its screen goes. Ends no process. */
  close(): void;
}

export interface PaneSize {
  readonly cols: number;
  readonly rows: number;
}

export interface OpenShell {
  readonly argv: readonly string[];
  /** The first lines on its screen: how the same is typed. Clean. */
  readonly banner: readonly string[];
  readonly size: PaneSize;
  readonly onScreen: (screen: ShellScreen) => void;
  /** It has written something. */
  readonly onOutput: () => void;
  /** The descriptor of its terminal, which is nobody else's to have. */
  readonly ownDescriptor: (fd: number) => void;
}

/** Opens a shell. @throws where no pseudo terminal is to be had. */
export type PaneShells = (open: OpenShell) => PaneShell;

export interface Front {
  /** Shows a state; answers what each pane turned out to hold. */
  show(state: AppState): Readonly<Partial<Record<Scrolled, Extent>>>;
  /** Shells in a pane; null where this front has no panes or the packages for it do not load. */
  paneShells(): Promise<PaneShells | null>;
  /** Gives the terminal to a shell, after a line that says how to come back. Nothing is shown until `comeBack`. */
  runShell(argv: readonly string[], line: string): RunningShell;
  comeBack(): void;
  /** To the clipboard, where there is one. */
  copy(text: string): void;
  /** The terminal as it was before the program. Nothing is shown any more. */
  leave(): void;
}

/** The way to a shell in a pane for a front that has the terminal's input. */
export interface ShellKeys {
  /** True while what is typed is the shell's. */
  active(): boolean;
  /** Bytes, a character for each. */
  type(bytes: string): void;
}

/** Makes the front of a program whose actions it sends. */
export type MakeFront = (send: (action: Action) => void, shell: ShellKeys) => Front;
