// errno names to reasons: what is denied, what has ended, what this kernel or group has not.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mapReading, unread, value, valueOr, whyOf } from '../../src/kernel/reading.ts';

const test = suite('kernel/reading');

test('denied is never absent, a removed group is gone, a refusal of this group is unsupported', () => {
  const cases: readonly [string | undefined, string][] = [
    ['EACCES', 'denied'],
    ['EPERM', 'denied'],
    ['ENOENT', 'gone'],
    ['ESRCH', 'gone'],
    ['ENOTDIR', 'gone'],
    // A control file that was open when its group was removed.
    ['ENODEV', 'gone'],
    // cgroup.procs of a threaded group, PSI where it is off, a v2 root.
    ['EOPNOTSUPP', 'unsupported'],
    ['ENOTSUP', 'unsupported'],
    ['EINVAL', 'unsupported'],
    ['ELOOP', 'unsupported'],
    [undefined, 'unsupported'],
  ];
  for (const [code, why] of cases) assert.is(whyOf(code), why, code ?? 'none');
});

test('a reading that is no value keeps its reason', () => {
  const refused = unread('denied', '/proc/7/ns/net');
  assert.is(
    mapReading<number, number>(refused, (n) => n + 1),
    refused,
  );
  assert.equal(
    mapReading(value(1), (n) => n + 1),
    value(2),
  );
  assert.is(valueOr(refused, null), null);
  assert.is(valueOr(value(0), null), 0);
});

test.run();
