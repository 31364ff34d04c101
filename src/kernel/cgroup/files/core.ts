// The files that a group has of itself, whatever controllers it has: cgroup.*, tasks and the like. Rows only, nothing is read.
// cgroups(7), Documentation/admin-guide/cgroup-v1/cgroups.rst and cgroup-v2.rst, "Core Interface Files".
import { type ControlFile, core, detailsOf, whole } from './row.ts';

const detail = detailsOf('cgroup');

/** The neutral name of no controller: the group itself. */
export const CORE_CONTROLLER = 'cgroup';

/** Files with a pid or thread id a line. */
export const MEMBER_FILES: readonly string[] = ['cgroup.procs', 'cgroup.threads', 'tasks'];

export const CORE_FILES: readonly ControlFile[] = [
  detail('procs', 'text', whole('cgroup.procs'), core('cgroup.procs'), [
    'Pids of the processes in the group itself, in no order; a threaded group refuses to tell (EOPNOTSUPP).',
    '本组自身的进程 PID，无固定顺序；线程化的组拒绝读取（EOPNOTSUPP）。',
  ]),
  detail('threads', 'text', whole('tasks'), core('cgroup.threads'), [
    'Thread ids of the tasks in the group itself.',
    '本组自身的线程 ID。',
  ]),
  detail('type', 'text', null, core('cgroup.type'), [
    'The kind of group: domain, domain threaded, domain invalid or threaded.',
    '组的类型：domain、domain threaded、domain invalid 或 threaded。',
  ]),
  detail('controllers', 'text', null, core('cgroup.controllers'), [
    'Controllers that the parent has enabled for the group.',
    '父组为本组启用的控制器。',
  ]),
  detail('subtreeControl', 'text', null, core('cgroup.subtree_control'), [
    'Controllers that the group has enabled for its child groups.',
    '本组为子组启用的控制器。',
  ]),
  detail('events', 'text', null, core('cgroup.events'), [
    'Whether the group or one below has processes, and whether all of them are frozen.',
    '本组或其子组是否有进程，以及是否已全部冻结。',
  ]),
  detail('kill', 'act', null, core('cgroup.kill'), [
    'Writing 1 kills every process in the group and the groups below it.',
    '写入 1 将杀死本组及其子组的所有进程。',
  ]),
  detail('maxDescendants', 'limit', null, core('cgroup.max.descendants', 'count'), [
    'The most groups that may be below the group.',
    '允许的后代组数量上限。',
  ]),
  detail('maxDepth', 'limit', null, core('cgroup.max.depth', 'count'), [
    'How many levels of groups may be below the group.',
    '允许的后代组层数上限。',
  ]),
  detail('descendants', 'usage', null, { ...core('cgroup.stat', 'count'), field: 'nr_descendants' }, [
    'Groups below the group.',
    '现有的后代组数。',
  ]),
  detail(
    'dyingDescendants',
    'usage',
    null,
    { ...core('cgroup.stat', 'count'), field: 'nr_dying_descendants' },
    [
      'Removed groups below that the kernel still holds because something is charged to them.',
      '已删除但因仍有记账而未被内核释放的后代组数。',
    ],
  ),
  detail('stat', 'text', null, core('cgroup.stat'), [
    'How many groups are below, and how many removed ones the kernel still holds.',
    '后代组的数量，以及已删除但仍未释放的数量。',
  ]),
  detail('statLocal', 'text', null, core('cgroup.stat.local'), [
    'How long the group has been frozen, in microseconds.',
    '本组累计冻结的时长（微秒）。',
  ]),
  detail('pressureSwitch', 'limit', null, core('cgroup.pressure', 'count'), [
    '1 where pressure is measured for the group, 0 where that was switched off.',
    '为 1 时统计本组的压力（PSI），为 0 时已关闭。',
  ]),
  detail('irqPressure', 'text', null, core('irq.pressure'), [
    'Share of time lost to interrupts (PSI).',
    '因处理中断而损失的时间占比（PSI）。',
  ]),
  detail('cloneChildren', 'limit', whole('cgroup.clone_children', 'count'), null, [
    '1 where a new child group of cpuset begins with the settings of its parent.',
    '为 1 时 cpuset 的新子组沿用父组的设置。',
  ]),
  detail('saneBehavior', 'limit', whole('cgroup.sane_behavior', 'count'), null, [
    'Root only: a remnant, always 0.',
    '仅根组：历史遗留，恒为 0。',
  ]),
  detail('notifyOnRelease', 'limit', whole('notify_on_release', 'count'), null, [
    '1 where the release agent is run when the last process and child group have gone.',
    '为 1 时，最后一个进程和子组消失后会运行 release agent。',
  ]),
  detail('releaseAgent', 'text', whole('release_agent'), null, [
    'Root only: the program that the kernel runs, as root of the host, when such a group empties.',
    '仅根组：组清空时内核以主机 root 身份运行的程序。',
  ]),
  detail('eventControl', 'act', whole('cgroup.event_control'), null, [
    'Writing two file descriptors to it asks for notices, as of memory thresholds.',
    '写入两个文件描述符以订阅通知，例如内存阈值通知。',
  ]),
];
