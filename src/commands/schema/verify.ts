// `nscope verify --json`.
import { z } from 'zod';
import { type CommandSchema, count, plainAnswer } from './parts.ts';

export const VERIFY: CommandSchema = {
  id: 'verify',
  command: 'nscope verify',
  schema: plainAnswer({
    oracles: z.array(
      z.strictObject({
        name: z.string().describe('The program, or the socket of an engine.'),
        comparison: z
          .strictObject({
            compared: count.describe('Values that held still between two own scans.'),
            moved: count.describe('Values that did not, and were not compared.'),
            differences: z.array(
              z.strictObject({
                subject: z.string(),
                here: z.string().describe('As we read it.'),
                there: z.string().describe('As the other program does.'),
              }),
            ),
            traps: z
              .record(z.string().regex(/^[a-z-]+$/), count)
              .describe(
                'Known ways in which the other program sees less or counts otherwise, and how often each was met.',
              ),
          })
          .nullable()
          .describe('null: the program is missing or does not answer.'),
      }),
    ),
  }),
};
