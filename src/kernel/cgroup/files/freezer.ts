// The control files of the freezer (v2: of every group). Rows only, nothing is read.
// Documentation/admin-guide/cgroup-v1/freezer-subsystem.rst and cgroup-v2.rst, "Core Interface Files".
import { type ControlFile, detailsOf, whole } from './row.ts';

const detail = detailsOf('freezer');

/** What a pane shows first, in its order; then the details. */
export const FREEZER_FILES: readonly ControlFile[] = [
  {
    controller: 'freezer',
    key: 'freeze',
    kind: 'limit',
    v1: { file: 'freezer.self_freezing', unit: 'count' },
    v2: { file: 'cgroup.freeze', unit: 'count', core: true },
    meaning: {
      en: '1 where the group itself was asked to freeze, 0 where not.',
      'zh-CN': '本组自身被要求冻结时为 1，否则为 0。',
    },
  },
  {
    controller: 'freezer',
    key: 'frozen',
    kind: 'usage',
    v1: { file: 'freezer.state', words: { THAWED: 0n, FREEZING: 0n, FROZEN: 1n }, unit: 'count' },
    v2: { file: 'cgroup.events', field: 'frozen', unit: 'count', core: true },
    meaning: {
      en: "1 where every task of the group has stopped, by its own request or an ancestor's, 0 where not.",
      'zh-CN': '组内任务已全部冻结（由本组或祖先组要求）时为 1，否则为 0。',
    },
  },

  detail('parentFreezing', 'usage', whole('freezer.parent_freezing', 'count'), null, [
    '1 where an ancestor was asked to freeze, 0 where not.',
    '祖先组被要求冻结时为 1，否则为 0。',
  ]),
  detail('state', 'text', whole('freezer.state'), null, [
    'THAWED, FREEZING or FROZEN; writing THAWED or FROZEN asks for it.',
    'THAWED、FREEZING 或 FROZEN；写入 THAWED 或 FROZEN 即提出相应请求。',
  ]),
];
