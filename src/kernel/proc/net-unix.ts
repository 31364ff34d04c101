// Parses /proc/PID/net/unix (proc_pid_net(5), unix(7)): the unix sockets of the process' network namespace. Reads no file.
import { ParseError } from '../../text/errors.ts';

export interface UnixSocket {
  /** Somebody accepts connections (__SO_ACCEPTCON, include/linux/net.h). */
  readonly listening: boolean;
  readonly inode: number;
  /** As it was bound, `@` first for an abstract one; empty where it has none. Not sanitised. */
  readonly path: string;
}

const HEAD = /^Num +RefCount +Protocol +Flags +Type +St +Inode +Path$/;
const LINE =
  /^[0-9a-fA-F]+: [0-9a-fA-F]{8} [0-9a-fA-F]{8} ([0-9a-fA-F]{8}) [0-9a-fA-F]{4} [0-9a-fA-F]{2} +(\d{1,15})(?: (.*))?$/;
const ACCEPTS = 0x10000;

/**
 * The sockets in the kernel's order. A path is printed raw: one with a newline in it goes on in the next line, and can even pose as a socket of
 * its own. Throws ParseError where the head is missing.
 */
export function parseNetUnix(text: string, path: string): readonly UnixSocket[] {
  const [head = '', ...lines] = text.split('\n');
  if (!HEAD.test(head)) throw new ParseError(path, 'Num RefCount Protocol Flags Type St Inode Path', text);
  if (lines.at(-1) === '') lines.pop();
  const sockets: UnixSocket[] = [];
  for (const line of lines) {
    const [, flags, inode, name = ''] = LINE.exec(line) ?? [];
    const before = sockets.pop();
    if (flags === undefined) {
      // What comes before the first socket is nobody's path.
      if (before) sockets.push({ ...before, path: `${before.path}\n${line}` });
      continue;
    }
    if (before) sockets.push(before);
    sockets.push({
      listening: (Number.parseInt(flags, 16) & ACCEPTS) !== 0,
      inode: Number(inode),
      path: name,
    });
  }
  return sockets;
}
