// A look at the host that is repeated for as long as it is wanted: one after the other, with a pause between. Reads nothing itself.

export interface Look {
  /** From now on, or not any more; what a look that is under way finds is still told. */
  want(on: boolean): void;
}

/** How many times as long as a look took the pause after it is at least: a slow one must not keep a CPU busy. */
const PAUSE_BY_DURATION = 4;

/**
 * `look` resolves to null where there is nothing to tell, as in a pause; what it rejects with is told elsewhere (the worker tells its own failures).
 * `everyMs`: from the end of one to the beginning of the next.
 */
export function repeatedLook<T>(
  look: () => Promise<T | null>,
  tell: (found: T) => void,
  everyMs: number,
): Look {
  let wanted = false;
  let running = false;
  const go = async (): Promise<void> => {
    if (!wanted || running) return;
    running = true;
    const began = performance.now();
    const found = await look().catch(() => null);
    const took = performance.now() - began;
    if (found !== null) tell(found);
    setTimeout(
      () => {
        running = false;
        void go();
      },
      Math.max(everyMs, PAUSE_BY_DURATION * took),
    ).unref();
  };
  return {
    want(on) {
      wanted = on;
      void go();
    },
  };
}
