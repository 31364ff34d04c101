// Names for what blessed reports of keys and mouse, as app/keymap.ts and app/actions.ts use them. Pure.
import type { Action } from '../app/actions.ts';

export interface BlessedKey {
  readonly full?: string;
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
}

/**
 * A printable character is its own name (`H`, `?`), others are blessed's (`S-tab`, `pageup`, `C-c`). Null for what is to be
 * ignored: a return is reported as `enter` and then as `return`, and counts once.
 */
export function keyOf(character: string | undefined, key: BlessedKey): string | null {
  if (key.full === 'return') return null;
  const printable = character !== undefined && /^[^\p{C}\p{Z}]$/u.test(character) && !key.ctrl && !key.meta;
  return printable ? character : (key.full ?? null);
}

/** A press of a button or a turn of the wheel; null for moves and releases. Cells count from 0. */
export function mouseOf(event: {
  readonly action: string;
  readonly x: number;
  readonly y: number;
}): Action | null {
  const what = { mousedown: 'click', wheelup: 'wheel-up', wheeldown: 'wheel-down' } as const;
  const known = what[event.action as keyof typeof what];
  return known ? { type: 'mouse', what: known, x: event.x, y: event.y } : null;
}
