// The form of lesson.yaml, format 1, and of nothing else: what the fields mean together is checked in validate.ts.
import { z } from 'zod';
import { NS_TYPES } from '../kernel/namespaces.ts';
import type { Operation } from '../lab/types.ts';
import { PARTS } from './parts.ts';
import type { Check } from './types.ts';

/** The format of lesson.yaml that this program reads. */
export const LESSON_FORMAT = 1;

/** Ids of lessons, steps, checks and choices: they stand in file names and in the prose's markers. */
export const ID_PATTERN = /^[a-z][a-z0-9-]*$/;

const id = z.string().regex(ID_PATTERN);
const nsType = z.enum(NS_TYPES);
const words = z.array(z.string().min(1)).min(1);
const exits = z.array(z.number().int().min(0).max(255)).min(1);
const edge = z.boolean().optional();

const operation = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('rootfs'), name: id }),
  z.strictObject({ op: z.literal('cgroup'), name: id, limits: z.record(z.string(), z.string()) }),
  z.strictObject({
    op: z.literal('actor'),
    name: id,
    namespaces: z.array(nsType).min(1),
    rootfs: id.optional(),
    mountProc: z.boolean().optional(),
    cgroup: id.optional(),
    command: words,
  }),
  z.strictObject({ op: z.literal('run'), in: id, command: words, exits: exits.optional() }),
  z.strictObject({
    op: z.literal('unshare'),
    namespaces: z.array(nsType).min(1),
    fork: z.boolean(),
    rootfs: id.optional(),
    mountProc: z.boolean().optional(),
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
]) satisfies z.ZodType<Operation>;

const check = z.discriminatedUnion('check', [
  z.strictObject({
    check: z.literal('namespace'),
    id,
    of: id,
    type: nsType,
    than: id,
    is: z.enum(['differs', 'same']),
    edge,
  }),
  z.strictObject({
    check: z.literal('hostname'),
    id,
    of: id,
    is: z.string().min(1).optional(),
    sameAs: id.optional(),
    differsFrom: id.optional(),
    unchanged: z.literal(true).optional(),
    edge,
  }),
  z.strictObject({ check: z.literal('released'), id, of: id, type: nsType, edge }),
  z.strictObject({
    check: z.literal('process'),
    id,
    of: id,
    alive: z.boolean().optional(),
    pidInside: z.number().int().min(1).optional(),
    atLeast: z.number().int().min(1).optional(),
    children: z.number().int().min(1).optional(),
    edge,
  }),
  z.strictObject({ check: z.literal('output'), id, matches: z.string().min(1), edge }),
  z.strictObject({ check: z.literal('exit'), id, is: exits, edge }),
]) satisfies z.ZodType<Check>;

const shown = { id, focus: z.enum(['tree', 'links', 'cgroup']), pointAt: z.array(z.string()).default([]) };
const operations = z.array(operation).min(1);
const checks = z.array(check);

const step = z.discriminatedUnion('kind', [
  z.strictObject({ ...shown, kind: z.literal('read') }),
  z.strictObject({ ...shown, kind: z.literal('run'), operations, checks: checks.default([]) }),
  z.strictObject({
    ...shown,
    kind: z.literal('predict'),
    operations,
    choices: z.array(z.strictObject({ id, when: checks.min(1) })).min(2),
    checks: checks.default([]),
  }),
  z.strictObject({ ...shown, kind: z.literal('task'), checks: checks.min(1), solution: operations }),
  z.strictObject({
    ...shown,
    kind: z.literal('quiz'),
    choices: z.array(z.strictObject({ id, right: z.boolean().optional() })).min(2),
  }),
]);

/** The whole of lesson.yaml. Unknown keys are refused: a misspelt one must not be lost in silence. */
export const lessonSchema = z.strictObject({
  format: z.literal(LESSON_FORMAT),
  id,
  part: z.enum(PARTS),
  minutes: z.number().int().min(1).max(240),
  requires: z.array(id),
  prerequisites: z.array(id).default([]),
  steps: z.array(step).min(1),
});

export type LessonFile = z.infer<typeof lessonSchema>;
export type StepFile = LessonFile['steps'][number];

/**
 * The keys that the object at `path` may have, by the schema and by what the data says which variant it is.
 * Null where the path leads to something that takes any key or none.
 */
export function keysAt(path: readonly PropertyKey[], data: unknown): readonly string[] | null {
  let schema: unknown = lessonSchema;
  let value = data;
  for (const key of path) {
    const at = variant(schema, value);
    if (at instanceof z.ZodObject) schema = at.shape[String(key)];
    else if (at instanceof z.ZodArray) schema = at.element;
    else return null;
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  }
  const last = variant(schema, value);
  return last instanceof z.ZodObject ? Object.keys(last.shape) : null;
}

/** The schema behind defaults and options, and of a union the variant that the data names by its literal. */
function variant(schema: unknown, value: unknown): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return variant(schema.unwrap(), value);
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return schema;
  const key = schema.def.discriminator;
  const name = (value as Record<string, unknown> | null | undefined)?.[key];
  return schema.options.find(
    (option) =>
      option instanceof z.ZodObject &&
      option.shape[key] instanceof z.ZodLiteral &&
      option.shape[key].value === name,
  );
}
