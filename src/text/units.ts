// Numbers of the kernel as people read them. The exact number stays with the caller; nothing here parses.

/** What a number counts. `ratio` is a whole number of hundredths (percent); `text` is no quantity and is printed as it is. */
export type Unit = 'bytes' | 'count' | 'us' | 'ns' | 'ratio' | 'weight' | 'text';

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** Bytes in powers of 1024 (units(7)): one decimal below 10 unless the number is exact, rounded half up. */
export function bytes(n: bigint): string {
  if (n < 0n) return `-${bytes(-n)}`;
  let scale = 0;
  let divisor = 1n;
  while (scale < BYTE_UNITS.length - 1 && rounded(n, divisor) >= 1024n) {
    divisor *= 1024n;
    scale++;
  }
  return `${decimal(n, divisor)} ${BYTE_UNITS[scale] ?? 'B'}`;
}

/** A duration in microseconds: µs, ms and s with one decimal below 10, from two minutes on `2 min 5 s` and `1 h 3 min`. */
export function micros(n: bigint): string {
  if (n < 0n) return `-${micros(-n)}`;
  if (n < 1000n) return `${n} µs`;
  if (rounded(n, 1000n) < 1000n) return `${decimal(n, 1000n)} ms`;
  if (n < 120_000_000n) return `${decimal(n, 1_000_000n)} s`;
  const seconds = n / 1_000_000n;
  if (seconds < 7200n) return `${seconds / 60n} min ${seconds % 60n} s`;
  return `${seconds / 3600n} h ${(seconds % 3600n) / 60n} min`;
}

/** A control file's number in its unit; no limit is `max`, the kernel's own word. */
export function quantity(q: bigint | 'max', unit: Unit): string {
  if (q === 'max') return 'max';
  if (unit === 'bytes') return bytes(q);
  if (unit === 'us') return micros(q);
  if (unit === 'ns') return q > -1000n && q < 1000n ? `${q} ns` : micros(q / 1000n);
  return unit === 'ratio' ? `${q} %` : String(q);
}

function rounded(n: bigint, divisor: bigint): bigint {
  return (n + divisor / 2n) / divisor;
}

function decimal(n: bigint, divisor: bigint): string {
  if (n % divisor === 0n) return String(n / divisor);
  const tenths = rounded(n * 10n, divisor);
  return tenths < 100n ? `${tenths / 10n}.${tenths % 10n}` : String(rounded(n, divisor));
}
