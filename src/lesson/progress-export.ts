// Progress as a file to hand on: JSON that `progress import` and `class` read, or CSV with a row for each check. Pure; writes no file.
import { z } from 'zod';
import { type Progress, readProgress, type Tried } from './progress-schema.ts';

/** The whole of it, as `progress export --json` prints it beside the envelope. */
export interface Exported {
  readonly learner: string | null;
  /** ISO 8601. */
  readonly exportedAt: string | null;
  readonly progress: Progress;
}

/** One check of one step, or a step that has none: of the last try, where one is known. */
export interface ProgressRow {
  readonly learner: string | null;
  readonly lesson: string;
  readonly step: string;
  readonly check: string | null;
  readonly done: boolean;
  readonly attempts: number;
  readonly hints: number;
  readonly right: boolean | null;
  readonly startedAt: string | null;
  readonly doneAt: string | null;
  readonly seconds: number | null;
  readonly how: Tried['how'] | null;
  readonly solved: boolean;
  readonly verdict: string | null;
  readonly seen: string | null;
  /** `box pid:4026532201`, by spaces. */
  readonly inodes: string | null;
  readonly nonce: string | null;
}

const HEADS: readonly (keyof ProgressRow)[] = [
  'learner',
  'lesson',
  'step',
  'check',
  'done',
  'attempts',
  'hints',
  'right',
  'startedAt',
  'doneAt',
  'seconds',
  'how',
  'solved',
  'verdict',
  'seen',
  'inodes',
  'nonce',
];

export function progressRows({
  learner,
  progress,
}: Pick<Exported, 'learner' | 'progress'>): readonly ProgressRow[] {
  return Object.entries(progress.lessons).flatMap(([lesson, { steps }]) =>
    Object.entries(steps).flatMap(([step, record]) => {
      const last = record.tries.findLast(({ doneAt }) => doneAt !== null) ?? record.tries.at(-1);
      const row: ProgressRow = {
        learner,
        lesson,
        step,
        check: null,
        done: record.doneAt !== null,
        attempts: record.attempts,
        hints: record.hints,
        right: record.right,
        startedAt: last?.startedAt ?? null,
        doneAt: record.doneAt,
        seconds: last?.seconds ?? null,
        how: last?.how ?? null,
        solved: last?.solved ?? false,
        verdict: null,
        seen: null,
        inodes: last ? inodesOf(last) : null,
        nonce: last?.nonce ?? null,
      };
      const checks = last?.evidence ?? [];
      return checks.length === 0
        ? [row]
        : checks.map(({ check, verdict, seen }) => ({ ...row, check, verdict, seen }));
    }),
  );
}

function inodesOf({ witnesses }: Tried): string | null {
  const all = witnesses.flatMap(({ actor, namespaces }) =>
    Object.entries(namespaces).map(([type, inode]) => `${actor} ${type}:${inode}`),
  );
  return all.join(' ') || null;
}

/** RFC 4180, with a head. A text that a spreadsheet would take for a formula gets an apostrophe before it. */
export function progressCsv(exported: Pick<Exported, 'learner' | 'progress'>): string {
  const lines = progressRows(exported).map((row) => HEADS.map((head) => cell(row[head])).join(','));
  return [HEADS.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

function cell(value: string | number | boolean | null): string {
  if (value === null) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const envelope = z.object({
  learner: z.string().max(200).nullable(),
  exportedAt: z.string().max(40),
  progress: z.unknown(),
});

/** What a file holds: an export, or a progress.json as it lies in the state directory; null for anything else. */
export function readExported(text: string): Exported | null {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  const bare = readProgress(raw);
  if (bare) return { learner: null, exportedAt: null, progress: bare };
  const parsed = envelope.safeParse(raw);
  const progress = parsed.success ? readProgress(parsed.data.progress) : null;
  if (!parsed.success || !progress) return null;
  return { learner: parsed.data.learner, exportedAt: parsed.data.exportedAt, progress };
}
