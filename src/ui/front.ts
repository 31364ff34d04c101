// What shows the states of the program and takes its terminal: the screen of panes is one, the lines for a screen reader another. Types only.
import type { Action } from '../app/actions.ts';
import type { AppState, Extent, Scrolled } from '../app/state.ts';

/** A shell that has the terminal, or a part of it. */
export interface RunningShell {
  /** Settles when the shell has ended, with an error where it could not be started. */
  readonly ended: Promise<Error | null>;
  /** Ends it as a terminal that hangs up does; settles when it has ended. */
  end(): Promise<void>;
}

export interface Front {
  /** Shows a state; answers what each pane turned out to hold. */
  show(state: AppState): Readonly<Partial<Record<Scrolled, Extent>>>;
  /** Gives the terminal to a shell, after a line that says how to come back. Nothing is shown until `comeBack`. */
  runShell(argv: readonly string[], line: string): RunningShell;
  comeBack(): void;
  /** To the clipboard, where there is one. */
  copy(text: string): void;
  /** The terminal as it was before the program. Nothing is shown any more. */
  leave(): void;
}

/** Makes the front of a program whose actions it sends. */
export type MakeFront = (send: (action: Action) => void) => Front;
