// The check `exit`: the status with which the step's last command ended.
import { z } from 'zod';
import type { CheckKind } from './check.ts';
import { common } from './form.ts';
import { CHECKS } from './messages.ts';

const form = z.strictObject({
  check: z.literal('exit'),
  ...common,
  is: z.array(z.number().int().min(0).max(255)).min(1),
});

export const exit: CheckKind<z.infer<typeof form>> = {
  form,
  facts: [],
  names: [],
  look({ is: codes }, { exit }, t) {
    return [
      {
        verdict: exit === null ? 'unknown' : codes.includes(exit) ? 'pass' : 'fail',
        label: t(CHECKS.exitLabel, { codes: codes.join(', ') }),
        expected: codes.join(', '),
        seen: exit === null ? t(CHECKS.exitNone) : String(exit),
        proof: 'echo $?',
      },
    ];
  },
};
