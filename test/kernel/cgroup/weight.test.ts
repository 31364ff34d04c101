// Shares and weights of v1 as weights of v2: the values of runc's own tests, the ends, and that a greater share never gets less.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { curvedWeight, ioWeight, linearWeight } from '../../../src/kernel/cgroup/weight.ts';

const test = suite('kernel/cgroup/weight');

test('the straight line of runc before 1.3.2', () => {
  assert.equal([2n, 512n, 1024n, 262144n].map(linearWeight), [1n, 20n, 39n, 10000n]);
});

test('the curve of newer runc and crun: the defaults meet', () => {
  assert.equal([2n, 512n, 1024n, 262144n].map(curvedWeight), [1n, 59n, 100n, 10000n]);
});

test('shares outside of their range are as the nearest end', () => {
  for (const weight of [linearWeight, curvedWeight]) {
    assert.is(weight(0n), 1n);
    assert.is(weight(1n << 40n), 10000n);
  }
});

test('weights of block devices', () => {
  assert.equal([10n, 500n, 1000n].map(ioWeight), [1n, 4950n, 10000n]);
});

test('a greater share never gets a lesser weight, and every weight is one', () => {
  const shares = fc.bigInt({ min: 2n, max: 262_144n });
  fc.assert(
    fc.property(shares, shares, (a, b) => {
      for (const weight of [linearWeight, curvedWeight]) {
        const [less, more] = a < b ? [weight(a), weight(b)] : [weight(b), weight(a)];
        assert.ok(less <= more);
        assert.ok(less >= 1n && more <= 10_000n);
      }
    }),
  );
});

test.run();
