// What stands for something of the lab in the words of a command: `{pid:box}`, `{rootfs:root}`, `{dir:desk}`, `{pin:kept}`, `{bundle:box}`,
// `{container:box}`. Finds and replaces; knows no value.
import type { ThingKind } from './operations/names.ts';

/** What a placeholder begins with, and the kind of thing that it names. */
const WORDS = {
  pid: 'actor',
  rootfs: 'rootfs',
  dir: 'directory',
  bundle: 'bundle',
  /** The id by which a runtime knows it. */
  container: 'actor',
  pin: 'pin',
} as const satisfies Readonly<Record<string, ThingKind>>;

export type PlaceholderWord = keyof typeof WORDS;

export interface Placeholder {
  readonly text: string;
  readonly word: PlaceholderWord;
  readonly kind: ThingKind;
  readonly name: string;
}

const PATTERN = new RegExp(`\\{(${Object.keys(WORDS).join('|')}):([a-z][a-z0-9-]*)\\}`, 'g');

/** The placeholders in one word of a command. */
export function placeholders(word: string): readonly Placeholder[] {
  return [...word.matchAll(PATTERN)].map(([text, key = '', name = '']) => {
    const word = key as PlaceholderWord;
    return { text, word, kind: WORDS[word], name };
  });
}

/** Puts values in the place of placeholders. */
export function withValues(
  command: readonly string[],
  valueOf: (word: PlaceholderWord, name: string) => string,
): readonly string[] {
  return command.map((word) =>
    word.replace(PATTERN, (_text, key: string, name: string) => valueOf(key as PlaceholderWord, name)),
  );
}
