// How runtimes turn the shares and weights of cgroup v1, which docker and config.json speak, into those of v2. Sums only; never the way back:
// several shares have one weight.

/** cpu.shares on v1: 2 to 262144; cpu.weight on v2: 1 to 10000. */
const LEAST_SHARES = 2n;
const MOST_SHARES = 262_144n;

/** runc before 1.3.2: a straight line from 2 → 1 to 262144 → 10000, by which 1024 becomes 39 (libcontainer/cgroups, ConvertCPUSharesToCgroupV2Value). */
export function linearWeight(shares: bigint): bigint {
  return 1n + ((clamped(shares) - LEAST_SHARES) * 9999n) / 262_142n;
}

/** runc since 1.3.2 and crun since 1.23: a curve by which the defaults meet, 1024 → 100 (runc #4772). */
export function curvedWeight(shares: bigint): bigint {
  const plain = clamped(shares);
  if (plain === LEAST_SHARES) return 1n;
  if (plain === MOST_SHARES) return 10_000n;
  const log = Math.log2(Number(plain));
  return BigInt(Math.ceil(10 ** ((log * log + 125 * log) / 612 - 7 / 34)));
}

/** io.weight (1 to 10000) of a blkio weight (10 to 1000): 1 + (w − 10) · 9999 / 990. */
export function ioWeight(blkio: bigint): bigint {
  return 1n + ((blkio - 10n) * 9999n) / 990n;
}

function clamped(shares: bigint): bigint {
  if (shares < LEAST_SHARES) return LEAST_SHARES;
  return shares > MOST_SHARES ? MOST_SHARES : shares;
}
