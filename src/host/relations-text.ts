// Owners and parents as a recording keeps them: one line for each namespace in one text. Both directions are here.
import { isNsType } from '../kernel/namespaces.ts';
import { type Reading, unread, value } from '../kernel/reading.ts';
import type { Namespace } from '../model/types.ts';
import { ParseError } from '../text/errors.ts';
import type { HostFs } from './fs.ts';
import type { Relation, Relations } from './relations.ts';

/** Where a recording keeps them; no such file exists on a live host. */
export const RELATIONS_PATH = '/nscope/relations';

/** `TYPE INODE owner=INODE parent=INODE`, with `-` for none and `?` for what could not be read. */
export function relationsText(namespaces: readonly Namespace[]): string {
  const word = (reading: Reading<number | null>) => (reading.ok ? String(reading.value ?? '-') : '?');
  return namespaces
    .map(({ type, inode, owner, parent }) => `${type} ${inode} owner=${word(owner)} parent=${word(parent)}\n`)
    .join('');
}

function parseRelation(line: string): Relation {
  const match = /^(\w+) (\d+) owner=(\d+|-|\?) parent=(\d+|-|\?)$/.exec(line);
  const [, type = '', inode = '', owner = '', parent = ''] = match ?? [];
  if (!isNsType(type)) throw new ParseError(RELATIONS_PATH, '`TYPE INODE owner=… parent=…`', line);
  const reading = (word: string): Reading<number | null> =>
    word === '?' ? unread('denied', RELATIONS_PATH) : value(word === '-' ? null : Number(word));
  return { type, inode: Number(inode), owner: reading(owner), parent: reading(parent) };
}

/** Answers from a recording. Namespaces that are listed there and have no process are found too, as the ioctl finds them. */
export function recordedRelations(fs: HostFs): Relations {
  const text = fs.readText(RELATIONS_PATH);
  const all = text.ok ? text.value.split('\n').filter(Boolean).map(parseRelation) : [];
  const byKey = new Map(all.map((relation) => [`${relation.type}:${relation.inode}`, relation]));
  return {
    how: text.ok ? 'recorded' : 'unavailable',
    async prepare() {},
    of(type, inode, path) {
      const found: Relation[] = [];
      const seen = new Set<string>();
      const add = (key: string) => {
        const relation = byKey.get(key);
        if (!relation || seen.has(key)) return;
        seen.add(key);
        found.push(relation);
        if (relation.owner.ok && relation.owner.value !== null) add(`user:${relation.owner.value}`);
        if (relation.parent.ok && relation.parent.value !== null)
          add(`${relation.type}:${relation.parent.value}`);
      };
      add(`${type}:${inode}`);
      const missing = unread('unsupported', path);
      return found.length > 0 ? found : [{ type, inode, owner: missing, parent: missing }];
    },
  };
}
