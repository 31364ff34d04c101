// Finds characters that a lesson may not hold: what a terminal obeys, hides or reorders. Pure.

const BAD = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffd]/u;

export interface BadCharacter {
  /** From 1. */
  readonly column: number;
  /** `U+001B`. */
  readonly name: string;
}

/** The first such character of a line but a tab; null where there is none. U+FFFD stands for bytes that are no UTF-8. */
export function visibleName(line: string): BadCharacter | null {
  const plain = line.replaceAll('\t', ' ');
  const at = plain.search(BAD);
  if (at < 0) return null;
  const point = plain.codePointAt(at) ?? 0;
  return { column: at + 1, name: `U+${point.toString(16).toUpperCase().padStart(4, '0')}` };
}
