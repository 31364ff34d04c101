// A look at the host that is repeated for as long as it is wanted: one after the other, with a pause between. Reads nothing itself.

export interface Look {
  /**
   * From now on, at once where none is under way, or not any more. Wanted again while one is under way, the next follows it without a pause: what is
   * wanted may be another thing. What a look under way finds is told in any case.
   */
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
  let looking = false;
  let anew = false;
  let timer: NodeJS.Timeout | null = null;
  const go = async (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (looking) anew = true;
    if (!wanted || looking) return;
    looking = true;
    anew = false;
    const began = performance.now();
    const found = await look().catch(() => null);
    const took = performance.now() - began;
    if (found !== null) tell(found);
    looking = false;
    timer = setTimeout(() => void go(), anew ? 0 : Math.max(everyMs, PAUSE_BY_DURATION * took));
    timer.unref();
  };
  return {
    want(on) {
      wanted = on;
      void go();
    },
  };
}
