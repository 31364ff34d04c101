// `nscope --json` without a command (also `learn` and `inspect`, which have no answer of their own without a terminal).
import { z } from 'zod';
import { answer, type CommandSchema, container, count, hostFacts, leftover } from './parts.ts';

export const OVERVIEW: CommandSchema = {
  id: 'overview',
  command: 'nscope',
  schema: answer({
    host: hostFacts,
    containers: z.array(container),
    namespacesBesideInitial: count,
    findings: count.describe('How many findings `nscope doctor` has at a first look.'),
    lessons: z.array(z.strictObject({ id: z.string(), title: z.string() })),
    missing: z
      .array(z.strictObject({ need: z.string(), message: z.string() }))
      .describe('Needs of lessons that this host does not meet.'),
    left: z.array(leftover),
  }),
};
