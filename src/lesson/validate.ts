// What the fields of a lesson mean together: ids, names made before they are used, prose for each part, prerequisites.
// Pure: reads no file. The form of each field is schema.ts's.
import { LANGS, type Lang, type Message, say } from '../text/lang.ts';
import { NAMES, type NamesOf, THING_KINDS, type ThingKind } from '../lab/operations/names.ts';
import { placeholders } from '../lab/placeholders.ts';
import type { Operation } from '../lab/types.ts';
import { closest } from '../text/closest.ts';
import { kindOfCheck } from './checks/index.ts';
import { FAULTS } from './messages.ts';
import { MAX_PATTERN } from './match.ts';
import { MARKERS, type ProseFault, type ProseFile } from './prose.ts';
import type { LessonFile, StepFile } from './schema.ts';
import type { Check } from './types.ts';
import { fits, type Only, type Variant, variantsToCheck } from './variant.ts';

export type Path = readonly (string | number)[];

/** One mistake: where, what was found, what was expected, what to do; the texts are in the asked language. */
export interface Fault {
  /** Path in lesson.yaml, or a line of a prose file. */
  readonly at: Path | { readonly file: string; readonly line: number };
  readonly found: string;
  readonly expected: string;
  readonly todo: string;
}

type Values = Readonly<Record<string, string | number>>;

function speaker(lang: Lang) {
  return (message: Message, values: Values = {}): string => say(lang, message, values);
}

/** The mistakes in one lesson.yaml that has the right form. */
export function lessonFaults(lesson: LessonFile, lang: Lang): readonly Fault[] {
  return [
    ...doubled(
      lesson.steps.map((step) => step.id),
      (index) => ['steps', index, 'id'],
      lang,
    ),
    ...lesson.steps.flatMap((step, index) => stepFaults(step, index, lang)),
    ...variantFaults(lesson, lang),
  ];
}

/**
 * The mistakes of names in each variant of a lesson, and steps that a variant leaves without operations. A mistake that several variants
 * have is told once.
 */
function variantFaults(lesson: LessonFile, lang: Lang): readonly Fault[] {
  const faults = variantsToCheck(lesson).flatMap((variant) => [
    ...nameFaults(lesson, variant, lang),
    ...bareFaults(lesson, variant, lang),
  ]);
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}

function bareFaults(lesson: LessonFile, variant: Variant, lang: Lang): readonly Fault[] {
  const t = speaker(lang);
  const { mode } = variant;
  const version = Object.values(variant.controllers)[0] ?? 2;
  return lesson.steps.flatMap((step, index) => {
    if (!fits(step.only, variant)) return [];
    return (['operations', 'solution'] as const).flatMap((key) => {
      const operations = (step as Partial<Record<typeof key, readonly { readonly only?: Only }[]>>)[key];
      if (!operations || operations.some(({ only }) => fits(only, variant))) return [];
      return [
        {
          at: ['steps', index, key],
          found: t(FAULTS.bare, { key, mode, version: `v${version}` }),
          expected: t(FAULTS.bareGood),
          todo: t(FAULTS.bareTodo),
        },
      ];
    });
  });
}

function doubled(ids: readonly string[], at: (index: number) => Path, lang: Lang): readonly Fault[] {
  const t = speaker(lang);
  return ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : [
          {
            at: at(index),
            found: t(FAULTS.twice, { id }),
            expected: t(FAULTS.once),
            todo: t(FAULTS.onceTodo),
          },
        ],
  );
}

/** A step's checks with their paths: its own, and those by which a choice holds. */
function checksOf(step: StepFile, index: number): readonly { readonly check: Check; readonly path: Path }[] {
  const own = 'checks' in step ? step.checks : [];
  const choices = step.kind === 'predict' ? step.choices : [];
  return [
    ...own.map((check, i) => ({ check, path: ['steps', index, 'checks', i] })),
    ...choices.flatMap((choice, c) =>
      choice.when.map((check, i) => ({ check, path: ['steps', index, 'choices', c, 'when', i] })),
    ),
  ];
}

function stepFaults(step: StepFile, index: number, lang: Lang): readonly Fault[] {
  const t = speaker(lang);
  const faults: Fault[] = [];
  const checks = checksOf(step, index);
  // A choice's checks are told apart by their choice: only the step's own need ids of their own.
  const own = 'checks' in step ? step.checks.map((check) => check.id) : [];
  faults.push(...doubled(own, (i) => ['steps', index, 'checks', i, 'id'], lang));
  if ('choices' in step) {
    const ids = step.choices.map((choice) => choice.id);
    faults.push(...doubled(ids, (i) => ['steps', index, 'choices', i, 'id'], lang));
  }
  if (step.kind === 'quiz') {
    const count = step.choices.filter((choice) => choice.right === true).length;
    if (count !== 1) {
      faults.push({
        at: ['steps', index, 'choices'],
        found: t(FAULTS.rights, { count }),
        expected: t(FAULTS.rightsGood),
        todo: t(FAULTS.rightsTodo),
      });
    }
  }
  for (const { check, path } of checks) faults.push(...checkFaults(check, path, lang));
  return faults;
}

function checkFaults(check: Check, path: Path, lang: Lang): readonly Fault[] {
  const t = speaker(lang);
  const { facts } = kindOfCheck(check);
  const keys: readonly string[] = Object.keys(check);
  if (facts.length > 0 && !facts.some((fact) => keys.includes(fact))) {
    return [
      {
        at: path,
        found: t(FAULTS.noFacts),
        expected: t(FAULTS.factsGood, { keys: facts.join(', ') }),
        todo: t(FAULTS.factsTodo),
      },
    ];
  }
  if (check.check === 'output' && check.matches.length > MAX_PATTERN) {
    return [
      {
        at: [...path, 'matches'],
        found: t(FAULTS.longPattern, { count: check.matches.length }),
        expected: t(FAULTS.longPatternGood, { count: MAX_PATTERN }),
        todo: t(FAULTS.typeTodo, { key: 'matches' }),
      },
    ];
  }
  if (check.check === 'output' && !isRegex(check.matches)) {
    return [
      {
        at: [...path, 'matches'],
        found: t(FAULTS.regex, { pattern: JSON.stringify(check.matches) }),
        expected: t(FAULTS.regexGood),
        todo: t(FAULTS.typeTodo, { key: 'matches' }),
      },
    ];
  }
  return [];
}

function isRegex(text: string): boolean {
  try {
    return new RegExp(text, 'm') instanceof RegExp;
  } catch {
    return false;
  }
}

type Made = Readonly<Record<ThingKind, Set<string>>>;

/** Names used before something made them, made twice, or checked and never made. */
function nameFaults(lesson: LessonFile, variant: Variant, lang: Lang): readonly Fault[] {
  const made = Object.fromEntries(THING_KINDS.map((kind) => [kind, new Set<string>()])) as Record<
    ThingKind,
    Set<string>
  >;
  const faults: Fault[] = [];
  /** Things of steps with `requires`: where such a step is played from a recording, they are not there. */
  const conditional: { kind: ThingKind; name: string; needs: readonly string[] }[] = [];
  for (const [index, step] of lesson.steps.entries()) {
    if (!fits(step.only, variant)) continue;
    const needs: readonly string[] = step.requires ?? [];
    const hidden = conditional.filter((one) => one.needs.some((need) => !needs.includes(need)));
    for (const { kind, name } of hidden) made[kind].delete(name);
    const before = THING_KINDS.map((kind) => new Set(made[kind]));
    const found: Fault[] = [];
    const key = 'solution' in step ? 'solution' : 'operations';
    const operations = 'solution' in step ? step.solution : 'operations' in step ? step.operations : [];
    for (const [i, operation] of operations.entries()) {
      if (!fits(operation.only, variant)) continue;
      found.push(...operationFaults(operation, ['steps', index, key, i], made, lang));
    }
    for (const { check, path } of checksOf(step, index)) {
      for (const { field, kind, host, or } of kindOfCheck(check).names) {
        const name = fieldOf(check, field);
        if (name === undefined || (host === true && name === 'host') || made[kind].has(name)) continue;
        if (or !== undefined && made[or].has(name)) continue;
        found.push(unmade(kind, name, [...path, field], made, lang));
      }
      faults.push(...placeFaults(check, kindOfCheck(check).texts ?? [], path, made, lang));
    }
    faults.push(...found.map((fault) => conditionalFault(fault, hidden, lang)));
    for (const [k, kind] of THING_KINDS.entries()) {
      for (const name of made[kind]) {
        if (needs.length > 0 && before[k]?.has(name) !== true) conditional.push({ kind, name, needs });
      }
    }
    for (const { kind, name } of hidden) made[kind].add(name);
  }
  return faults;
}

/** The same mistake, told as what it is where the name is one that only some hosts get to make. */
function conditionalFault(
  fault: Fault,
  hidden: readonly { readonly name: string; readonly needs: readonly string[] }[],
  lang: Lang,
): Fault {
  const t = speaker(lang);
  const one = hidden.find(({ name }) => fault.found === t(FAULTS.noMade, { name }));
  if (!one) return fault;
  return {
    ...fault,
    found: t(FAULTS.conditional, { name: one.name, needs: one.needs.join(', ') }),
    expected: t(FAULTS.conditionalGood),
    todo: t(FAULTS.conditionalTodo),
  };
}

function operationFaults(operation: Operation, path: Path, made: Made, lang: Lang): readonly Fault[] {
  const t = speaker(lang);
  const faults: Fault[] = [];
  const { makes, uses, texts = [] } = NAMES[operation.op] as NamesOf<Operation>;
  for (const { field, kind, host } of uses) {
    const name = fieldOf(operation, field);
    if (name === undefined || (host === true && name === 'host') || made[kind].has(name)) continue;
    faults.push(unmade(kind, name, [...path, field], made, lang));
  }
  faults.push(...placeFaults(operation, ['command', ...texts], path, made, lang));
  if ('mountProc' in operation && operation.mountProc === true) {
    if (!operation.namespaces.includes('mnt') || !operation.namespaces.includes('pid')) {
      faults.push({
        at: [...path, 'mountProc'],
        found: t(FAULTS.noMount),
        expected: t(FAULTS.noMountGood),
        todo: t(FAULTS.typeTodo, { key: 'namespaces' }),
      });
    }
  }
  const name = fieldOf(operation, 'name');
  if (makes !== undefined && name !== undefined) {
    if (makes === 'actor' && name === 'host') {
      faults.push({
        at: [...path, 'name'],
        found: t(FAULTS.hostName),
        expected: t(FAULTS.hostNameGood),
        todo: t(FAULTS.typeTodo, { key: 'name' }),
      });
    }
    if (made[makes].has(name)) {
      faults.push({
        at: [...path, 'name'],
        found: t(FAULTS.madeTwice, { kind: t(KIND[makes]), name }),
        expected: t(FAULTS.once),
        todo: t(FAULTS.onceTodo),
      });
    }
    made[makes].add(name);
  }
  return faults;
}

/** Placeholders, in fields that hold a text or a list of them, for what nothing has made. */
function placeFaults(
  of: object,
  fields: readonly string[],
  path: Path,
  made: Made,
  lang: Lang,
): readonly Fault[] {
  const t = speaker(lang);
  return fields.flatMap((field) => {
    const value = (of as Readonly<Record<string, unknown>>)[field];
    const texts = Array.isArray(value)
      ? value.map((one, i) => [one, [field, i]] as const)
      : [[value, [field]]];
    return texts.flatMap(([text, at]) =>
      typeof text !== 'string'
        ? []
        : placeholders(text).flatMap(({ text: word, kind, name }) =>
            kind === null || made[kind].has(name)
              ? []
              : {
                  ...unmade(kind, name, [...path, ...(at as Path)], made, lang),
                  found: t(FAULTS.noPlace, { word: `\`${word}\``, kind: t(KIND[kind]) }),
                },
          ),
    );
  });
}

/** The text in a field that not every variant has. */
function fieldOf(of: object, field: string): string | undefined {
  const value = (of as Readonly<Record<string, unknown>>)[field];
  return typeof value === 'string' ? value : undefined;
}

const KIND: Readonly<Record<ThingKind, Message>> = {
  actor: FAULTS.kindActor,
  rootfs: FAULTS.kindRootfs,
  cgroup: FAULTS.kindCgroup,
  bundle: FAULTS.kindBundle,
  pin: FAULTS.kindPin,
  directory: FAULTS.kindDirectory,
};

function unmade(kind: ThingKind, name: string, at: Path, made: Made, lang: Lang): Fault {
  const t = speaker(lang);
  const names = [...made[kind]].join(', ') || t(FAULTS.nothing);
  return {
    at,
    found: t(FAULTS.noMade, { name }),
    expected: t(FAULTS.madeGood, { kind: t(KIND[kind]), names }),
    todo: t(FAULTS.madeTodo, { op: kind }),
  };
}

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

/** What the lessons of a course are to each other. */
export interface CourseEntry {
  readonly id: string;
  readonly prerequisites: readonly string[];
}

/** Mistakes between lessons, each with the index of the lesson in whose lesson.yaml it stands. */
export function courseFaults(
  lessons: readonly CourseEntry[],
  lang: Lang,
): readonly { readonly index: number; readonly fault: Fault }[] {
  const t = speaker(lang);
  const ids = lessons.map((lesson) => lesson.id);
  const faults: { index: number; fault: Fault }[] = [];
  for (const [index, lesson] of lessons.entries()) {
    if (ids.indexOf(lesson.id) !== index) {
      faults.push({
        index,
        fault: {
          at: ['id'],
          found: t(FAULTS.twice, { id: lesson.id }),
          expected: t(FAULTS.once),
          todo: t(FAULTS.onceTodo),
        },
      });
    }
    for (const [i, id] of lesson.prerequisites.entries()) {
      if (ids.includes(id)) continue;
      const meant = closest(id, ids);
      faults.push({
        index,
        fault: {
          at: ['prerequisites', i],
          found: t(FAULTS.prerequisite, { id }),
          expected: t(FAULTS.prerequisiteGood, { ids: ids.join(', ') }),
          todo: meant === null ? t(FAULTS.proseForeignTodo) : t(FAULTS.keyMeant, { meant }),
        },
      });
    }
  }
  const circle = firstCircle(lessons);
  if (circle) {
    faults.push({
      index: ids.indexOf(circle[0] ?? ''),
      fault: {
        at: ['prerequisites'],
        found: t(FAULTS.cycle, { ids: circle.join(' → ') }),
        expected: t(FAULTS.cycleGood),
        todo: t(FAULTS.cycleTodo),
      },
    });
  }
  return faults;
}

function firstCircle(lessons: readonly CourseEntry[]): readonly string[] | null {
  const needs = new Map(lessons.map((lesson) => [lesson.id, lesson.prerequisites]));
  const safe = new Set<string>();
  const walk = (id: string, trail: readonly string[]): readonly string[] | null => {
    if (safe.has(id)) return null;
    if (trail.includes(id)) return [...trail.slice(trail.indexOf(id)), id];
    for (const next of needs.get(id) ?? []) {
      const circle = walk(next, [...trail, id]);
      if (circle) return circle;
    }
    safe.add(id);
    return null;
  };
  for (const lesson of lessons) {
    const circle = walk(lesson.id, []);
    if (circle) return circle;
  }
  return null;
}
