// `nscope lesson list --json`, and the lines of `nscope lesson run --json`: one object each, without the envelope.
import { z } from 'zod';
import { type CommandSchema, count, plainAnswer } from './parts.ts';

export const LESSON_LIST: CommandSchema = {
  id: 'lessonList',
  command: 'nscope lesson list',
  schema: plainAnswer({
    lessons: z.array(
      z.strictObject({
        id: z.string(),
        number: count.describe('Place in the course.'),
        part: z.string(),
        title: z.string(),
        summary: z.string(),
        minutes: count.describe('About how long it takes.'),
        requires: z.array(z.string()).describe('Needs, as nscope preflight names them.'),
        prerequisites: z.array(z.string()).describe('Ids of lessons.'),
        steps: count,
        stepsDone: count,
        finished: z.boolean(),
      }),
    ),
  }),
};

const step = z.string().describe('Id of the step.');

const variant = z
  .strictObject({
    mode: z.enum(['root', 'rootless']),
    cgroup: z.enum(['v1', 'v2', 'hybrid', 'none']).describe('Versions of cgroups that this host has.'),
  })
  .describe('The form of the lesson that is played.');

export const LESSON_EVENT: CommandSchema = {
  id: 'lessonEvent',
  command: 'nscope lesson run',
  schema: z
    .discriminatedUnion('event', [
      z.strictObject({
        event: z.literal('lesson'),
        id: z.string(),
        title: z.string(),
        source: z.enum(['live', 'recording']),
        variant: variant.nullable(),
        steps: count,
      }),
      z.strictObject({
        event: z.literal('step'),
        id: z.string(),
        kind: z.enum(['read', 'predict', 'run', 'task', 'quiz']),
        title: z.string(),
        source: z.enum(['live', 'recording', 'skipped']),
        from: z.string().nullable().describe('Which recording, or why it is skipped; null for a live step.'),
      }),
      z.strictObject({
        event: z.literal('command'),
        step,
        shell: z.string().describe('The shell command that does the same; may span lines.'),
        touches: z.string(),
        undo: z.string(),
        privileged: z.boolean().describe('Needs uid 0.'),
        looksOnly: z.literal(true).optional().describe('It changes nothing.'),
      }),
      z.strictObject({
        event: z.literal('output'),
        step,
        stream: z.enum(['command', 'stdout', 'stderr', 'note']),
        text: z.string().describe('One line, sanitised.'),
      }),
      z.strictObject({
        event: z.literal('prediction'),
        step,
        chosen: z.string().nullable(),
        truth: z.string().nullable(),
        right: z.boolean(),
      }),
      z.strictObject({
        event: z.literal('verdict'),
        step,
        id: z.string().describe('Of the check.'),
        verdict: z.enum(['pass', 'fail', 'unknown']),
        label: z.string(),
        expected: z.string(),
        seen: z.string(),
        proof: z.string().describe('The file or command that shows it.'),
      }),
      z.strictObject({ event: z.literal('problem'), message: z.string(), hint: z.string().nullable() }),
      z.strictObject({ event: z.literal('leftover'), kind: z.string(), what: z.string(), proof: z.string() }),
      z.strictObject({
        event: z.literal('end'),
        passed: z.boolean(),
        exit: z.int().min(0).max(255).describe('Exit code of the command.'),
      }),
    ])
    .describe('One line of the output.'),
};

/** An object a line, without the envelope. */
export const LESSON_CHECK: CommandSchema = {
  id: 'lessonCheckEvent',
  command: 'nscope lesson check',
  schema: z
    .discriminatedUnion('event', [
      z.strictObject({
        event: z.literal('broken'),
        folder: z.string(),
        message: z.string().describe('File, line and column, what was found, what was expected.'),
        hint: z.string().nullable(),
      }),
      z.strictObject({
        event: z.literal('lesson'),
        lesson: z.string().describe('Its id.'),
        number: count,
        steps: count,
        variant,
      }),
      z.strictObject({
        event: z.literal('fault'),
        lesson: z.string(),
        step: z.string().nullable().describe('Id of the step; null for what is left behind.'),
        run: z.int().min(1).max(2).describe('The first or the second time.'),
        message: z.string(),
      }),
      z.strictObject({
        event: z.literal('skipped'),
        lesson: z.string(),
        needs: z.array(z.string()).describe('What this host lacks, as nscope preflight names it.'),
        message: z.string(),
      }),
      z.strictObject({
        event: z.literal('skippedStep'),
        lesson: z.string(),
        step,
        message: z.string(),
      }),
      z.strictObject({
        event: z.literal('end'),
        passed: count,
        faulty: count,
        skipped: count,
        skippedSteps: count.describe('Steps that this host cannot do, of lessons that it can.'),
        orphansSeen: z.boolean().describe('Processes that left their parents could be told from others’.'),
        exit: z.int().min(0).max(3).describe('Exit code of the command.'),
      }),
    ])
    .describe('One line of the output.'),
};

const facts = z.looseObject({ check: z.string(), id: z.string() }).describe('As it stands in lesson.yaml.');

const planned = z.strictObject({
  op: z.string(),
  plan: z
    .strictObject({
      shell: z.string().describe('The shell command that does the same; may span lines.'),
      touches: z.string(),
      undo: z.string(),
      privileged: z.boolean().describe('Needs uid 0.'),
      looksOnly: z.literal(true).optional().describe('It changes nothing.'),
    })
    .nullable()
    .describe('null where it cannot be told before what it stands on is there.'),
});

export const LESSON_SHOW: CommandSchema = {
  id: 'lessonShow',
  command: 'nscope lesson show',
  schema: plainAnswer({
    lesson: z.strictObject({
      id: z.string(),
      number: count,
      part: z.string(),
      title: z.string(),
      summary: z.string(),
      minutes: count,
      requires: z.array(z.string()),
      prerequisites: z.array(z.string()),
      steps: z.array(
        z.strictObject({
          id: z.string(),
          kind: z.enum(['read', 'predict', 'run', 'task', 'quiz']),
          title: z.string(),
          text: z.string().describe('Markdown.'),
          operations: z.array(planned),
          choices: z.array(
            z.strictObject({
              id: z.string(),
              text: z.string(),
              right: z.boolean().optional().describe('With --answers, of a quiz.'),
              when: z.array(facts).optional().describe('With --answers: it holds where all of these pass.'),
            }),
          ),
          checks: z.array(facts.extend({ text: z.string() })),
          explain: z.string().nullable().optional().describe('With --answers.'),
          hints: z.array(z.string()).optional().describe('With --answers.'),
          solution: z.array(planned).optional().describe('With --answers.'),
        }),
      ),
    }),
  }),
};

export const LESSON_NEW: CommandSchema = {
  id: 'lessonNew',
  command: 'nscope lesson new',
  schema: plainAnswer({ folder: z.string(), files: z.array(z.string()) }),
};
