// Parses a flat keyed control file: one `KEY VALUE` per line (Documentation/admin-guide/cgroup-v2.rst, "Format"). Reads no file.
import { ParseError } from '../../text/errors.ts';

/**
 * Keys and numbers in the file's order (memory.stat, cpu.stat, *.events, v1 memory.oom_control). Kernels add keys anywhere: look
 * them up by name. An empty text has none. Throws ParseError for a line of another form.
 */
export function parseFlatKeyed(text: string, path: string): Map<string, bigint> {
  const found = new Map<string, bigint>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, key, number] = /^(\S+) (-?\d{1,20})$/.exec(line) ?? [];
    if (key === undefined || number === undefined) throw new ParseError(path, 'KEY NUMBER', line);
    found.set(key, BigInt(number));
  }
  return found;
}
