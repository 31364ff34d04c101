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

/** Words after comm: state is field 3 of the man page. */
const FIELD_3 = 3;

/**
 * One process' stat. comm may hold spaces, parentheses and newlines, so it ends at the last `)` of the whole text.
 * Throws ParseError for anything else than the man page's form.
 */
export function parseStat(text: string, path: string): Stat {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) throw new ParseError(path, 'PID (COMM) STATE …', text);
  const words = text
    .slice(close + 1)
    .trim()
    .split(/ +/);
  const number = (field: number): number => {
    const word = words[field - FIELD_3] ?? '';
    const found = Number(word);
    if (!/^\d+$/.test(word) || !Number.isSafeInteger(found))
      throw new ParseError(path, `a number in field ${field}`, text.slice(close + 1));
    return found;
  };
  const head = text.slice(0, open);
  const pid = Number(head);
  if (!/^\d+ $/.test(head) || !Number.isSafeInteger(pid))
    throw new ParseError(path, 'a pid before the comm', text);
  const state = words[0] ?? '';
  if (!/^[A-Za-z]$/.test(state))
    throw new ParseError(path, 'one letter of state after the comm', text.slice(close + 1));
  return {
    pid,
    comm: clean(text.slice(open + 1, close)),
    state,
    ppid: number(4),
    flags: number(9),
    starttime: number(22),
  };
}
