// The one table of checks, and how one is answered: pass, fail or unknown, with what was expected, what was seen and what shows it.
// When to look, and how often, is the session's matter. Adding a check is a file and a row (and its form in `checkForm`).
import { z } from 'zod';
import { NS_FACTS, type NsType } from '../../kernel/namespaces.ts';
import type { Question } from '../../lab/questions.ts';
import type { Actor } from '../../lab/types.ts';
import { processAt } from '../../model/find.ts';
import type { Snapshot } from '../../model/types.ts';
import { say } from '../../text/lang.ts';
import type { CheckResult } from '../types.ts';
import {
  allOf,
  type CheckContext,
  type CheckKind,
  type Finding,
  type KnownActor,
  type Speak,
} from './check.ts';
import { cgroup } from './cgroup.ts';
import { event } from './event.ts';
import { container } from './container.ts';
import { capability } from './capability.ts';
import { credentials } from './credentials.ts';
import { exit } from './exit.ts';
import { file } from './file.ts';
import { hostname } from './hostname.ts';
import { link } from './link.ts';
import { CHECKS } from './messages.ts';
import { mount } from './mount.ts';
import { namespace } from './namespace.ts';
import { output } from './output.ts';
import { owner } from './owner.ts';
import { process } from './process.ts';
import { released } from './released.ts';

const KINDS = {
  namespace,
  owner,
  hostname,
  released,
  process,
  credentials,
  capability,
  cgroup,
  event,
  output,
  exit,
  mount,
  file,
  link,
  container,
};

type Kinds = typeof KINDS;

/**
 * A typed assertion on the observed host (lessons.md §1). `of` names an actor, or `host`. Each kind's fields are in its file.
 */
export type Check = { [K in keyof Kinds]: Kinds[K] extends CheckKind<infer C> ? C : never }[keyof Kinds];

type FormOf = { [K in keyof Kinds]: Kinds[K]['form'] }[keyof Kinds];

/** The form of a check in lesson.yaml. */
export const checkForm = z.discriminatedUnion(
  'check',
  Object.values(KINDS).map(({ form }) => form) as unknown as [z.core.$ZodTypeDiscriminable & FormOf],
) as z.ZodType<Check>;

/** The kind of a check, by its `check`. */
export function kindOfCheck(check: Check): CheckKind<Check> {
  return KINDS[check.check] as unknown as CheckKind<Check>;
}

/** What must be asked before the operations of a step with this check run. */
export function questionsBefore(check: Check): readonly Question[] {
  return kindOfCheck(check).before?.(check) ?? [];
}

/** Looks at one check. What the kernel refuses to show is `unknown`, never `fail`. Never throws for a well-formed check. */
export async function evaluateCheck(check: Check, context: CheckContext): Promise<CheckResult> {
  // A Latin name in a Chinese line wants spaces around it, a Chinese one (宿主机) none.
  const t: Speak = (message, values = {}) =>
    say(context.lang, message, values).replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');
  const findings: readonly Finding[] = await kindOfCheck(check).look(check, context, t);
  const join = (texts: readonly string[]): string => [...new Set(texts)].join(t(CHECKS.and));
  return {
    id: check.id,
    verdict: allOf(findings.map((finding) => finding.verdict)),
    label: context.label(check.id) ?? join(findings.map((finding) => finding.label)),
    expected: join(findings.map((finding) => finding.expected)),
    seen: join(findings.map((finding) => finding.seen)),
    // The last one tells most: `alive` is looked at before what is asked of the living.
    proof: findings.at(-1)?.proof ?? t(CHECKS.noProof),
  };
}

/** The namespaces of an actor that this snapshot shows, added to those known before. */
export function knownActor(
  actor: Actor,
  before: KnownActor | undefined,
  snapshot: Snapshot | null,
): KnownActor {
  const same = before?.actor.pid === actor.pid && before.actor.starttime === actor.starttime;
  const namespaces: Partial<Record<NsType, number>> = same ? { ...before.namespaces } : {};
  const process = snapshot ? processAt(snapshot, actor) : null;
  if (process) {
    for (const type of Object.keys(NS_FACTS) as NsType[]) {
      const reading = process.ns[type];
      if (reading.ok) namespaces[type] = reading.value;
    }
  }
  return { actor, namespaces };
}
