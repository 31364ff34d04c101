// The check `output`: what the step's commands printed matches a regular expression.
import { z } from 'zod';
import { matchIn } from '../match.ts';
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
    const match = matchIn(pattern, text);
    const slow = match === 'too slow';
    const found = slow ? null : match.found;
    const [first = '', ...rest] = (found ?? lines.at(-1)?.text ?? '').trim().split('\n');
    const line = rest.length > 0 ? `${first} …` : first;
    const seen =
      lines.length === 0
        ? t(CHECKS.outputNone)
        : slow
          ? t(CHECKS.outputSlow)
          : found !== null
            ? t(CHECKS.outputMatched, { line })
            : t(CHECKS.outputNot, { count: lines.length, line });
    return [
      {
        verdict: slow ? 'unknown' : found === null ? 'fail' : 'pass',
        label: t(CHECKS.outputLabel, { pattern }),
        expected: t(CHECKS.outputExpected, { pattern }),
        seen,
        proof: t(CHECKS.outputProof),
      },
    ];
  },
};
