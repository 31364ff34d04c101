// The table of control files is whole and unambiguous, and readField takes the right value out of real texts.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CONTROL_FILES,
  controlFile,
  type FileField,
  readField,
  rowOfFile,
  sizeIn,
} from '../../../src/kernel/cgroup/files.ts';
import { LANGS } from '../../../src/text/lang.ts';
import { isParseError, onlyParseErrors } from '../../text/hostile.ts';

const test = suite('kernel/cgroup/files');

/** What the files hold, as a v1 and a v2 kernel print them. */
const V1: Readonly<Record<string, string>> = {
  'memory.limit_in_bytes': '67108864\n',
  'memory.memsw.limit_in_bytes': '9223372036854771712\n',
  'memory.stat':
    'cache 1\nrss 2\ninactive_file 3\nhierarchical_memory_limit 67108864\ntotal_swap 4096\ntotal_inactive_file 8192\n',
  'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n',
  'memory.failcnt': '17\n',
  'cpu.cfs_quota_us': '-1\n',
  'cpu.cfs_period_us': '100000\n',
  'cpu.stat': 'nr_periods 10\nnr_throttled 4\nthrottled_time 123456789\nnr_bursts 0\nburst_time 0\n',
  'cpuacct.usage': '9007199254740993\n',
  'pids.max': 'max\n',
  'pids.events': 'max 2\n',
  'blkio.throttle.io_service_bytes_recursive':
    '8:0 Read 4096\n8:0 Write 512\n8:0 Sync 4608\n8:0 Async 0\n8:0 Discard 0\n8:0 Total 4608\n8:16 Read 1\n8:16 Write 0\n8:16 Total 1\nTotal 4609\n',
  'cpuset.cpus': '\n',
  'cpuset.effective_cpus': '0-3,7\n',
  'freezer.state': 'FREEZING\n',
  'freezer.self_freezing': '1\n',
};
const V2: Readonly<Record<string, string>> = {
  'memory.max': 'max\n',
  'memory.events': 'low 0\nhigh 5\nmax 17\noom 2\noom_kill 1\noom_group_kill 0\n',
  'memory.stat': 'anon 1\nfile 2\ninactive_file 8192\nactive_file 0\n',
  'cpu.max': '50000 100000\n',
  'cpu.stat':
    'usage_usec 99\nuser_usec 50\nsystem_usec 49\nnr_periods 10\nnr_throttled 4\nthrottled_usec 123456\n',
  'io.stat':
    '8:16 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=0 dios=0\n8:0 \n259:0 rbytes=1 wbytes=2 rios=3 wios=4\n',
  'io.weight': 'default 100\n8:0 50\n',
  'cpuset.cpus': '\n',
  'cpuset.cpus.effective': '1\n',
  'cgroup.freeze': '0\n',
  'cgroup.events': 'populated 1\nfrozen 1\n',
};

function read(version: 'v1' | 'v2', controller: string, key: string): bigint | 'max' {
  const field = controlFile(controller, key)?.[version];
  if (field === undefined || field === null) throw new Error(`no row ${version} ${controller} ${key}`);
  const text = (version === 'v1' ? V1 : V2)[field.file];
  if (text === undefined) throw new Error(`no text ${field.file}`);
  return readField(field, text, field.file);
}

test('values out of v1 files', () => {
  const cases: readonly [string, string, bigint | 'max'][] = [
    ['memory', 'limit', 67108864n],
    ['memory', 'memorySwapLimit', 'max'],
    ['memory', 'inactiveFile', 8192n],
    ['memory', 'swapUsage', 4096n],
    ['memory', 'oomKill', 3n],
    ['memory', 'maxEvents', 17n],
    ['cpu', 'quota', 'max'],
    ['cpu', 'period', 100000n],
    ['cpu', 'throttledTime', 123456789n],
    ['cpu', 'nrThrottled', 4n],
    ['cpu', 'cpuTime', 9007199254740993n],
    ['pids', 'limit', 'max'],
    ['pids', 'maxEvents', 2n],
    ['io', 'readBytes', 4097n],
    ['io', 'writeBytes', 512n],
    ['cpuset', 'cpus', 0n],
    ['cpuset', 'effectiveCpus', 5n],
    ['freezer', 'frozen', 0n],
    ['freezer', 'freeze', 1n],
  ];
  for (const [controller, key, expected] of cases)
    assert.is(read('v1', controller, key), expected, `${controller} ${key}`);
});

test('values out of v2 files', () => {
  const cases: readonly [string, string, bigint | 'max'][] = [
    ['memory', 'limit', 'max'],
    ['memory', 'oomKill', 1n],
    ['memory', 'maxEvents', 17n],
    ['memory', 'highEvents', 5n],
    ['memory', 'inactiveFile', 8192n],
    ['cpu', 'quota', 50000n],
    ['cpu', 'period', 100000n],
    ['cpu', 'cpuTime', 99n],
    ['cpu', 'throttledTime', 123456n],
    ['io', 'readBytes', 1459201n],
    ['io', 'writes', 357n],
    ['io', 'weight', 100n],
    ['cpuset', 'cpus', 'max'],
    ['cpuset', 'effectiveCpus', 1n],
    ['freezer', 'frozen', 1n],
    ['freezer', 'freeze', 0n],
  ];
  for (const [controller, key, expected] of cases)
    assert.is(read('v2', controller, key), expected, `${controller} ${key}`);
});

test('the unit is the version’s own', () => {
  assert.is(controlFile('cpu', 'throttledTime')?.v1?.unit, 'ns');
  assert.is(controlFile('cpu', 'throttledTime')?.v2?.unit, 'us');
  assert.is(controlFile('cpu', 'cpuTime')?.v1?.controller, 'cpuacct');
  assert.is(controlFile('cpu', 'nothing'), undefined);
});

test('a missing key, word or number is an error that names the file', () => {
  const cases: readonly [FileField, string][] = [
    [{ file: 'f', unit: 'count', field: 'oom_kill' }, 'low 0\n'],
    [{ file: 'f', unit: 'us', index: 1 }, 'max\n'],
    [{ file: 'f', unit: 'count', words: { THAWED: 0n } }, 'constructor\n'],
    [{ file: 'f', unit: 'count', list: { empty: 0n } }, '3-1\n'],
    [{ file: 'f', unit: 'count', list: { empty: 0n } }, '1,,2\n'],
    [{ file: 'f', unit: 'bytes', sum: 'rbytes' }, '8:0 rbytes=x\n'],
    [{ file: 'f', unit: 'bytes', sum: 'Read' }, '8:0 Read\n'],
    [{ file: 'f', unit: 'bytes', sum: 'Read' }, 'Read 1\n'],
  ];
  for (const [field, text] of cases) isParseError(() => readField(field, text, '/x/f'), '/x/f');
});

test('every row: one place per version, one name, a meaning in every language', () => {
  const names = CONTROL_FILES.map((row) => `${row.controller}.${row.key}`);
  assert.equal([...new Set(names)], names);
  assert.equal(
    [...new Set(CONTROL_FILES.map((row) => row.controller))],
    // Those of the panes first, in their order.
    'memory cpu pids io cpuset freezer hugetlb devices net_cls net_prio rdma misc dmem cgroup'.split(' '),
  );
  assert.equal(
    [...new Set(CONTROL_FILES.filter((row) => row.detail !== true).map((row) => row.controller))],
    ['memory', 'cpu', 'pids', 'io', 'cpuset', 'freezer'],
  );
  for (const row of CONTROL_FILES) {
    assert.ok(row.v1 !== null || row.v2 !== null, row.key);
    for (const lang of LANGS)
      assert.match(row.meaning[lang], lang === 'en' ? /^[A-Z0-9].*\.$/ : /。$/, row.key);
    for (const field of [row.v1, row.v2]) {
      if (field === null) continue;
      const forms = [field.field, field.index, field.words, field.list, field.sum].filter(
        (form) => form !== undefined,
      );
      assert.ok(forms.length <= 1, field.file);
      // A flag or field that sets it is told of limits and of the files that hold them.
      if (row.docker !== undefined) assert.match(row.docker, /^--[a-z-]+(, --[a-z-]+)*$/);
      if (row.kind === 'usage' || row.kind === 'event') assert.is(row.docker ?? row.oci, undefined, row.key);
      const v1Core = /^(?:cgroup\.|tasks$|notify_on_release$|release_agent$)/;
      const prefix =
        row.controller === 'cgroup'
          ? field.core === true
            ? /^(?:cgroup|irq)\./
            : v1Core
          : field.core === true
            ? /^(?:cgroup|cpu|memory|io)\./
            : new RegExp(`^${field.controller ?? row.controller}\\.`);
      assert.match(field.file, row.controller === 'io' && field === row.v1 ? /^blkio\./ : prefix);
      if (row.controller === 'io' && field === row.v1) assert.is(field.controller, 'blkio', field.file);
    }
  }
});

test('a file leads to the row that tells of the whole file', () => {
  const cases: readonly [1 | 2, string, string | undefined][] = [
    [1, 'memory.limit_in_bytes', 'memory.limit'],
    [2, 'memory.max', 'memory.limit'],
    [2, 'memory.stat', 'memory.stat'],
    [2, 'memory.events', 'memory.events'],
    [2, 'cpu.max', 'cpu.max'],
    [1, 'cpu.stat', 'cpu.stat'],
    [1, 'tasks', 'cgroup.threads'],
    [2, 'cgroup.kill', 'cgroup.kill'],
    [2, 'cgroup.freeze', 'freezer.freeze'],
    [1, 'cpuset.cpus', 'cpuset.cpusList'],
    [2, 'hugetlb.2MB.max', 'hugetlb.limit'],
    [1, 'hugetlb.1GB.rsvd.failcnt', 'hugetlb.reservedMaxEvents'],
    [2, 'hugetlb.2MB.events', 'hugetlb.events'],
    [2, 'memory.limit_in_bytes', undefined],
    [2, 'hugetlb.big.max', undefined],
    [1, 'memory.shown_by_a_vendor', undefined],
  ];
  for (const [version, file, expected] of cases) {
    const row = rowOfFile(version, file);
    assert.is(row && `${row.controller}.${row.key}`, expected, `v${version} ${file}`);
  }
  assert.is(sizeIn('hugetlb.<size>.max', 'hugetlb.1GB.max'), '1GB');
  assert.is(sizeIn('hugetlb.<size>.max', 'hugetlb.1GB.rsvd.max'), null);
  assert.is(sizeIn('pids.max', 'pids.max'), '');
});

test('every file of v1 hierarchies and of v2 groups is in the table, and no row is of another', () => {
  // As the documents of Documentation/admin-guide/cgroup-v1/ and cgroup-v2.rst have them over the years, and as Linux 6.18 lists them.
  const v1 = `
    blkio.avg_queue_size blkio.bfq.avg_queue_size blkio.bfq.dequeue blkio.bfq.empty_time blkio.bfq.group_wait_time blkio.bfq.idle_time
    blkio.bfq.io_merged blkio.bfq.io_merged_recursive blkio.bfq.io_queued blkio.bfq.io_queued_recursive blkio.bfq.io_service_bytes
    blkio.bfq.io_service_bytes_recursive blkio.bfq.io_service_time blkio.bfq.io_service_time_recursive blkio.bfq.io_serviced
    blkio.bfq.io_serviced_recursive blkio.bfq.io_wait_time blkio.bfq.io_wait_time_recursive blkio.bfq.sectors
    blkio.bfq.sectors_recursive blkio.bfq.time blkio.bfq.time_recursive blkio.bfq.weight blkio.bfq.weight_device blkio.dequeue
    blkio.empty_time blkio.group_wait_time blkio.idle_time blkio.io_merged blkio.io_merged_recursive blkio.io_queued
    blkio.io_queued_recursive blkio.io_service_bytes blkio.io_service_bytes_recursive blkio.io_service_time
    blkio.io_service_time_recursive blkio.io_serviced blkio.io_serviced_recursive blkio.io_wait_time blkio.io_wait_time_recursive
    blkio.leaf_weight blkio.leaf_weight_device blkio.prio.class blkio.reset_stats blkio.sectors blkio.sectors_recursive
    blkio.throttle.io_service_bytes blkio.throttle.io_service_bytes_recursive blkio.throttle.io_serviced
    blkio.throttle.io_serviced_recursive blkio.throttle.read_bps_device blkio.throttle.read_iops_device blkio.throttle.write_bps_device
    blkio.throttle.write_iops_device blkio.time blkio.time_recursive blkio.weight blkio.weight_device cgroup.clone_children
    cgroup.event_control cgroup.procs cgroup.sane_behavior cpu.cfs_burst_us cpu.cfs_period_us cpu.cfs_quota_us cpu.idle cpu.rt_period_us
    cpu.rt_runtime_us cpu.shares cpu.stat cpu.stat.local cpu.uclamp.max cpu.uclamp.min cpuacct.stat cpuacct.usage cpuacct.usage_all
    cpuacct.usage_percpu cpuacct.usage_percpu_sys cpuacct.usage_percpu_user cpuacct.usage_sys cpuacct.usage_user cpuset.cpu_exclusive
    cpuset.cpus cpuset.effective_cpus cpuset.effective_mems cpuset.mem_exclusive cpuset.mem_hardwall cpuset.memory_migrate
    cpuset.memory_pressure cpuset.memory_pressure_enabled cpuset.memory_spread_page cpuset.memory_spread_slab cpuset.mems
    cpuset.sched_load_balance cpuset.sched_relax_domain_level devices.allow devices.deny devices.list dmem.capacity dmem.current
    dmem.low dmem.max dmem.min freezer.parent_freezing freezer.self_freezing freezer.state hugetlb.1GB.failcnt
    hugetlb.1GB.limit_in_bytes hugetlb.1GB.max_usage_in_bytes hugetlb.1GB.numa_stat hugetlb.1GB.rsvd.failcnt
    hugetlb.1GB.rsvd.limit_in_bytes hugetlb.1GB.rsvd.max_usage_in_bytes hugetlb.1GB.rsvd.usage_in_bytes hugetlb.1GB.usage_in_bytes
    hugetlb.64KB.failcnt memory.failcnt memory.force_empty memory.kmem.failcnt memory.kmem.limit_in_bytes memory.kmem.max_usage_in_bytes
    memory.kmem.slabinfo memory.kmem.tcp.failcnt memory.kmem.tcp.limit_in_bytes memory.kmem.tcp.max_usage_in_bytes
    memory.kmem.tcp.usage_in_bytes memory.kmem.usage_in_bytes memory.limit_in_bytes memory.max_usage_in_bytes memory.memsw.failcnt
    memory.memsw.limit_in_bytes memory.memsw.max_usage_in_bytes memory.memsw.usage_in_bytes memory.move_charge_at_immigrate
    memory.numa_stat memory.oom_control memory.pressure_level memory.soft_limit_in_bytes memory.stat memory.swappiness
    memory.usage_in_bytes memory.use_hierarchy misc.capacity misc.current misc.events misc.events.local misc.max misc.peak
    net_cls.classid net_prio.ifpriomap net_prio.prioidx notify_on_release pids.current pids.events pids.max pids.peak rdma.current
    rdma.events rdma.events.local rdma.max rdma.peak release_agent tasks`;
  const v2 = `
    cgroup.controllers cgroup.events cgroup.freeze cgroup.kill cgroup.max.depth cgroup.max.descendants cgroup.pressure cgroup.procs
    cgroup.stat cgroup.stat.local cgroup.subtree_control cgroup.threads cgroup.type cpu.idle cpu.max cpu.max.burst cpu.pressure cpu.stat
    cpu.stat.local cpu.uclamp.max cpu.uclamp.min cpu.weight cpu.weight.nice cpuset.cpus cpuset.cpus.effective cpuset.cpus.exclusive
    cpuset.cpus.exclusive.effective cpuset.cpus.isolated cpuset.cpus.partition cpuset.mems cpuset.mems.effective dmem.capacity
    dmem.current dmem.low dmem.max dmem.min hugetlb.2MB.current hugetlb.2MB.events hugetlb.2MB.events.local hugetlb.2MB.max
    hugetlb.2MB.numa_stat hugetlb.2MB.rsvd.current hugetlb.2MB.rsvd.max io.bfq.weight io.cost.model io.cost.qos io.latency io.low io.max
    io.pressure io.prio.class io.stat io.weight irq.pressure memory.current memory.events memory.events.local memory.high memory.low
    memory.max memory.min memory.numa_stat memory.oom.group memory.peak memory.pressure memory.reclaim memory.stat memory.swap.current
    memory.swap.events memory.swap.high memory.swap.max memory.swap.peak memory.zswap.current memory.zswap.max memory.zswap.writeback
    misc.capacity misc.current misc.events misc.events.local misc.max misc.peak pids.current pids.events pids.events.local pids.max
    pids.peak rdma.current rdma.events rdma.events.local rdma.max rdma.peak`;
  const names = (text: string) => text.split(/\s+/).filter((name) => name !== '');
  assert.equal(
    names(v1).filter((name) => rowOfFile(1, name) === undefined),
    [],
  );
  assert.equal(
    names(v2).filter((name) => rowOfFile(2, name) === undefined),
    [],
  );
  const of = (text: string, pattern: string) => names(text).some((name) => sizeIn(pattern, name) !== null);
  for (const { v1: old, v2: unified } of CONTROL_FILES) {
    if (old) assert.ok(of(v1, old.file), `v1 ${old.file}`);
    if (unified) assert.ok(of(v2, unified.file), `v2 ${unified.file}`);
  }
});

test('any text in any row yields a value or a ParseError', () => {
  for (const row of CONTROL_FILES) {
    for (const [field, texts] of [
      [row.v1, V1],
      [row.v2, V2],
    ] as const) {
      if (field !== null)
        onlyParseErrors(
          (text, path) => readField(field, text, path),
          fc.constant(texts[field.file] ?? '0\n'),
        );
    }
  }
});

test.run();
