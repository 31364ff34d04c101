// The control files of the io controller (v1: blkio). Rows only, nothing is read.
// Documentation/admin-guide/cgroup-v1/blkio-controller.rst, block/bfq-iosched.rst and cgroup-v2.rst, "IO".
import { type ControlFile, core, detailsOf, whole } from './row.ts';

const detail = detailsOf('io');

/** What a pane shows first, in its order; then the details. */
export const IO_FILES: readonly ControlFile[] = [
  {
    controller: 'io',
    key: 'weight',
    kind: 'limit',
    v1: { file: 'blkio.bfq.weight', unit: 'weight', controller: 'blkio' },
    v2: { file: 'io.weight', field: 'default', unit: 'weight' },
    docker: '--blkio-weight',
    oci: 'blockIO.weight',
    meaning: {
      en: 'The share of disk time relative to sibling groups, on devices that have no weight of their own.',
      'zh-CN': '与同级组争用磁盘时的相对权重，适用于未单独设定权重的设备。',
    },
  },
  {
    controller: 'io',
    key: 'readBytes',
    kind: 'usage',
    counter: true,
    v1: {
      file: 'blkio.throttle.io_service_bytes_recursive',
      sum: 'Read',
      unit: 'bytes',
      controller: 'blkio',
    },
    v2: { file: 'io.stat', sum: 'rbytes', unit: 'bytes' },
    meaning: {
      en: 'Bytes that the group and the groups below it have read from block devices.',
      'zh-CN': '本组及其子组从块设备读取的字节数。',
    },
  },
  {
    controller: 'io',
    key: 'writeBytes',
    kind: 'usage',
    counter: true,
    v1: {
      file: 'blkio.throttle.io_service_bytes_recursive',
      sum: 'Write',
      unit: 'bytes',
      controller: 'blkio',
    },
    v2: { file: 'io.stat', sum: 'wbytes', unit: 'bytes' },
    meaning: {
      en: 'Bytes that the group and the groups below it have written to block devices.',
      'zh-CN': '本组及其子组写入块设备的字节数。',
    },
  },
  {
    controller: 'io',
    key: 'reads',
    kind: 'usage',
    counter: true,
    v1: { file: 'blkio.throttle.io_serviced_recursive', sum: 'Read', unit: 'count', controller: 'blkio' },
    v2: { file: 'io.stat', sum: 'rios', unit: 'count' },
    meaning: {
      en: 'Read requests of the group and the groups below it to block devices.',
      'zh-CN': '本组及其子组对块设备的读请求数。',
    },
  },
  {
    controller: 'io',
    key: 'writes',
    kind: 'usage',
    counter: true,
    v1: { file: 'blkio.throttle.io_serviced_recursive', sum: 'Write', unit: 'count', controller: 'blkio' },
    v2: { file: 'io.stat', sum: 'wios', unit: 'count' },
    meaning: {
      en: 'Write requests of the group and the groups below it to block devices.',
      'zh-CN': '本组及其子组对块设备的写请求数。',
    },
  },

  detail(
    'serviceBytes',
    'text',
    { file: 'blkio.throttle.io_service_bytes', unit: 'text', controller: 'blkio' },
    null,
    ['Bytes of the group alone by device and direction.', '本组（不含子组）按设备与方向统计的字节数。'],
  ),
  detail(
    'serviceBytesRecursive',
    'text',
    { file: 'blkio.throttle.io_service_bytes_recursive', unit: 'text', controller: 'blkio' },
    null,
    [
      'Bytes of the group and the groups below it by device and direction.',
      '本组及其子组按设备与方向统计的字节数。',
    ],
  ),
  detail(
    'serviced',
    'text',
    { file: 'blkio.throttle.io_serviced', unit: 'text', controller: 'blkio' },
    null,
    ['Requests of the group alone by device and direction.', '本组（不含子组）按设备与方向统计的请求数。'],
  ),
  detail(
    'servicedRecursive',
    'text',
    { file: 'blkio.throttle.io_serviced_recursive', unit: 'text', controller: 'blkio' },
    null,
    [
      'Requests of the group and the groups below it by device and direction.',
      '本组及其子组按设备与方向统计的请求数。',
    ],
  ),
  detail('stat', 'text', null, whole('io.stat'), [
    'Bytes and requests by device: read, written, discarded.',
    '按设备统计的读、写、丢弃的字节数与请求数。',
  ]),
  detail(
    'max',
    'text',
    null,
    whole('io.max'),
    [
      'Limits by device: bytes (rbps, wbps) and requests (riops, wiops) a second.',
      '按设备设定的限制：每秒字节数（rbps、wbps）与请求数（riops、wiops）。',
    ],
    {
      docker: '--device-read-bps, --device-write-bps, --device-read-iops, --device-write-iops',
      oci: 'blockIO.throttle*Device',
    },
  ),
  detail(
    'readBps',
    'text',
    { file: 'blkio.throttle.read_bps_device', unit: 'text', controller: 'blkio' },
    null,
    ['Bytes a second that may be read, by device.', '按设备设定的每秒可读取的字节数。'],
    { docker: '--device-read-bps', oci: 'blockIO.throttleReadBpsDevice' },
  ),
  detail(
    'writeBps',
    'text',
    { file: 'blkio.throttle.write_bps_device', unit: 'text', controller: 'blkio' },
    null,
    ['Bytes a second that may be written, by device.', '按设备设定的每秒可写入的字节数。'],
    { docker: '--device-write-bps', oci: 'blockIO.throttleWriteBpsDevice' },
  ),
  detail(
    'readIops',
    'text',
    { file: 'blkio.throttle.read_iops_device', unit: 'text', controller: 'blkio' },
    null,
    ['Read requests a second that are allowed, by device.', '按设备设定的每秒允许的读请求数。'],
    { docker: '--device-read-iops', oci: 'blockIO.throttleReadIOPSDevice' },
  ),
  detail(
    'writeIops',
    'text',
    { file: 'blkio.throttle.write_iops_device', unit: 'text', controller: 'blkio' },
    null,
    ['Write requests a second that are allowed, by device.', '按设备设定的每秒允许的写请求数。'],
    { docker: '--device-write-iops', oci: 'blockIO.throttleWriteIOPSDevice' },
  ),
  detail('latency', 'text', null, whole('io.latency'), [
    'The latency, by device, that the kernel protects for the group by slowing others down.',
    '按设备设定的时延目标，内核通过限制其他组来保障。',
  ]),
  detail('costModel', 'text', null, whole('io.cost.model'), [
    'Root only: how the cost of a request is computed for each device.',
    '仅根组：各设备的请求成本计算模型。',
  ]),
  detail('costQos', 'text', null, whole('io.cost.qos'), [
    'Root only: the quality of service that the cost controller keeps for each device.',
    '仅根组：成本控制器为各设备维持的服务质量目标。',
  ]),
  detail(
    'weightFile',
    'text',
    null,
    whole('io.weight'),
    [
      'The default weight, 1 to 10000, and those of single devices.',
      '默认权重（1 到 10000）以及各设备单独的权重。',
    ],
    { docker: '--blkio-weight', oci: 'blockIO.weight' },
  ),
  detail(
    'bfqWeightFile',
    'text',
    { file: 'blkio.bfq.weight', unit: 'text', controller: 'blkio' },
    whole('io.bfq.weight'),
    ['The weight under the BFQ scheduler, 1 to 1000.', 'BFQ 调度器下的权重，1 到 1000。'],
    { docker: '--blkio-weight', oci: 'blockIO.weight' },
  ),
  detail(
    'bfqWeightDevice',
    'text',
    { file: 'blkio.bfq.weight_device', unit: 'text', controller: 'blkio' },
    null,
    ['Weights of single devices under the BFQ scheduler.', 'BFQ 调度器下各设备单独的权重。'],
    { docker: '--blkio-weight-device', oci: 'blockIO.weightDevice' },
  ),
  detail(
    'cfqWeight',
    'text',
    { file: 'blkio.weight', unit: 'text', controller: 'blkio' },
    null,
    [
      'The weight under the CFQ scheduler, which Linux 5.0 removed.',
      'CFQ 调度器下的权重；该调度器已在 Linux 5.0 移除。',
    ],
    { docker: '--blkio-weight', oci: 'blockIO.weight' },
  ),
  detail(
    'cfqWeightDevice',
    'text',
    { file: 'blkio.weight_device', unit: 'text', controller: 'blkio' },
    null,
    [
      'Weights of single devices under the CFQ scheduler, which Linux 5.0 removed.',
      'CFQ 调度器下各设备单独的权重；该调度器已在 Linux 5.0 移除。',
    ],
    { docker: '--blkio-weight-device', oci: 'blockIO.weightDevice' },
  ),
  detail(
    'cfqLeafWeight',
    'text',
    { file: 'blkio.leaf_weight', unit: 'text', controller: 'blkio' },
    null,
    [
      'The weight of the tasks of the group against its child groups under CFQ, which Linux 5.0 removed.',
      'CFQ 下本组任务相对于子组的权重；该调度器已在 Linux 5.0 移除。',
    ],
    { oci: 'blockIO.leafWeight' },
  ),
  detail(
    'cfqLeafWeightDevice',
    'text',
    { file: 'blkio.leaf_weight_device', unit: 'text', controller: 'blkio' },
    null,
    [
      'The same for single devices under CFQ, which Linux 5.0 removed.',
      'CFQ 下各设备单独设定的同一权重；该调度器已在 Linux 5.0 移除。',
    ],
    { oci: 'blockIO.weightDevice' },
  ),
  detail('low', 'text', null, whole('io.low'), [
    'Bytes and requests a second, by device, that the kernel tried to protect for the group; Linux 6.9 removed it.',
    '按设备设定的、内核尽力为本组保障的每秒字节数与请求数；已在 Linux 6.9 移除。',
  ]),
  detail(
    'priorityClass',
    'text',
    { file: 'blkio.prio.class', unit: 'text', controller: 'blkio' },
    whole('io.prio.class'),
    [
      'The I/O priority class that requests of the group are given (ioprio_set(2)).',
      '赋予本组请求的 I/O 优先级类别（ioprio_set(2)）。',
    ],
  ),
  detail('resetStats', 'act', { file: 'blkio.reset_stats', unit: 'text', controller: 'blkio' }, null, [
    'Writing to it sets the counters of the group to 0.',
    '写入后将本组的计数清零。',
  ]),
  detail(
    'bfqIoServiceBytes',
    'text',
    { file: 'blkio.bfq.io_service_bytes', unit: 'text', controller: 'blkio' },
    null,
    ['Bytes that the BFQ scheduler served, by device.', 'BFQ 调度器处理的字节数，按设备统计。'],
  ),
  detail(
    'bfqIoServiceBytesRecursive',
    'text',
    { file: 'blkio.bfq.io_service_bytes_recursive', unit: 'text', controller: 'blkio' },
    null,
    [
      'Bytes that the BFQ scheduler served, by device, with the groups below.',
      'BFQ 调度器处理的字节数，按设备统计，含子组。',
    ],
  ),
  detail(
    'bfqIoServiced',
    'text',
    { file: 'blkio.bfq.io_serviced', unit: 'text', controller: 'blkio' },
    null,
    ['Requests that the BFQ scheduler served, by device.', 'BFQ 调度器处理的请求数，按设备统计。'],
  ),
  detail(
    'bfqIoServicedRecursive',
    'text',
    { file: 'blkio.bfq.io_serviced_recursive', unit: 'text', controller: 'blkio' },
    null,
    [
      'Requests that the BFQ scheduler served, by device, with the groups below.',
      'BFQ 调度器处理的请求数，按设备统计，含子组。',
    ],
  ),
  detail('bfqTime', 'text', { file: 'blkio.bfq.time', unit: 'text', controller: 'blkio' }, null, [
    'Disk time that the BFQ scheduler gave, by device.',
    'BFQ 调度器分配的磁盘时间，按设备统计。',
  ]),
  detail(
    'bfqTimeRecursive',
    'text',
    { file: 'blkio.bfq.time_recursive', unit: 'text', controller: 'blkio' },
    null,
    [
      'Disk time that the BFQ scheduler gave, by device, with the groups below.',
      'BFQ 调度器分配的磁盘时间，按设备统计，含子组。',
    ],
  ),
  detail('bfqSectors', 'text', { file: 'blkio.bfq.sectors', unit: 'text', controller: 'blkio' }, null, [
    'Sectors that were moved under the BFQ scheduler, by device.',
    'BFQ 调度器传输的扇区数，按设备统计。',
  ]),
  detail(
    'bfqSectorsRecursive',
    'text',
    { file: 'blkio.bfq.sectors_recursive', unit: 'text', controller: 'blkio' },
    null,
    [
      'Sectors that were moved under the BFQ scheduler, by device, with the groups below.',
      'BFQ 调度器传输的扇区数，按设备统计，含子组。',
    ],
  ),
  detail(
    'bfqIoServiceTime',
    'text',
    { file: 'blkio.bfq.io_service_time', unit: 'text', controller: 'blkio' },
    null,
    [
      'Time from dispatch to completion under the BFQ scheduler, by device.',
      'BFQ 调度器下请求从派发到完成的时间，按设备统计。',
    ],
  ),
  detail(
    'bfqIoServiceTimeRecursive',
    'text',
    { file: 'blkio.bfq.io_service_time_recursive', unit: 'text', controller: 'blkio' },
    null,
    [
      'Time from dispatch to completion under the BFQ scheduler, by device, with the groups below.',
      'BFQ 调度器下请求从派发到完成的时间，按设备统计，含子组。',
    ],
  ),
  detail(
    'bfqIoWaitTime',
    'text',
    { file: 'blkio.bfq.io_wait_time', unit: 'text', controller: 'blkio' },
    null,
    [
      'Time that requests waited in the queues of the BFQ scheduler, by device.',
      '请求在 BFQ 调度器队列中的等待时间，按设备统计。',
    ],
  ),
  detail(
    'bfqIoWaitTimeRecursive',
    'text',
    { file: 'blkio.bfq.io_wait_time_recursive', unit: 'text', controller: 'blkio' },
    null,
    [
      'Time that requests waited in the queues of the BFQ scheduler, by device, with the groups below.',
      '请求在 BFQ 调度器队列中的等待时间，按设备统计，含子组。',
    ],
  ),
  detail('bfqIoMerged', 'text', { file: 'blkio.bfq.io_merged', unit: 'text', controller: 'blkio' }, null, [
    'Requests that the BFQ scheduler merged, by device.',
    'BFQ 调度器合并的请求数，按设备统计。',
  ]),
  detail(
    'bfqIoMergedRecursive',
    'text',
    { file: 'blkio.bfq.io_merged_recursive', unit: 'text', controller: 'blkio' },
    null,
    [
      'Requests that the BFQ scheduler merged, by device, with the groups below.',
      'BFQ 调度器合并的请求数，按设备统计，含子组。',
    ],
  ),
  detail('bfqIoQueued', 'text', { file: 'blkio.bfq.io_queued', unit: 'text', controller: 'blkio' }, null, [
    'Requests that wait in the queues of the BFQ scheduler, by device.',
    '正在 BFQ 调度器队列中等待的请求数，按设备统计。',
  ]),
  detail(
    'bfqIoQueuedRecursive',
    'text',
    { file: 'blkio.bfq.io_queued_recursive', unit: 'text', controller: 'blkio' },
    null,
    [
      'Requests that wait in the queues of the BFQ scheduler, by device, with the groups below.',
      '正在 BFQ 调度器队列中等待的请求数，按设备统计，含子组。',
    ],
  ),
  detail(
    'bfqAvgQueueSize',
    'text',
    { file: 'blkio.bfq.avg_queue_size', unit: 'text', controller: 'blkio' },
    null,
    [
      'The mean length of the queue under the BFQ scheduler, by device.',
      'BFQ 调度器下的平均队列长度，按设备统计。',
    ],
  ),
  detail(
    'bfqGroupWaitTime',
    'text',
    { file: 'blkio.bfq.group_wait_time', unit: 'text', controller: 'blkio' },
    null,
    [
      'Time that the group waited for its turn under the BFQ scheduler, by device.',
      '本组在 BFQ 调度器下等待轮到自己的时间，按设备统计。',
    ],
  ),
  detail('bfqIdleTime', 'text', { file: 'blkio.bfq.idle_time', unit: 'text', controller: 'blkio' }, null, [
    'Time that the BFQ scheduler idled for more requests of the group, by device.',
    'BFQ 调度器为等候本组更多请求而空等的时间，按设备统计。',
  ]),
  detail('bfqEmptyTime', 'text', { file: 'blkio.bfq.empty_time', unit: 'text', controller: 'blkio' }, null, [
    'Time without a request under the BFQ scheduler, by device.',
    'BFQ 调度器下没有请求的时间，按设备统计。',
  ]),
  detail('bfqDequeue', 'text', { file: 'blkio.bfq.dequeue', unit: 'text', controller: 'blkio' }, null, [
    'How often the group was taken out of service by the BFQ scheduler, by device.',
    '本组被 BFQ 调度器移出服务队列的次数，按设备统计。',
  ]),
  detail('pressure', 'text', null, core('io.pressure'), [
    'Share of time lost to waiting for block devices (PSI).',
    '因等待块设备 I/O 而损失的时间占比（PSI）。',
  ]),
];
