// Pressure stall information.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parsePressure } from '../../../src/kernel/cgroup/pressure.ts';
import { isParseError, onlyParseErrors } from '../../text/hostile.ts';

const test = suite('kernel/cgroup/pressure');
const PATH = '/sys/fs/cgroup/x';

test('pressure', () => {
  const some = 'some avg10=1.50 avg60=0.25 avg300=0.00 total=9007199254740993\n';
  const full = 'full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n';
  assert.equal(parsePressure(some + full, PATH), {
    some: { avg10: 1.5, avg60: 0.25, avg300: 0, total: 9007199254740993n },
    full: { avg10: 0, avg60: 0, avg300: 0, total: 7n },
  });
  assert.is(parsePressure(some, PATH).full, null);
  for (const text of ['', full, 'some avg10=x\n', some.replace('total', 'sum'), `${some}none\n`])
    isParseError(() => parsePressure(text, PATH), PATH);
  const percent = fc.integer({ min: 0, max: 10000 }).map((n) => n / 100);
  fc.assert(
    fc.property(
      percent,
      percent,
      percent,
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      (avg10, avg60, avg300, total) => {
        const line = `avg10=${avg10.toFixed(2)} avg60=${avg60.toFixed(2)} avg300=${avg300.toFixed(2)} total=${total}\n`;
        const each = { avg10, avg60, avg300, total };
        assert.equal(parsePressure(`some ${line}full ${line}`, PATH), { some: each, full: each });
      },
    ),
  );
  onlyParseErrors(parsePressure, fc.constant(some + full));
});

test.run();
