// The check `owner`: which user namespace owns an actor's namespace (ioctl_ns(2), NS_GET_USERNS).
import { z } from 'zod';
import { NS_TYPES } from '../../kernel/namespaces.ts';
import { namespaceAt } from '../../model/find.ts';
import { type CheckKind, type Finding, link, nameOf, pidOf, verdictOf, whyNot } from './check.ts';
import { common, id } from './form.ts';
import { USER_CHECKS } from './user-messages.ts';

/** A user namespace has no owner in this sense, but a parent. */
const OWNED = NS_TYPES.filter((type) => type !== 'user');

const form = z.strictObject({
  check: z.literal('owner'),
  ...common,
  of: id,
  type: z.enum(OWNED),
  /** Whose user namespace owns it. */
  by: id,
});

export const owner: CheckKind<z.infer<typeof form>> = {
  form,
  facts: [],
  names: [
    { field: 'of', kind: 'actor', host: true },
    { field: 'by', kind: 'actor', host: true },
  ],
  look({ of, type, by }, context, t) {
    const [own, user] = [link(of, type, context), link(by, 'user', context)];
    const finding = (verdict: Finding['verdict'], seen: string): readonly Finding[] => [
      {
        verdict,
        label: t(USER_CHECKS.ownerLabel, { of: nameOf(of, t), by: nameOf(by, t), type }),
        expected: t(USER_CHECKS.owner, { inode: user.ok ? user.value : '?' }),
        seen,
        proof: `lsns -p ${pidOf(of, context)} -o NS,TYPE,ONS`,
      },
    ];
    if (!own.ok) return finding(verdictOf(own), whyNot(own, of, context, t) ?? '');
    if (!user.ok) return finding(verdictOf(user), whyNot(user, by, context, t) ?? '');
    const reading = namespaceAt(context.now, type, own.value)?.owner;
    if (!reading?.ok || reading.value === null) return finding('unknown', t(USER_CHECKS.ownerHidden));
    return finding(
      reading.value === user.value ? 'pass' : 'fail',
      t(USER_CHECKS.owner, { inode: reading.value }),
    );
  },
};
