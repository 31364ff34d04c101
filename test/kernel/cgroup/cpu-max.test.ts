// cpu.max of cgroup v2.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseCpuMax } from '../../../src/kernel/cgroup/cpu-max.ts';
import { isParseError, onlyParseErrors } from '../../text/hostile.ts';

const test = suite('kernel/cgroup/cpu-max');
const PATH = '/sys/fs/cgroup/x';

test('cpu.max', () => {
  assert.equal(parseCpuMax('max 100000\n', PATH), { quota: 'max', period: 100000n });
  assert.equal(parseCpuMax('50000 100000\n', PATH), { quota: 50000n, period: 100000n });
  for (const text of ['', 'max', '1 2 3', '50000 max', '-1 100000', 'a b', '50000  100000'])
    isParseError(() => parseCpuMax(text, PATH), PATH);
  const us = fc.bigInt({ min: 0n, max: 2n ** 40n });
  fc.assert(
    fc.property(fc.oneof(us, fc.constant('max' as const)), us, (quota, period) => {
      assert.equal(parseCpuMax(`${quota} ${period}\n`, PATH), { quota, period });
    }),
  );
  onlyParseErrors(parseCpuMax, fc.constant('50000 100000\n'));
});

test.run();
