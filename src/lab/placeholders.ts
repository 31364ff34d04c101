// What stands for something of the lab in the words of a command: `{pid:box}`, `{rootfs:root}`, `{dir:desk}`, `{pin:kept}`, `{cgroup:memory:box}`.
// Finds and replaces; knows no value.
import type { ThingKind } from './operations/names.ts';

/** What a placeholder begins with, and the kind of thing that it names. */
const WORDS = {
  pid: 'actor',
  rootfs: 'rootfs',
  dir: 'directory',
  pin: 'pin',
  /**
   * `{cgroup:memory:box}` is the directory of a group in the tree of a controller (on v1 each has its own), `{cgroup:memory.limit:box}` the
   * control file of a value in a neutral name (memory.max, or v1's memory.limit_in_bytes).
   */
  cgroup: 'cgroup',
} as const satisfies Readonly<Record<string, ThingKind>>;

/** Words with a detail between themselves and the name. */
const DETAILED: readonly string[] = ['cgroup'];

export type PlaceholderWord = keyof typeof WORDS;

export interface Placeholder {
  readonly text: string;
  readonly word: PlaceholderWord;
  /** What stands between the word and the name; '' where nothing does. */
  readonly detail: string;
  readonly kind: ThingKind;
  readonly name: string;
}

const plain = Object.keys(WORDS).filter((word) => !DETAILED.includes(word));
const PATTERN = new RegExp(
  `\\{(?:(${plain.join('|')})|(${DETAILED.join('|')}):(\\w+(?:\\.\\w+)?)):([a-z][a-z0-9-]*)\\}`,
  'g',
);

/** The placeholders in one word of a command. */
export function placeholders(word: string): readonly Placeholder[] {
  return [...word.matchAll(PATTERN)].map(([text, plain, detailed, detail = '', name = '']) => {
    const word = (plain ?? detailed ?? '') as PlaceholderWord;
    return { text, word, detail, kind: WORDS[word], name };
  });
}

/** Puts values in the place of placeholders. */
export function withValues(
  command: readonly string[],
  valueOf: (word: PlaceholderWord, name: string, detail: string) => string,
): readonly string[] {
  return command.map((word) =>
    word.replace(PATTERN, (_text, plain: string | undefined, detailed: string, detail = '', name = '') =>
      valueOf((plain ?? detailed) as PlaceholderWord, name, detail),
    ),
  );
}
