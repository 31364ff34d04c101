// The check `event`: how often something has happened in one of the lab's cgroups since before the step (OOM kills, throttled periods).
import { z } from 'zod';
import type { CheckKind, Finding } from './check.ts';
import { common, id } from './form.ts';
import { GROUPS } from './group-messages.ts';
import {
  ask,
  isValue,
  nameOfValue,
  proofOf,
  questionOf,
  valueIn,
  verdictOfNone,
  whyNone,
} from './group-value.ts';

const count = z.number().int().min(0).optional();

const form = z.strictObject({
  check: z.literal('event'),
  ...common,
  /** A cgroup of the lab's, or an actor in one. */
  of: id,
  /** A neutral name (`memory.oomKill`) of kernel/cgroup/files. */
  event: z.string().refine((name) => isValue(name, ['event']), {
    error: 'the neutral name of an event, such as memory.oomKill',
  }),
  /** More than before the step's operations ran. */
  atLeast: count,
  atMost: count,
});

const FACTS = ['atLeast', 'atMost'] as const;

export const event: CheckKind<z.infer<typeof form>> = {
  form,
  facts: FACTS,
  names: [{ field: 'of', kind: 'cgroup', or: 'actor' }],
  before: ({ of, event }) => [questionOf(of, nameOfValue(event))],
  async look(check, context, t) {
    const named = nameOfValue(check.event);
    const answer = await ask(check.of, named, context);
    const reading = valueIn(answer, named);
    const asked = context.askedBefore<'group'>(questionOf(check.of, named));
    const then = asked === null ? null : valueIn(asked, named);
    // A group that was not there yet has had no events; one that could not be read may have had any.
    const before = then === null ? null : then.ok ? BigInt(then.value) : then.why === 'gone' ? 0n : null;
    const now = reading.ok ? BigInt(reading.value) : null;
    const seen =
      now === null
        ? whyNone(reading, named, t)
        : before === null
          ? t(GROUPS.wasUnread, { now: String(now) })
          : t(GROUPS.gained, { before: String(before), now: String(now) });
    return FACTS.flatMap((fact): Finding[] => {
      const want = check[fact];
      if (want === undefined) return [];
      const least = fact === 'atLeast';
      const gained = now === null || before === null ? null : now - before;
      const holds = gained !== null && (least ? gained >= want : gained <= want);
      return [
        {
          verdict:
            now === null ? verdictOfNone(reading) : gained === null ? 'unknown' : holds ? 'pass' : 'fail',
          label: t(least ? GROUPS.gainedAtLeast : GROUPS.gainedAtMost, {
            event: check.event,
            of: check.of,
            want,
          }),
          expected: t(least ? GROUPS.more : GROUPS.noMore, { want }),
          seen,
          proof: proofOf(answer, named),
        },
      ];
    });
  },
};
