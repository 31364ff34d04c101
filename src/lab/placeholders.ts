// What stands for something of the lab in the words of a command: `{pid:box}`, `{rootfs:root}`, `{dir:desk}`, `{pin:kept}`, `{cgroup:memory:box}`,
// `{bundle:box}`, `{container:box}`, `{outside:uid}`. Finds and replaces; knows no value.
import type { ThingKind } from './operations/names.ts';

/** What a placeholder begins with, and the kind of thing that it names; null for what no operation makes. */
const WORDS = {
  pid: 'actor',
  rootfs: 'rootfs',
  dir: 'directory',
  bundle: 'bundle',
  /** The id by which a runtime knows it. */
  container: 'actor',
  pin: 'pin',
  /**
   * `{cgroup:memory:box}` is the directory of a group in the tree of a controller (on v1 each has its own), `{cgroup:memory.limit:box}` the
   * control file of a value in a neutral name (memory.max, or v1's memory.limit_in_bytes).
   */
  cgroup: 'cgroup',
  outside: null,
} as const satisfies Readonly<Record<string, ThingKind | null>>;

/** The ids, on the host, of a process whose user namespace has a `map` of its own. */
const OUTSIDE = ['uid', 'gid'];

/** Words with a detail between themselves and the name. */
const DETAILED: readonly string[] = ['cgroup'];

export type PlaceholderWord = keyof typeof WORDS;

export interface Placeholder {
  readonly text: string;
  readonly word: PlaceholderWord;
  /** What stands between the word and the name; '' where nothing does. */
  readonly detail: string;
  readonly kind: ThingKind | null;
  readonly name: string;
}

const plain = Object.keys(WORDS).filter((word) => !DETAILED.includes(word));
const PATTERN = new RegExp(
  `\\{(?:(${plain.join('|')})|(${DETAILED.join('|')}):(\\w+(?:\\.\\w+)?)):([a-z][a-z0-9-]*)\\}`,
  'g',
);

function isKnown(key: string, name: string): boolean {
  return key !== 'outside' || OUTSIDE.includes(name);
}

/** The placeholders in one word of a command. */
export function placeholders(word: string): readonly Placeholder[] {
  return [...word.matchAll(PATTERN)].flatMap(([text, plain, detailed, detail = '', name = '']) => {
    const word = (plain ?? detailed ?? '') as PlaceholderWord;
    return isKnown(word, name) ? [{ text, word, detail, kind: WORDS[word], name }] : [];
  });
}

/** Puts values in the place of placeholders. */
export function withValues(
  command: readonly string[],
  valueOf: (word: PlaceholderWord, name: string, detail: string) => string,
): readonly string[] {
  return command.map((word) =>
    word.replace(PATTERN, (text, plain: string | undefined, detailed: string, detail = '', name = '') => {
      const key = (plain ?? detailed) as PlaceholderWord;
      return isKnown(key, name) ? valueOf(key, name, detail) : text;
    }),
  );
}
