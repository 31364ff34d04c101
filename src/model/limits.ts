// What the numbers of a group come to: working set, CPUs that a quota allows, who is throttled, rates between two looks. Reads nothing.
import { type Reading, value } from '../kernel/reading.ts';
import type { Bandwidth, ControllerState, Effective } from './types.ts';

/**
 * Memory in use without the page cache that goes first: usage minus inactive_file (v1: total_inactive_file), as docker stats shows it. At
 * least 0, as the two files are read one after the other. null for another controller.
 */
export function workingSet(memory: ControllerState): Reading<bigint> | null {
  const { usage, inactiveFile } = memory.usage;
  if (!usage || !inactiveFile) return null;
  if (!usage.ok) return usage;
  if (!inactiveFile.ok) return inactiveFile;
  return value(usage.value > inactiveFile.value ? usage.value - inactiveFile.value : 0n);
}

/** How many CPUs a quota allows, in hundredths of one (50000 of 100000: 50n); `max` where there is none, null where it cannot be told. */
export function cpusOf(quota: Pick<Effective, 'value' | 'per'>): bigint | 'max' | null {
  if (quota.value === 'max') return 'max';
  return quota.per === undefined || quota.per === 0n ? null : (quota.value * 100n) / quota.per;
}

/** The group and those of its ancestors that have been throttled by a quota of their own, from the group upwards: all of them stop the process. */
export function throttledGroups(cpu: ControllerState): readonly Bandwidth[] {
  return (cpu.bandwidth ?? []).filter(({ nrThrottled }) => nrThrottled.ok && nrThrottled.value > 0n);
}

/**
 * Growth of a counter in a second, rounded down. A counter can go down (kernel-facts §3.12, systemd #749): that counts as 0, and the next
 * difference begins at the new value.
 *
 * @param ms milliseconds between the two looks; 0 or less gives 0.
 */
export function ratePerSecond(before: bigint, now: bigint, ms: number): bigint {
  const span = BigInt(Math.round(ms));
  return now <= before || span <= 0n ? 0n : ((now - before) * 1000n) / span;
}
