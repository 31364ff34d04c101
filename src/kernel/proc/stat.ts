// Parses /proc/PID/stat (proc_pid_stat(5)), the fields that name a process. Reads no file.
import { ParseError } from '../../text/errors.ts';
import { clean } from '../../text/sanitize.ts';

/** Flag of a kernel thread (include/linux/sched.h). */
export const PF_KTHREAD = 0x00200000;

export interface Stat {
  readonly pid: number;
  /** Sanitised. */
  readonly comm: string;
  /** One letter: R S D Z T t X I … */
  readonly state: string;
  readonly ppid: number;
  /** PF_* flags; the man page warns that a kernel may not show all. */
  readonly flags: number;
  /** Clock ticks since boot; with the pid the identity of a process. */
  readonly starttime: number;
}

const SPACE = 0x20;

/**
 * One process' stat. comm may hold spaces, parentheses and newlines, so it ends at the last `)` of the whole text.
 * Throws ParseError for anything else than the man page's form.
 */
export function parseStat(text: string, path: string): Stat {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) throw new ParseError(path, 'PID (COMM) STATE …', text);
  const head = text.slice(0, open);
  const pid = Number(head);
  if (!/^\d+ $/.test(head) || !Number.isSafeInteger(pid))
    throw new ParseError(path, 'a pid before the comm', text);
  const rest = text.slice(close + 1).trim();
  const state = wordAt(rest, 0);
  if (!/^[A-Za-z]$/.test(state)) throw new ParseError(path, 'one letter of state after the comm', rest);
  let at = 0;
  let field = 3;
  // No array of all fifty words: this runs for every process of every scan.
  const number = (wanted: number): number => {
    for (; field < wanted; field += 1) at = nextWord(rest, at);
    const word = wordAt(rest, at);
    const found = Number(word);
    if (!/^\d+$/.test(word) || !Number.isSafeInteger(found))
      throw new ParseError(path, `a number in field ${wanted}`, rest);
    return found;
  };
  const ppid = number(4);
  const flags = number(9);
  const starttime = number(22);
  return { pid, comm: clean(text.slice(open + 1, close)), state, ppid, flags, starttime };
}

function wordAt(words: string, at: number): string {
  const end = words.indexOf(' ', at);
  return end < 0 ? words.slice(at) : words.slice(at, end);
}

/** Where the word after the one at `at` begins; the text's length where there is none. */
function nextWord(words: string, at: number): number {
  let next = words.indexOf(' ', at);
  if (next < 0) return words.length;
  while (words.charCodeAt(next) === SPACE) next += 1;
  return next;
}
