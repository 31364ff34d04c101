// What every kind of check is made of, and what it gets to look at. No kind is here: see index.ts for the table.
import type { z } from 'zod';
import type { NsType } from '../../kernel/namespaces.ts';
import { type Reading, unread } from '../../kernel/reading.ts';
import type { ThingKind } from '../../lab/operations/names.ts';
import type { Answers, Ask, Question, QuestionOf } from '../../lab/questions.ts';
import type { Actor, LabMode, OutputLine } from '../../lab/types.ts';
import { processAt } from '../../model/find.ts';
import { hostNamespaces } from '../../model/hostview.ts';
import type { Process, Snapshot } from '../../model/types.ts';
import type { Lang, Message } from '../../text/lang.ts';
import type { Verdict } from '../types.ts';
import { CHECKS } from './messages.ts';

/** An actor as the session has known it: its namespaces are remembered, so that they can be asked for after its end. */
export interface KnownActor {
  readonly actor: Actor;
  /** Inodes that were read while it lived. */
  readonly namespaces: Readonly<Partial<Record<NsType, number>>>;
}

export interface CheckContext {
  readonly lang: Lang;
  readonly mode: LabMode;
  readonly now: Snapshot;
  /** Every actor that the session has had, living or not. */
  readonly actors: ReadonlyMap<string, KnownActor>;
  /** What the step's commands printed. */
  readonly output: readonly OutputLine[];
  /** Status of the step's last command; null where none has ended. */
  readonly exit: number | null;
  /** The answer now. Of an actor that has ended it is not asked for: `asked` sees to that. */
  readonly ask: <K extends Ask>(question: QuestionOf<K>) => Promise<Reading<Answers[K]>>;
  /** The answer from before the step; null where it was not asked for (see `before` of the check's kind). */
  readonly askedBefore: <K extends Ask>(question: QuestionOf<K>) => Reading<Answers[K]> | null;
  /** The lesson's words for a check; null where it has none. */
  readonly label: (id: string) => string | null;
}

/** One thing that a check says; a check passes where all of them do. */
export interface Finding {
  readonly verdict: Verdict;
  readonly label: string;
  readonly expected: string;
  readonly seen: string;
  readonly proof: string;
}

export type Speak = (message: Message, values?: Readonly<Record<string, string | number>>) => string;

/** One kind of check: its form in lesson.yaml, what it names, and how it is looked at. */
export interface CheckKind<C> {
  readonly form: z.ZodType<C>;
  /** Fields of which at least one must be there; none where the form says it all. */
  readonly facts: readonly (keyof C & string)[];
  /** Fields that hold the name of something that an operation makes; an actor's may be `host` where `host` says so. */
  readonly names: readonly {
    readonly field: keyof C & string;
    readonly kind: ThingKind;
    readonly host?: true;
    /** The name may be that of something of another kind instead. */
    readonly or?: ThingKind;
  }[];
  /** Fields whose text may hold placeholders. */
  readonly texts?: readonly (keyof C & string)[];
  /** What must be asked before the step's operations run, for what the check compares with. */
  readonly before?: (check: C) => readonly Question[];
  /** What the kernel refuses to show is `unknown`, never `fail`. Never throws for a well-formed check. */
  readonly look: (
    check: C,
    context: CheckContext,
    t: Speak,
  ) => Promise<readonly Finding[]> | readonly Finding[];
}

export function nameOf(of: string, t: Speak): string {
  return of === 'host' ? t(CHECKS.host) : of;
}

export function processOf(of: string, context: CheckContext): Process | null {
  const known = context.actors.get(of);
  return known ? processAt(context.now, known.actor) : null;
}

export function isDead(process: Process | null): boolean {
  return process === null || process.state === 'Z' || process.state === 'X';
}

/** The inode of a namespace link. */
export function link(of: string, type: NsType, context: CheckContext): Reading<number> {
  if (of === 'host') return hostNamespaces(context.now)[type];
  const known = context.actors.get(of);
  return processOf(of, context)?.ns[type] ?? unread('gone', `/proc/${known?.actor.pid ?? of}/ns/${type}`);
}

/** The pid of an actor, its name where it is not known, or what stands for the host. */
export function pidOf(of: string, context: CheckContext, host = 'self'): string {
  if (of === 'host') return host;
  return String(context.actors.get(of)?.actor.pid ?? of);
}

/** The answer to a question about the host or an actor; `gone` where the actor has ended or was never started. */
export async function asked<K extends Ask>(
  question: QuestionOf<K>,
  context: CheckContext,
): Promise<Reading<Answers[K]>> {
  const { of } = question as Question;
  if (of !== 'host' && isDead(processOf(of, context))) return unread('gone', `/proc/${pidOf(of, context)}`);
  return context.ask(question);
}

/** Why a reading has no value, in words; null where it has one. */
export function whyNot(
  reading: Reading<unknown>,
  of: string,
  context: CheckContext,
  t: Speak,
): string | null {
  if (reading.ok) return null;
  if (reading.why === 'denied') return t(CHECKS.denied, { path: reading.path });
  if (reading.why === 'unsupported') return t(CHECKS.unsupported, { path: reading.path });
  const started = of === 'host' || context.actors.has(of);
  return t(started ? CHECKS.gone : CHECKS.noActor, { of: nameOf(of, t) });
}

/** A refusal leaves a check open; an actor that is not there makes it fail. */
export function verdictOf(reading: Reading<unknown>): Verdict {
  return !reading.ok && reading.why === 'gone' ? 'fail' : 'unknown';
}

/** fail where one fails, else unknown where one is, else pass. */
export function allOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail';
  return verdicts.includes('unknown') || verdicts.length === 0 ? 'unknown' : 'pass';
}
