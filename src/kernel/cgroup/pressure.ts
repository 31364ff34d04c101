// Parses pressure stall information: /proc/pressure/* and *.pressure of a cgroup (Documentation/accounting/psi.rst).
// Reads no file. Opening one for writing would register a trigger; nothing here does.
import { ParseError } from '../../text/errors.ts';

export interface PressureLine {
  /** Percent of the last 10, 60 and 300 seconds that was lost to waiting. */
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
  /** Microseconds lost since boot, or since the group was made. */
  readonly total: bigint;
}

export interface Pressure {
  /** At least one task waited. */
  readonly some: PressureLine;
  /** All tasks waited at once; null where the kernel has no such line (cpu before Linux 5.13). */
  readonly full: PressureLine | null;
}

const LINE = /^(some|full) avg10=(\d+\.\d+) avg60=(\d+\.\d+) avg300=(\d+\.\d+) total=(\d{1,20})$/;

/** Throws ParseError where the line `some` is missing or a line has another form. */
export function parsePressure(text: string, path: string): Pressure {
  const lines = new Map<string, PressureLine>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, kind, avg10, avg60, avg300, total] = LINE.exec(line) ?? [];
    if (kind === undefined || total === undefined)
      throw new ParseError(path, 'some|full avg10=… avg60=… avg300=… total=…', line);
    lines.set(kind, {
      avg10: Number(avg10),
      avg60: Number(avg60),
      avg300: Number(avg300),
      total: BigInt(total),
    });
  }
  const some = lines.get('some');
  if (some === undefined) throw new ParseError(path, 'a line "some avg10=…"', text);
  return { some, full: lines.get('full') ?? null };
}
