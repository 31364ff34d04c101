// uvu's assert.throws knows no promises: this does.
import * as assert from 'uvu/assert';

/** Fails unless `fn` throws, or returns a promise that rejects, with a text that matches. */
export async function rejects(fn: () => unknown, pattern: RegExp): Promise<void> {
  let error: unknown;
  try {
    await fn();
  } catch (caught) {
    error = caught;
    assert.match(String(caught), pattern);
  }
  assert.is.not(error, undefined, `expected an error that matches ${pattern}, and there was none`);
}
