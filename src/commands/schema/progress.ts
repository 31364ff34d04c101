// `nscope progress …` and `nscope class --json`.
import { z } from 'zod';
import { progressSchema } from '../../lesson/progress-schema.ts';
import { type CommandSchema, count, plainAnswer } from './parts.ts';

const time = z.string().nullable().describe('ISO 8601.');

export const PROGRESS_SHOW: CommandSchema = {
  id: 'progressShow',
  command: 'nscope progress show',
  schema: plainAnswer({
    lessons: z.array(
      z.strictObject({
        lesson: z.string(),
        title: z.string().nullable().describe('null for a lesson that does not come with this version.'),
        steps: count.nullable(),
        stepsDone: count,
        finishedAt: time,
        attempts: count.describe('Runs of the lesson.'),
        hints: count,
        right: count.describe('Predictions and quizzes that were answered right.'),
        asked: count.describe('Predictions and quizzes that were answered.'),
        next: z.string().nullable().describe('Id of the step at which it goes on.'),
      }),
    ),
  }),
};

export const PROGRESS_EXPORT: CommandSchema = {
  id: 'progressExport',
  command: 'nscope progress export',
  schema: plainAnswer({
    learner: z.string().nullable(),
    exportedAt: z.string().describe('ISO 8601.'),
    progress: progressSchema.describe('progress.json, format 2: what nscope progress import takes.'),
    rows: z
      .array(
        z.strictObject({
          learner: z.string().nullable(),
          lesson: z.string(),
          step: z.string(),
          check: z.string().nullable(),
          done: z.boolean(),
          attempts: count,
          hints: count,
          right: z.boolean().nullable(),
          startedAt: time,
          doneAt: time,
          seconds: z.number().nullable().describe('Seconds from seeing the step to its end.'),
          how: z.enum(['live', 'recording', 'skipped']).nullable(),
          solved: z.boolean().describe('The program played the solution.'),
          verdict: z.string().nullable(),
          seen: z.string().nullable(),
          inodes: z
            .string()
            .nullable()
            .describe('Namespaces of the lab’s processes, as `box pid:4026532201`.'),
          nonce: z.string().nullable().describe('Random, one for each run of a lesson.'),
        }),
      )
      .describe('The same as rows, one for each check of the last run: what --csv prints.'),
  }),
};

export const PROGRESS_IMPORT: CommandSchema = {
  id: 'progressImport',
  command: 'nscope progress import',
  schema: plainAnswer({
    lessons: z.array(z.string()).describe('Lessons of the file.'),
    all: z.array(z.string()).describe('Lessons that are known now.'),
  }),
};

export const PROGRESS_RESET: CommandSchema = {
  id: 'progressReset',
  command: 'nscope progress reset',
  schema: plainAnswer({ forgotten: z.array(z.string()) }),
};

export const CLASS: CommandSchema = {
  id: 'class',
  command: 'nscope class',
  schema: plainAnswer({
    learners: z.array(
      z.strictObject({
        learner: z.string(),
        files: z.array(z.string()),
        lessons: z.array(
          z.strictObject({
            lesson: z.string(),
            steps: count.nullable(),
            stepsDone: count,
            finishedAt: time,
            stuckAt: z.string().nullable().describe('The step that was met last and is not done.'),
            attempts: count.describe('Runs of the lesson in which that step was met.'),
            hints: count.describe('Taken there in the last run.'),
            since: time,
          }),
        ),
      }),
    ),
    inconsistencies: z
      .array(
        z.strictObject({
          kind: z.enum(['nonce', 'process']),
          learners: z.array(z.string()),
          lesson: z.string(),
          step: z.string(),
          what: z.string(),
        }),
      )
      .describe('What more than one learner claims and only one can have.'),
    skipped: z.array(z.strictObject({ file: z.string(), reason: z.string() })),
  }),
};
