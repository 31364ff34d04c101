// `nscope doctor --json`.
import { z } from 'zod';
import { answer, type CommandSchema, inode, nsType, path, pid, starttime } from './parts.ts';

const name = z.string().describe('What a person calls it, sanitised.');

const subject = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('container'), id: z.string(), name }),
    z.strictObject({ kind: z.literal('process'), pid, starttime, comm: z.string(), name }),
    z.strictObject({ kind: z.literal('namespace'), type: nsType, inode, name }),
    z.strictObject({ kind: z.literal('cgroup'), path, name }),
    z.strictObject({ kind: z.literal('host'), name }),
  ])
  .describe('What the finding is about.');

function findingOf(severity: z.ZodType) {
  return z.strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/),
    severity,
    subject,
    sentence: z.string().describe('In the language asked for.'),
    evidence: z.array(
      z.strictObject({
        file: z.string().describe('The file, link or question.'),
        value: z.string().describe('What it said.'),
      }),
    ),
    proof: z.string().describe('A shell line that shows the same.'),
    next: z.string().describe('What can be done about it, in the language asked for.'),
    lesson: z.string().describe('Id of the lesson that teaches what is behind it.'),
    pids: z.array(pid).describe('The processes that it concerns, ascending.'),
  });
}

export const DOCTOR: CommandSchema = {
  id: 'doctor',
  command: 'nscope doctor',
  schema: answer({
    findings: z
      .array(
        findingOf(
          z
            .enum(['error', 'warning'])
            .describe('error: something has failed; warning: it will, or it is open to harm.'),
        ),
      )
      .describe('Exit code 1 if there is any.'),
    notes: z.array(findingOf(z.literal('note'))).describe('Facts of the host that do not count.'),
    unseen: z
      .array(z.string())
      .describe('What could not be looked for, one sentence each, in the language asked for.'),
  }),
};
