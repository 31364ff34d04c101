// The table of answers: one row for each command with --json. A new command is a file beside this one and a row here; `npm run schema` then writes
// the published file.
import { CGROUP, CGROUP_FILES, CGROUP_WATCH } from './cgroup.ts';
import { DIFF } from './diff.ts';
import { DOCTOR } from './doctor.ts';
import { EXPLAIN, EXPLAIN_CGROUP, EXPLAIN_NAMESPACE } from './explain.ts';
import { AUDIT, CLEANUP } from './lab.ts';
import { LESSON_CHECK, LESSON_EVENT, LESSON_LIST, LESSON_NEW, LESSON_SHOW } from './lesson.ts';
import { NS } from './ns.ts';
import { OVERVIEW } from './overview.ts';
import type { CommandSchema } from './parts.ts';
import { PREFLIGHT } from './preflight.ts';
import { CLASS, PROGRESS_EXPORT, PROGRESS_IMPORT, PROGRESS_RESET, PROGRESS_SHOW } from './progress.ts';
import { PS } from './ps.ts';
import { SNAPSHOT } from './snapshot.ts';
import { TREE } from './tree.ts';
import { VERIFY } from './verify.ts';

export const COMMAND_SCHEMAS: readonly CommandSchema[] = [
  OVERVIEW,
  NS,
  TREE,
  PS,
  CGROUP,
  CGROUP_FILES,
  CGROUP_WATCH,
  DIFF,
  DOCTOR,
  EXPLAIN,
  EXPLAIN_NAMESPACE,
  EXPLAIN_CGROUP,
  PREFLIGHT,
  SNAPSHOT,
  VERIFY,
  LESSON_LIST,
  LESSON_EVENT,
  LESSON_CHECK,
  LESSON_SHOW,
  LESSON_NEW,
  PROGRESS_SHOW,
  PROGRESS_EXPORT,
  PROGRESS_IMPORT,
  PROGRESS_RESET,
  CLASS,
  CLEANUP,
  AUDIT,
];
