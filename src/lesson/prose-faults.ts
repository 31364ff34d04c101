// The mistakes in a lesson's prose against its lesson.yaml: parts that are missing, foreign or out of order, languages that differ. Pure.
import { closest } from '../text/closest.ts';
import { LANGS, type Lang, type Message } from '../text/lang.ts';
import { type Fault, speaker } from './fault.ts';
import { FAULTS } from './messages.ts';
import { MARKERS, type ProseFault, type ProseFile } from './prose.ts';
import type { LessonFile } from './schema.ts';

/** Each part that a prose file has, as `marker: id`; hints with their place, so that a missing one is told by number. */
function partsOf(prose: ProseFile): readonly { readonly name: string; readonly line: number }[] {
  const hints = new Map<string, number>();
  return prose.parts.map((part) => {
    if (part.marker !== 'hint') return { name: `${part.marker}: ${part.id}`, line: part.line };
    const place = (hints.get(part.id) ?? 0) + 1;
    hints.set(part.id, place);
    return { name: place === 1 ? `hint: ${part.id}` : `hint: ${part.id} (${place})`, line: part.line };
  });
}

/**
 * The mistakes in a lesson's prose, language by language: faults of the file itself, parts that lesson.yaml does not know, parts that
 * must be there and are not, and a language whose parts are not those of en.md.
 */
export function proseFaults(
  lesson: LessonFile,
  prose: Readonly<Record<Lang, ProseFile>>,
  lang: Lang,
): readonly Fault[] {
  const faults: Fault[] = [];
  const english = partsOf(prose.en);
  for (const language of LANGS) {
    const file = `${language}.md`;
    const own = prose[language];
    faults.push(...own.faults.map((fault) => proseFault(fault, file, lang)));
    faults.push(...idFaults(lesson, own, file, lang));
    if (language !== 'en') faults.push(...languageFaults(english, partsOf(own), file, lang));
  }
  return faults;
}

function proseFault(fault: ProseFault, file: string, lang: Lang): Fault {
  const t = speaker(lang);
  const known: Record<ProseFault['fault'], readonly [Message, Message, Message]> = {
    'no-title': [FAULTS.proseTitle, FAULTS.proseTitleGood, FAULTS.proseTitleTodo],
    'no-summary': [FAULTS.proseSummary, FAULTS.proseSummaryGood, FAULTS.proseSummaryTodo],
    'no-heading': [FAULTS.proseHeading, FAULTS.proseHeadingGood, FAULTS.proseHeadingTodo],
    empty: [FAULTS.proseEmpty, FAULTS.proseEmptyGood, FAULTS.proseEmptyTodo],
    'unknown-marker': [FAULTS.proseMarker, FAULTS.keys, FAULTS.proseBadIdTodo],
    twice: [FAULTS.twice, FAULTS.once, FAULTS.proseBadIdTodo],
    'bad-id': [FAULTS.proseBadId, FAULTS.proseBadIdGood, FAULTS.proseBadIdTodo],
  };
  const [found, expected, todo] = known[fault.fault];
  const meant = fault.fault === 'unknown-marker' ? closest(fault.found, MARKERS) : null;
  return {
    at: { file, line: fault.line },
    found: t(found, { found: fault.found || t(FAULTS.nothing), id: fault.found }),
    expected: t(expected, { keys: MARKERS.join(', ') }),
    todo: meant === null ? t(todo) : t(FAULTS.keyMeant, { meant }),
  };
}

/** Parts that must stand in each prose file, and those that may. */
function wanted(lesson: LessonFile): { readonly must: readonly string[]; readonly may: ReadonlySet<string> } {
  const must: string[] = [];
  const may = new Set<string>();
  for (const step of lesson.steps) {
    must.push(`step: ${step.id}`);
    if ('choices' in step) must.push(...step.choices.map((choice) => `choice: ${step.id}.${choice.id}`));
    if (step.kind === 'predict' || step.kind === 'quiz') must.push(`explain: ${step.id}`);
    else may.add(`explain: ${step.id}`);
    if (step.kind === 'task') must.push(`hint: ${step.id}`);
    if ('checks' in step) for (const check of step.checks) may.add(`check: ${step.id}.${check.id}`);
  }
  return { must, may };
}

function idFaults(lesson: LessonFile, prose: ProseFile, file: string, lang: Lang): readonly Fault[] {
  const t = speaker(lang);
  const { must, may } = wanted(lesson);
  const faults: Fault[] = [];
  const has = new Set(prose.parts.map((part) => `${part.marker}: ${part.id}`));
  for (const part of prose.parts) {
    const name = `${part.marker}: ${part.id}`;
    if (must.includes(name) || may.has(name)) continue;
    const ids = [...must, ...may].filter((one) => one.startsWith(`${part.marker}:`));
    faults.push({
      at: { file, line: part.line },
      found: t(FAULTS.proseForeign, { part: name }),
      expected: t(FAULTS.proseForeignGood, { ids: ids.join(', ') || t(FAULTS.nothing) }),
      todo: t(FAULTS.proseForeignTodo),
    });
  }
  for (const name of must) {
    if (has.has(name)) continue;
    faults.push({
      at: { file, line: 1 },
      found: t(FAULTS.proseNoPart, { part: name }),
      expected: t(FAULTS.proseNoPartGood),
      todo: t(FAULTS.proseNoPartTodo),
    });
  }
  if (faults.length > 0) return faults;
  const order = lesson.steps.map((step) => step.id);
  const steps = prose.parts.filter((part) => part.marker === 'step');
  const off = steps.find((part, index) => part.id !== order[index]);
  if (!off) return [];
  return [
    {
      at: { file, line: off.line },
      found: t(FAULTS.proseOrder, { id: off.id }),
      expected: t(FAULTS.proseOrderGood, { ids: order.join(', ') }),
      todo: t(FAULTS.proseOrderTodo),
    },
  ];
}

type Part = ReturnType<typeof partsOf>[number];

function languageFaults(
  english: readonly Part[],
  own: readonly Part[],
  file: string,
  lang: Lang,
): readonly Fault[] {
  const t = speaker(lang);
  const names = (parts: readonly Part[]) => new Set(parts.map((part) => part.name));
  const [there, here] = [names(english), names(own)];
  return [
    ...english
      .filter((part) => !here.has(part.name))
      .map((part) => ({
        at: { file, line: 1 },
        found: t(FAULTS.langLess, { part: part.name }),
        expected: t(FAULTS.langGood),
        todo: t(FAULTS.langLessTodo),
      })),
    ...own
      .filter((part) => !there.has(part.name))
      .map((part) => ({
        at: { file, line: part.line },
        found: t(FAULTS.langMore, { part: part.name }),
        expected: t(FAULTS.langGood),
        todo: t(FAULTS.langMoreTodo),
      })),
  ];
}
