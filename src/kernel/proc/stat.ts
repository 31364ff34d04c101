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

/**
 * pid, comm, state, ppid (4), flags (9), starttime (22). One expression, since this runs for every process of every scan. Nothing after the
 * comm may hold a `)`, so that the comm ends at the last one.
 */
const FORM =
  /^(\d+) \((.*)\) *([A-Za-z]) +(\d+)(?: +[^\s)]+){4} +(\d+)(?: +[^\s)]+){12} +(\d+)(?:\s[^)]*)?$/s;

/**
 * One process' stat. comm may hold spaces, parentheses and newlines, so it ends at the last `)` of the whole text.
 * Throws ParseError for anything else than the man page's form.
 */
export function parseStat(text: string, path: string): Stat {
  const found = FORM.exec(text);
  if (!found) throw faultOf(text, path);
  const [, pid = '', comm = '', state = '', ppid = '', flags = '', starttime = ''] = found;
  return {
    pid: numberOf(pid, 1, text, path),
    comm: clean(comm),
    state,
    ppid: numberOf(ppid, 4, text, path),
    flags: numberOf(flags, 9, text, path),
    starttime: numberOf(starttime, 22, text, path),
  };
}

function numberOf(digits: string, field: number, text: string, path: string): number {
  const number = Number(digits);
  if (!Number.isSafeInteger(number)) throw new ParseError(path, `a number in field ${field}`, text);
  return number;
}

/** The session (field 6) of one process' stat: the pid of its leader, 0 for the kernel's. Null for another form. */
export function sessionOf(text: string): number | null {
  const [, session] = /^\d+ \(.*\) *[A-Za-z] +-?\d+ +-?\d+ +(\d+) [^)]*$/s.exec(text) ?? [];
  return session === undefined ? null : Number(session);
}

/** Where a text of another form leaves it. */
function faultOf(text: string, path: string): ParseError {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return new ParseError(path, 'PID (COMM) STATE …', text);
  if (!/^\d+ $/.test(text.slice(0, open))) return new ParseError(path, 'a pid before the comm', text);
  const rest = text.slice(close + 1).trim();
  const fields = rest.split(/\s+/);
  if (!/^[A-Za-z]$/.test(fields[0] ?? ''))
    return new ParseError(path, 'one letter of state after the comm', rest);
  const field = [4, 9, 22].find((wanted) => !/^\d+$/.test(fields[wanted - 3] ?? ''));
  return new ParseError(
    path,
    field === undefined ? 'fields with spaces between' : `a number in field ${field}`,
    rest,
  );
}
