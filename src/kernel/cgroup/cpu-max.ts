// Parses cpu.max of cgroup v2: quota and period (Documentation/admin-guide/cgroup-v2.rst, "CPU Interface Files"). Reads no file.
import { ParseError } from '../../text/errors.ts';
import { parseQuantity } from './quantity.ts';

/** Of every `period` microseconds the group may run `quota` microseconds, over all CPUs together. */
export interface CpuMax {
  readonly quota: bigint | 'max';
  readonly period: bigint;
}

/** `max 100000` or `50000 100000`. Throws ParseError for another form. */
export function parseCpuMax(text: string, path: string): CpuMax {
  const [first, second, more] = text.trim().split(' ');
  if (first === undefined || second === undefined || more !== undefined || first === '-1') {
    throw new ParseError(path, 'QUOTA PERIOD', text);
  }
  const quota = parseQuantity(first, path);
  const period = parseQuantity(second, path);
  if (period === 'max') throw new ParseError(path, 'a period in microseconds', text);
  return { quota, period };
}
