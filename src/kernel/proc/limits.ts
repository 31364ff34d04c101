// Parses /proc/PID/limits (proc_pid_limits(5), getrlimit(2)). Reads no file.
import { ParseError } from '../../text/errors.ts';

/** In the kernel's units: bytes, seconds, microseconds or a count; `max` for `unlimited`. */
export interface ResourceLimit {
  readonly soft: bigint | 'max';
  readonly hard: bigint | 'max';
}

/**
 * The limits by the kernel's name, as `Max open files`. The first line is the head; the columns have fixed widths, a name holds spaces. Throws
 * ParseError for a line of another form.
 */
export function parseLimits(text: string, path: string): Readonly<Record<string, ResourceLimit>> {
  const lines = text.split('\n').slice(1);
  if (lines.at(-1) === '') lines.pop();
  const limits = new Map<string, ResourceLimit>();
  for (const line of lines) {
    const [, name, soft, hard] =
      /^(\S.*?) {2,}(unlimited|\d{1,20}) +(unlimited|\d{1,20})(?: |$)/.exec(line) ?? [];
    if (name === undefined || soft === undefined || hard === undefined)
      throw new ParseError(path, 'NAME  SOFT  HARD  UNITS', line);
    limits.set(name, { soft: numberOf(soft), hard: numberOf(hard) });
  }
  return Object.fromEntries(limits);
}

function numberOf(word: string): bigint | 'max' {
  return word === 'unlimited' ? 'max' : BigInt(word);
}
