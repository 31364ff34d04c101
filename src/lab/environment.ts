// The environment of everything that the lab starts: small, the same everywhere, with the mark of whose it is.
import { MARK } from './process.ts';
import { TOOL_PATH } from '../host/exec.ts';

/** Set by the last step before an actor's own command: seen in its environment, the actor is what it shall be. */
export const ACTOR_MARK = 'NSCOPE_ACTOR';

export function environment(
  lab: string,
  own: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<string, string>> {
  return { ...bareEnvironment(own), [MARK]: lab };
}

/** The same without the mark, for what is no lab's. */
export function bareEnvironment(
  own: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<string, string>> {
  return { PATH: TOOL_PATH, HOME: own['HOME'] || '/', LANG: 'C.UTF-8', TERM: own['TERM'] || 'dumb' };
}
