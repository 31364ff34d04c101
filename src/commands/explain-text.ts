// The lines of `nscope explain` about a process or a container: a section each for who it is, namespaces, ids, mounts, limits, docker's options.
import type { Host } from '../host/host.ts';
import { userNames } from '../host/users.ts';
import { besideDockers, CAPABILITIES, capabilityNames, isFull, STATUS_LINE } from '../kernel/capabilities.ts';
import type { Status } from '../kernel/proc/status.ts';
import type { IdRange } from '../kernel/proc/uid-map.ts';
import type { Reading, Unread } from '../kernel/reading.ts';
import { factsOf, isTelling } from '../model/cgroup-view.ts';
import type { Confinement } from '../model/confinement.ts';
import { optionsOf, type StoryFacts } from '../model/explain/facts.ts';
import { mountStory, type NotableMount } from '../model/explain/mounts.ts';
import { namespaceStories } from '../model/explain/namespaces.ts';
import { type Part, whoIs } from '../model/explain/who.ts';
import { insidePid } from '../model/inside.ts';
import { shortPath } from '../model/pslist.ts';
import { commandOf, containerLabel } from '../model/tree.ts';
import type { Container, ControllerState, Effective, Process, Snapshot } from '../model/types.ts';
import type { ToldOption } from '../model/docker-options/index.ts';
import { say } from '../text/lang.ts';
import { cleanLines } from '../text/lines.ts';
import { clean } from '../text/sanitize.ts';
import { table } from '../text/table.ts';
import { quantity, type Unit } from '../text/units.ts';
import { wrap } from '../text/wrap.ts';
import type { Context } from './context.ts';
import { EXPLAIN } from './explain-messages.ts';
import { inForce } from './in-force.ts';

/** Columns that a sentence takes where stdout is no terminal. */
const SENTENCE = 100;

/** What was refused, as it is shown in place of a value. A recording that has no such file is not a process that ended. */
export function unreadWord(context: Context, snapshot: Snapshot, { why, path }: Unread): string {
  const { lang, paint } = context;
  const word = why === 'gone' && snapshot.source.kind === 'recorded' ? EXPLAIN.notRecorded : EXPLAIN[why];
  return paint('warn', `${say(lang, word)}: ${clean(path)}`);
}

/** A section: a blank line, its title, its lines. */
export function section(
  { lang, paint }: Context,
  title: keyof typeof EXPLAIN,
  lines: readonly string[],
): readonly string[] {
  return ['', paint('title', say(lang, EXPLAIN[title])), ...lines];
}

/** Name, value, proof, each row on a line. */
export function rowsOf(
  context: Context,
  rows: readonly (readonly [string, string, string])[],
): readonly string[] {
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

export function storyLines(
  context: Context,
  host: Host,
  snapshot: Snapshot,
  facts: StoryFacts,
): readonly string[] {
  const { process, container } = facts;
  const name = [
    container ? containerLabel(container) : '',
    process ? `${process.pid}  ${commandOf(process)}` : '',
  ];
  const title = name.filter((word) => word !== '').join('  ');
  return [
    context.paint('title', title),
    ...whoLines(context, host, snapshot, facts),
    ...(process ? namespaceLines(context, snapshot, process) : []),
    ...(facts.confinement ? idLines(context, snapshot, facts, facts.confinement) : []),
    ...(facts.confinement ? mountLines(context, snapshot, facts.confinement) : []),
    ...limitLines(context, snapshot, facts.controllers),
    ...(container ? optionLines(context, snapshot, facts) : []),
  ];
}

const PARTS: Readonly<Record<Part, keyof typeof EXPLAIN>> = {
  init: 'partInit',
  exec: 'partExec',
  member: 'partMember',
  dockerd: 'partDockerd',
  containerd: 'partContainerd',
  crio: 'partCrio',
  shim: 'partShim',
  kernel: 'partKernel',
  host: 'partHost',
  untold: 'partUntold',
};

function whoLines(context: Context, host: Host, snapshot: Snapshot, facts: StoryFacts): readonly string[] {
  const { lang } = context;
  const { process, container, inspect } = facts;
  const word = (key: keyof typeof EXPLAIN, values: Record<string, string | number> = {}) =>
    say(lang, EXPLAIN[key], values);
  const rows: (readonly [string, string, string])[] = [];
  if (process) {
    const who = whoIs(snapshot, process);
    const at = `/proc/${process.pid}`;
    rows.push(
      [word('pid'), pidWord(context, snapshot, process), `grep NSpid ${at}/status`],
      [word('started'), startWord(context, snapshot, facts, process), `awk '{print $22}' ${at}/stat`],
      [word('user'), userWord(context, host, snapshot, process), `stat -c '%u %U' ${at}`],
      [word('part'), word(PARTS[who.part]), 'nscope tree --all'],
      [
        word('parents'),
        who.parents.map(({ pid, comm }) => `${pid} ${comm}`).join(' ← ') || word('none'),
        `pstree -sp ${process.pid}`,
      ],
    );
  } else rows.push([word('state'), word('noProcess'), 'nscope tree']);
  if (container) {
    const { engine, id, image, engineNamespace } = container;
    const words = [containerLabel(container), engine, engineNamespace ?? '', image ?? '', id.slice(0, 12)];
    rows.push([word('container'), clean(words.filter((one) => one !== '').join('  ')), 'nscope tree']);
  }
  if (container && inspect?.ok) {
    const { status, exitCode, oomKilled, pid } = inspect.value.state;
    const ended = pid === 0 && exitCode !== null ? [word('exitCode', { code: exitCode })] : [];
    const words = [status, ...ended, ...(oomKilled ? [word('oomKilled')] : [])];
    rows.push([
      word('engineState'),
      words.join(', '),
      `${engineClient(container.engine)} inspect -f '{{json .State}}' ${container.id.slice(0, 12)}`,
    ]);
  }
  return section(context, 'who', rowsOf(context, rows));
}

function engineClient(engine: string): string {
  return engine === 'podman' ? 'podman' : 'docker';
}

function pidWord(context: Context, snapshot: Snapshot, process: Process): string {
  const { lang } = context;
  const inside = insidePid(process);
  if (!inside.ok) return `${process.pid}; ${unreadWord(context, snapshot, inside)}`;
  const all = process.nspid?.ok ? process.nspid.value : [];
  if (all.length > 2) return say(lang, EXPLAIN.pids, { pids: all.join(' ') });
  if (inside.value === process.pid && all.length < 2) return String(process.pid);
  return say(lang, EXPLAIN.pidInside, { pid: process.pid, inside: inside.value });
}

function startWord(
  { lang }: Context,
  snapshot: Snapshot,
  { bootTime }: StoryFacts,
  { starttime }: Process,
): string {
  if (!bootTime.ok) return say(lang, EXPLAIN.startedTicks, { ticks: starttime });
  const seconds = bootTime.value + Math.floor(starttime / snapshot.host.clockTicks);
  // btime can be any number that a file holds; a date has an end.
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return say(lang, EXPLAIN.startedTicks, { ticks: starttime });
  const time = date.toISOString().replace('.000Z', 'Z');
  return say(lang, EXPLAIN.startedAt, { time, ticks: starttime });
}

function userWord(context: Context, host: Host, snapshot: Snapshot, { uid }: Process): string {
  if (!uid.ok) return unreadWord(context, snapshot, uid);
  const name = userNames(host.fs).get(uid.value);
  return name === undefined ? String(uid.value) : `${uid.value} ${clean(name)}`;
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

type Row = readonly [string, string, string];

function idLines(
  context: Context,
  snapshot: Snapshot,
  facts: StoryFacts,
  confinement: Confinement,
): readonly string[] {
  const { lang } = context;
  const { pid } = confinement.of;
  const at = `/proc/${pid}`;
  const word = (key: keyof typeof EXPLAIN) => say(lang, EXPLAIN[key]);
  const told = <T>(reading: Reading<T>, of: (value: T) => string): string =>
    reading.ok ? of(reading.value) : unreadWord(context, snapshot, reading);
  const map = (ranges: readonly IdRange[]) => mapWord(context, ranges);
  const status = (of: (status: Status) => string) => told(confinement.status, of);
  const label = confinement.label;
  const rows: Row[] = [
    [word('uidMap'), told(confinement.uidMap, map), `cat ${at}/uid_map`],
    [word('gidMap'), told(confinement.gidMap, map), `cat ${at}/gid_map`],
    ...(confinement.setgroups.ok && confinement.setgroups.value === 'allow'
      ? []
      : ([
          [word('setgroups'), told(confinement.setgroups, (one) => one), `cat ${at}/setgroups`],
        ] satisfies Row[])),
    ...capabilityRows(context, facts, confinement, status),
    [word('seccomp'), status((one) => seccompWord(context, one)), `grep Seccomp ${at}/status`],
    [
      word('noNewPrivs'),
      status(({ noNewPrivs }) =>
        noNewPrivs === null ? '-' : word(noNewPrivs ? 'noNewPrivsYes' : 'noNewPrivsNo'),
      ),
      `grep NoNewPrivs ${at}/status`,
    ],
    [
      word('label'),
      !label.ok && label.why === 'unsupported'
        ? word('labelNone')
        : told(label, (one) => one || word('labelNone')),
      `cat ${at}/attr/current`,
    ],
    [word('oomScoreAdj'), told(confinement.oomScoreAdj, String), `cat ${at}/oom_score_adj`],
    [word('root'), told(confinement.root, clean), `readlink ${at}/root`],
    [word('cwd'), told(confinement.cwd, clean), `readlink ${at}/cwd`],
  ];
  return section(context, 'ids', rowsOf(context, rows));
}

/** The most that a uid map can hold: all 32 bits but the last, which means none. */
const ALL_IDS = 4_294_967_295;

function mapWord({ lang }: Context, ranges: readonly IdRange[]): string {
  const [first] = ranges;
  if (!first) return say(lang, EXPLAIN.mapEmpty);
  if (ranges.length === 1 && first.inside === 0 && first.outside === 0 && first.count === ALL_IDS)
    return say(lang, EXPLAIN.mapIdentity);
  return ranges
    .map(({ inside, outside, count }) =>
      count === 1
        ? say(lang, EXPLAIN.mapOne, { inside, outside })
        : say(lang, EXPLAIN.mapRange, {
            inside,
            insideEnd: inside + count - 1,
            outside,
            outsideEnd: outside + count - 1,
          }),
    )
    .join('; ');
}

function capabilityRows(
  context: Context,
  { lastCapability }: StoryFacts,
  { of }: Confinement,
  status: (of: (status: Status) => string) => string,
): readonly Row[] {
  const last = lastCapability.ok ? lastCapability.value : null;
  const row = (set: 'effective' | 'bounding' | 'permitted' | 'inheritable' | 'ambient'): Row => [
    STATUS_LINE[set],
    status(({ capabilities }) => setWord(context, capabilities[set], last, set === 'bounding')),
    `grep ${STATUS_LINE[set]} /proc/${of.pid}/status`,
  ];
  return [row('effective'), row('bounding'), row('permitted'), row('inheritable'), row('ambient')];
}

/** Names that a line may hold beside other words. */
const FEW = 6;

/** What the kernel knows and the set has not. */
function missingOf(set: bigint, last: number | null): readonly string[] {
  const all = (1n << BigInt((last ?? CAPABILITIES.length - 1) + 1)) - 1n;
  return capabilityNames(all & ~set);
}

/** A set in words: all, all but a few, none, docker's, or its names; the bounding set beside docker's default. */
function setWord({ lang }: Context, set: bigint | null, last: number | null, compare: boolean): string {
  if (set === null) return '-';
  if (set === 0n) return say(lang, EXPLAIN.capNone);
  if (isFull(set, last)) return say(lang, EXPLAIN.capAll);
  const short = (names: readonly string[]) => names.map((name) => name.replace(/^CAP_/, '')).join(' ');
  const missing = missingOf(set, last);
  if (missing.length <= FEW) return say(lang, EXPLAIN.capAllBut, { names: short(missing) });
  const { added, dropped } = besideDockers(set);
  if (added.length === 0 && dropped.length === 0) return say(lang, EXPLAIN.capDefault);
  if (!compare && added.length + dropped.length > FEW) return short(capabilityNames(set));
  const words = [
    ...(added.length > 0 ? [say(lang, EXPLAIN.capAdded, { names: short(added) })] : []),
    ...(dropped.length > 0 ? [say(lang, EXPLAIN.capDropped, { names: short(dropped) })] : []),
  ];
  return say(lang, EXPLAIN.capBeside, { words: words.join(', ') });
}

function seccompWord({ lang }: Context, { seccomp, seccompFilters }: Status): string {
  if (seccomp === null) return say(lang, EXPLAIN.seccompNone);
  if (seccomp === 0) return say(lang, EXPLAIN.seccompOff);
  if (seccomp === 1) return say(lang, EXPLAIN.seccompStrict);
  return seccompFilters === null
    ? say(lang, EXPLAIN.seccompFilterUncounted)
    : say(lang, EXPLAIN.seccompFilter, { count: seccompFilters });
}

const MOUNT_KINDS: Readonly<Record<NotableMount['kind'], keyof typeof EXPLAIN>> = {
  root: 'mountRoot',
  masked: 'mountMasked',
  readonly: 'mountReadonly',
  cgroup: 'mountCgroup',
  socket: 'mountSocket',
  engine: 'mountEngine',
  bind: 'mountBind',
};

function mountLines(context: Context, snapshot: Snapshot, { of, mounts }: Confinement): readonly string[] {
  const { lang } = context;
  const proof = `cat /proc/${of.pid}/mountinfo`;
  if (!mounts.ok)
    return section(context, 'mounts', rowsOf(context, [['', unreadWord(context, snapshot, mounts), proof]]));
  const { notable, count } = mountStory(mounts.value);
  const rows = notable.map(({ kind, mount }): Row => {
    const values = {
      fstype: clean(mount.fstype),
      options: mount.options.includes('ro') ? 'ro' : 'rw',
      root: clean(shortPath(mount.root)),
    };
    const message = mount.root === '/' ? EXPLAIN.mountPlain : EXPLAIN.mountBound;
    return [say(lang, EXPLAIN[MOUNT_KINDS[kind]]), clean(mount.mountPoint), say(lang, message, values)];
  });
  const [, ...lines] = table(
    [{ head: '' }, { head: '' }, { head: '' }],
    rows.map(([kind, point, words]) => [`  ${context.paint('dim', kind)}`, point, words]),
    { paint: context.paint, ...(context.columns === undefined ? {} : { width: context.columns }) },
  );
  const total: Row = ['', say(lang, EXPLAIN.mountCount, { count }), proof];
  return section(context, 'mounts', [...lines, ...rowsOf(context, [total])]);
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
