// The check `container`: what the runtime says of a container, as created, running, paused, stopped or gone.
import { z } from 'zod';
import { type CheckKind, whyNot } from './check.ts';
import { CONTAINER } from './container-messages.ts';
import { common, id } from './form.ts';

const form = z.strictObject({
  check: z.literal('container'),
  ...common,
  of: id,
  status: z.enum(['created', 'running', 'paused', 'stopped', 'gone']),
});

export const container: CheckKind<z.infer<typeof form>> = {
  form,
  facts: [],
  names: [{ field: 'of', kind: 'actor' }],
  async look({ of, status }, context, t) {
    const now = await context.ask<'container'>({ ask: 'container', of });
    const label = t(CONTAINER.label, { of, status: t(CONTAINER[status]) });
    const expected = t(CONTAINER[status]);
    if (!now.ok) {
      const seen = whyNot(now, of, context, t) ?? '';
      return [{ verdict: 'unknown', label, expected, seen, proof: t(CONTAINER.proof, { of }) }];
    }
    const { proof } = now.value;
    // What must be gone must first have been there.
    if (now.value.status === 'gone' && !context.actors.has(of)) {
      return [
        {
          verdict: status === 'gone' ? 'unknown' : 'fail',
          label,
          expected,
          seen: t(CONTAINER.never, { of }),
          proof,
        },
      ];
    }
    const verdict = now.value.status === status ? 'pass' : 'fail';
    return [{ verdict, label, expected, seen: t(CONTAINER[now.value.status]), proof }];
  },
};
