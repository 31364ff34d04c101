// The statistics of the CFQ scheduler, which Linux 5.0 removed: the files of BFQ without `bfq.` in their name. Rows only, nothing is read.
// Documentation/admin-guide/cgroup-v1/blkio-controller.rst, "Proportional weight policy files".
import { IO_FILES } from './io.ts';
import type { ControlFile } from './row.ts';

const BFQ = 'blkio.bfq.';

/** The weights have rows of their own. */
export const CFQ_FILES: readonly ControlFile[] = IO_FILES.flatMap((row) => {
  const { v1 } = row;
  if (!v1?.file.startsWith(BFQ) || v1.file.includes('weight')) return [];
  const { en, 'zh-CN': zh } = row.meaning;
  return [
    {
      ...row,
      key: row.key.replace(/^bfq/, 'cfq'),
      v1: { ...v1, file: `blkio.${v1.file.slice(BFQ.length)}` },
      meaning: {
        en: `${en.replaceAll('BFQ', 'CFQ').slice(0, -1)}; Linux 5.0 removed it.`,
        'zh-CN': `${zh.replaceAll('BFQ', 'CFQ').slice(0, -1)}；该调度器已在 Linux 5.0 移除。`,
      },
    },
  ];
});
