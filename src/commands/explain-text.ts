// The lines of `nscope explain` about a process or a container: a section each for who it is, namespaces, ids, mounts, limits, docker's options.
import type { Unread } from '../kernel/reading.ts';
import { factsOf, isTelling } from '../model/cgroup-view.ts';
import type { Confinement } from '../model/confinement.ts';
import { optionsOf, type StoryFacts } from '../model/explain/facts.ts';
import { namespaceStories } from '../model/explain/namespaces.ts';
import { commandOf, containerLabel } from '../model/tree.ts';
import type { Container, ControllerState, Effective, Process, Snapshot } from '../model/types.ts';
import type { ToldOption } from '../model/docker-options/index.ts';
import { say } from '../text/lang.ts';
import { cleanLines } from '../text/lines.ts';
import { clean } from '../text/sanitize.ts';
import { table } from '../text/table.ts';
import { quantity, type Unit } from '../text/units.ts';
import { wrap } from '../text/wrap.ts';
import { EXPLAIN } from '../view/explain-messages.ts';
import { engineClient, idRows, mountRows, type Row, unreadWord, whoRows } from '../view/story-rows.ts';
import type { Context } from './context.ts';
import { inForce } from './in-force.ts';

/** Columns that a sentence takes where stdout is no terminal. */
const SENTENCE = 100;

/** A section: a blank line, its title, its lines. */
export function section(
  { lang, paint }: Context,
  title: keyof typeof EXPLAIN,
  lines: readonly string[],
): readonly string[] {
  return ['', paint('title', say(lang, EXPLAIN[title])), ...lines];
}

/** Name, value, proof, each row on a line. */
export function rowsOf(context: Context, rows: readonly Row[]): readonly string[] {
  const { paint, columns } = context;
  const [, ...lines] = table(
    [{ head: '' }, { head: '' }, { head: '' }],
    rows.map(([name, value, proof]) => [`  ${paint('dim', name)}`, value, paint('code', proof)]),
    { paint, ...(columns === undefined ? {} : { width: columns }) },
  );
  return lines;
}

function sentence({ columns, paint }: Context, indent: string, text: string): readonly string[] {
  const room = Math.max(20, (columns ?? SENTENCE) - indent.length);
  return wrap(text, room).map((line) => indent + paint('dim', line));
}

export function storyLines(context: Context, snapshot: Snapshot, facts: StoryFacts): readonly string[] {
  const { process, container } = facts;
  const name = [
    container ? containerLabel(container) : '',
    process ? `${process.pid}  ${commandOf(process)}` : '',
  ];
  const title = name.filter((word) => word !== '').join('  ');
  return [
    context.paint('title', title),
    ...section(context, 'who', rowsOf(context, whoRows(context, snapshot, facts))),
    ...(process ? namespaceLines(context, snapshot, process) : []),
    ...(facts.confinement
      ? section(context, 'ids', rowsOf(context, idRows(context, snapshot, facts, facts.confinement)))
      : []),
    ...(facts.confinement ? mountLines(context, snapshot, facts.confinement) : []),
    ...limitLines(context, snapshot, facts.controllers),
    ...(container ? optionLines(context, snapshot, facts) : []),
  ];
}

function namespaceLines(context: Context, snapshot: Snapshot, process: Process): readonly string[] {
  const { lang, paint } = context;
  const stories = namespaceStories(snapshot, process);
  const lines = rowsOf(
    context,
    stories.map(({ type, inode, relation, proof }) => [
      type,
      inode.ok
        ? `${inode.value}  ${paint(relation === 'own' ? 'box' : relation === 'shared' ? 'host' : 'warn', say(lang, EXPLAIN[relation]))}`
        : unreadWord(context, snapshot, inode),
      proof,
    ]),
  );
  return section(
    context,
    'namespaces',
    stories.flatMap(({ meaning, manPage, sharedWith }, at) => {
      const also =
        sharedWith.length === 0
          ? ''
          : ` (${say(lang, EXPLAIN.sharedWith, { names: sharedWith.join(', ') })})`;
      return [lines[at] ?? '', ...sentence(context, '      ', `${say(lang, meaning)}${also} — ${manPage}`)];
    }),
  );
}

function mountLines(context: Context, snapshot: Snapshot, { of, mounts }: Confinement): readonly string[] {
  const proof = `cat /proc/${of.pid}/mountinfo`;
  if (!mounts.ok)
    return section(context, 'mounts', rowsOf(context, [['', unreadWord(context, snapshot, mounts), proof]]));
  const { rows, total } = mountRows(context, mounts.value);
  const [, ...lines] = table(
    [{ head: '' }, { head: '' }, { head: '' }],
    rows.map(([kind, point, words]) => [`  ${context.paint('dim', kind)}`, point, words]),
    { paint: context.paint, ...(context.columns === undefined ? {} : { width: context.columns }) },
  );
  return section(context, 'mounts', [...lines, ...rowsOf(context, [['', total, proof]])]);
}

/** Limits that the panes show and those that are set, controller by controller. */
export function limitLines(
  context: Context,
  snapshot: Snapshot,
  controllers: readonly ControllerState[],
): readonly string[] {
  const { lang } = context;
  const rows = controllers.flatMap((controller) =>
    factsOf(controller)
      .filter((fact) => fact.kind === 'limit' && isTelling(fact))
      .map((fact): Row => {
        const { directory } = controller;
        const file = fact.name.split(' ')[0] ?? '';
        const own = fact.reading.ok
          ? quantity(fact.reading.value, fact.unit)
          : unreadWord(context, snapshot, fact.reading);
        const force = fact.effective ? forceWord(context, fact.effective, fact.unit, controller.path) : '';
        const value = force === '' ? own : `${own}  ${force}`;
        return [fact.name, value, `cat ${clean(directory.ok ? directory.value : directory.path)}/${file}`];
      }),
  );
  const lines = rows.length === 0 ? [`  ${say(lang, EXPLAIN.noLimits)}`] : rowsOf(context, rows);
  return section(context, 'limits', lines);
}

function forceWord({ lang, paint }: Context, effective: Effective, unit: Unit, path: string): string {
  const { least, isOwn, denied } = inForce(lang, effective, unit, path);
  if (denied !== null) return paint('warn', `(${least}  ${denied})`);
  if (effective.value === 'max') return '';
  return isOwn ? `(${least})` : paint('warn', `(${least})`);
}

const VERDICTS = {
  agree: ['good', 'agree'],
  updated: ['warn', 'updated'],
  differ: ['bad', 'differ'],
  unknown: ['warn', 'untold'],
} as const;

/** Engines with a form of configuration of their own. */
const WITHOUT_BUNDLE: ReadonlySet<Container['engine']> = new Set(['lxc', 'nspawn']);

/** Engines that are asked what they were asked for. */
const WITH_API: ReadonlySet<Container['engine']> = new Set(['docker', 'podman']);

function optionLines(context: Context, snapshot: Snapshot, facts: StoryFacts): readonly string[] {
  const { lang, paint } = context;
  const { inspect, config, container } = facts;
  if (container && WITHOUT_BUNDLE.has(container.engine))
    return section(context, 'optionsOfOther', [
      `  ${say(lang, EXPLAIN.noBundle, { engine: container.engine })}`,
    ]);
  const head = [
    ...(inspect && !inspect.ok && container && WITH_API.has(container.engine)
      ? [`  ${paint('warn', say(lang, EXPLAIN.engineNotAsked, { why: wordOf(context, snapshot, inspect) }))}`]
      : []),
    ...(config && !config.ok
      ? [
          `  ${paint('warn', say(lang, EXPLAIN.configUnread, { why: wordOf(context, snapshot, config), path: clean(config.path) }))}`,
        ]
      : []),
  ];
  const told = optionsOf(snapshot, facts);
  const lines = told.flatMap((option) => oneOption(context, snapshot, facts, option));
  return section(context, inspect?.ok ? 'options' : 'optionsOfOther', [
    ...head,
    ...(told.length === 0 && inspect?.ok ? [`  ${say(lang, EXPLAIN.noOptions)}`] : lines),
  ]);
}

function wordOf({ lang }: Context, snapshot: Snapshot, { why }: Unread): string {
  const recorded = why !== 'denied' && snapshot.source.kind === 'recorded';
  return say(lang, recorded ? EXPLAIN.notRecorded : EXPLAIN[why]);
}

/** An option, and below it what was asked, what config.json has, what the kernel has, how the one becomes the other. */
function oneOption(
  context: Context,
  snapshot: Snapshot,
  { inspect, config, container }: StoryFacts,
  { option, asked, configured, kernel, verdict, note }: ToldOption,
): readonly string[] {
  const { lang, paint } = context;
  const [role, message] = VERDICTS[verdict];
  const nothing = say(lang, EXPLAIN.nothing);
  const rows: Row[] = [];
  if (inspect?.ok && container)
    rows.push([
      say(lang, EXPLAIN.asked),
      `${option.flag.startsWith('--security-opt') ? (option.flag.split(' ')[1] ?? '') : ''} ${asked ?? nothing}`.trim(),
      `${engineClient(container.engine)} inspect: ${option.field}`,
    ]);
  if (config?.ok)
    rows.push([
      say(lang, EXPLAIN.config),
      clean(configured ?? nothing),
      `${config.value.path}: ${option.oci}`,
    ]);
  for (const { name, value, proof } of kernel)
    rows.push([
      say(lang, EXPLAIN.kernel),
      value.ok
        ? `${name}  ${cleanLines(value.value).join('; ')}`
        : `${name}  ${unreadWord(context, snapshot, value)}`,
      clean(proof),
    ]);
  return [
    `  ${paint('strong', option.flag)}  ${paint(role, say(lang, EXPLAIN[message]))}`,
    ...rowsOf(context, rows).map((line) => `  ${line}`),
    ...sentence(context, '      ', say(lang, option.maps)),
    ...(note ? sentence(context, '      ', say(lang, note)) : []),
  ];
}
