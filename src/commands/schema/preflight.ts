// `nscope preflight --json`.
import { z } from 'zod';
import { type CommandSchema, plainAnswer } from './parts.ts';

export const PREFLIGHT: CommandSchema = {
  id: 'preflight',
  command: 'nscope preflight',
  schema: plainAnswer({
    needs: z.array(
      z.strictObject({
        need: z.string().describe('As lessons name it.'),
        ok: z.boolean(),
        message: z
          .string()
          .describe('How it is met, or what is missing and how to get it; in the language asked for.'),
        lessons: z.array(z.string()).describe('Ids of the lessons that have this need.'),
      }),
    ),
  }),
};
