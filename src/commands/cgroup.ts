// `nscope cgroup`: the control groups of a target, controller by controller, as a table or as JSON; every file with `--files`; again each
// second with `--watch`. Which values there are is the table of control files' answer.
import { setTimeout as sleep } from 'node:timers/promises';
import { type GroupDirectory, type GroupFile, readGroupFiles } from '../host/groups.ts';
import { type Host, takeSnapshot } from '../host/host.ts';
import { MEMBER_FILES } from '../kernel/cgroup/files/core.ts';
import type { ControlFile } from '../kernel/cgroup/files.ts';
import type { Reading } from '../kernel/reading.ts';
import { type CgroupFact, factsOf, isTelling } from '../model/cgroup-view.ts';
import { ratePerSecond, throttledGroups, workingSet } from '../model/limits.ts';
import { resolveTarget } from '../model/target.ts';
import type { ControllerState, Effective, Snapshot, UnreadEntry } from '../model/types.ts';
import { UserError } from '../text/errors.ts';
import { say } from '../text/lang.ts';
import { cleanLines } from '../text/lines.ts';
import { clean } from '../text/sanitize.ts';
import { table } from '../text/table.ts';
import { bytes, quantity, type Unit } from '../text/units.ts';
import { cut } from '../text/width.ts';
import type { Context } from './context.ts';
import { coverageRemarks } from './coverage.ts';
import { controllersJson, stateOf, type Subject, subjectOf, titleOf } from './groups.ts';
import { inForce } from './in-force.ts';
import { MESSAGES } from './messages.ts';

export interface CgroupOptions {
  readonly files?: boolean;
  readonly watch?: boolean;
}

/** Milliseconds between two blocks of `--watch`. */
const WATCH_MS = 1000;
/** Members that a line of `cgroup.procs` shows. */
const MEMBERS_SHOWN = 12;
/** Columns for the value of a file: a longer line is cut, `--json` has it whole. */
const VALUE_COLUMNS = 48;

/** Exit code 0, 130 when `--watch` is interrupted; a target that is not there is a UserError (2). */
export async function cgroupCommand(
  context: Context,
  word: string | undefined,
  options: CgroupOptions,
): Promise<number> {
  const host = context.host();
  if (options.watch === true && options.files === true)
    throw new UserError('--watch and --files are two answers', { hint: 'give one of them' });
  if (options.watch === true && host.fs.kind === 'recorded')
    throw new UserError('a recorded host does not change', { hint: 'give --watch without --from' });
  const snapshot = await takeSnapshot(host);
  const asked = word ?? 'self';
  const subject = subjectOf(host, snapshot, resolveTarget(snapshot, asked), asked);
  if (options.watch === true) return watch(context, host, snapshot, subject);
  if (options.files === true) printFiles(context, host, snapshot, subject);
  else printState(context, snapshot, subject, stateOf(host, snapshot, subject));
  if (!context.json) for (const remark of coverageRemarks(context.lang, snapshot)) context.say(remark);
  return 0;
}

function printState(
  context: Context,
  snapshot: Snapshot,
  subject: Subject,
  controllers: readonly ControllerState[],
): void {
  if (context.json) {
    const { json, unread } = controllersJson(controllers);
    context.printJson({ target: targetJson(subject), controllers: json }, withUnread(snapshot, unread));
    return;
  }
  head(context, snapshot, subject);
  context.print(stateLines(context, controllers, null));
}

function head(context: Context, snapshot: Snapshot, subject: Subject): void {
  if (snapshot.source.kind === 'recorded')
    context.say(say(context.lang, MESSAGES.recorded, { title: snapshot.source.title }));
  context.print([context.paint('title', titleOf(subject))]);
}

function targetJson({ target, process }: Subject): Record<string, unknown> {
  return {
    kind: target.kind,
    pid: process?.pid ?? null,
    container: target.kind === 'container' ? target.container.id : null,
    path: target.kind === 'cgroup' ? target.path : null,
  };
}

function withUnread(snapshot: Snapshot, unread: readonly UnreadEntry[]): Snapshot['coverage'] {
  return { ...snapshot.coverage, unread: [...snapshot.coverage.unread, ...unread] };
}

/** What the block before said, and how long ago. */
interface Before {
  readonly controllers: readonly ControllerState[];
  readonly ms: number;
}

interface Row {
  /** null: the head of a controller, which has no cells. */
  readonly cells: readonly string[] | null;
  readonly line: string;
}

function stateLines(
  context: Context,
  controllers: readonly ControllerState[],
  before: Before | null,
): readonly string[] {
  const mounted = controllers
    .filter(({ version }) => version !== null)
    .map((controller) => ({ controller, facts: factRows(context, controller, before) }));
  const rows = [
    ...mounted
      .filter(({ facts }) => facts.length > 0)
      .flatMap(({ controller, facts }) => [headRow(context, [controller], controller), ...facts]),
    ...sameGroups(mounted.flatMap(({ controller, facts }) => (facts.length > 0 ? [] : [controller]))).flatMap(
      (same) => (same[0] ? [headRow(context, same, same[0])] : []),
    ),
  ];
  const withRate = before !== null;
  const [heads = '', ...lines] = table(
    [
      { head: '  ' },
      { head: say(context.lang, MESSAGES.fileHead) },
      { head: say(context.lang, MESSAGES.valueHead), align: 'right' },
      ...(withRate ? [{ head: say(context.lang, MESSAGES.rateHead), align: 'right' } as const] : []),
      { head: say(context.lang, MESSAGES.inForceHead) },
    ],
    rows.flatMap(({ cells }) => (cells ? [withRate ? cells : cells.toSpliced(3, 1)] : [])),
    { paint: context.paint, ...(context.columns === undefined ? {} : { width: context.columns }) },
  );
  const cells = lines[Symbol.iterator]();
  return [heads, ...rows.map((row) => (row.cells ? String(cells.next().value) : row.line))];
}

/** Controllers with nothing to tell but the group that they are in, those of one group together. */
function sameGroups(controllers: readonly ControllerState[]): readonly (readonly ControllerState[])[] {
  const groups = new Map<string, ControllerState[]>();
  for (const controller of controllers) {
    const key = `${controller.version} ${controller.path}`;
    groups.set(key, [...(groups.get(key) ?? []), controller]);
  }
  return [...groups.values()];
}

function headRow(
  { lang, paint, columns }: Context,
  controllers: readonly ControllerState[],
  { version, path, insidePath, directory }: ControllerState,
): Row {
  const inside =
    insidePath === undefined || (insidePath.ok && insidePath.value === path)
      ? ''
      : paint('dim', say(lang, MESSAGES.insidePath, { path: pathWord(insidePath) }));
  const refused = directory.ok ? '' : paint('warn', clean(`${directory.why}: ${directory.path}`));
  const names = controllers.map(({ name }) => clean(name)).join(', ');
  const words = [paint('strong', names), `v${version}`, clean(path), inside, refused];
  const line = words.filter((word) => word !== '').join('  ');
  return { cells: null, line: columns === undefined ? line : cut(line, columns) };
}

function pathWord(reading: Reading<string>): string {
  return reading.ok ? clean(reading.value) : '?';
}

function factRows(context: Context, controller: ControllerState, before: Before | null): readonly Row[] {
  const { lang, paint } = context;
  const row = (...cells: readonly string[]): Row => ({ cells, line: '' });
  const old = before?.controllers.find(({ name }) => name === controller.name);
  const oldFacts = new Map((old ? factsOf(old) : []).map((fact) => [fact.name, fact]));
  const kind = (of: CgroupFact['kind'] | 'pressure') => paint('dim', `  ${say(lang, MESSAGES[KIND[of]])}`);
  const facts = factsOf(controller)
    .filter(isTelling)
    .map((fact) =>
      row(
        kind(fact.kind),
        fact.name,
        valueWord(fact.reading, fact.unit),
        before ? rateWord(fact, oldFacts.get(fact.name), before.ms) : '',
        lastWord(context, fact, controller),
      ),
    );
  const working = workingSet(controller);
  const throttled = throttledGroups(controller).filter(({ path }) => path !== controller.path);
  const { pressure } = controller;
  return [
    ...facts,
    ...(working && (working.ok || working.why !== 'unsupported')
      ? [row(kind('usage'), say(lang, MESSAGES.workingSet), valueWord(working, 'bytes'), '', '')]
      : []),
    ...throttled.map(({ path, nrThrottled, throttledTime }) =>
      row(
        kind('event'),
        paint('warn', say(lang, MESSAGES.throttledAt, { path: clean(path) })),
        valueWord(nrThrottled, 'count'),
        '',
        throttledTime.ok ? quantity(throttledTime.value, 'us') : '',
      ),
    ),
    ...(pressure?.ok
      ? (['some', 'full'] as const).flatMap((which) => {
          const line = pressure.value[which];
          if (!line) return [];
          const averages = `${line.avg10.toFixed(2)} ${line.avg60.toFixed(2)} ${line.avg300.toFixed(2)} %`;
          const name = `${controller.name}.pressure ${which}`;
          return [row(kind('pressure'), name, averages, '', quantity(line.total, 'us'))];
        })
      : []),
    ...(pressure && !pressure.ok && pressure.why === 'denied'
      ? [row(kind('pressure'), `${controller.name}.pressure`, '?', '', '')]
      : []),
  ];
}

const KIND = {
  limit: 'kindLimit',
  usage: 'kindUsage',
  event: 'kindEvent',
  pressure: 'kindPressure',
} as const;

function valueWord(reading: Reading<bigint | 'max'>, unit: Unit): string {
  return reading.ok ? quantity(reading.value, unit) : '?';
}

/** Times become the share of one CPU, the rest so many a second. */
function rateWord(fact: CgroupFact, old: CgroupFact | undefined, ms: number): string {
  const [then, now] = [old?.reading, fact.reading];
  if (!fact.counter || !then?.ok || !now.ok || then.value === 'max' || now.value === 'max') return '';
  const rate = ratePerSecond(then.value, now.value, ms);
  if (fact.unit === 'us') return `${rate / 10_000n} %`;
  if (fact.unit === 'ns') return `${rate / 10_000_000n} %`;
  return fact.unit === 'bytes' ? `${bytes(rate)}/s` : `${rate}/s`;
}

/** What is in force; of a value that is another group's, whose. */
function lastWord(context: Context, fact: CgroupFact, controller: ControllerState): string {
  const other = controller.readAt?.[fact.key];
  if (other !== undefined) {
    const path = clean(other);
    return context.paint('warn', say(context.lang, MESSAGES.readAt, { path }));
  }
  return fact.effective ? inForceWord(context, fact.effective, fact.unit, controller.path) : '';
}

function inForceWord({ lang, paint }: Context, effective: Effective, unit: Unit, path: string): string {
  const { least, isOwn, denied } = inForce(lang, effective, unit, path);
  const word = isOwn ? least : paint('warn', least);
  return denied === null ? word : `${word}  ${paint('warn', denied)}`;
}

/** A block each second until SIGINT. Rates begin with the second block. */
async function watch(context: Context, host: Host, snapshot: Snapshot, subject: Subject): Promise<number> {
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  process.once('SIGINT', onInterrupt);
  let before: { readonly controllers: readonly ControllerState[]; readonly at: number } | null = null;
  try {
    for (;;) {
      const at = performance.now();
      const controllers = stateOf(host, snapshot, subject);
      const past = before ? { controllers: before.controllers, ms: at - before.at } : null;
      if (context.json) {
        const { json, unread } = controllersJson(controllers);
        const rates = past ? ratesJson(controllers, past) : {};
        const now = { time: new Date().toISOString(), target: targetJson(subject), controllers: json, rates };
        context.printJson(now, withUnread(snapshot, unread));
      } else {
        const time = context.paint('dim', new Date().toISOString());
        context.print([`${context.paint('title', titleOf(subject))}  ${time}`]);
        context.print([...stateLines(context, controllers, past ?? { controllers: [], ms: 0 }), '']);
      }
      if (controllers.every(({ version, path }) => version === null || !isThere(host, controllers, path))) {
        context.say(say(context.lang, MESSAGES.groupGone));
        return 0;
      }
      before = { controllers, at };
      await sleep(Math.max(0, WATCH_MS - (performance.now() - at)), undefined, { signal: stop.signal });
    }
  } catch (error) {
    if (stop.signal.aborted) return 130;
    throw error;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

function isThere(host: Host, controllers: readonly ControllerState[], path: string): boolean {
  return controllers.some(
    ({ directory, path: own }) => own === path && directory.ok && host.fs.stat(directory.value).ok,
  );
}

/** Growth a second of each counter, in its own unit, by controller and neutral name. */
function ratesJson(controllers: readonly ControllerState[], before: Before): Record<string, unknown> {
  return Object.fromEntries(
    controllers.map((controller) => {
      const old = before.controllers.find(({ name }) => name === controller.name);
      const then = new Map((old ? factsOf(old) : []).map((fact) => [fact.key, fact.reading]));
      const rates = factsOf(controller).flatMap(({ key, counter, reading }) => {
        const was = then.get(key);
        if (!counter || !reading.ok || !was?.ok || reading.value === 'max' || was.value === 'max') return [];
        return [[key, ratePerSecond(was.value, reading.value, before.ms)] as const];
      });
      return [controller.name, Object.fromEntries(rates)];
    }),
  );
}

function printFiles(context: Context, host: Host, snapshot: Snapshot, subject: Subject): void {
  const directories = readGroupFiles(host.fs, snapshot.hierarchies, subject.memberships);
  if (context.json) {
    const unread: UnreadEntry[] = [];
    const files = directories.flatMap((one) => one.files.map((file) => fileJson(context, one, file, unread)));
    context.printJson({ target: targetJson(subject), files }, withUnread(snapshot, unread));
    return;
  }
  head(context, snapshot, subject);
  for (const one of directories) context.print(directoryLines(context, one));
}

function fileJson(
  { lang }: Context,
  { version, path: group }: GroupDirectory,
  { name, path, row, text }: GroupFile,
  unread: UnreadEntry[],
): Record<string, unknown> {
  if (text && !text.ok) unread.push({ path: text.path, why: text.why });
  const other = row ? (version === 1 ? row.v2 : row.v1) : null;
  return {
    file: name,
    controller: row?.controller ?? null,
    version,
    group,
    path,
    value: text?.ok ? cleanLines(text.value).join('\n') : null,
    unit: row ? ((version === 1 ? row.v1 : row.v2)?.unit ?? null) : null,
    meaning: row?.meaning[lang] ?? null,
    counterpart: other?.file ?? null,
    docker: row?.docker ?? null,
    oci: row?.oci ?? null,
    writeOnly: text === null,
  };
}

function directoryLines(context: Context, one: GroupDirectory): readonly string[] {
  const { lang, paint } = context;
  const names = one.version === 2 ? 'cgroup v2' : `${one.controllers.map(clean).join(',')}  v1`;
  const where = one.directory.ok
    ? clean(one.directory.value)
    : `${one.directory.why}: ${clean(one.directory.path)}`;
  const title = `${paint('strong', names)}  ${clean(one.path)}  ${paint('dim', where)}`;
  if (one.files.length === 0) return ['', title];
  const rows = one.files.flatMap((file) => {
    const [first = '', ...rest] = valueLines(context, one.version, file);
    const meaning = file.row
      ? meaningOf(context, one.version, file.row)
      : paint('dim', say(lang, MESSAGES.unknownFile));
    return [[clean(file.name), first, meaning], ...rest.map((line) => ['', line, ''])];
  });
  const heads = [MESSAGES.fileHead, MESSAGES.valueHead, MESSAGES.meaningHead].map((head) => say(lang, head));
  const [nameHead = '', valueHead = '', meaningHead = ''] = heads;
  return [
    '',
    title,
    ...table([{ head: nameHead }, { head: valueHead, max: VALUE_COLUMNS }, { head: meaningHead }], rows, {
      paint,
      ...(context.columns === undefined ? {} : { width: context.columns }),
    }),
  ];
}

/** The file as it is, line by line; bytes besides as people read them; of members the first. */
function valueLines({ lang, paint }: Context, version: 1 | 2, file: GroupFile): readonly string[] {
  if (file.text === null) return [paint('dim', say(lang, MESSAGES.writeOnly))];
  if (!file.text.ok) return [paint('warn', file.text.why)];
  const lines = cleanLines(file.text.value).filter((line) => line !== '');
  if (MEMBER_FILES.includes(file.name)) {
    const more = lines.length - MEMBERS_SHOWN;
    return [lines.slice(0, MEMBERS_SHOWN).join(' ') + (more > 0 ? ` … +${more}` : '')];
  }
  const [first] = lines;
  const unit = file.row ? (version === 1 ? file.row.v1 : file.row.v2)?.unit : undefined;
  if (lines.length === 1 && first !== undefined && unit === 'bytes' && /^\d{4,19}$/.test(first))
    return [`${first}  ${paint('dim', bytes(BigInt(first)))}`];
  return lines;
}

/** The meaning, and in brackets what sets it and what the other version calls it. */
function meaningOf({ lang, paint }: Context, version: 1 | 2, row: ControlFile): string {
  const other = version === 1 ? row.v2 : row.v1;
  const own = version === 1 ? row.v1 : row.v2;
  const asides = [
    row.docker === undefined ? '' : `docker ${row.docker}`,
    row.oci === undefined ? '' : `linux.resources.${row.oci}`,
    other === null || other.file === own?.file ? '' : `v${version === 1 ? 2 : 1} ${other.file}`,
  ].filter((aside) => aside !== '');
  return asides.length === 0
    ? row.meaning[lang]
    : `${row.meaning[lang]} ${paint('dim', `[${asides.join(' · ')}]`)}`;
}
