// Parses /proc/PID/uid_map, gid_map and projid_map (user_namespaces(7)). Reads no file, writes no map.
import { ParseError } from '../../text/errors.ts';

/** `count` ids from `inside` on, in the process' user namespace, are those from `outside` on in the reader's (user_namespaces(7)). */
export interface IdRange {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

/** The ranges of a map in the file's order; a map that is not written yet has none. Throws ParseError for another form. */
export function parseIdMap(text: string, path: string): IdRange[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => {
    const [, inside, outside, count] = /^ *(\d{1,10}) +(\d{1,10}) +(\d{1,10})$/.exec(line) ?? [];
    if (count === undefined) throw new ParseError(path, 'INSIDE OUTSIDE COUNT', line);
    return { inside: Number(inside), outside: Number(outside), count: Number(count) };
  });
}
