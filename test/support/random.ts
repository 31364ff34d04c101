// Numbers from a seed, so that a random test can be run again: NSCOPE_TEST_SEED=N sets it, and the seed stands in the test's name.

/** Draws from a range. */
export interface Random {
  /** An integer from 0 up to and without `below`. */
  readonly below: (below: number) => number;
  /** True once in `n` times. */
  readonly oneIn: (n: number) => boolean;
  /** A member of a list, which must not be empty. */
  readonly pick: <T>(of: readonly T[]) => T;
}

/** mulberry32: 32 bits of state, one seed, one sequence. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  return {
    below,
    oneIn: (n) => below(n) === 0,
    pick(of) {
      const found = of[below(of.length)];
      if (found === undefined) throw new Error('nothing to pick from');
      return found;
    },
  };
}

/** `count` seeds: from NSCOPE_TEST_SEED on, else from a number that differs from run to run. */
export function seeds(count: number): readonly number[] {
  const asked = process.env['NSCOPE_TEST_SEED'];
  const first = asked === undefined ? Date.now() % 1_000_000 : Number(asked);
  if (!Number.isInteger(first)) throw new Error(`NSCOPE_TEST_SEED is no integer: ${asked}`);
  return Array.from({ length: count }, (_, at) => first + at);
}
