// The check `link`: a network interface of an actor, or of the lab's on the host: there or gone, up, its kind, address, bridge and other end.
import { z } from 'zod';
import type { Reading } from '../../kernel/reading.ts';
import type { Link, QuestionOf } from '../../lab/questions.ts';
import { clean } from '../../text/sanitize.ts';
import type { Verdict } from '../types.ts';
import {
  asked,
  type CheckContext,
  type CheckKind,
  type Finding,
  link as namespaceOf,
  nameOf,
  pidOf,
  type Speak,
  verdictOf,
  whyNot,
} from './check.ts';
import { common, id } from './form.ts';
import { LINK_CHECKS } from './link-messages.ts';

const form = z.strictObject({
  check: z.literal('link'),
  ...common,
  of: id,
  name: id,
  /** False: it has gone since the step began. */
  present: z.boolean().optional(),
  up: z.boolean().optional(),
  /** As `ip link add … type` has it, or `loopback`. */
  kind: z.string().optional(),
  /** With the length of its prefix. */
  address: z.string().optional(),
  /** The bridge that it is a port of. */
  master: id.optional(),
  /** The other end of the pair is in the network namespace of this actor, or of the host. */
  peerIn: id.optional(),
});

type LinkCheck = z.infer<typeof form>;

function questionOf({ of, name, peerIn }: LinkCheck): QuestionOf<'link'> {
  return { ask: 'link', of, name, peer: peerIn !== undefined };
}

function proofOf({ of }: LinkCheck, name: string, context: CheckContext): string {
  const show = `ip -d address show dev ${name}`;
  if (of === 'host') return show;
  const user = context.mode === 'rootless' ? '-U --preserve-credentials ' : '';
  return `nsenter -t ${pidOf(of, context)} ${user}-n ${show}`;
}

/** What one fact of an interface is, in words; null: it has none. */
interface Fact {
  readonly label: string;
  readonly expected: string;
  readonly seen: string;
  /** null where it cannot be told. */
  readonly holds: boolean | null;
}

function factsOf(check: LinkCheck, seen: Link, context: CheckContext, t: Speak): readonly Fact[] {
  const names = { of: nameOf(check.of, t), name: check.name };
  const { up, kind, address, master, peerIn } = check;
  const facts: Fact[] = [];
  if (up !== undefined) {
    facts.push({
      label: t(up ? LINK_CHECKS.isUp : LINK_CHECKS.isDown, names),
      expected: t(up ? LINK_CHECKS.up : LINK_CHECKS.down),
      seen: t(seen.up ? LINK_CHECKS.up : LINK_CHECKS.down),
      holds: seen.up === up,
    });
  }
  if (kind !== undefined) {
    facts.push({
      label: t(LINK_CHECKS.kind, { ...names, kind }),
      expected: kind,
      seen: seen.kind === null ? t(LINK_CHECKS.noKind) : clean(seen.kind),
      holds: seen.kind === kind,
    });
  }
  if (address !== undefined) {
    facts.push({
      label: t(LINK_CHECKS.address, { ...names, address }),
      expected: address,
      seen: seen.addresses.map(clean).join(', ') || t(LINK_CHECKS.noAddress),
      holds: seen.addresses.includes(address),
    });
  }
  if (master !== undefined) {
    facts.push({
      label: t(LINK_CHECKS.master, { ...names, master }),
      expected: master,
      seen: seen.master === null ? t(LINK_CHECKS.noMaster) : clean(seen.master),
      holds: seen.master === master,
    });
  }
  if (peerIn !== undefined) facts.push(peerFact(peerIn, names, seen, context, t));
  return facts;
}

function peerFact(
  peerIn: string,
  names: Readonly<Record<'of' | 'name', string>>,
  seen: Link,
  context: CheckContext,
  t: Speak,
): Fact {
  const wanted = namespaceOf(peerIn, 'net', context);
  const label = t(LINK_CHECKS.peer, { ...names, peerIn: nameOf(peerIn, t) });
  const expected = wanted.ok ? `net:[${wanted.value}]` : (whyNot(wanted, peerIn, context, t) ?? '');
  if (seen.kind !== 'veth') return { label, expected, seen: t(LINK_CHECKS.noPeer), holds: false };
  if (seen.peerNetns === null) return { label, expected, seen: t(LINK_CHECKS.noPeer), holds: null };
  const holds = wanted.ok ? seen.peerNetns === wanted.value : verdictOf(wanted) === 'fail' ? false : null;
  return { label, expected, seen: `net:[${seen.peerNetns}]`, holds };
}

function verdict(holds: boolean | null): Verdict {
  return holds === null ? 'unknown' : holds ? 'pass' : 'fail';
}

export const link: CheckKind<LinkCheck> = {
  form,
  facts: ['present', 'up', 'kind', 'address', 'master', 'peerIn'],
  names: [
    { field: 'of', kind: 'actor', host: true },
    { field: 'peerIn', kind: 'actor', host: true },
  ],
  before: (check) => (check.present === false ? [questionOf(check)] : []),
  async look(check, context, t) {
    const question = questionOf(check);
    const now: Reading<Link | null> = await asked<'link'>(question, context);
    const names = { of: nameOf(check.of, t), name: check.name };
    const proof = proofOf(check, now.ok ? clean(now.value?.name ?? check.name) : check.name, context);
    const wantsGone = check.present === false;
    const whole = (of: Verdict, seen: string): Finding => ({
      verdict: of,
      label: t(wantsGone ? LINK_CHECKS.absent : LINK_CHECKS.present, names),
      expected: t(wantsGone ? LINK_CHECKS.none : LINK_CHECKS.there),
      seen,
      proof,
    });
    if (!now.ok) return [whole(verdictOf(now), whyNot(now, check.of, context, t) ?? '')];
    if (now.value === null) {
      if (!wantsGone) return [whole('fail', t(LINK_CHECKS.none))];
      // What must disappear must first have been seen.
      const then = context.askedBefore<'link'>(question);
      const wasThere = then?.ok === true && then.value !== null;
      return [wasThere ? whole('pass', t(LINK_CHECKS.none)) : whole('unknown', t(LINK_CHECKS.neverSeen))];
    }
    const { ifindex } = now.value;
    const facts = factsOf(check, now.value, context, t).map(
      ({ holds, ...words }): Finding => ({ verdict: verdict(holds), ...words, proof }),
    );
    const asWhole =
      check.present === undefined ? [] : [whole(verdict(check.present), t(LINK_CHECKS.number, { ifindex }))];
    return [...asWhole, ...facts];
  },
};
