// What the table and the JSON of `nscope ns` share: a line's row, and the word for a user.
import type { NsRow } from '../model/nslist.ts';

/** A row with the strokes before its inode, and those before what stands below it. */
export interface Line {
  readonly row: NsRow;
  readonly strokes: string;
  readonly below: string;
}

/** The name that passwd(5) has for the uid, else its number. */
export function userOf(uid: number, users: ReadonlyMap<number, string>): string {
  return users.get(uid) ?? String(uid);
}
