// /proc/PID/status: real texts of several kernels, a name that poses as a line, damaged texts.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseStatus } from '../../../src/kernel/proc/status.ts';
import { isParseError, onlyParseErrors } from '../../text/hostile.ts';

const test = suite('kernel/proc/status');
const PATH = '/proc/5632/status';

const STATUS = `Name:\tsleep
Umask:\t0022
State:\tS (sleeping)
Tgid:\t5632
Pid:\t5632
PPid:\t5609
TracerPid:\t0
Uid:\t1000\t0\t1000\t1000
Gid:\t0\t0\t0\t0
FDSize:\t64
Groups:\t 
NStgid:\t5632\t8
NSpid:\t5632\t8
NSpgid:\t5632\t8
NSsid:\t5632\t8
VmPeak:\t    3708 kB
Threads:\t4
CapInh:\t0000000000000000
CapEff:\t000001ffffffffff
NoNewPrivs:\t1
Seccomp:\t2
Seccomp_filters:\t1
`;

test('takes effective uid, NSpid, threads and confinement', () => {
  assert.equal(parseStatus(STATUS, PATH), {
    uid: 0,
    nspid: [5632, 8],
    threads: 4,
    capEff: 0x1ffffffffffn,
    seccomp: 2,
    noNewPrivs: true,
  });
});

test('an old kernel, without NSpid, NoNewPrivs and seccomp', () => {
  const old = 'Name:\tinit\nUid:\t0\t0\t0\t0\nThreads:\t1\n';
  assert.equal(parseStatus(old, PATH), {
    uid: 0,
    nspid: [],
    threads: 1,
    capEff: null,
    seccomp: null,
    noNewPrivs: null,
  });
});

test('a name that the kernel has escaped is no line of its own; of a repeated key the first counts', () => {
  assert.is(parseStatus(STATUS.replace('sleep\n', 'a\\nUid:\\t7 7 7 7\n'), PATH).uid, 0);
  assert.is(parseStatus(`${STATUS}Uid:\t5\t5\t5\t5\n`, PATH).uid, 0);
  assert.is(parseStatus(STATUS.replace('sleep\n', 'Uid:\t7\t7\n'), PATH).uid, 0);
});

test('says where and what when the text has another form', () => {
  const bad = [
    '',
    'Name:\tx\n',
    STATUS.replace('1000\t0\t1000\t1000', '1000'),
    STATUS.replace('1000\t0\t', '1000\t-1\t'),
    STATUS.replace('Threads:\t4\n', ''),
    STATUS.replace('NSpid:\t5632\t8', 'NSpid:\t5632\tx'),
    STATUS.replace('000001ffffffffff', 'xyz'),
    STATUS.replace('Seccomp:\t2', 'Seccomp:\ton'),
  ];
  for (const text of bad) isParseError(() => parseStatus(text, PATH), PATH);
});

test('what is printed parses back', () => {
  const id = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(
      id,
      fc.array(id, { minLength: 1, maxLength: 5 }),
      id,
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.boolean(),
      (uid, nspid, threads, capEff, noNewPrivs) => {
        const text = `Name:\tx\nUid:\t1\t${uid}\t2\t3\nNSpid:\t${nspid.join('\t')}\nThreads:\t${threads}\nCapEff:\t${capEff.toString(16).padStart(16, '0')}\nNoNewPrivs:\t${noNewPrivs ? 1 : 0}\nSeccomp:\t0\n`;
        assert.equal(parseStatus(text, PATH), { uid, nspid, threads, capEff, seccomp: 0, noNewPrivs });
      },
    ),
  );
});

test('any text yields a value or a ParseError', () => {
  onlyParseErrors(parseStatus, fc.constant(STATUS));
});

test.run();
