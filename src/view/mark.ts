// How a change is marked: `▐x▌` a moment ago, `[x]` later. The sign says it; colour only says it louder.
import type { Mark } from '../app/marks.ts';
import type { Paint, Role } from '../text/sgr.ts';

export function markSigns(mark: Mark, text: string): string {
  return mark === 'fresh' ? `▐${text}▌` : `[${text}]`;
}

/** `quiet`: the role of what changed a while ago; null: as its surroundings. */
export function marked(mark: Mark, text: string, paint: Paint, quiet: Role | null): string {
  const signed = markSigns(mark, text);
  if (mark === 'fresh') return paint('changed', signed);
  return quiet === null ? signed : paint(quiet, signed);
}
