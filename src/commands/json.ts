// The JSON that every command prints: the envelope of interface.md §1, bigints as decimal strings, a Reading as its value or null beside an entry
// in coverage.unread. What the fields are is each command's; their schema is in schema/.
import type { Coverage, UnreadEntry } from '../model/types.ts';
import { clean } from '../text/sanitize.ts';
import { version } from './version.ts';

/** Control and format characters that JSON lets through as they are, and a terminal does not show or obeys. */
const UNSEEN = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** The text of an answer. `coverage` is of the host that was read; left out by a command that reads none. */
export function jsonText(fields: Readonly<Record<string, unknown>>, coverage?: Coverage): string {
  const unread = new Map<string, UnreadEntry>();
  for (const entry of coverage?.unread ?? []) note(unread, entry);
  const plain = plainOf(fields, unread) as object;
  const seen = coverage && {
    ...(plainOf({ ...coverage, unread: [] }, unread) as object),
    unread: [...unread.values()].map(({ path, why }) => ({ path, reason: why })),
  };
  const envelope = {
    nscope: { format: 1, version: version() },
    ...(seen ? { coverage: seen } : {}),
    ...plain,
  };
  const text = JSON.stringify(envelope, null, 2);
  return `${text.replace(UNSEEN, (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

/** One entry for each path and reason, in the order in which they are met. */
function note(unread: Map<string, UnreadEntry>, { path, why }: UnreadEntry): void {
  const entry = { path: clean(path), why };
  unread.set(`${why} ${entry.path}`, entry);
}

/** The same without Readings and bigints; what was not read goes to `unread`. */
function plainOf(found: unknown, unread: Map<string, UnreadEntry>): unknown {
  if (typeof found === 'bigint') return String(found);
  if (typeof found !== 'object' || found === null) return found;
  if (Array.isArray(found)) return found.map((one) => plainOf(one, unread));
  if (isValue(found)) return plainOf(found.value, unread);
  if (isUnread(found)) {
    note(unread, found);
    return null;
  }
  return Object.fromEntries(Object.entries(found).map(([key, one]) => [key, plainOf(one, unread)]));
}

function isValue(found: object): found is { readonly value: unknown } {
  return 'ok' in found && found.ok === true && 'value' in found && Object.keys(found).length === 2;
}

function isUnread(found: object): found is UnreadEntry {
  return 'ok' in found && found.ok === false && 'why' in found && 'path' in found;
}
