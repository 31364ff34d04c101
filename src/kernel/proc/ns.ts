// Parses what readlink(2) answers for /proc/PID/ns/* (proc_pid_ns(5)). Reads no link.
import { ParseError } from '../../text/errors.ts';

/** Type as the link's text names it (`pid` for pid_for_children) and inode on nsfs, which is half of the identity. */
export interface NsLink {
  readonly type: string;
  readonly inode: number;
}

/** `uts:[4026531838]`. Throws ParseError for another text; pid_for_children reads empty until the first child exists. */
export function parseNsLink(text: string, path: string): NsLink {
  const [, type, digits] = /^([a-z]+):\[(\d+)\]$/.exec(text) ?? [];
  const inode = Number(digits);
  if (type === undefined || !Number.isSafeInteger(inode)) throw new ParseError(path, 'TYPE:[INODE]', text);
  return { type, inode };
}
