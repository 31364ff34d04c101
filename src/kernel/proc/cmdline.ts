// Parses /proc/PID/cmdline (proc_pid_cmdline(5)). Reads no file; quotes nothing.
import { clean } from '../../text/sanitize.ts';

/**
 * The words of a command line, each sanitised; empty ones stay. A zombie and a kernel thread have none. A process may have
 * written a title over its words: then the text has no NUL at its end, or many, which are not taken for words.
 */
export function parseCmdline(text: string): string[] {
  if (text === '') return [];
  const words = (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0');
  const titled = words.length > 2 && words.slice(1).every((word) => word === '');
  return (titled ? words.slice(0, 1) : words).map(clean);
}
