// Parses a control file that holds one number, or no limit (cgroup v1 and v2). Reads no file.
import { ParseError } from '../../text/errors.ts';

/**
 * v1 writes "no limit" as LONG_MAX rounded down to a page (PAGE_COUNTER_MAX of include/linux/page_counter.h), and hugetlb rounds that down
 * to its own pages, 16 GiB at most (mm/hugetlb_cgroup.c).
 */
const V1_UNLIMITED = 2n ** 63n - 2n ** 34n;

/** The number, or `max` for `max` (v2), `-1` (v1, cpu.cfs_quota_us) and the largest numbers of v1. Throws ParseError. */
export function parseQuantity(text: string, path: string): bigint | 'max' {
  const word = text.trim();
  if (word === 'max' || word === '-1') return 'max';
  if (!/^\d{1,20}$/.test(word)) throw new ParseError(path, 'a number or max', text);
  const number = BigInt(word);
  return number >= V1_UNLIMITED ? 'max' : number;
}
