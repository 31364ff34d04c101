// What stands between the terminal's input and blessed: while a shell in a pane has the keys, its bytes go to it as they are and blessed sees the rest.
import { EventEmitter } from 'node:events';
import type { ReadStream } from 'node:tty';
import type { ShellKeys } from './front.ts';
import { outKey, piecesOf } from './shell-keys.ts';

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
  // Piece by piece: blessed takes a chunk for one report of the mouse if there is one in it, and any piece can move the focus.
  const onData = (chunk: Buffer): void => {
    const { pieces, rest: head } = piecesOf(rest + chunk.toString('latin1'));
    rest = head;
    for (const { kind, bytes } of pieces) {
      if (kind === 'mouse' || !shell.active()) input.emit('data', Buffer.from(bytes, 'latin1'));
      else if (kind === 'out') leave(outKey(bytes));
      else shell.type(bytes);
    }
  };
  tty.on('data', onData);
  return { input, stop: () => tty.off('data', onData) };
}
