// Control files of one number, and how v1 and v2 say that there is no limit.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseQuantity } from '../../../src/kernel/cgroup/quantity.ts';
import { isParseError, onlyParseErrors } from '../../text/hostile.ts';

const test = suite('kernel/cgroup/quantity');
const PATH = '/sys/fs/cgroup/x';

test('a quantity; no limit as v1 and v2 say it', () => {
  const cases: readonly [string, bigint | 'max'][] = [
    ['0\n', 0n],
    ['67108864\n', 67108864n],
    ['9007199254740993', 9007199254740993n],
    ['max\n', 'max'],
    ['-1\n', 'max'],
    ['9223372036854771712\n', 'max'],
    ['9223372036854710272\n', 'max'],
    ['9223372036854775807\n', 'max'],
    ['18446744073709551615\n', 'max'],
    // hugetlb.2MB.limit_in_bytes and hugetlb.1GB.limit_in_bytes without a limit.
    ['9223372036852678656\n', 'max'],
    ['9223372035781033984\n', 'max'],
    ['9223372019674906623\n', 9223372019674906623n],
    ['64\r\n', 64n],
  ];
  for (const [text, expected] of cases) assert.is(parseQuantity(text, PATH), expected, text);
  for (const text of ['', '\n', '-2', '1.5', '1 2', 'MAX', '0x10', '1e3', '999999999999999999999']) {
    isParseError(() => parseQuantity(text, PATH), PATH);
  }
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 62n }), (n) => assert.is(parseQuantity(`${n}\n`, PATH), n)),
  );
  onlyParseErrors(parseQuantity, fc.constant('67108864\n'));
});

test.run();
