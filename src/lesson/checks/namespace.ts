// The check `namespace`: two processes are in the same namespace of a type, or in two.
import { z } from 'zod';
import { NS_TYPES } from '../../kernel/namespaces.ts';
import { allOf, type CheckKind, link, nameOf, pidOf, verdictOf, whyNot } from './check.ts';
import { common, id } from './form.ts';
import { CHECKS } from './messages.ts';

const form = z.strictObject({
  check: z.literal('namespace'),
  ...common,
  of: id,
  type: z.enum(NS_TYPES),
  than: id,
  is: z.enum(['differs', 'same']),
});

export const namespace: CheckKind<z.infer<typeof form>> = {
  form,
  facts: [],
  names: [
    { field: 'of', kind: 'actor', host: true },
    { field: 'than', kind: 'actor', host: true },
  ],
  look({ of, than, type, is }, context, t) {
    const [a, b] = [link(of, type, context), link(than, type, context)];
    const names = { of: nameOf(of, t), than: nameOf(than, t), type };
    const label = t(is === 'differs' ? CHECKS.nsDiffers : CHECKS.nsSame, names);
    const expected = t(is === 'differs' ? CHECKS.differs : CHECKS.same);
    const proof = `readlink ${[of, than].map((one) => `/proc/${pidOf(one, context)}/ns/${type}`).join(' ')}`;
    if (!a.ok || !b.ok) {
      const seen = [whyNot(a, of, context, t), whyNot(b, than, context, t)].filter((why) => why !== null);
      const verdicts = [a, b].filter((reading) => !reading.ok).map(verdictOf);
      return [{ verdict: allOf(verdicts), label, expected, seen: seen.join(t(CHECKS.and)), proof }];
    }
    const holds = (a.value === b.value) === (is === 'same');
    const seen = t(CHECKS.twoLinks, { ...names, a: a.value, b: b.value });
    return [{ verdict: holds ? 'pass' : 'fail', label, expected, seen, proof }];
  },
};
