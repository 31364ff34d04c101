// The check `output`: what the step's commands printed matches a regular expression.
import { z } from 'zod';
import type { CheckKind } from './check.ts';
import { common } from './form.ts';
import { CHECKS } from './messages.ts';

/** JavaScript's, with the flag m. */
const form = z.strictObject({ check: z.literal('output'), ...common, matches: z.string().min(1) });

export const output: CheckKind<z.infer<typeof form>> = {
  form,
  facts: [],
  names: [],
  look({ matches: pattern }, context, t) {
    const lines = context.output.filter((line) => line.stream === 'stdout' || line.stream === 'stderr');
    const text = lines.map((line) => line.text).join('\n');
    const match = new RegExp(pattern, 'm').exec(text);
    const [first = '', ...rest] = (match?.[0] ?? lines.at(-1)?.text ?? '').trim().split('\n');
    const line = rest.length > 0 ? `${first} …` : first;
    const seen =
      lines.length === 0
        ? t(CHECKS.outputNone)
        : match
          ? t(CHECKS.outputMatched, { line })
          : t(CHECKS.outputNot, { count: lines.length, line });
    return [
      {
        verdict: match ? 'pass' : 'fail',
        label: t(CHECKS.outputLabel, { pattern }),
        expected: t(CHECKS.outputExpected, { pattern }),
        seen,
        proof: t(CHECKS.outputProof),
      },
    ];
  },
};
