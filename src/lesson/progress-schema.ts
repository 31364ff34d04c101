// The form of progress.json, format 2, how format 1 becomes it, and how two of them become one. Pure.
import { z } from 'zod';

export const PROGRESS_FORMAT = 2;

/** Tries that are kept of a step; older ones are counted and dropped. */
export const MAX_TRIES = 10;

/** ISO 8601. */
const time = z.string().max(40);
const name = z.string().max(200);
const number = z.number().int().min(0);

const evidence = z.strictObject({
  /** Id of the check in the lesson. */
  check: name,
  verdict: z.enum(['pass', 'fail', 'unknown']),
  /** What was observed, in the learner's language. */
  seen: z.string().max(2000),
});

/** A process of the lab and the namespaces that it had: with the boot it is one process, on one machine, once. */
const witness = z.strictObject({
  actor: name,
  pid: number,
  starttime: number,
  /** Type to inode. */
  namespaces: z.record(name, number),
});

const tried = z.strictObject({
  /** Of the attempt: one run of the lesson. */
  nonce: z.string().max(64),
  startedAt: time,
  /** null: it was left before it was done. */
  doneAt: time.nullable(),
  /** Predict and quiz: the answer was right. */
  right: z.boolean().nullable(),
  hints: number,
  /** From seeing the step to its end. */
  seconds: z.number().min(0).nullable(),
  /** Where it was played. */
  how: z.enum(['live', 'recording', 'skipped']),
  /** A task that the program solved. */
  solved: z.boolean(),
  evidence: z.array(evidence).max(200),
  witnesses: z.array(witness).max(50),
  /** Hash of the machine's boot id; null where it could not be read. */
  boot: z.string().max(64).nullable(),
});

const step = z.strictObject({
  /** The first time; null while it was only tried. */
  doneAt: time.nullable(),
  /** Of the last time that it was done. */
  right: z.boolean().nullable(),
  hints: number,
  /** Runs of the lesson in which it was met, those behind `tries` included. */
  attempts: number,
  /** The latest ones, oldest first. */
  tries: z.array(tried).max(MAX_TRIES),
});

const lesson = z.strictObject({
  steps: z.record(name, step),
  /** null while steps are missing. */
  finishedAt: time.nullable(),
});

export const progressSchema = z.strictObject({
  format: z.literal(PROGRESS_FORMAT),
  lessons: z.record(name, lesson),
});

export type Progress = Readonly<z.infer<typeof progressSchema>>;
export type LessonRecord = Readonly<z.infer<typeof lesson>>;
export type StepRecord = Readonly<z.infer<typeof step>>;
export type Tried = Readonly<z.infer<typeof tried>>;

const firstFormat = z.strictObject({
  format: z.literal(1),
  lessons: z.record(
    z.string(),
    z.strictObject({
      steps: z.record(
        z.string(),
        z.strictObject({ doneAt: z.string(), right: z.boolean().nullable(), hints: number }),
      ),
      finishedAt: z.string().nullable(),
    }),
  ),
});

export const NOTHING: Progress = { format: PROGRESS_FORMAT, lessons: {} };

/** Progress of either format, as format 2; null for anything else. Of format 1 each step was met once, and no try is known. */
export function readProgress(raw: unknown): Progress | null {
  const parsed = progressSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const old = firstFormat.safeParse(raw);
  if (!old.success) return null;
  const lessons = Object.entries(old.data.lessons).map(([id, { steps, finishedAt }]) => {
    const made = Object.entries(steps).map(([key, record]): [string, StepRecord] => [
      key,
      { ...record, attempts: 1, tries: [] },
    ]);
    return [id, { steps: Object.fromEntries(made), finishedAt }] as const;
  });
  return { format: PROGRESS_FORMAT, lessons: Object.fromEntries(lessons) };
}

/** One of two: nothing is lost but tries beyond the latest; the same attempt in both counts once, and the later word on it holds. */
export function mergeProgress(a: Progress, b: Progress): Progress {
  return {
    format: PROGRESS_FORMAT,
    lessons: mergeBy(a.lessons, b.lessons, (one, other) => ({
      steps: mergeBy(one.steps, other.steps, mergeSteps),
      finishedAt: earlier(one.finishedAt, other.finishedAt),
    })),
  };
}

/** `b` is the newer one where both are equally old. */
export function mergeSteps(a: StepRecord, b: StepRecord): StepRecord {
  const byNonce = new Map(a.tries.map((one) => [one.nonce, one]));
  const shared = b.tries.filter(({ nonce }) => byNonce.has(nonce)).length;
  for (const one of b.tries) {
    const known = byNonce.get(one.nonce);
    if (!known || lastOf(one) >= lastOf(known)) byNonce.set(one.nonce, one);
  }
  const tries = [...byNonce.values()].sort((one, other) => compare(one.startedAt, other.startedAt));
  const dropped = a.attempts - a.tries.length;
  const otherDropped = b.attempts - b.tries.length;
  const newest = tries.findLast(({ doneAt }) => doneAt !== null);
  const latest = newest ?? (compare(a.doneAt ?? '', b.doneAt ?? '') > 0 ? a : b);
  return {
    doneAt: earlier(a.doneAt, b.doneAt),
    right: latest.right,
    hints: latest.hints,
    // What neither keeps is taken to be the same where the files share attempts: they were one file once.
    attempts:
      tries.length +
      (shared > 0 || a.tries.length + b.tries.length === 0
        ? Math.max(dropped, otherDropped)
        : dropped + otherDropped),
    tries: tries.slice(-MAX_TRIES),
  };
}

function mergeBy<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  merge: (one: T, other: T) => T,
): Record<string, T> {
  const all = new Map(Object.entries(a));
  for (const [key, other] of Object.entries(b)) {
    const one = all.get(key);
    all.set(key, one === undefined ? other : merge(one, other));
  }
  return Object.fromEntries(all);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

/** When a try was last heard of. */
export function lastOf({ startedAt, doneAt }: Pick<Tried, 'startedAt' | 'doneAt'>): string {
  return doneAt ?? startedAt;
}
