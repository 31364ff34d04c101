// The control files of the controllers that no pane shows: hugetlb, devices, net_cls, net_prio, rdma, misc, dmem. Rows only, nothing is read.
// perf_event has none. Documentation/admin-guide/cgroup-v1/{hugetlb,devices,net_cls,net_prio,rdma,misc}.rst and cgroup-v2.rst.
import { type ControlFile, detailsOf, whole } from './row.ts';

const hugetlb = detailsOf('hugetlb');
const devices = detailsOf('devices');
const netCls = detailsOf('net_cls');
const netPrio = detailsOf('net_prio');
const rdma = detailsOf('rdma');
const misc = detailsOf('misc');
const dmem = detailsOf('dmem');

export const OTHER_FILES: readonly ControlFile[] = [
  hugetlb(
    'limit',
    'limit',
    whole('hugetlb.<size>.limit_in_bytes', 'bytes'),
    whole('hugetlb.<size>.max', 'bytes'),
    [
      'The hard limit of huge pages of this size; a fault above it ends in SIGBUS.',
      '该大小的大页硬上限；超出时缺页会收到 SIGBUS。',
    ],
    { bound: true, oci: 'hugepageLimits' },
  ),
  hugetlb(
    'usage',
    'usage',
    whole('hugetlb.<size>.usage_in_bytes', 'bytes'),
    whole('hugetlb.<size>.current', 'bytes'),
    ['Huge pages of this size that are used now.', '该大小的大页当前用量。'],
  ),
  hugetlb('peak', 'usage', whole('hugetlb.<size>.max_usage_in_bytes', 'bytes'), null, [
    'The most huge pages of this size that were used at once.',
    '该大小的大页用量历史峰值。',
  ]),
  hugetlb(
    'maxEvents',
    'event',
    whole('hugetlb.<size>.failcnt', 'count'),
    { file: 'hugetlb.<size>.events', field: 'max', unit: 'count' },
    ['How often the limit of huge pages was hit.', '触及大页上限的次数。'],
  ),
  hugetlb(
    'reservedLimit',
    'limit',
    whole('hugetlb.<size>.rsvd.limit_in_bytes', 'bytes'),
    whole('hugetlb.<size>.rsvd.max', 'bytes'),
    [
      'The hard limit of reservations; above it mmap(2) fails, and no SIGBUS comes later.',
      '大页预留硬上限；超出时 mmap(2) 直接失败，而不会事后收到 SIGBUS。',
    ],
    { bound: true },
  ),
  hugetlb(
    'reservedUsage',
    'usage',
    whole('hugetlb.<size>.rsvd.usage_in_bytes', 'bytes'),
    whole('hugetlb.<size>.rsvd.current', 'bytes'),
    ['Huge pages of this size that are reserved now.', '该大小的大页当前预留量。'],
  ),
  hugetlb('reservedPeak', 'usage', whole('hugetlb.<size>.rsvd.max_usage_in_bytes', 'bytes'), null, [
    'The most huge pages of this size that were reserved at once.',
    '该大小的大页预留量历史峰值。',
  ]),
  hugetlb('reservedMaxEvents', 'event', whole('hugetlb.<size>.rsvd.failcnt', 'count'), null, [
    'How often the limit of reservations was hit.',
    '触及大页预留上限的次数。',
  ]),
  hugetlb('events', 'text', null, whole('hugetlb.<size>.events'), [
    'How often the limit was hit, in the group and the groups below it.',
    '触及上限的次数，计入本组及其子组。',
  ]),
  hugetlb('eventsLocal', 'text', null, whole('hugetlb.<size>.events.local'), [
    'The same for the group alone.',
    '同上，只计本组。',
  ]),
  hugetlb('numaStat', 'text', whole('hugetlb.<size>.numa_stat'), whole('hugetlb.<size>.numa_stat'), [
    'Huge pages in use by memory node.',
    '按内存节点统计的大页用量。',
  ]),

  devices(
    'list',
    'text',
    whole('devices.list'),
    null,
    [
      'Devices that may be used: type, MAJOR:MINOR, and of read, write and mknod which; on v2 a BPF program decides.',
      '允许使用的设备：类型、主:次设备号，以及读、写、mknod 权限；v2 上由 BPF 程序裁决。',
    ],
    { docker: '--device, --device-cgroup-rule, --privileged', oci: 'devices' },
  ),
  devices('allow', 'act', whole('devices.allow'), null, [
    'Writing a line to it allows these devices.',
    '写入一行即允许相应设备。',
  ]),
  devices('deny', 'act', whole('devices.deny'), null, [
    'Writing a line to it forbids these devices.',
    '写入一行即禁止相应设备。',
  ]),

  netCls(
    'classid',
    'limit',
    whole('net_cls.classid', 'count'),
    null,
    [
      'The class that packets of the group bear for tc(8) and iptables(8); on v2 they match the path itself.',
      '本组数据包携带的类别，供 tc(8) 与 iptables(8) 匹配；v2 上直接按路径匹配。',
    ],
    { oci: 'network.classID' },
  ),
  netPrio(
    'ifpriomap',
    'text',
    whole('net_prio.ifpriomap'),
    null,
    ['The priority of packets of the group, by network interface.', '按网络接口设定的本组数据包优先级。'],
    { oci: 'network.priorities' },
  ),
  netPrio('prioidx', 'usage', whole('net_prio.prioidx', 'count'), null, [
    "The group's number inside of the kernel.",
    '本组在内核中的编号。',
  ]),

  rdma(
    'max',
    'text',
    whole('rdma.max'),
    whole('rdma.max'),
    ['The most handles and objects of each RDMA device.', '各 RDMA 设备的句柄数与对象数上限。'],
    { oci: 'rdma' },
  ),
  rdma('current', 'text', whole('rdma.current'), whole('rdma.current'), [
    'Handles and objects of each RDMA device in use.',
    '各 RDMA 设备当前占用的句柄数与对象数。',
  ]),
  rdma('peak', 'text', whole('rdma.peak'), whole('rdma.peak'), [
    'The most handles and objects of each RDMA device that were in use at once.',
    '各 RDMA 设备句柄数与对象数的历史峰值。',
  ]),
  rdma('events', 'text', whole('rdma.events'), whole('rdma.events'), [
    'How often each limit was hit and how often an allocation failed, in the group and the groups below it.',
    '触及各上限的次数与分配失败的次数，计入本组及其子组。',
  ]),
  rdma('eventsLocal', 'text', whole('rdma.events.local'), whole('rdma.events.local'), [
    'The same for the group alone.',
    '同上，只计本组。',
  ]),

  misc('max', 'text', whole('misc.max'), whole('misc.max'), [
    'The limit of each scarce resource of the host that is only counted, as encryption ids of virtual machines.',
    '各类仅可计数的稀缺资源（如虚拟机加密 ID）的上限。',
  ]),
  misc('current', 'text', whole('misc.current'), whole('misc.current'), [
    'What the group and the groups below it use of each.',
    '本组及其子组对各类资源的当前用量。',
  ]),
  misc('peak', 'text', whole('misc.peak'), whole('misc.peak'), [
    'The most that was used of each at once.',
    '各类资源用量的历史峰值。',
  ]),
  misc('capacity', 'text', whole('misc.capacity'), whole('misc.capacity'), [
    'Root only: how much of each the host has.',
    '仅根组：主机拥有的各类资源总量。',
  ]),
  misc('events', 'text', whole('misc.events'), whole('misc.events'), [
    'How often each limit was hit, in the group and the groups below it.',
    '触及各上限的次数，计入本组及其子组。',
  ]),
  misc('eventsLocal', 'text', whole('misc.events.local'), whole('misc.events.local'), [
    'The same for the group alone.',
    '同上，只计本组。',
  ]),

  dmem('max', 'text', whole('dmem.max'), whole('dmem.max'), [
    'The hard limit of the memory of each device, as of a graphics card.',
    '各设备（如显卡）内存的硬上限。',
  ]),
  dmem('low', 'text', whole('dmem.low'), whole('dmem.low'), [
    'Device memory up to this is evicted only when nothing unprotected is left.',
    '尽力保护线：用量在此值以内的设备内存，只有别处已无可驱逐时才会被驱逐。',
  ]),
  dmem('min', 'text', whole('dmem.min'), whole('dmem.min'), [
    'Device memory up to this is never evicted.',
    '绝对保护线：用量在此值以内的设备内存不会被驱逐。',
  ]),
  dmem('current', 'text', whole('dmem.current'), whole('dmem.current'), [
    'Memory of each device that is used now.',
    '各设备内存的当前用量。',
  ]),
  dmem('capacity', 'text', whole('dmem.capacity'), whole('dmem.capacity'), [
    'Root only: how much memory each device has.',
    '仅根组：各设备的内存总量。',
  ]),
];
