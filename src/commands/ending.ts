// What ends a command that has something open: signals, and a reader of its output that goes away. Closes nothing itself.

const SIGNALS: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
];

/**
 * A signal, or a reader of our output that goes away, closes the lab; `code` is then what the program exits with: 128 + the signal's
 * number, 1 for a lesson that nobody sees to its end.
 */
export function closeOnEnd(close: () => Promise<unknown>): {
  readonly code: () => number | null;
  readonly stop: () => void;
} {
  let ending: number | null = null;
  let closing: Promise<unknown> = Promise.resolve();
  const end = (code: number): void => {
    if (ending !== null) return;
    ending = code;
    closing = close();
    closing.catch(() => {});
  };
  const listeners = SIGNALS.map(([signal, code]) => [signal, () => end(code)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  const unread = (): void => end(1);
  process.stdout.on('error', unread);
  return {
    code: () => ending,
    stop: () => {
      for (const [signal, listener] of listeners) process.off(signal, listener);
      // Stdout keeps its listener: lines still on their way fail later, and must not end the program with 0.
    },
  };
}
