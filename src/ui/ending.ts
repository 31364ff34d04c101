// Everything from outside that ends the program: signals, a terminal that has gone, an error nobody caught. Decides nothing about cleaning.

export interface Endings {
  /** With the exit code by which a shell knows the signal: 128 + its number. */
  readonly onSignal: (code: number, signal: NodeJS.Signals) => void;
  /** The terminal can no longer be read or written. */
  readonly onTerminalGone: () => void;
  readonly onCrash: (error: unknown) => void;
}

const SIGNALS: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGQUIT', 131],
];

function ignore(): void {}

/** Listens until the returned function is called. blessed's own handlers, which exit with 0, stand back while others listen. */
export function listenForEndings(endings: Endings): () => void {
  const signals = SIGNALS.map(([signal, code]) => [signal, () => endings.onSignal(code, signal)] as const);
  for (const [signal, listener] of signals) process.on(signal, listener);
  process.on('uncaughtException', endings.onCrash);
  const gone = (): void => endings.onTerminalGone();
  // Others may end the process when stdout breaks, as is right for a pipe; here the lab is to be closed first.
  process.stdout.removeAllListeners('error');
  process.stdout.on('error', gone);
  process.stderr.on('error', ignore);
  process.stdin.on('error', gone);
  process.stdin.on('error', ignore);
  process.stdin.on('end', gone);
  return () => {
    for (const [signal, listener] of signals) process.off(signal, listener);
    process.off('uncaughtException', endings.onCrash);
    process.stdin.off('error', gone);
    process.stdin.off('end', gone);
    // All three keep a listener: what blessed writes and sets while it leaves may meet the same error, and must not end in a crash.
  };
}
