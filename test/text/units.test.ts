// Numbers as people read them.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bytes, micros, quantity, type Unit } from '../../src/text/units.ts';

const test = suite('text/units');

test('bytes in powers of 1024, one decimal below 10 unless exact', () => {
  const cases: readonly [bigint, string][] = [
    [0n, '0 B'],
    [1n, '1 B'],
    [1023n, '1023 B'],
    [1024n, '1 KiB'],
    [1536n, '1.5 KiB'],
    [1025n, '1.0 KiB'],
    [10_189n, '10 KiB'],
    [10_188n, '9.9 KiB'],
    [314_573n, '307 KiB'],
    [1_048_575n, '1.0 MiB'],
    [1_048_064n, '1.0 MiB'],
    [1_048_000n, '1023 KiB'],
    [67_108_864n, '64 MiB'],
    [(2n ** 40n * 3n) / 2n, '1.5 TiB'],
    [2n ** 60n, '1 EiB'],
    [2n ** 70n, '1024 EiB'],
    [-2048n, '-2 KiB'],
  ];
  for (const [n, expected] of cases) assert.is(bytes(n), expected, String(n));
});

test('micros as µs, ms, s, min and h', () => {
  const cases: readonly [bigint, string][] = [
    [0n, '0 µs'],
    [999n, '999 µs'],
    [1000n, '1 ms'],
    [1234n, '1.2 ms'],
    [100_000n, '100 ms'],
    [999_499n, '999 ms'],
    [999_500n, '1.0 s'],
    [1_000_000n, '1 s'],
    [3_400_000n, '3.4 s'],
    [119_000_000n, '119 s'],
    [120_000_000n, '2 min 0 s'],
    [125_900_000n, '2 min 5 s'],
    [7_199_999_999n, '119 min 59 s'],
    [7_200_000_000n, '2 h 0 min'],
    [-1500n, '-1.5 ms'],
  ];
  for (const [n, expected] of cases) assert.is(micros(n), expected, String(n));
});

test('quantity by unit; no limit is max in every unit', () => {
  const cases: readonly [bigint, Unit, string][] = [
    [64n, 'count', '64'],
    [67_108_864n, 'bytes', '64 MiB'],
    [50_000n, 'us', '50 ms'],
    [999n, 'ns', '999 ns'],
    [1_500_000n, 'ns', '1.5 ms'],
    [150n, 'ratio', '150 %'],
    [100n, 'weight', '100'],
    [2n ** 64n, 'count', '18446744073709551616'],
  ];
  for (const [q, unit, expected] of cases) {
    assert.is(quantity(q, unit), expected);
    assert.is(quantity('max', unit), 'max');
  }
});

test.run();
