// `nscope cleanup --json` and `nscope audit --json`.
import { z } from 'zod';
import { type CommandSchema, leftover, plainAnswer } from './parts.ts';

export const CLEANUP: CommandSchema = {
  id: 'cleanup',
  command: 'nscope cleanup',
  schema: plainAnswer({
    done: z.array(z.string()).describe('One line for each thing removed, in the language asked for.'),
    refused: z.array(leftover).describe('What was not touched because it is no longer what the lab made.'),
    left: z.array(leftover),
  }),
};

export const AUDIT: CommandSchema = {
  id: 'audit',
  command: 'nscope audit',
  schema: plainAnswer({ left: z.array(leftover).describe('Empty where nothing is left.') }),
};
