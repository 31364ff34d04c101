// The check `cgroup`: a limit or a usage of one of the lab's cgroups, by a neutral name that resolves to a v1 or v2 file.
import { z } from 'zod';
import type { CheckKind, Finding } from './check.ts';
import { common, id } from './form.ts';
import { GROUPS } from './group-messages.ts';
import {
  ask,
  compare,
  isValue,
  nameOfValue,
  proofOf,
  quantity,
  shown,
  valueIn,
  verdictOfNone,
  whyNone,
} from './group-value.ts';

const amount = z
  .string()
  .refine((text) => quantity(text) !== null, { error: 'a number, one with K, M or G (32M), or max' })
  .optional();

const form = z.strictObject({
  check: z.literal('cgroup'),
  ...common,
  /** A cgroup of the lab's, or an actor in one. */
  of: id,
  /** A neutral name (`memory.limit`) of kernel/cgroup/files. */
  value: z.string().refine((name) => isValue(name, ['limit', 'usage']), {
    error: 'the neutral name of a limit or a usage, such as memory.limit',
  }),
  /** Not the group's own limit, but the least of its own and its ancestors'. */
  effective: z.literal(true).optional(),
  is: amount,
  atLeast: amount,
  atMost: amount,
});

const FACTS = ['is', 'atLeast', 'atMost'] as const;

const HOLDS = {
  is: (order: number) => order === 0,
  atLeast: (order: number) => order >= 0,
  atMost: (order: number) => order <= 0,
} as const;

const WANT = { is: GROUPS.wantIs, atLeast: GROUPS.wantAtLeast, atMost: GROUPS.wantAtMost } as const;

export const cgroup: CheckKind<z.infer<typeof form>> = {
  form,
  facts: FACTS,
  names: [{ field: 'of', kind: 'cgroup', or: 'actor' }],
  async look(check, context, t) {
    const named = nameOfValue(check.value);
    const answer = await ask(check.of, named, context);
    const reading = valueIn(answer, named, check.effective);
    const least = answer.ok && check.effective === true ? answer.value.effective[named.key] : undefined;
    const text = reading.ok ? shown(reading.value, named) : whyNone(reading, named, t);
    const seen = least === undefined ? text : t(GROUPS.setBy, { seen: text, group: least.setBy });
    const value = check.effective === true ? t(GROUPS.inForce, { value: check.value }) : check.value;
    return FACTS.flatMap((fact): Finding[] => {
      const bound = check[fact];
      const limit = bound === undefined ? null : quantity(bound);
      if (bound === undefined || limit === null) return [];
      const want = shown(bound, named);
      const now = reading.ok ? quantity(reading.value) : null;
      const verdict = now === null ? verdictOfNone(reading) : HOLDS[fact](compare(now, limit));
      return [
        {
          verdict: typeof verdict === 'string' ? verdict : verdict ? 'pass' : 'fail',
          label: t(GROUPS[fact], { value, of: check.of, want }),
          expected: t(WANT[fact], { want }),
          seen,
          proof: proofOf(answer, named),
        },
      ];
    });
  },
};
