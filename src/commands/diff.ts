// `nscope diff A B`: two targets' namespaces and limits side by side, as tables or as JSON.
import { takeSnapshot } from '../host/host.ts';
import { NS_TYPES, type NsType } from '../kernel/namespaces.ts';
import { type Reading, unread } from '../kernel/reading.ts';
import type { CgroupFact } from '../model/cgroup-view.ts';
import { type LimitPair, pairLimits, pairNamespaces } from '../model/compare.ts';
import { hostNamespaces } from '../model/hostview.ts';
import { resolveTarget } from '../model/target.ts';
import type { Snapshot } from '../model/types.ts';
import { say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import { table } from '../text/table.ts';
import { quantity } from '../text/units.ts';
import type { Context } from './context.ts';
import { coverageRemarks } from './coverage.ts';
import { controllersJson, nameOf, stateOf, type Subject, subjectOf } from './groups.ts';
import { inForce } from './in-force.ts';
import { MESSAGES } from './messages.ts';

/** Exit code 0, whatever differs; a target that is not there is a UserError (2). */
export async function diffCommand(context: Context, wordA: string, wordB: string): Promise<number> {
  const host = context.host();
  const snapshot = await takeSnapshot(host);
  const subject = (word: string) => subjectOf(host, snapshot, resolveTarget(snapshot, word), word);
  const [a, b] = [subject(wordA), subject(wordB)];
  const namespaces = pairNamespaces(linksOf(snapshot, a, wordA), linksOf(snapshot, b, wordB));
  const [stateA, stateB] = [stateOf(host, snapshot, a), stateOf(host, snapshot, b)];
  const limits = pairLimits(stateA, stateB);
  if (context.json) {
    const coverage = {
      ...snapshot.coverage,
      unread: [
        ...snapshot.coverage.unread,
        ...controllersJson(stateA).unread,
        ...controllersJson(stateB).unread,
      ],
    };
    context.printJson(
      {
        a: targetJson(a),
        b: targetJson(b),
        namespaces,
        limits: limits.map((pair) => ({ ...pair, a: limitJson(pair.a), b: limitJson(pair.b) })),
      },
      coverage,
    );
    return 0;
  }
  const { lang, paint } = context;
  if (snapshot.source.kind === 'recorded')
    context.say(say(lang, MESSAGES.recorded, { title: snapshot.source.title }));
  const columns = (first: string) => [{ head: first }, { head: nameOf(a) }, { head: nameOf(b) }];
  const options = { paint, ...(context.columns === undefined ? {} : { width: context.columns }) };
  context.print([
    ...table(
      [...columns('TYPE'), { head: '' }],
      namespaces.map(({ type, a: left, b: right, relation }) => [
        type,
        inodeWord(left),
        inodeWord(right),
        paint(
          relation === 'own' ? 'box' : relation === 'shared' ? 'host' : 'warn',
          say(lang, MESSAGES[relation]),
        ),
      ]),
      options,
    ),
    '',
    ...table(
      columns(say(lang, MESSAGES.kindLimit).toUpperCase()),
      limits.map((pair) => [nameOfPair(pair), limitWord(context, pair.a), limitWord(context, pair.b)]),
      options,
    ),
  ]);
  for (const remark of coverageRemarks(lang, snapshot)) context.say(remark);
  return 0;
}

/** Of the host its own; of a group without a process none is known. */
function linksOf(
  snapshot: Snapshot,
  { target, process }: Subject,
  word: string,
): Readonly<Record<NsType, Reading<number>>> {
  if (target.kind === 'host') return hostNamespaces(snapshot);
  if (process) return process.ns;
  const none = NS_TYPES.map((type) => [type, unread('gone', `${clean(word)} ${type}`)] as const);
  return Object.fromEntries(none) as Record<NsType, Reading<number>>;
}

function inodeWord(reading: Reading<number>): string {
  return reading.ok ? String(reading.value) : '?';
}

/** The kernel's word where both have the same, else the neutral one. */
function nameOfPair({ controller, key, a, b }: LimitPair): string {
  const names = [...new Set([a, b].flatMap((fact) => (fact ? [fact.name] : [])))];
  return names.length === 1 ? (names[0] ?? key) : `${controller} ${key}`;
}

/** The limit, and in brackets the one in force where an ancestor sets a lower one. */
function limitWord({ lang }: Context, fact: CgroupFact | null): string {
  if (!fact) return '-';
  if (!fact.reading.ok) return '?';
  const own = quantity(fact.reading.value, fact.unit);
  const { effective } = fact;
  if (!effective) return own;
  // Two groups stand side by side: whose limit it is, is always told.
  const { least, denied } = inForce(lang, effective, fact.unit, '');
  if (denied !== null) return `${own} (${least}  ${denied})`;
  return effective.value === 'max' || effective.value === fact.reading.value ? own : `${own} (${least})`;
}

function limitJson(fact: CgroupFact | null): Record<string, unknown> | null {
  if (!fact) return null;
  return { file: fact.name, value: fact.reading, effective: fact.effective };
}

function targetJson({ target, process }: Subject): Record<string, unknown> {
  return {
    kind: target.kind,
    pid: process?.pid ?? null,
    container: target.kind === 'container' ? target.container.id : null,
  };
}
