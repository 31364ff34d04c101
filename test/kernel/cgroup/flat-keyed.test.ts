// Flat keyed control files.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFlatKeyed } from '../../../src/kernel/cgroup/flat-keyed.ts';
import { isParseError, onlyParseErrors } from '../../text/hostile.ts';

const test = suite('kernel/cgroup/flat-keyed');
const PATH = '/sys/fs/cgroup/x';

test('flat keyed files by name, past 2^53', () => {
  assert.equal(
    [
      ...parseFlatKeyed(
        'low 0\nhigh 0\nmax 18446744073709551615\noom 2\noom_kill 1\n',
        '/sys/fs/cgroup/x/memory.events',
      ),
    ],
    [
      ['low', 0n],
      ['high', 0n],
      ['max', 18446744073709551615n],
      ['oom', 2n],
      ['oom_kill', 1n],
    ],
  );
  assert.is(parseFlatKeyed('oom_kill_disable 0\nunder_oom 0\noom_kill 3', PATH).get('oom_kill'), 3n);
  assert.is(parseFlatKeyed('default 100\n8:0 50\n', PATH).get('default'), 100n);
  assert.is(parseFlatKeyed('', PATH).size, 0);
  assert.is(parseFlatKeyed('__proto__ 1\n', PATH).get('__proto__'), 1n);
  for (const text of ['a', 'a b', 'a 1 2', ' 1', 'a  1', 'a 1\r\n', 'max max'])
    isParseError(() => parseFlatKeyed(text, PATH), PATH);
  const key = fc.stringMatching(/^[a-z_0-9:]{1,20}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))), (entries) => {
      const text = entries.map(([name, number]) => `${name} ${number}\n`).join('');
      assert.equal([...parseFlatKeyed(text, PATH)], [...new Map(entries)]);
    }),
  );
  onlyParseErrors(parseFlatKeyed, fc.constant('nr_periods 0\nnr_throttled 0\nthrottled_time 0\n'));
});

test.run();
