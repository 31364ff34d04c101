// The form of each operation in lesson.yaml. What the fields mean together is for those who check lessons; what they do is the operation's file.
import { z } from 'zod';
import { NS_TYPES } from '../../kernel/namespaces.ts';
import type { Operation } from '../types.ts';
import { ID_PATTERN } from './names.ts';

const id = z.string().regex(ID_PATTERN);
const nsType = z.enum(NS_TYPES);
const words = z.array(z.string().min(1)).min(1);
const map = z.enum(['root', 'none']);
const exits = z.array(z.number().int().min(0).max(255)).min(1);

export const operationForm = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('rootfs'), name: id }),
  z.strictObject({ op: z.literal('cgroup'), name: id, limits: z.record(z.string(), z.string()) }),
  z.strictObject({
    op: z.literal('actor'),
    name: id,
    namespaces: z.array(nsType).min(1),
    rootfs: id.optional(),
    mountProc: z.boolean().optional(),
    cgroup: id.optional(),
    map: map.optional(),
    command: words,
  }),
  z.strictObject({ op: z.literal('run'), in: id, command: words, exits: exits.optional() }),
  z.strictObject({
    op: z.literal('unshare'),
    namespaces: z.array(nsType).min(1),
    fork: z.boolean(),
    rootfs: id.optional(),
    mountProc: z.boolean().optional(),
    map: map.optional(),
    command: words,
    exits: exits.optional(),
  }),
  z.strictObject({ op: z.literal('look'), command: words }),
  z.strictObject({
    op: z.literal('signal'),
    actor: id,
    signal: z.string().regex(/^[A-Z][A-Z0-9+-]*$/),
    from: z.enum(['host', 'inside']),
  }),
  z.strictObject({ op: z.literal('id-map'), of: id, ids: z.enum(['own', 'range']) }),
]) satisfies z.ZodType<Operation>;
