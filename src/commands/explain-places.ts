// The lines and the JSON of `nscope explain` about a namespace (members, owner, parent, what keeps it alive) and about a control group.
import type { Host } from '../host/host.ts';
import { NS_FACTS } from '../kernel/namespaces.ts';
import { type Reading, valueOr } from '../kernel/reading.ts';
import { meaningOf } from '../model/explain/namespaces.ts';
import { containerOf, processByPid } from '../model/find.ts';
import { processesAt, type Target } from '../model/target.ts';
import { commandOf, containerLabel } from '../model/tree.ts';
import type { Namespace, Process, Snapshot } from '../model/types.ts';
import { say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import type { Context } from './context.ts';
import { EXPLAIN } from '../view/explain-messages.ts';
import { unreadWord } from '../view/story-rows.ts';
import { limitLines, rowsOf, section } from './explain-text.ts';
import { controllersJson, stateOf, subjectOf } from './groups.ts';
import { holderJson, holderLines } from './ns-holders.ts';

/** Processes that are listed in words; JSON has all. */
const MOST = 20;

/** Prints the story of a namespace; `snapshot` comes of a deep look. */
export function namespaceStory(context: Context, snapshot: Snapshot, namespace: Namespace): void {
  const { lang, paint } = context;
  const { type, inode, initial, owner, parent, members, holders } = namespace;
  const meaning = meaningOf(type, initial ? 'shared' : 'own')[lang];
  const { manPage } = NS_FACTS[type];
  if (context.json) {
    context.printJson(
      {
        target: { kind: 'namespace', pid: null, container: null },
        namespace: {
          type,
          inode,
          initial,
          owner: valueOr(owner, null),
          parent: valueOr(parent, null),
          meaning,
          manPage,
          members: members.map((pid) => memberJson(snapshot, pid)),
          holders: holders.map((holder) => holderJson(snapshot, holder)),
        },
      },
      snapshot.coverage,
    );
    return;
  }
  const proof = members[0] === undefined ? 'nscope ns --holders' : `lsns -p ${members[0]}`;
  const above = (reading: Reading<number | null>, of: string): string => {
    if (!reading.ok) return unreadWord(context, snapshot, reading);
    return reading.value === null ? say(lang, EXPLAIN.none) : `${of}:${reading.value}`;
  };
  const rows: (readonly [string, string, string])[] = [
    [say(lang, EXPLAIN.type), `${type}  ${say(lang, initial ? EXPLAIN.initial : EXPLAIN.notInitial)}`, proof],
    [say(lang, EXPLAIN.owner), above(owner, 'user'), `nscope ns ns:${type}:${inode}`],
  ];
  if (type === 'pid' || type === 'user')
    rows.push([say(lang, EXPLAIN.parent), above(parent, type), 'nscope ns --tree parent']);
  const held = holderLines(lang, paint, snapshot, holders).map((line) => `  ${line}`);
  context.print([
    paint('title', `${type}:${inode}`),
    ...section(context, 'namespace', [
      ...rowsOf(context, rows),
      `      ${paint('dim', `${meaning} — ${manPage}`)}`,
    ]),
    ...section(
      context,
      'members',
      processLines(
        context,
        snapshot,
        members.map((pid) => processByPid(snapshot, pid)),
      ),
    ),
    ...section(context, 'holders', held.length > 0 ? held : [`  ${say(lang, EXPLAIN.noHolders)}`]),
  ]);
}

function processLines(
  context: Context,
  snapshot: Snapshot,
  processes: readonly (Process | null)[],
): readonly string[] {
  const { lang } = context;
  const found = processes.filter((process) => process !== null);
  if (found.length === 0) return [`  ${say(lang, EXPLAIN.none)}`];
  const rows = found.slice(0, MOST).map((process): readonly [string, string, string] => {
    const container = containerOf(snapshot, process.pid);
    const label = container ? `  ${context.paint('box', containerLabel(container))}` : '';
    return [String(process.pid), `${commandOf(process)}${label}`, `nscope explain ${process.pid}`];
  });
  const more = found.length - MOST;
  return [...rowsOf(context, rows), ...(more > 0 ? [`  ${say(lang, EXPLAIN.more, { count: more })}`] : [])];
}

function memberJson(snapshot: Snapshot, pid: number): Record<string, unknown> {
  const process = processByPid(snapshot, pid);
  const container = containerOf(snapshot, pid);
  return {
    pid,
    starttime: process?.starttime ?? null,
    comm: process?.comm ?? null,
    container: container?.id ?? null,
  };
}

/** Prints the story of a group; one that is in no hierarchy is a UserError (2). */
export function groupStory(
  context: Context,
  host: Host,
  snapshot: Snapshot,
  target: Extract<Target, { kind: 'cgroup' }>,
  word: string,
): void {
  const { paint } = context;
  const subject = subjectOf(host, snapshot, target, word);
  const controllers = stateOf(host, snapshot, subject);
  const processes = processesAt(snapshot, target);
  if (context.json) {
    const { json, unread } = controllersJson(controllers);
    context.printJson(
      {
        target: { kind: 'cgroup', pid: null, container: null },
        cgroup: {
          path: target.path,
          processes: processes.map(({ pid }) => memberJson(snapshot, pid)),
        },
        controllers: json,
      },
      { ...snapshot.coverage, unread: [...snapshot.coverage.unread, ...unread] },
    );
    return;
  }
  const mounted = controllers.filter(({ version, name }) => version !== null && name !== 'cgroup');
  const places = [
    ...new Set(mounted.map(({ directory }) => (directory.ok ? directory.value : directory.path))),
  ];
  const rows = places.map((place): readonly [string, string, string] => {
    const here = mounted.filter(
      ({ directory }) => (directory.ok ? directory.value : directory.path) === place,
    );
    const names = here.map(({ name }) => name).join(', ');
    const refused = here[0]?.directory;
    return [
      `v${here[0]?.version ?? ''}`,
      refused && !refused.ok ? `${clean(names)}  ${unreadWord(context, snapshot, refused)}` : clean(names),
      `ls ${clean(place)}`,
    ];
  });
  context.print([
    paint('title', clean(target.path)),
    ...section(context, 'groupHead', rowsOf(context, rows)),
    ...limitLines(context, snapshot, controllers),
    ...section(context, 'processes', processLines(context, snapshot, processes)),
  ]);
}
