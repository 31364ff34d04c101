// /proc/PID/stat: real lines, hostile names, damaged texts.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseStat, PF_KTHREAD, sessionOf } from '../../../src/kernel/proc/stat.ts';
import { clean } from '../../../src/text/sanitize.ts';
import { hostile, isParseError, onlyParseErrors } from '../../text/hostile.ts';

const test = suite('kernel/proc/stat');
const PATH = '/proc/5632/stat';

function line(comm: string, flags = 4194560, starttime = 116910): string {
  return `5632 (${comm}) S 5609 5632 5632 0 -1 ${flags} 102 0 0 0 0 0 0 0 20 0 1 0 ${starttime} 3133440 362 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 1 1 1 1 1 1 1 0\n`;
}

test('takes the fields of the man page', () => {
  assert.equal(parseStat(line('sleep'), PATH), {
    pid: 5632,
    comm: 'sleep',
    state: 'S',
    ppid: 5609,
    flags: 4194560,
    starttime: 116910,
  });
});

test('the session, whatever stands in the comm; none of another form', () => {
  assert.is(sessionOf('5632 (sleep) S 5609 5633 5634 0 -1 4194560 1 0 0\n'), 5634);
  assert.is(sessionOf('5632 (a) S 1 1 1 (b) S 5609 5633 5634 0 -1\n'), 5634);
  assert.is(sessionOf('2 (kthreadd) S 0 0 0 0 -1 2129984 0\n'), 0);
  assert.is(sessionOf(''), null);
  assert.is(sessionOf('1 (x) S'), null);
});

test('comm ends at the last parenthesis, whatever it holds', () => {
  const cases: readonly [string, string][] = [
    ['a) R 1 (b', 'a) R 1 (b'],
    [') Z 1 1 1', ') Z 1 1 1'],
    ['((sd-pam))', '((sd-pam))'],
    ['', ''],
    ['two words', 'two words'],
    ['x\n1 (init) R 0', 'x\\n1 (init) R 0'],
    ['\x1b[31mred', '\\x1b[31mred'],
    ['kworker/0:1H-kblockd', 'kworker/0:1H-kblockd'],
  ];
  for (const [comm, expected] of cases) {
    const stat = parseStat(line(comm), PATH);
    assert.is(stat.comm, expected);
    assert.is(stat.ppid, 5609);
  }
});

test('PF_KTHREAD marks a thread of the kernel', () => {
  const kthread = parseStat('2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 9 0 0', PATH);
  assert.is(kthread.flags & PF_KTHREAD, PF_KTHREAD);
  assert.is(parseStat(line('sleep'), PATH).flags & PF_KTHREAD, 0);
});

test('says where and what when the text has another form', () => {
  const bad = [
    '',
    'sleep',
    '5632 sleep S 1',
    ') S 1 (',
    '5632 (sleep)',
    '5632 (sleep) S',
    'x (sleep) S 1',
    line('sleep').slice(0, 60),
    line('sleep').replace(' S ', ' 7 '),
    line('sleep').replace('5609', '-1'),
    line('sleep').replace('116910', '1.5'),
    line('sleep').replace('116910', '99999999999999999999'),
  ];
  for (const text of bad) isParseError(() => parseStat(text, PATH), PATH);
});

test('what the kernel prints for any name parses back', () => {
  const number = fc.integer({ min: 0, max: 2 ** 31 });
  fc.assert(
    fc.property(
      number,
      hostile,
      fc.constantFrom('R', 'S', 'Z', 't', 'I'),
      number,
      number,
      fc.maxSafeNat(),
      (pid, comm, state, ppid, flags, starttime) => {
        const text = `${pid} (${comm}) ${state} ${ppid} 1 1 0 -1 ${flags} 1 2 3 4 5 6 7 8 20 0 1 0 ${starttime} 0 0\n`;
        assert.equal(parseStat(text, PATH), { pid, comm: clean(comm), state, ppid, flags, starttime });
      },
    ),
  );
});

test('any text yields a value or a ParseError', () => {
  onlyParseErrors(
    parseStat,
    hostile.map((comm) => line(comm)),
  );
});

test.run();
