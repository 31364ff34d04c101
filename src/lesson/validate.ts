// What the fields of one lesson.yaml mean together: ids, variants, names made before they are used. Pure: reads no file.
// The form of each field is schema.ts's, the prose prose-faults.ts's, lessons among each other course.ts's.
import { NAMES, type NamesOf, THING_KINDS, type ThingKind } from '../lab/operations/names.ts';
import { placeholders } from '../lab/placeholders.ts';
import type { Operation } from '../lab/types.ts';
import type { Lang, Message } from '../text/lang.ts';
import { kindOfCheck } from './checks/index.ts';
import { type Fault, type Path, speaker } from './fault.ts';
import { FAULTS } from './messages.ts';
import { MAX_PATTERN } from './match.ts';
import type { LessonFile, StepFile } from './schema.ts';
import type { Check } from './types.ts';
import { fits, type Only, type Variant, variantsToCheck } from './variant.ts';

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
