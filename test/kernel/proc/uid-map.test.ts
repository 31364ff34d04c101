// Id maps of user namespaces.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseIdMap } from '../../../src/kernel/proc/uid-map.ts';
import { isParseError, onlyParseErrors } from '../../text/hostile.ts';

const test = suite('kernel/proc/uid-map');
/** As the kernel prints one number of a map: %10u. */
const pad = (n: number): string => String(n).padStart(10);

test('an id map is ranges; before it is written it has none', () => {
  const path = '/proc/1/uid_map';
  assert.equal(parseIdMap('         0          0 4294967295\n', path), [
    { inside: 0, outside: 0, count: 4294967295 },
  ]);
  assert.equal(parseIdMap('         0       1000          1\n         1     100000      65536\n', path), [
    { inside: 0, outside: 1000, count: 1 },
    { inside: 1, outside: 100000, count: 65536 },
  ]);
  assert.equal(parseIdMap('', path), []);
  for (const text of ['\n', '0 0\n', '0 0 0 0\n', '0 -1 1\n', 'a b c\n', '0 0 99999999999\n'])
    isParseError(() => parseIdMap(text, path), path);
  const id = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(
      fc.array(fc.record({ inside: id, outside: id, count: id }, { noNullPrototype: true })),
      (ranges) => {
        const text = ranges
          .map((each) => `${pad(each.inside)} ${pad(each.outside)} ${pad(each.count)}\n`)
          .join('');
        assert.equal(parseIdMap(text, path), ranges);
      },
    ),
  );
  onlyParseErrors(parseIdMap, fc.constant('         0       1000          1\n'));
});

test.run();
