// The control files of the cpu and cpuacct controllers, which are one on v2. Rows only, nothing is read.
// Documentation/scheduler/{sched-bwc,sched-rt-group}.rst, admin-guide/cgroup-v1/cpuacct.rst and cgroup-v2.rst, "CPU".
import { type ControlFile, core, detailsOf, whole } from './row.ts';

const detail = detailsOf('cpu');

/** What a pane shows first, in its order; then the details. */
export const CPU_FILES: readonly ControlFile[] = [
  {
    controller: 'cpu',
    key: 'quota',
    kind: 'limit',
    v1: { file: 'cpu.cfs_quota_us', unit: 'us' },
    v2: { file: 'cpu.max', index: 0, unit: 'us' },
    docker: '--cpus, --cpu-quota',
    oci: 'cpu.quota',
    meaning: {
      en: 'CPU time that the group may use in each period, over all CPUs together; used up, it waits for the next period.',
      'zh-CN': '每个周期内全组可用的 CPU 时间（所有 CPU 合计）；用完后须等到下一周期。',
    },
  },
  {
    controller: 'cpu',
    key: 'period',
    kind: 'limit',
    v1: { file: 'cpu.cfs_period_us', unit: 'us' },
    v2: { file: 'cpu.max', index: 1, unit: 'us' },
    docker: '--cpus, --cpu-period',
    oci: 'cpu.period',
    meaning: {
      en: 'The length of the period for which the quota is given out.',
      'zh-CN': '配额的计量周期。',
    },
  },
  {
    controller: 'cpu',
    key: 'burst',
    kind: 'limit',
    v1: { file: 'cpu.cfs_burst_us', unit: 'us' },
    v2: { file: 'cpu.max.burst', unit: 'us' },
    oci: 'cpu.burst',
    meaning: {
      en: 'Unused quota that may be saved up and spent above the quota in a later period.',
      'zh-CN': '可累积的未用配额，供之后的周期超额使用。',
    },
  },
  {
    controller: 'cpu',
    key: 'weight',
    kind: 'limit',
    v1: null,
    v2: { file: 'cpu.weight', unit: 'weight' },
    docker: '--cpu-shares',
    oci: 'cpu.shares',
    meaning: {
      en: 'The share of CPU time relative to sibling groups when they compete, 1 to 10000, 100 by default.',
      'zh-CN': '与同级组争用 CPU 时的相对权重，1 到 10000，默认 100。',
    },
  },
  {
    controller: 'cpu',
    key: 'shares',
    kind: 'limit',
    v1: { file: 'cpu.shares', unit: 'weight' },
    v2: null,
    docker: '--cpu-shares',
    oci: 'cpu.shares',
    meaning: {
      en: 'The share of CPU time relative to sibling groups when they compete, 2 to 262144, 1024 by default.',
      'zh-CN': '与同级组争用 CPU 时的相对份额，2 到 262144，默认 1024。',
    },
  },
  {
    controller: 'cpu',
    key: 'cpuTime',
    kind: 'usage',
    counter: true,
    v1: { file: 'cpuacct.usage', unit: 'ns', controller: 'cpuacct' },
    v2: { file: 'cpu.stat', field: 'usage_usec', unit: 'us', core: true },
    meaning: {
      en: 'CPU time that the group and the groups below it have used since it was made.',
      'zh-CN': '自组创建以来，本组及其子组累计使用的 CPU 时间。',
    },
  },
  {
    controller: 'cpu',
    key: 'nrPeriods',
    kind: 'event',
    v1: { file: 'cpu.stat', field: 'nr_periods', unit: 'count' },
    v2: { file: 'cpu.stat', field: 'nr_periods', unit: 'count' },
    meaning: {
      en: 'Periods in which the group was runnable while a quota was set.',
      'zh-CN': '设有配额期间，组内有任务可运行的周期数。',
    },
  },
  {
    controller: 'cpu',
    key: 'nrThrottled',
    kind: 'event',
    v1: { file: 'cpu.stat', field: 'nr_throttled', unit: 'count' },
    v2: { file: 'cpu.stat', field: 'nr_throttled', unit: 'count' },
    meaning: {
      en: "Periods in which the group had used up its own quota and was stopped; an ancestor's quota does not count here.",
      'zh-CN': '因用完本组配额而被限流的周期数；祖先组的限流不计在内。',
    },
  },
  {
    controller: 'cpu',
    key: 'throttledTime',
    kind: 'event',
    v1: { file: 'cpu.stat', field: 'throttled_time', unit: 'ns' },
    v2: { file: 'cpu.stat', field: 'throttled_usec', unit: 'us' },
    meaning: {
      en: 'Time for which the group was stopped by its own quota, summed over the CPUs.',
      'zh-CN': '因本组配额用尽而被限流的时间，各 CPU 累加。',
    },
  },

  detail(
    'userTime',
    'usage',
    { file: 'cpuacct.usage_user', unit: 'ns', controller: 'cpuacct' },
    { file: 'cpu.stat', field: 'user_usec', unit: 'us', core: true },
    ['The part of the CPU time that was spent in user mode.', '其中在用户态消耗的 CPU 时间。'],
    { counter: true },
  ),
  detail(
    'systemTime',
    'usage',
    { file: 'cpuacct.usage_sys', unit: 'ns', controller: 'cpuacct' },
    { file: 'cpu.stat', field: 'system_usec', unit: 'us', core: true },
    ['The part of the CPU time that was spent in the kernel.', '其中在内核态消耗的 CPU 时间。'],
    { counter: true },
  ),
  detail(
    'throttledTimeLocal',
    'event',
    { file: 'cpu.stat.local', field: 'throttled_time', unit: 'ns' },
    { file: 'cpu.stat.local', field: 'throttled_usec', unit: 'us' },
    [
      "Time for which the group was stopped by its own quota or an ancestor's, summed over the CPUs (Linux 6.6).",
      '因本组或祖先组的配额用尽而被限流的时间，各 CPU 累加（Linux 6.6 起）。',
    ],
  ),
  detail(
    'nrBursts',
    'event',
    { file: 'cpu.stat', field: 'nr_bursts', unit: 'count' },
    { file: 'cpu.stat', field: 'nr_bursts', unit: 'count' },
    ['Periods in which saved up quota was spent.', '动用累积配额的周期数。'],
  ),
  detail(
    'burstTime',
    'event',
    { file: 'cpu.stat', field: 'burst_time', unit: 'ns' },
    { file: 'cpu.stat', field: 'burst_usec', unit: 'us' },
    ['CPU time used above the quota out of what was saved up.', '动用累积配额、超出配额部分的 CPU 时间。'],
  ),
  detail(
    'idle',
    'limit',
    whole('cpu.idle', 'count'),
    whole('cpu.idle', 'count'),
    [
      '1 where the group runs only when nothing else wants the CPU (SCHED_IDLE), 0 where not.',
      '为 1 时仅在 CPU 无其他任务可运行时才运行本组（SCHED_IDLE），否则为 0。',
    ],
    { oci: 'cpu.idle' },
  ),
  detail(
    'rtPeriod',
    'limit',
    whole('cpu.rt_period_us', 'us'),
    null,
    [
      'The length of the period for which the time of realtime tasks is given out.',
      '实时任务时间的计量周期。',
    ],
    { docker: '--cpu-rt-period', oci: 'cpu.realtimePeriod' },
  ),
  detail(
    'rtRuntime',
    'limit',
    whole('cpu.rt_runtime_us', 'us'),
    null,
    [
      'CPU time that realtime tasks of the group may use in each period; 0: none may run.',
      '每个周期内组内实时任务可用的 CPU 时间；为 0 则不允许运行实时任务。',
    ],
    { docker: '--cpu-rt-runtime', oci: 'cpu.realtimeRuntime' },
  ),
  detail('weightNice', 'text', null, whole('cpu.weight.nice'), [
    'The weight as a nice value, -20 to 19: another reading of cpu.weight.',
    '以 nice 值（-20 到 19）表示的权重，与 cpu.weight 是同一设置。',
  ]),
  detail('uclampMin', 'text', whole('cpu.uclamp.min'), whole('cpu.uclamp.min'), [
    'The least CPU utilisation, in percent, that the frequency governor assumes for the tasks of the group.',
    '调频时为组内任务假定的最低 CPU 利用率（百分比）。',
  ]),
  detail('uclampMax', 'text', whole('cpu.uclamp.max'), whole('cpu.uclamp.max'), [
    'The most CPU utilisation, in percent, that the frequency governor assumes for the tasks of the group.',
    '调频时为组内任务假定的最高 CPU 利用率（百分比）。',
  ]),
  detail(
    'max',
    'text',
    null,
    whole('cpu.max'),
    [
      'Quota and period in microseconds: CPU time that the group may use in each period, over all CPUs together.',
      '配额与周期（微秒）：每个周期内全组可用的 CPU 时间，所有 CPU 合计。',
    ],
    { docker: '--cpus, --cpu-quota, --cpu-period', oci: 'cpu.quota' },
  ),
  detail('stat', 'text', whole('cpu.stat'), core('cpu.stat'), [
    'CPU time used, and how often and how long the quota stopped the group; v1 in nanoseconds, v2 in microseconds.',
    '已用 CPU 时间，以及被配额限流的次数与时长；v1 以纳秒计，v2 以微秒计。',
  ]),
  detail('statLocal', 'text', whole('cpu.stat.local'), core('cpu.stat.local'), [
    "How long the group was stopped by its own quota or an ancestor's.",
    '因本组或祖先组配额而被限流的时长。',
  ]),
  detail('pressure', 'text', null, core('cpu.pressure'), [
    'Share of time lost to waiting for a CPU (PSI); a throttled group shows here.',
    '因等待 CPU 而损失的时间占比（PSI）；被限流的组会在此体现。',
  ]),
  detail('acctStat', 'text', { file: 'cpuacct.stat', unit: 'text', controller: 'cpuacct' }, null, [
    'CPU time in user mode and in the kernel, in clock ticks (100 a second).',
    '用户态与内核态 CPU 时间，以时钟滴答计（每秒 100 个）。',
  ]),
  detail('usageAll', 'text', { file: 'cpuacct.usage_all', unit: 'text', controller: 'cpuacct' }, null, [
    'CPU time by CPU, in user mode and in the kernel, in nanoseconds.',
    '各 CPU 上用户态与内核态的时间，以纳秒计。',
  ]),
  detail('usagePerCpu', 'text', { file: 'cpuacct.usage_percpu', unit: 'text', controller: 'cpuacct' }, null, [
    'CPU time by CPU, in nanoseconds.',
    '各 CPU 上消耗的时间，以纳秒计。',
  ]),
  detail(
    'usagePerCpuSystem',
    'text',
    { file: 'cpuacct.usage_percpu_sys', unit: 'text', controller: 'cpuacct' },
    null,
    ['CPU time by CPU spent in the kernel, in nanoseconds.', '各 CPU 上内核态的时间，以纳秒计。'],
  ),
  detail(
    'usagePerCpuUser',
    'text',
    { file: 'cpuacct.usage_percpu_user', unit: 'text', controller: 'cpuacct' },
    null,
    ['CPU time by CPU spent in user mode, in nanoseconds.', '各 CPU 上用户态的时间，以纳秒计。'],
  ),
];
