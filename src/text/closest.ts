// Finds what a mistyped word most likely meant. It does not say so: the caller writes the hint.
import { distance } from 'fastest-levenshtein';

/**
 * The name nearest to the word: the same but for case, the first one that the word begins (from two letters on), or the one
 * fewest edits away, at most a third of the longer one's letters. Null where none is near; of equal ones the first in `names`.
 */
export function closest(word: string, names: readonly string[]): string | null {
  const wanted = word.toLowerCase();
  if (wanted === '') return null;
  const same = names.find((name) => name.toLowerCase() === wanted);
  if (same !== undefined) return same;
  const begun = wanted.length > 1 ? names.find((name) => name.toLowerCase().startsWith(wanted)) : undefined;
  if (begun !== undefined) return begun;
  let best: string | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const edits = distance(wanted, name.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, name.length) / 3));
    if (edits <= allowed && edits < fewest && edits < name.length) {
      best = name;
      fewest = edits;
    }
  }
  return best;
}
