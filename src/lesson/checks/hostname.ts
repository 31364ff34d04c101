// The check `hostname`: the host name of an actor or of the host, by itself, against another's, or against what it was.
import { z } from 'zod';
import { clean } from '../../text/sanitize.ts';
import {
  asked,
  type CheckKind,
  type CheckContext,
  type Finding,
  nameOf,
  pidOf,
  verdictOf,
  whyNot,
} from './check.ts';
import { common, id } from './form.ts';
import { CHECKS } from './messages.ts';

const form = z.strictObject({
  check: z.literal('hostname'),
  ...common,
  of: id,
  is: z.string().min(1).optional(),
  /** Equal to the name that this actor, or `host`, has now. */
  sameAs: id.optional(),
  differsFrom: id.optional(),
  /** As it was before the step's operations ran. */
  unchanged: z.literal(true).optional(),
});

function proofOf(of: string, context: CheckContext): string {
  if (of === 'host') return 'hostname';
  const user = context.mode === 'rootless' ? '-U --preserve-credentials ' : '';
  return `nsenter -t ${pidOf(of, context)} ${user}-u hostname`;
}

export const hostname: CheckKind<z.infer<typeof form>> = {
  form,
  facts: ['is', 'sameAs', 'differsFrom', 'unchanged'],
  names: [
    { field: 'of', kind: 'actor', host: true },
    { field: 'sameAs', kind: 'actor', host: true },
    { field: 'differsFrom', kind: 'actor', host: true },
  ],
  before: ({ of, unchanged }) => (unchanged === true ? [{ ask: 'hostname', of }] : []),
  async look(check, context, t) {
    const now = await asked<'hostname'>({ ask: 'hostname', of: check.of }, context);
    const of = nameOf(check.of, t);
    const seen = now.ok ? clean(now.value) : (whyNot(now, check.of, context, t) ?? '');
    const finding = (label: string, expected: string, holds: boolean | null): Finding => ({
      verdict: now.ok ? (holds === null ? 'unknown' : holds ? 'pass' : 'fail') : verdictOf(now),
      label,
      expected,
      seen,
      proof: proofOf(check.of, context),
    });
    const name = now.ok ? now.value : null;
    const findings: Finding[] = [];
    if (check.is !== undefined) {
      findings.push(finding(t(CHECKS.nameIs, { of, name: check.is }), check.is, name === check.is));
    }
    for (const field of ['sameAs', 'differsFrom'] as const) {
      const other = check[field];
      if (other === undefined) continue;
      const reading = await asked<'hostname'>({ ask: 'hostname', of: other }, context);
      const than = reading.ok ? clean(reading.value) : (whyNot(reading, other, context, t) ?? '');
      const same = reading.ok ? reading.value === name : null;
      findings.push(
        field === 'sameAs'
          ? finding(t(CHECKS.nameSame, { of, than: nameOf(other, t) }), than, same)
          : finding(
              t(CHECKS.nameDiffers, { of, than: nameOf(other, t) }),
              t(CHECKS.notName, { name: than }),
              same === null ? null : !same,
            ),
      );
    }
    if (check.unchanged === true) {
      const then = context.askedBefore<'hostname'>({ ask: 'hostname', of: check.of });
      const label = t(CHECKS.nameUnchanged, { of });
      if (then?.ok) findings.push(finding(label, clean(then.value), then.value === name));
      else findings.push({ ...finding(label, '?', null), seen: t(CHECKS.wasUnread, { name: seen }) });
    }
    return findings;
  },
};
