// The check `capability`: what one of the five sets of a process holds (capabilities(7)).
import { z } from 'zod';
import {
  CAPABILITIES,
  CAPABILITY_SETS,
  capabilityNames,
  isFull,
  STATUS_LINE,
} from '../../kernel/capabilities.ts';
import { asked, type CheckKind, type Finding, nameOf, pidOf, verdictOf, whyNot } from './check.ts';
import { common, id } from './form.ts';
import { USER_CHECKS } from './user-messages.ts';

const names = z.array(z.enum(CAPABILITIES)).min(1).optional();

const form = z.strictObject({
  check: z.literal('capability'),
  ...common,
  of: id,
  set: z.enum(CAPABILITY_SETS).default('effective'),
  has: names,
  lacks: names,
  /** `all`: every one that this kernel knows. */
  is: z.enum(['all', 'none']).optional(),
});

export const capability: CheckKind<z.infer<typeof form>> = {
  form,
  facts: ['has', 'lacks', 'is'],
  names: [{ field: 'of', kind: 'actor', host: true }],
  async look(check, context, t) {
    const reading = await asked<'status'>({ ask: 'status', of: check.of }, context);
    const line = STATUS_LINE[check.set];
    const digits = reading.ok ? reading.value.capabilities[check.set] : null;
    const bits = digits === null ? null : BigInt(`0x${digits}`);
    const held = bits === null ? [] : capabilityNames(bits);
    const seen = !reading.ok
      ? (whyNot(reading, check.of, context, t) ?? '')
      : digits === null
        ? t(USER_CHECKS.noSet, { line })
        : t(USER_CHECKS.bits, { line, digits });
    const of = nameOf(check.of, t);
    const findings: Finding[] = [];
    const find = (label: keyof typeof USER_CHECKS, expected: keyof typeof USER_CHECKS, holds: boolean) => {
      const named = (label === 'hasLabel' ? check.has : check.lacks) ?? [];
      const values = { of, line, set: check.set, names: named.join(', ') };
      findings.push({
        verdict: !reading.ok ? verdictOf(reading) : bits === null ? 'unknown' : holds ? 'pass' : 'fail',
        label: t(USER_CHECKS[label], values),
        expected: t(USER_CHECKS[expected], values),
        seen,
        proof: `grep ${line} /proc/${pidOf(check.of, context)}/status`,
      });
    };
    if (check.has)
      find(
        'hasLabel',
        'has',
        check.has.every((name) => held.includes(name)),
      );
    if (check.lacks) find('lacksLabel', 'lacks', !check.lacks.some((name) => held.includes(name)));
    if (check.is === 'none') find('noneLabel', 'none', bits === 0n);
    if (check.is === 'all') {
      const last = reading.ok ? reading.value.lastCapability : null;
      find('allLabel', 'all', bits !== null && isFull(bits, last));
    }
    return findings;
  },
};
