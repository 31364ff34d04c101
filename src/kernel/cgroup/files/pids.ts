// The control files of the pids controller. Rows only, nothing is read.
// Documentation/admin-guide/cgroup-v1/pids.rst and cgroup-v2.rst, "PID".
import { type ControlFile, detailsOf, whole } from './row.ts';

const detail = detailsOf('pids');

/** What a pane shows first, in its order; then the details. */
export const PIDS_FILES: readonly ControlFile[] = [
  {
    controller: 'pids',
    key: 'limit',
    kind: 'limit',
    bound: true,
    v1: { file: 'pids.max', unit: 'count' },
    v2: { file: 'pids.max', unit: 'count' },
    docker: '--pids-limit',
    oci: 'pids.limit',
    meaning: {
      en: 'The most tasks (processes and threads) in the group and the groups below; at the limit fork(2) and clone(2) fail with EAGAIN.',
      'zh-CN': '本组及其子组的任务（进程与线程）数上限；达到后 fork(2)、clone(2) 返回 EAGAIN。',
    },
  },
  {
    controller: 'pids',
    key: 'usage',
    kind: 'usage',
    v1: { file: 'pids.current', unit: 'count' },
    v2: { file: 'pids.current', unit: 'count' },
    meaning: {
      en: 'Tasks (processes and threads) in the group and the groups below it now.',
      'zh-CN': '本组及其子组当前的任务（进程与线程）数。',
    },
  },
  {
    controller: 'pids',
    key: 'peak',
    kind: 'usage',
    v1: { file: 'pids.peak', unit: 'count' },
    v2: { file: 'pids.peak', unit: 'count' },
    meaning: {
      en: 'The most tasks that were in the group and the groups below at once.',
      'zh-CN': '本组及其子组任务数的历史峰值。',
    },
  },
  {
    controller: 'pids',
    key: 'maxEvents',
    kind: 'event',
    v1: { file: 'pids.events', field: 'max', unit: 'count' },
    v2: { file: 'pids.events', field: 'max', unit: 'count' },
    meaning: {
      en: 'How often a pids limit made fork(2) or clone(2) fail.',
      'zh-CN': '因触及 pids 上限而导致 fork(2)、clone(2) 失败的次数。',
    },
  },

  detail('maxEventsLocal', 'event', null, { file: 'pids.events.local', field: 'max', unit: 'count' }, [
    "How often the group's own limit made fork(2) or clone(2) fail.",
    '因本组自身的上限而导致 fork(2)、clone(2) 失败的次数。',
  ]),
  detail('events', 'text', whole('pids.events'), whole('pids.events'), [
    'How often fork(2) or clone(2) failed at a pids limit.',
    '因 pids 上限而导致 fork(2)、clone(2) 失败的次数。',
  ]),
  detail('eventsLocal', 'text', null, whole('pids.events.local'), [
    'The same for the group alone.',
    '同上，只计本组。',
  ]),
];
