// The story of a process as rows of name, value and proof: who it is, its ids and privileges, its mounts. `nscope explain` and the story pane lay them out.
import { besideDockers, CAPABILITIES, capabilityNames, isFull, STATUS_LINE } from '../kernel/capabilities.ts';
import type { Mount } from '../kernel/proc/mountinfo.ts';
import type { Status } from '../kernel/proc/status.ts';
import type { IdRange } from '../kernel/proc/uid-map.ts';
import type { Reading, Unread } from '../kernel/reading.ts';
import type { Confinement } from '../model/confinement.ts';
import type { StoryFacts } from '../model/explain/facts.ts';
import { mountStory, type NotableMount } from '../model/explain/mounts.ts';
import { type Part, whoIs } from '../model/explain/who.ts';
import { insidePid } from '../model/inside.ts';
import { shortPath } from '../model/pslist.ts';
import { containerLabel } from '../model/tree.ts';
import type { Process, Snapshot } from '../model/types.ts';
import { type Lang, say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import type { Paint } from '../text/sgr.ts';
import { EXPLAIN } from './explain-messages.ts';

/** The language, and how the words are painted. */
export interface Voice {
  readonly lang: Lang;
  readonly paint: Paint;
}

/** Name, value, and the command that shows it (of a mount: what it is). */
export type Row = readonly [name: string, value: string, proof: string];

/** What was refused, as it is shown in place of a value. A recording that has no such file is not a process that ended. */
export function unreadWord(context: Voice, snapshot: Snapshot, { why, path }: Unread): string {
  const { lang, paint } = context;
  const word = why === 'gone' && snapshot.source.kind === 'recorded' ? EXPLAIN.notRecorded : EXPLAIN[why];
  return paint('warn', `${say(lang, word)}: ${clean(path)}`);
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

/** Who it is: pids, start, user, part, parents; the container, and what its engine says of it. */
export function whoRows(context: Voice, snapshot: Snapshot, facts: StoryFacts): readonly Row[] {
  const { lang } = context;
  const { process, container, inspect } = facts;
  const word = (key: keyof typeof EXPLAIN, values: Record<string, string | number> = {}) =>
    say(lang, EXPLAIN[key], values);
  const rows: Row[] = [];
  if (process) {
    const who = whoIs(snapshot, process);
    const at = `/proc/${process.pid}`;
    rows.push(
      [word('pid'), pidWord(context, snapshot, process), `grep NSpid ${at}/status`],
      [word('started'), startWord(context, snapshot, facts, process), `awk '{print $22}' ${at}/stat`],
      [word('user'), userWord(context, snapshot, facts, process), `stat -c '%u %U' ${at}`],
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
  return rows;
}

/** The program that speaks with it. */
export function engineClient(engine: string): string {
  return engine === 'podman' ? 'podman' : 'docker';
}

function pidWord(context: Voice, snapshot: Snapshot, process: Process): string {
  const { lang } = context;
  const inside = insidePid(process);
  if (!inside.ok) return `${process.pid}; ${unreadWord(context, snapshot, inside)}`;
  const all = process.nspid?.ok ? process.nspid.value : [];
  if (all.length > 2) return say(lang, EXPLAIN.pids, { pids: all.join(' ') });
  if (inside.value === process.pid && all.length < 2) return String(process.pid);
  return say(lang, EXPLAIN.pidInside, { pid: process.pid, inside: inside.value });
}

function startWord(
  { lang }: Voice,
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

function userWord(context: Voice, snapshot: Snapshot, { userName }: StoryFacts, { uid }: Process): string {
  if (!uid.ok) return unreadWord(context, snapshot, uid);
  return userName === null ? String(uid.value) : `${uid.value} ${clean(userName)}`;
}

/** Ids, capabilities, seccomp, LSM, root and working directory. */
export function idRows(
  context: Voice,
  snapshot: Snapshot,
  facts: StoryFacts,
  confinement: Confinement,
): readonly Row[] {
  const { lang } = context;
  const { pid } = confinement.of;
  const at = `/proc/${pid}`;
  const word = (key: keyof typeof EXPLAIN) => say(lang, EXPLAIN[key]);
  const told = <T>(reading: Reading<T>, of: (value: T) => string): string =>
    reading.ok ? of(reading.value) : unreadWord(context, snapshot, reading);
  const map = (ranges: readonly IdRange[]) => mapWord(context, ranges);
  const status = (of: (status: Status) => string) => told(confinement.status, of);
  const label = confinement.label;
  return [
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
}

/** The most that a uid map can hold: all 32 bits but the last, which means none. */
const ALL_IDS = 4_294_967_295;

function mapWord({ lang }: Voice, ranges: readonly IdRange[]): string {
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
  context: Voice,
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
function setWord({ lang }: Voice, set: bigint | null, last: number | null, compare: boolean): string {
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

function seccompWord({ lang }: Voice, { seccomp, seccompFilters }: Status): string {
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

/** The mounts that tell, each with what is mounted there, and how many there are in all. */
export function mountRows(
  { lang }: Voice,
  mounts: readonly Mount[],
): { readonly rows: readonly Row[]; readonly total: string } {
  const { notable, count } = mountStory(mounts);
  const rows = notable.map(({ kind, mount }): Row => {
    const values = {
      fstype: clean(mount.fstype),
      options: mount.options.includes('ro') ? 'ro' : 'rw',
      root: clean(shortPath(mount.root)),
    };
    const message = mount.root === '/' ? EXPLAIN.mountPlain : EXPLAIN.mountBound;
    return [say(lang, EXPLAIN[MOUNT_KINDS[kind]]), clean(mount.mountPoint), say(lang, message, values)];
  });
  return { rows, total: say(lang, EXPLAIN.mountCount, { count }) };
}
