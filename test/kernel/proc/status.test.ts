// /proc/PID/status: real texts of several kernels, a name that poses as a line, damaged texts.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CAPABILITY_SETS, type CapabilitySet, STATUS_LINE } from '../../../src/kernel/capabilities.ts';
import { parseStatus, type Status } from '../../../src/kernel/proc/status.ts';
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
Uid:\t1000\t0\t1001\t1002
Gid:\t7\t8\t9\t10
FDSize:\t64
Groups:\t27 1000 
NStgid:\t5632\t8
NSpid:\t5632\t8
NSpgid:\t5632\t8
NSsid:\t5632\t8
VmPeak:\t    3708 kB
Threads:\t4
CapInh:\t0000000000000000
CapPrm:\t000000ffffffffff
CapEff:\t000001ffffffffff
CapBnd:\t00000000a80425fb
CapAmb:\t0000000000000001
NoNewPrivs:\t1
Seccomp:\t2
Seccomp_filters:\t3
`;

test('takes effective uid, NSpid, threads and confinement', () => {
  assert.equal(parseStatus(STATUS, PATH), {
    uid: 0,
    uids: { real: 1000, effective: 0, saved: 1001, filesystem: 1002 },
    gids: { real: 7, effective: 8, saved: 9, filesystem: 10 },
    groups: [27, 1000],
    nspid: [5632, 8],
    threads: 4,
    capabilities: {
      inheritable: 0n,
      permitted: 0xffffffffffn,
      effective: 0x1ffffffffffn,
      bounding: 0xa80425fbn,
      ambient: 1n,
    },
    seccomp: 2,
    seccompFilters: 3,
    noNewPrivs: true,
  });
});

test('an old kernel, without NSpid, NoNewPrivs and seccomp', () => {
  const old = 'Name:\tinit\nUid:\t0\t0\t0\t0\nThreads:\t1\n';
  assert.equal(parseStatus(old, PATH), {
    uid: 0,
    uids: { real: 0, effective: 0, saved: 0, filesystem: 0 },
    gids: null,
    groups: [],
    nspid: [],
    threads: 1,
    capabilities: { inheritable: null, permitted: null, effective: null, bounding: null, ambient: null },
    seccomp: null,
    seccompFilters: null,
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
    STATUS.replace('1000\t0\t1001\t1002', '1000'),
    STATUS.replace('1000\t0\t', '1000\t-1\t'),
    STATUS.replace('Threads:\t4\n', ''),
    STATUS.replace('NSpid:\t5632\t8', 'NSpid:\t5632\tx'),
    STATUS.replace('1000\t0\t1001\t1002', '1000\t0'),
    STATUS.replace('7\t8\t9\t10', ''),
    STATUS.replace('27 1000', '27 wheel'),
    STATUS.replace('000001ffffffffff', 'xyz'),
    STATUS.replace('CapAmb:\t', 'CapAmb:\t-'),
    STATUS.replace('Seccomp_filters:\t3', 'Seccomp_filters:\tmany'),
    STATUS.replace('Seccomp:\t2', 'Seccomp:\ton'),
  ];
  for (const text of bad) isParseError(() => parseStatus(text, PATH), PATH);
});

test('what is printed parses back', () => {
  const id = fc.integer({ min: 0, max: 0xffffffff });
  const ids = fc.record({ real: id, effective: id, saved: id, filesystem: id }, { noNullPrototype: true });
  const set = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const status = fc.record(
    {
      uids: ids,
      gids: ids,
      groups: fc.array(id, { maxLength: 5 }),
      nspid: fc.array(id, { minLength: 1, maxLength: 5 }),
      threads: id,
      capabilities: fc.record(
        { inheritable: set, permitted: set, effective: set, bounding: set, ambient: set },
        { noNullPrototype: true },
      ),
      seccomp: fc.nat(2),
      seccompFilters: fc.nat(100),
      noNewPrivs: fc.boolean(),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(status, (expected) => {
      assert.equal(parseStatus(printed(expected), PATH), { uid: expected.uids.effective, ...expected });
    }),
  );
});

type Printed = Omit<Status, 'uid' | 'capabilities'> & {
  readonly capabilities: Readonly<Record<CapabilitySet, bigint>>;
};

/** As fs/proc/array.c writes it. */
function printed(status: Printed): string {
  const line = (ids: Status['gids']) => Object.values(ids ?? {}).join('\t');
  const caps = CAPABILITY_SETS.map(
    (set) => `${STATUS_LINE[set]}:\t${status.capabilities[set].toString(16).padStart(16, '0')}\n`,
  );
  return `Name:\tx\nUid:\t${line(status.uids)}\nGid:\t${line(status.gids)}\nGroups:\t${status.groups.join(' ')} \nNSpid:\t${status.nspid.join('\t')}\nThreads:\t${status.threads}\n${caps.join('')}NoNewPrivs:\t${status.noNewPrivs ? 1 : 0}\nSeccomp:\t${status.seccomp}\nSeccomp_filters:\t${status.seccompFilters}\n`;
}

test('any text yields a value or a ParseError', () => {
  onlyParseErrors(parseStatus, fc.constant(STATUS));
});

test.run();
