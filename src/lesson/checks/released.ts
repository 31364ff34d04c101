// The check `released`: the namespace that an actor was in is no more. It must have been seen while the actor lived.
import { z } from 'zod';
import { NS_TYPES } from '../../kernel/namespaces.ts';
import { namespaceAt } from '../../model/find.ts';
import { clean } from '../../text/sanitize.ts';
import { type CheckKind, nameOf } from './check.ts';
import { common, id } from './form.ts';
import { CHECKS } from './messages.ts';

const form = z.strictObject({ check: z.literal('released'), ...common, of: id, type: z.enum(NS_TYPES) });

export const released: CheckKind<z.infer<typeof form>> = {
  form,
  facts: [],
  names: [{ field: 'of', kind: 'actor', host: true }],
  look({ of, type }, context, t) {
    const inode = context.actors.get(of)?.namespaces[type];
    const label = t(CHECKS.released, { of: nameOf(of, t), type });
    const proof = `lsns -t ${type}`;
    if (inode === undefined) {
      const seen = t(context.actors.has(of) ? CHECKS.nsUnseen : CHECKS.noActor, { of });
      const expected = t(CHECKS.releasedExpected, { type, inode: '?' });
      return [{ verdict: 'unknown', label, expected, seen, proof }];
    }
    const left = namespaceAt(context.now, type, inode);
    const holders = [
      ...(left && left.members.length > 0 ? [t(CHECKS.holderPids, { pids: left.members.join(', ') })] : []),
      ...(left?.pins ?? []).map(clean),
    ];
    const seen = left
      ? t(CHECKS.heldBy, { holders: holders.join(', ') || t(CHECKS.holderChild) })
      : t(CHECKS.releasedSeen);
    const expected = t(CHECKS.releasedExpected, { type, inode });
    return [{ verdict: left ? 'fail' : 'pass', label, expected, seen, proof }];
  },
};
