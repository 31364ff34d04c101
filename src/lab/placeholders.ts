// What stands for something of the lab in the words of a command: `{pid:box}`, `{rootfs:root}`, `{dir:desk}`, `{pin:kept}`, `{outside:uid}`.
// Finds and replaces; knows no value.
import type { ThingKind } from './operations/names.ts';

/** What a placeholder begins with, and the kind of thing that it names; null for what no operation makes. */
const WORDS = {
  pid: 'actor',
  rootfs: 'rootfs',
  dir: 'directory',
  pin: 'pin',
  outside: null,
} as const satisfies Readonly<Record<string, ThingKind | null>>;

/** The ids, on the host, of a process whose user namespace has a `map` of its own. */
const OUTSIDE = ['uid', 'gid'];

export type PlaceholderWord = keyof typeof WORDS;

export interface Placeholder {
  readonly text: string;
  readonly word: PlaceholderWord;
  readonly kind: ThingKind | null;
  readonly name: string;
}

const PATTERN = new RegExp(`\\{(${Object.keys(WORDS).join('|')}):([a-z][a-z0-9-]*)\\}`, 'g');

function isKnown(key: string, name: string): boolean {
  return key !== 'outside' || OUTSIDE.includes(name);
}

/** The placeholders in one word of a command. */
export function placeholders(word: string): readonly Placeholder[] {
  return [...word.matchAll(PATTERN)]
    .filter(([, key = '', name = '']) => isKnown(key, name))
    .map(([text, key = '', name = '']) => {
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
    word.replace(PATTERN, (text, key: string, name: string) =>
      isKnown(key, name) ? valueOf(key as PlaceholderWord, name) : text,
    ),
  );
}
