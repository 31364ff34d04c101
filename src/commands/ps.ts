// `nscope ps`: processes with their pids, container, namespaces and group, as a table or as JSON. What a row says comes from model/pslist.ts.
import { takeSnapshot } from '../host/host.ts';
import { userNames } from '../host/users.ts';
import { type PsRow, psRow, shortPath } from '../model/pslist.ts';
import { resolveTarget } from '../model/target.ts';
import type { Snapshot } from '../model/types.ts';
import { UserError } from '../text/errors.ts';
import { say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import { table } from '../text/table.ts';
import type { Context } from './context.ts';
import { coverageRemarks } from './coverage.ts';
import { MESSAGES } from './messages.ts';

export interface PsOptions {
  readonly ns?: string;
  readonly container?: string;
}

/** Exit code 0; a namespace or container that is not there is a UserError (2). */
export async function psCommand(context: Context, options: PsOptions): Promise<number> {
  const host = context.host();
  // Of containers the command lines are read anyway; each other one takes its process' mmap lock.
  const snapshot = await takeSnapshot(host, { cmdlines: options.container === undefined ? 'all' : 'needed' });
  const wanted = wantedPids(snapshot, options);
  const rows = snapshot.processes
    .filter(({ pid }) => wanted === null || wanted.has(pid))
    .map((process) => psRow(snapshot, process));
  const users = userNames(host.fs);
  if (context.json) {
    context.printJson({ processes: rows.map((row) => jsonOf(row, users)) }, snapshot.coverage);
    return 0;
  }
  if (snapshot.source.kind === 'recorded')
    context.say(say(context.lang, MESSAGES.recorded, { title: snapshot.source.title }));
  if (rows.length === 0) context.say(say(context.lang, MESSAGES.noProcesses));
  else context.print(tableOf(context, rows, users));
  for (const remark of coverageRemarks(context.lang, snapshot)) context.say(remark);
  return 0;
}

/** The members of what was asked for; null: everything. */
function wantedPids(snapshot: Snapshot, options: PsOptions): ReadonlySet<number> | null {
  const sets: ReadonlySet<number>[] = [];
  if (options.ns !== undefined) {
    const target = resolveTarget(snapshot, `ns:${options.ns.replace(/^ns:/, '')}`);
    if (target.kind === 'namespace') sets.push(new Set(target.namespace.members));
  }
  if (options.container !== undefined) {
    const target = resolveTarget(snapshot, options.container);
    if (target.kind !== 'container')
      throw new UserError(`"${clean(options.container)}" is no container`, {
        hint: 'nscope tree lists those that are there',
      });
    sets.push(new Set(target.container.pids));
  }
  const [first, second] = sets;
  if (!first) return null;
  return second ? new Set([...first].filter((pid) => second.has(pid))) : first;
}

function userOf({ process: { uid } }: PsRow, users: ReadonlyMap<number, string>): string | null {
  return uid.ok ? (users.get(uid.value) ?? String(uid.value)) : null;
}

function tableOf(context: Context, rows: readonly PsRow[], users: ReadonlyMap<number, string>): string[] {
  return table(
    [
      { head: 'PID', align: 'right' },
      { head: 'INSIDE', align: 'right' },
      { head: 'USER' },
      { head: 'CONTAINER' },
      { head: 'NAMESPACES' },
      { head: 'CGROUP' },
      { head: 'COMMAND' },
    ],
    rows.map((row) => [
      String(row.process.pid),
      row.insidePid.ok ? String(row.insidePid.value) : '?',
      userOf(row, users) ?? '?',
      row.container ?? '-',
      namespacesWord(context, row),
      row.cgroup.ok ? clean(shortPath(row.cgroup.value)) : '?',
      row.command,
    ]),
    { paint: context.paint, ...(context.columns === undefined ? {} : { width: context.columns }) },
  );
}

/** The types that it does not share with the host; `?` behind them where a link was refused, `-` where it shares all. */
function namespacesWord(context: Context, row: PsRow): string {
  const own = row.namespaces.length > 0 ? context.paint('box', row.namespaces.join(' ')) : '';
  const words = [own, row.unknown.length > 0 ? '?' : ''].filter((word) => word !== '');
  return words.length > 0 ? words.join(' ') : '-';
}

function jsonOf(row: PsRow, users: ReadonlyMap<number, string>): Record<string, unknown> {
  const { pid, ppid, starttime, state, comm, uid } = row.process;
  return {
    pid,
    insidePid: row.insidePid,
    ppid,
    starttime,
    state,
    uid,
    user: userOf(row, users),
    container: row.container,
    namespaces: row.namespaces,
    namespacesUnknown: row.unknown,
    cgroup: row.cgroup,
    comm,
    command: row.command,
  };
}
