// The check `credentials`: the uid and gid of an actor (credentials(7)) inside its user namespace and outside, and what its maps say of them.
import { z } from 'zod';
import type { IdRange } from '../../kernel/proc/uid-map.ts';
import { asked, type CheckKind, type Finding, nameOf, pidOf, verdictOf, whyNot } from './check.ts';
import { common, id } from './form.ts';
import { USER_CHECKS } from './user-messages.ts';

const number = z.number().int().min(0).max(4_294_967_295).optional();

const form = z.strictObject({
  check: z.literal('credentials'),
  ...common,
  of: id,
  /** What getuid(2) answers to it: 65534 stands for an id without a number there. */
  uidInside: number,
  gidInside: number,
  /** As the host sees it; `ordinary`: any but 0. */
  uidOutside: z.union([z.literal('ordinary'), z.number().int().min(0).max(4_294_967_295)]).optional(),
  /** Its uid is in its uid_map. */
  mapped: z.boolean().optional(),
  setgroups: z.enum(['allow', 'deny']).optional(),
});

/** /proc/sys/kernel/overflowuid, as nobody has ever changed it (user_namespaces(7)). */
const OVERFLOW = 65_534;

/** The number of an id inside, by the map; null where it has none. */
function insideOf(map: readonly IdRange[], outside: number): number | null {
  const range = map.find((one) => outside >= one.outside && outside < one.outside + one.count);
  return range === undefined ? null : outside - range.outside + range.inside;
}

export const credentials: CheckKind<z.infer<typeof form>> = {
  form,
  facts: ['uidInside', 'gidInside', 'uidOutside', 'mapped', 'setgroups'],
  names: [{ field: 'of', kind: 'actor', host: true }],
  async look(check, context, t) {
    const status = await asked<'status'>({ ask: 'status', of: check.of }, context);
    const maps = await asked<'maps'>({ ask: 'maps', of: check.of }, context);
    const of = nameOf(check.of, t);
    const pid = pidOf(check.of, context);
    const findings: Finding[] = [];
    const find = (label: string, expected: string, holds: boolean, seen: string, file: string) =>
      findings.push({
        verdict: holds ? 'pass' : 'fail',
        label,
        expected,
        seen,
        proof: `cat /proc/${pid}/${file}`,
      });
    if (!status.ok || !maps.ok) {
      const unread = status.ok ? maps : status;
      return [
        {
          verdict: verdictOf(unread),
          label: t(USER_CHECKS.mappedLabel, { of }),
          expected: t(USER_CHECKS.mapped, { uid: '?' }),
          seen: whyNot(unread, check.of, context, t) ?? '',
          proof: `cat /proc/${pid}/uid_map`,
        },
      ];
    }
    const outside = status.value.uids.effective;
    const inside = insideOf(maps.value.uid, outside);
    const both = t(USER_CHECKS.seenBoth, { inside: inside ?? OVERFLOW, outside });
    const lines = maps.value.uid.map((one) => `${one.inside} ${one.outside} ${one.count}`).join(', ');
    const map = lines === '' ? t(USER_CHECKS.noMap) : t(USER_CHECKS.map, { map: lines });
    if (check.mapped !== undefined) {
      const [label, expected] = check.mapped
        ? ([USER_CHECKS.mappedLabel, USER_CHECKS.mapped] as const)
        : ([USER_CHECKS.unmappedLabel, USER_CHECKS.unmapped] as const);
      const holds = (inside !== null) === check.mapped;
      find(t(label, { of }), t(expected, { uid: outside }), holds, map, 'uid_map');
    }
    if (check.uidInside !== undefined) {
      const uid = check.uidInside;
      const holds = (inside ?? OVERFLOW) === uid;
      find(t(USER_CHECKS.insideLabel, { of, uid }), t(USER_CHECKS.inside, { uid }), holds, both, 'uid_map');
    }
    if (check.gidInside !== undefined) {
      const uid = check.gidInside;
      const gid = status.value.gids?.effective ?? null;
      const seen = gid === null ? null : (insideOf(maps.value.gid, gid) ?? OVERFLOW);
      const told = t(USER_CHECKS.seenBoth, { inside: seen ?? '?', outside: gid ?? '?' });
      find(
        t(USER_CHECKS.gidInsideLabel, { of, uid }),
        t(USER_CHECKS.inside, { uid }),
        seen === uid,
        told,
        'gid_map',
      );
    }
    if (check.uidOutside !== undefined) {
      const uid = check.uidOutside;
      const [label, expected, holds] =
        uid === 'ordinary'
          ? [t(USER_CHECKS.outsideOrdinary, { of }), t(USER_CHECKS.notRoot), outside !== 0]
          : [t(USER_CHECKS.outsideLabel, { of, uid }), t(USER_CHECKS.outside, { uid }), outside === uid];
      find(label, expected, holds, both, 'status');
    }
    if (check.setgroups !== undefined) {
      const word = check.setgroups;
      const seen = maps.value.setgroups ?? t(USER_CHECKS.noSetgroups);
      find(t(USER_CHECKS.groupsLabel, { of, word }), word, maps.value.setgroups === word, seen, 'setgroups');
    }
    return findings;
  },
};
