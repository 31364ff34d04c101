// What stands between the terminal's input and blessed: while a shell in a pane has the keys, its bytes go to it as they are and blessed sees the rest.
import { EventEmitter } from 'node:events';
import type { ReadStream } from 'node:tty';
import type { ShellKeys } from './front.ts';
import { sortedForShell } from './shell-keys.ts';

/** What blessed asks of its input (its lib/program.js). */
export class TerminalInput extends EventEmitter {
  readonly #tty: ReadStream;

  constructor(tty: ReadStream) {
    super();
    this.#tty = tty;
  }

  get isTTY(): boolean {
    return this.#tty.isTTY;
  }

  get isRaw(): boolean {
    return this.#tty.isRaw;
  }

  get destroyed(): boolean {
    return this.#tty.destroyed;
  }

  setRawMode(raw: boolean): void {
    this.#tty.setRawMode(raw);
  }

  resume(): void {
    this.#tty.resume();
  }

  pause(): void {
    this.#tty.pause();
  }
}

export interface SortedInput {
  readonly input: TerminalInput;
  /** Listens to the terminal no longer. */
  stop(): void;
}

/** The input for blessed. `leave` is told the key that leads out of the shell. */
export function sortedInput(tty: ReadStream, shell: ShellKeys, leave: (key: string) => void): SortedInput {
  const input = new TerminalInput(tty);
  let rest = '';
  const onData = (chunk: Buffer): void => {
    if (!shell.active()) {
      const whole = rest === '' ? chunk : Buffer.concat([Buffer.from(rest, 'latin1'), chunk]);
      rest = '';
      input.emit('data', whole);
      return;
    }
    const sorted = sortedForShell(rest + chunk.toString('latin1'));
    rest = sorted.rest;
    for (const typed of sorted.typed) {
      if (typed.to === 'out') leave(typed.key);
      else if (typed.to === 'panes') input.emit('data', Buffer.from(typed.bytes, 'latin1'));
      else shell.type(typed.bytes);
    }
  };
  tty.on('data', onData);
  return { input, stop: () => tty.off('data', onData) };
}
