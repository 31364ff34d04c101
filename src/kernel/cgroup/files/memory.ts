// The control files of the memory controller. Rows only, nothing is read.
// Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst, "Memory".
import { type ControlFile, core, detailsOf, whole } from './row.ts';

const detail = detailsOf('memory');

/** What a pane shows first, in its order; then the details. */
export const MEMORY_FILES: readonly ControlFile[] = [
  {
    controller: 'memory',
    key: 'limit',
    kind: 'limit',
    bound: true,
    v1: { file: 'memory.limit_in_bytes', unit: 'bytes' },
    v2: { file: 'memory.max', unit: 'bytes' },
    docker: '--memory',
    oci: 'memory.limit',
    meaning: {
      en: 'The hard limit of memory: what cannot be reclaimed below it ends in the OOM killer.',
      'zh-CN': '内存硬上限：超出且无法回收时触发 OOM killer。',
    },
  },
  {
    controller: 'memory',
    key: 'high',
    kind: 'limit',
    bound: true,
    v1: null,
    v2: { file: 'memory.high', unit: 'bytes' },
    meaning: {
      en: 'Above this the group is slowed down and made to reclaim, but never OOM-killed.',
      'zh-CN': '超过此值后，组内进程会被限速并被迫回收内存，但不会触发 OOM killer。',
    },
  },
  {
    controller: 'memory',
    key: 'low',
    kind: 'limit',
    v1: null,
    v2: { file: 'memory.low', unit: 'bytes' },
    docker: '--memory-reservation',
    oci: 'memory.reservation',
    meaning: {
      en: 'Memory up to this is reclaimed only when nothing unprotected is left to reclaim.',
      'zh-CN': '尽力保护线：用量在此值以内时，只有别处已无可回收内存才会回收本组。',
    },
  },
  {
    controller: 'memory',
    key: 'min',
    kind: 'limit',
    v1: null,
    v2: { file: 'memory.min', unit: 'bytes' },
    meaning: {
      en: 'Memory up to this is never reclaimed from the group.',
      'zh-CN': '绝对保护线：用量在此值以内的内存不会被回收。',
    },
  },
  {
    controller: 'memory',
    key: 'softLimit',
    kind: 'limit',
    v1: { file: 'memory.soft_limit_in_bytes', unit: 'bytes' },
    v2: null,
    docker: '--memory-reservation',
    oci: 'memory.reservation',
    meaning: {
      en: 'When the host runs short of memory, groups above this are reclaimed from first.',
      'zh-CN': '主机内存紧张时，优先回收用量超过此值的组。',
    },
  },
  {
    controller: 'memory',
    key: 'swapLimit',
    kind: 'limit',
    bound: true,
    v1: null,
    v2: { file: 'memory.swap.max', unit: 'bytes' },
    docker: '--memory-swap',
    oci: 'memory.swap',
    meaning: {
      en: 'The hard limit of swap alone, memory not included.',
      'zh-CN': '交换空间硬上限，只计 swap，不含内存。',
    },
  },
  {
    controller: 'memory',
    key: 'memorySwapLimit',
    kind: 'limit',
    bound: true,
    v1: { file: 'memory.memsw.limit_in_bytes', unit: 'bytes' },
    v2: null,
    docker: '--memory-swap',
    oci: 'memory.swap',
    meaning: {
      en: 'The hard limit of memory and swap together.',
      'zh-CN': '内存与 swap 之和的硬上限。',
    },
  },
  {
    controller: 'memory',
    key: 'usage',
    kind: 'usage',
    v1: { file: 'memory.usage_in_bytes', unit: 'bytes' },
    v2: { file: 'memory.current', unit: 'bytes' },
    meaning: {
      en: 'Memory charged to the group and the groups below it now, page cache included.',
      'zh-CN': '当前记在本组及其子组账上的内存，含页缓存。',
    },
  },
  {
    controller: 'memory',
    key: 'inactiveFile',
    kind: 'usage',
    v1: { file: 'memory.stat', field: 'total_inactive_file', unit: 'bytes' },
    v2: { file: 'memory.stat', field: 'inactive_file', unit: 'bytes' },
    meaning: {
      en: 'Page cache on the inactive list, the first to be reclaimed; docker stats shows usage minus this.',
      'zh-CN': '位于 inactive 链表、最先被回收的页缓存；docker stats 显示的内存就是用量减去它。',
    },
  },
  {
    controller: 'memory',
    key: 'peak',
    kind: 'usage',
    v1: { file: 'memory.max_usage_in_bytes', unit: 'bytes' },
    v2: { file: 'memory.peak', unit: 'bytes' },
    meaning: {
      en: 'The most memory that was charged at once since the group was made or the mark was reset.',
      'zh-CN': '自组创建（或上次清零）以来内存用量的峰值。',
    },
  },
  {
    controller: 'memory',
    key: 'swapUsage',
    kind: 'usage',
    v1: { file: 'memory.stat', field: 'total_swap', unit: 'bytes' },
    v2: { file: 'memory.swap.current', unit: 'bytes' },
    meaning: {
      en: 'Swap that the group and the groups below it use now.',
      'zh-CN': '本组及其子组当前占用的 swap。',
    },
  },
  {
    controller: 'memory',
    key: 'oomKill',
    kind: 'event',
    v1: { file: 'memory.oom_control', field: 'oom_kill', unit: 'count' },
    v2: { file: 'memory.events', field: 'oom_kill', unit: 'count' },
    meaning: {
      en: 'Processes of the group that an OOM killer of any kind has killed; on v2 those of the groups below count too.',
      'zh-CN': '组内被 OOM killer 杀死的进程数，不论由谁触发；v2 上也计入子组。',
    },
  },
  {
    controller: 'memory',
    key: 'maxEvents',
    kind: 'event',
    v1: { file: 'memory.failcnt', unit: 'count' },
    v2: { file: 'memory.events', field: 'max', unit: 'count' },
    meaning: {
      en: 'How often the usage was about to pass the hard limit, so that memory had to be reclaimed first.',
      'zh-CN': '用量触及硬上限、不得不先回收内存的次数。',
    },
  },
  {
    controller: 'memory',
    key: 'highEvents',
    kind: 'event',
    v1: null,
    v2: { file: 'memory.events', field: 'high', unit: 'count' },
    meaning: {
      en: 'How often processes were slowed down and made to reclaim because memory.high was passed.',
      'zh-CN': '因超过 memory.high 而被限速并被迫回收的次数。',
    },
  },

  detail('lowEvents', 'event', null, { file: 'memory.events', field: 'low', unit: 'count' }, [
    'How often memory was reclaimed from the group although its usage was below memory.low.',
    '用量低于 memory.low 却仍被回收内存的次数。',
  ]),
  detail('oomEvents', 'event', null, { file: 'memory.events', field: 'oom', unit: 'count' }, [
    'How often an allocation was about to fail at the limit, so that the OOM killer was considered.',
    '达到上限、内存分配即将失败而考虑启用 OOM killer 的次数。',
  ]),
  detail('oomGroupKill', 'event', null, { file: 'memory.events', field: 'oom_group_kill', unit: 'count' }, [
    'How often the OOM killer ended the whole group at once (memory.oom.group).',
    'OOM killer 将整个组一并杀死的次数（memory.oom.group）。',
  ]),
  detail('oomKillLocal', 'event', null, { file: 'memory.events.local', field: 'oom_kill', unit: 'count' }, [
    'Processes of the group itself, not of the groups below, that an OOM killer has killed.',
    '本组自身（不含子组）被 OOM killer 杀死的进程数。',
  ]),
  detail('oomEventsLocal', 'event', null, { file: 'memory.events.local', field: 'oom', unit: 'count' }, [
    "How often an allocation was about to fail at the group's own limit.",
    '因达到本组自身的上限而导致内存分配即将失败的次数。',
  ]),
  detail('oomGroup', 'limit', null, whole('memory.oom.group', 'count'), [
    '1 where the OOM killer ends all processes of the group and the groups below together, 0 where it picks one.',
    '为 1 时 OOM killer 将本组及其子组的所有进程一并杀死，为 0 时只选一个。',
  ]),
  detail(
    'swappiness',
    'limit',
    whole('memory.swappiness', 'count'),
    null,
    [
      'How readily anonymous memory of the group is swapped out instead of dropping page cache, 0 to 200.',
      '回收时偏向换出匿名内存（而非丢弃页缓存）的程度，0 到 200。',
    ],
    { docker: '--memory-swappiness', oci: 'memory.swappiness' },
  ),
  detail('memorySwapUsage', 'usage', whole('memory.memsw.usage_in_bytes', 'bytes'), null, [
    'Memory and swap together that are charged to the group and the groups below it now.',
    '当前记在本组及其子组账上的内存与 swap 之和。',
  ]),
  detail('memorySwapPeak', 'usage', whole('memory.memsw.max_usage_in_bytes', 'bytes'), null, [
    'The most memory and swap together that was charged at once.',
    '内存与 swap 之和的历史峰值。',
  ]),
  detail('memorySwapEvents', 'event', whole('memory.memsw.failcnt', 'count'), null, [
    'How often the limit of memory and swap together was hit.',
    '触及内存与 swap 之和上限的次数。',
  ]),
  detail('swapHigh', 'limit', null, whole('memory.swap.high', 'bytes'), [
    'Above this much swap the group is slowed down at every allocation.',
    'swap 用量超过此值后，组内每次分配内存都会被限速。',
  ]),
  detail('swapPeak', 'usage', null, whole('memory.swap.peak', 'bytes'), [
    'The most swap that was used at once since the group was made or the mark was reset.',
    '自组创建（或上次清零）以来 swap 用量的峰值。',
  ]),
  detail('swapMaxEvents', 'event', null, { file: 'memory.swap.events', field: 'max', unit: 'count' }, [
    'How often a page could not be swapped out because memory.swap.max was reached.',
    '因达到 memory.swap.max 而无法换出页面的次数。',
  ]),
  detail('swapFailEvents', 'event', null, { file: 'memory.swap.events', field: 'fail', unit: 'count' }, [
    'How often swapping out failed, for the limit or because the host has no swap left.',
    '换出失败的次数（达到上限，或主机 swap 已耗尽）。',
  ]),
  detail(
    'zswapLimit',
    'limit',
    null,
    whole('memory.zswap.max', 'bytes'),
    [
      'The hard limit of the compressed memory (zswap) that the group may fill.',
      '本组可占用的压缩内存（zswap）硬上限。',
    ],
    { bound: true },
  ),
  detail('zswapUsage', 'usage', null, whole('memory.zswap.current', 'bytes'), [
    'Memory that holds compressed pages of the group (zswap).',
    '存放本组压缩页（zswap）所占的内存。',
  ]),
  detail('zswapWriteback', 'limit', null, whole('memory.zswap.writeback', 'count'), [
    '1 where compressed pages may be written on to the swap device, 0 where they stay in memory.',
    '为 1 时压缩页可写回 swap 设备，为 0 时只留在内存中。',
  ]),
  detail('stat', 'text', whole('memory.stat'), whole('memory.stat'), [
    'What the charged memory is: anonymous, page cache, kernel stacks, slab, page faults; bytes, or counts of events.',
    '记账内存的构成：匿名页、页缓存、内核栈、slab、缺页等；单位为字节或次数。',
  ]),
  detail('numaStat', 'text', whole('memory.numa_stat'), whole('memory.numa_stat'), [
    'The same by memory node; v1 in pages, v2 in bytes.',
    '按内存节点划分的构成；v1 以页计，v2 以字节计。',
  ]),
  detail('events', 'text', null, whole('memory.events'), [
    'How often each of the limits took effect, in the group and the groups below it.',
    '各项限制生效的次数，计入本组及其子组。',
  ]),
  detail('eventsLocal', 'text', null, whole('memory.events.local'), [
    'The same for the group alone.',
    '同上，只计本组。',
  ]),
  detail('swapEvents', 'text', null, whole('memory.swap.events'), [
    'How often the limits of swap took effect, and how often swapping out failed.',
    'swap 各项限制生效的次数，以及换出失败的次数。',
  ]),
  detail(
    'oomControl',
    'text',
    whole('memory.oom_control'),
    null,
    [
      'Whether the OOM killer is off for the group, whether its tasks wait at the limit now, and how many it has killed.',
      '是否对本组关闭 OOM killer、任务当前是否正停在上限处等待，以及已杀死的进程数。',
    ],
    { docker: '--oom-kill-disable', oci: 'memory.disableOOMKiller' },
  ),
  detail('pressure', 'text', null, core('memory.pressure'), [
    'Share of time lost to waiting for memory: reclaim, swapping in, refaults (PSI).',
    '因等待内存（回收、换入、refault）而损失的时间占比（PSI）。',
  ]),
  detail('reclaim', 'act', null, whole('memory.reclaim'), [
    'Writing a number of bytes reclaims that much from the group.',
    '写入字节数，即从本组回收相应的内存。',
  ]),
  detail('forceEmpty', 'act', whole('memory.force_empty'), null, [
    'Writing to it reclaims as much as possible, before a group is removed.',
    '写入后尽可能回收内存，用于删除组之前。',
  ]),
  detail('pressureLevel', 'act', whole('memory.pressure_level'), null, [
    'Used with cgroup.event_control to be told of memory pressure; it cannot be read.',
    '配合 cgroup.event_control 订阅内存压力通知；不可读取。',
  ]),
  detail('useHierarchy', 'limit', whole('memory.use_hierarchy', 'count'), null, [
    '1: usage counts up to the ancestors, always so since Linux 5.11.',
    '为 1 表示用量逐级计入祖先组；自 Linux 5.11 起恒为 1。',
  ]),
  detail('moveCharge', 'limit', whole('memory.move_charge_at_immigrate', 'count'), null, [
    'Which memory moves along with a task that enters the group; without effect since Linux 6.13.',
    '任务迁入本组时随之转移的内存类型；自 Linux 6.13 起不再生效。',
  ]),
  detail(
    'kernelLimit',
    'limit',
    whole('memory.kmem.limit_in_bytes', 'bytes'),
    null,
    [
      'The limit of kernel memory; without effect since Linux 5.16, where the memory limit covers it.',
      '内核内存上限；自 Linux 5.16 起不再生效，内核内存由内存上限一并约束。',
    ],
    { docker: '--kernel-memory', oci: 'memory.kernel' },
  ),
  detail('kernelUsage', 'usage', whole('memory.kmem.usage_in_bytes', 'bytes'), null, [
    'Kernel memory that is charged to the group now.',
    '当前记在本组账上的内核内存。',
  ]),
  detail('kernelPeak', 'usage', whole('memory.kmem.max_usage_in_bytes', 'bytes'), null, [
    'The most kernel memory that was charged at once.',
    '内核内存用量的历史峰值。',
  ]),
  detail('kernelEvents', 'event', whole('memory.kmem.failcnt', 'count'), null, [
    'How often the limit of kernel memory was hit.',
    '触及内核内存上限的次数。',
  ]),
  detail('slabinfo', 'text', whole('memory.kmem.slabinfo'), null, [
    'Slab caches of the group; empty since Linux 5.9.',
    '本组的 slab 缓存；自 Linux 5.9 起为空。',
  ]),
  detail(
    'tcpLimit',
    'limit',
    whole('memory.kmem.tcp.limit_in_bytes', 'bytes'),
    null,
    ['The limit of memory for TCP buffers.', 'TCP 缓冲区内存上限。'],
    { bound: true, oci: 'memory.kernelTCP' },
  ),
  detail('tcpUsage', 'usage', whole('memory.kmem.tcp.usage_in_bytes', 'bytes'), null, [
    'Memory in TCP buffers of the group now.',
    '本组 TCP 缓冲区当前占用的内存。',
  ]),
  detail('tcpPeak', 'usage', whole('memory.kmem.tcp.max_usage_in_bytes', 'bytes'), null, [
    'The most memory that was in TCP buffers at once.',
    'TCP 缓冲区内存用量的历史峰值。',
  ]),
  detail('tcpEvents', 'event', whole('memory.kmem.tcp.failcnt', 'count'), null, [
    'How often the limit of TCP buffers was hit.',
    '触及 TCP 缓冲区内存上限的次数。',
  ]),
];
