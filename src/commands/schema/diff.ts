// `nscope diff --json`.
import { z } from 'zod';
import { effective, targetKind } from './cgroup-parts.ts';
import { answer, type CommandSchema, inode, nsType, pid, quantity } from './parts.ts';

const target = z.strictObject({ kind: targetKind, pid: pid.nullable(), container: z.string().nullable() });
const limit = z
  .strictObject({
    file: z.string().describe('The file, and the key or word in it.'),
    value: quantity.nullable(),
    effective: effective.nullable(),
  })
  .nullable()
  .describe('null: that one has no such file.');

export const DIFF: CommandSchema = {
  id: 'diff',
  command: 'nscope diff',
  schema: answer({
    a: target,
    b: target,
    namespaces: z
      .array(
        z.strictObject({
          type: nsType,
          a: inode.nullable(),
          b: inode.nullable(),
          relation: z.enum(['shared', 'own', 'unknown']).describe('unknown where either could not be read.'),
        }),
      )
      .length(8),
    limits: z.array(
      z.strictObject({
        controller: z.string(),
        key: z.string().describe('Neutral name, of both versions.'),
        a: limit,
        b: limit,
      }),
    ),
  }),
};
