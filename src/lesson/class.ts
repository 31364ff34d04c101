// Many learners' progress as one table: who has done what, who is stuck where, and what in two files cannot both be true. Pure.
// Evidence is what a learner's own machine wrote: it can be forged, and nothing here proves that it was not.
import type { Exported } from './progress-export.ts';
import { lastOf, mergeProgress, type Progress, type StepRecord, type Tried } from './progress-schema.ts';

export interface ClassFile {
  /** Its name in the folder. */
  readonly file: string;
  readonly exported: Exported;
}

export interface ClassCell {
  readonly lesson: string;
  readonly stepsDone: number;
  readonly finishedAt: string | null;
  /** Where the learner is: the last step that was met and not done; null where every met step is done. */
  readonly stuckAt: string | null;
  /** Runs of the lesson in which that step was met, hints that were taken in the last, since when (ISO 8601). */
  readonly attempts: number;
  readonly hints: number;
  readonly since: string | null;
}

export interface ClassRow {
  readonly learner: string;
  readonly files: readonly string[];
  readonly lessons: readonly ClassCell[];
}

/** Something that two learners' files both claim. */
export interface Inconsistency {
  readonly kind: 'nonce' | 'process';
  readonly learners: readonly string[];
  readonly lesson: string;
  readonly step: string;
  /** The nonce, or `box pid 9120 pid:4026532201`. */
  readonly what: string;
}

export interface ClassTable {
  readonly rows: readonly ClassRow[];
  readonly inconsistencies: readonly Inconsistency[];
}

/** The table of a class. Files of one learner (the name in the file, else the file's own) become one row: the later word on a try holds. */
export function classTable(files: readonly ClassFile[]): ClassTable {
  const byLearner = new Map<string, ClassFile[]>();
  for (const one of files) {
    const learner = one.exported.learner ?? one.file.replace(/\.json$/, '');
    byLearner.set(learner, [...(byLearner.get(learner) ?? []), one]);
  }
  const learners = [...byLearner]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([learner, own]) => {
      const inTime = own.toSorted((a, b) =>
        (a.exported.exportedAt ?? '') < (b.exported.exportedAt ?? '') ? -1 : 1,
      );
      const progress = inTime.map(({ exported }) => exported.progress).reduce(mergeProgress);
      return { learner, files: own.map(({ file }) => file).sort(), progress };
    });
  return {
    rows: learners.map(({ learner, files, progress }) => ({
      learner,
      files,
      lessons: Object.entries(progress.lessons).map(([lesson, record]) => cellOf(lesson, record)),
    })),
    inconsistencies: inconsistenciesOf(learners),
  };
}

function cellOf(lesson: string, { steps, finishedAt }: Progress['lessons'][string]): ClassCell {
  const all = Object.entries(steps);
  const open = all
    .filter(([, { doneAt }]) => doneAt === null)
    .sort(([, a], [, b]) => (sinceOf(a) < sinceOf(b) ? -1 : 1))
    .at(-1);
  const stuck = finishedAt === null ? open : undefined;
  return {
    lesson,
    stepsDone: all.filter(([, { doneAt }]) => doneAt !== null).length,
    finishedAt,
    stuckAt: stuck?.[0] ?? null,
    attempts: stuck?.[1].attempts ?? 0,
    hints: stuck?.[1].tries.at(-1)?.hints ?? 0,
    since: stuck?.[1].tries.at(0)?.startedAt ?? null,
  };
}

function sinceOf({ tries }: StepRecord): string {
  const last = tries.at(-1);
  return last ? lastOf(last) : '';
}

/** A nonce is random, and a process (boot, pid, starttime) was there once: what two learners both have was copied. */
function inconsistenciesOf(
  learners: readonly { readonly learner: string; readonly progress: Progress }[],
): readonly Inconsistency[] {
  const claims = new Map<string, Inconsistency>();
  const claim = (key: string, learner: string, found: Omit<Inconsistency, 'learners'>): void => {
    const known = claims.get(key);
    if (!known) claims.set(key, { ...found, learners: [learner] });
    else if (!known.learners.includes(learner)) {
      claims.set(key, { ...known, learners: [...known.learners, learner].sort() });
    }
  };
  for (const { learner, progress } of learners) {
    for (const [lesson, { steps }] of Object.entries(progress.lessons)) {
      for (const [step, { tries }] of Object.entries(steps)) {
        for (const tried of tries) {
          // The nonce is the whole run's: told once a lesson, at the first step that both have.
          claim(`nonce ${lesson} ${tried.nonce}`, learner, {
            kind: 'nonce',
            lesson,
            step,
            what: tried.nonce,
          });
          for (const what of processesOf(tried)) {
            claim(`process ${lesson} ${tried.boot} ${what}`, learner, {
              kind: 'process',
              lesson,
              step,
              what,
            });
          }
        }
      }
    }
  }
  return [...claims.values()].filter((one) => one.learners.length > 1);
}

function processesOf({ witnesses, boot }: Tried): readonly string[] {
  if (boot === null) return [];
  return witnesses.map(({ actor, pid, starttime, namespaces }) => {
    const inodes = Object.entries(namespaces).map(([type, inode]) => `${type}:${inode}`);
    return [actor, `pid ${pid}`, `starttime ${starttime}`, ...inodes].join(' ');
  });
}
