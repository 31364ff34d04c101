// The form of lesson.yaml, format 1, and of nothing else: what the fields mean together is checked in validate.ts.
import { z } from 'zod';
import { ID_PATTERN } from '../lab/operations/names.ts';
import type { Operation } from '../lab/types.ts';
import { NEEDS } from '../lab/preflight.ts';
import { operationForm } from '../lab/operations/forms.ts';
import { checkForm } from './checks/index.ts';
import { PARTS } from './parts.ts';

/** The format of lesson.yaml that this program reads. */
export const LESSON_FORMAT = 1;

const id = z.string().regex(ID_PATTERN);
const need = z.enum(NEEDS);

/** Of a step or an operation: the variants of the lesson that have it (variant.ts). */
const only = z.strictObject({
  mode: z.enum(['root', 'rootless']).optional(),
  cgroup: z.enum(['v1', 'v2']).optional(),
  controller: z
    .string()
    .regex(/^[a-z_]+$/)
    .optional(),
});

const shown = {
  id,
  requires: z.array(need).optional(),
  only: only.optional(),
  focus: z.enum(['tree', 'links', 'cgroup']),
  pointAt: z.array(z.string()).default([]),
};
type OperationForms = typeof operationForm.options;

/** Each operation's form with `only` beside its own fields. */
const operation = z.discriminatedUnion(
  'op',
  operationForm.options.map((form) => form.extend({ only: only.optional() })) as unknown as OperationForms,
) as z.ZodType<Operation & { readonly only?: z.infer<typeof only> | undefined }>;

const operations = z.array(operation).min(1);
const checks = z.array(checkForm);

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
  requires: z.array(need),
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
