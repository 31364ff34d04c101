// The order in which the controllers of a group are shown. Pure.
import type { ControllerState } from '../model/types.ts';

/** Shown first, in this order; the others follow by name. */
const FIRST = ['memory', 'pids', 'cpu'];

/** Those that the host has, what is asked for most first. */
export function ordered(controllers: readonly ControllerState[]): readonly ControllerState[] {
  const rank = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return controllers
    .filter((controller) => controller.version !== null)
    .sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
}
