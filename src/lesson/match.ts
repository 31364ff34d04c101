// Matches a lesson's regular expression against what commands printed, for a limited time: a pattern can take longer than the universe.
import { createContext, Script } from 'node:vm';

/** Milliseconds. An honest pattern takes less than one. */
const LIMIT_MS = 250;
/** Characters of the text's end that are looked at. */
const MAX_TEXT = 200_000;
/** Characters. */
export const MAX_PATTERN = 1000;

// In a script of its own, as only there V8 can be told to give up.
const script = new Script(
  '(() => { const found = new RegExp(pattern, "m").exec(text); return found === null ? null : found[0]; })()',
);
const context = createContext(Object.create(null));

export type Match = { readonly found: string | null } | 'too slow';

/** What of `text` the pattern (JavaScript's, with the flag m) matches first. Throws SyntaxError for a pattern that is none. */
export function matchIn(pattern: string, text: string): Match {
  Object.assign(context, { pattern, text: text.slice(-MAX_TEXT) });
  try {
    const found: unknown = script.runInContext(context, { timeout: LIMIT_MS });
    return { found: typeof found === 'string' ? found : null };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return 'too slow';
    throw error;
  }
}
