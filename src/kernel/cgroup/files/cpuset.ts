// The control files of the cpuset controller. Rows only, nothing is read.
// cpuset(7), Documentation/admin-guide/cgroup-v1/cpusets.rst and cgroup-v2.rst, "Cpuset".
import { type ControlFile, detailsOf, whole } from './row.ts';

const detail = detailsOf('cpuset');

/** What a pane shows first, in its order; then the details. */
export const CPUSET_FILES: readonly ControlFile[] = [
  {
    controller: 'cpuset',
    key: 'cpus',
    kind: 'limit',
    // An empty list: on v1 no task may enter, on v2 the group takes its parent's.
    v1: { file: 'cpuset.cpus', list: { empty: 0n }, unit: 'count' },
    v2: { file: 'cpuset.cpus', list: { empty: 'max' }, unit: 'count' },
    docker: '--cpuset-cpus',
    oci: 'cpu.cpus',
    meaning: {
      en: 'Number of CPUs asked for in cpuset.cpus.',
      'zh-CN': 'cpuset.cpus 中要求的 CPU 个数。',
    },
  },
  {
    controller: 'cpuset',
    key: 'mems',
    kind: 'limit',
    v1: { file: 'cpuset.mems', list: { empty: 0n }, unit: 'count' },
    v2: { file: 'cpuset.mems', list: { empty: 'max' }, unit: 'count' },
    docker: '--cpuset-mems',
    oci: 'cpu.mems',
    meaning: {
      en: 'Number of memory nodes asked for in cpuset.mems.',
      'zh-CN': 'cpuset.mems 中要求的内存节点个数。',
    },
  },
  {
    controller: 'cpuset',
    key: 'effectiveCpus',
    kind: 'usage',
    v1: { file: 'cpuset.effective_cpus', list: { empty: 0n }, unit: 'count' },
    v2: { file: 'cpuset.cpus.effective', list: { empty: 0n }, unit: 'count' },
    meaning: {
      en: 'Number of CPUs that the group may really use, after its ancestors and CPU hotplug.',
      'zh-CN': '扣除祖先组限制与离线 CPU 之后，本组实际可用的 CPU 个数。',
    },
  },
  {
    controller: 'cpuset',
    key: 'effectiveMems',
    kind: 'usage',
    v1: { file: 'cpuset.effective_mems', list: { empty: 0n }, unit: 'count' },
    v2: { file: 'cpuset.mems.effective', list: { empty: 0n }, unit: 'count' },
    meaning: {
      en: 'Number of memory nodes that the group may really use, after its ancestors and memory hotplug.',
      'zh-CN': '扣除祖先组限制与离线节点之后，本组实际可用的内存节点个数。',
    },
  },

  detail('cpuExclusive', 'limit', whole('cpuset.cpu_exclusive', 'count'), null, [
    '1 where no sibling group may have any of these CPUs.',
    '为 1 时同级组不得使用这些 CPU。',
  ]),
  detail('memExclusive', 'limit', whole('cpuset.mem_exclusive', 'count'), null, [
    '1 where no sibling group may have any of these memory nodes.',
    '为 1 时同级组不得使用这些内存节点。',
  ]),
  detail('memHardwall', 'limit', whole('cpuset.mem_hardwall', 'count'), null, [
    '1 where kernel allocations too must come from these memory nodes.',
    '为 1 时内核的内存分配也必须来自这些内存节点。',
  ]),
  detail('memoryMigrate', 'limit', whole('cpuset.memory_migrate', 'count'), null, [
    '1 where memory moves along when the nodes are changed.',
    '为 1 时更改内存节点会随之迁移已有内存。',
  ]),
  detail('memorySpreadPage', 'limit', whole('cpuset.memory_spread_page', 'count'), null, [
    '1 where page cache is spread over the memory nodes.',
    '为 1 时页缓存均匀分布在各内存节点上。',
  ]),
  detail('memorySpreadSlab', 'limit', whole('cpuset.memory_spread_slab', 'count'), null, [
    '1 where slab caches were spread over the memory nodes; without effect since Linux 6.8.',
    '为 1 时 slab 缓存均匀分布在各内存节点上；自 Linux 6.8 起不再生效。',
  ]),
  detail('memoryPressure', 'usage', whole('cpuset.memory_pressure', 'count'), null, [
    'How often tasks of the group had to reclaim memory themselves lately, per second times 1000.',
    '组内任务近期不得不自行回收内存的频度（每秒次数 × 1000）。',
  ]),
  detail('memoryPressureEnabled', 'limit', whole('cpuset.memory_pressure_enabled', 'count'), null, [
    'Root only: 1 where memory_pressure is counted.',
    '仅根组：为 1 时统计 memory_pressure。',
  ]),
  detail('schedLoadBalance', 'limit', whole('cpuset.sched_load_balance', 'count'), null, [
    '1 where the scheduler balances load over these CPUs.',
    '为 1 时调度器在这些 CPU 之间做负载均衡。',
  ]),
  detail('schedRelaxDomainLevel', 'text', whole('cpuset.sched_relax_domain_level'), null, [
    'How far the scheduler looks for an idle CPU at once, -1 to 5.',
    '调度器立即寻找空闲 CPU 的范围，-1 到 5。',
  ]),
  detail('partition', 'text', null, whole('cpuset.cpus.partition'), [
    'Whether the group has its CPUs for itself: member, root or isolated.',
    '本组是否独占其 CPU：member、root 或 isolated。',
  ]),
  detail('cpusExclusive', 'text', null, whole('cpuset.cpus.exclusive'), [
    'CPUs that were set apart for a partition made below.',
    '为下级分区预留的独占 CPU。',
  ]),
  detail('cpusExclusiveEffective', 'text', null, whole('cpuset.cpus.exclusive.effective'), [
    'CPUs that can really be used to make a partition.',
    '实际可用于创建分区的独占 CPU。',
  ]),
  detail('cpusIsolated', 'text', null, whole('cpuset.cpus.isolated'), [
    'Root only: CPUs in isolated partitions.',
    '仅根组：处于隔离分区中的 CPU。',
  ]),
  detail(
    'cpusList',
    'text',
    whole('cpuset.cpus'),
    whole('cpuset.cpus'),
    ['CPUs that the group asks for, as a list like 0-3,7.', '本组要求的 CPU 列表，形如 0-3,7。'],
    { docker: '--cpuset-cpus', oci: 'cpu.cpus' },
  ),
  detail(
    'memsList',
    'text',
    whole('cpuset.mems'),
    whole('cpuset.mems'),
    ['Memory nodes that the group asks for, as a list.', '本组要求的内存节点列表。'],
    { docker: '--cpuset-mems', oci: 'cpu.mems' },
  ),
  detail('effectiveCpusList', 'text', whole('cpuset.effective_cpus'), whole('cpuset.cpus.effective'), [
    'CPUs that the group may really use, after its ancestors and CPU hotplug.',
    '扣除祖先组限制与离线 CPU 之后，本组实际可用的 CPU。',
  ]),
  detail('effectiveMemsList', 'text', whole('cpuset.effective_mems'), whole('cpuset.mems.effective'), [
    'Memory nodes that the group may really use, after its ancestors and memory hotplug.',
    '扣除祖先组限制与离线节点之后，本组实际可用的内存节点。',
  ]),
];
