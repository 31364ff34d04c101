// Asks other programs for what nscope reads itself: lsns, ps, findmnt. Runs them and parses their output; compares nothing (model/verify.ts).
import { NS_TYPES, type NsType } from '../kernel/namespaces.ts';
import { type Reading, unread, value } from '../kernel/reading.ts';
import type { FindmntRow, LsfdRow, LsnsRow, PsRow, RuncRow } from '../model/verify.ts';
import { run } from './exec.ts';

/** ps' names of the columns; `time` came with procps 4. */
const PS_COLUMNS: Readonly<Record<NsType, string>> = {
  mnt: 'mntns',
  cgroup: 'cgroupns',
  uts: 'utsns',
  ipc: 'ipcns',
  user: 'userns',
  pid: 'pidns',
  net: 'netns',
  time: 'timens',
};

const TIMEOUT_MS = 60_000;

/** Standard output of a tool; `unsupported` with the command where it is missing or fails. */
async function ask(file: string, args: readonly string[], mayFail = false): Promise<Reading<string>> {
  const { stdout, exitCode } = await run(file, args, { timeoutMs: TIMEOUT_MS });
  return exitCode === 0 || mayFail ? value(stdout) : unread('unsupported', `${file} ${args.join(' ')}`);
}

function rowsOf(
  text: Reading<string>,
  list: string,
  command: string,
): Reading<readonly Readonly<Record<string, unknown>>[]> {
  if (!text.ok) return text;
  try {
    const parsed: unknown = JSON.parse(text.value.trim() === '' ? `{"${list}":[]}` : text.value);
    const rows: unknown =
      typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>)[list] : undefined;
    if (!Array.isArray(rows)) return unread('unsupported', command);
    return value(
      rows.filter((row): row is Readonly<Record<string, unknown>> => typeof row === 'object' && row !== null),
    );
  } catch {
    return unread('unsupported', command);
  }
}

/** A number, as some versions print it in quotes; null for none. */
function number(found: unknown): number | null {
  const read = typeof found === 'string' && /^\d+$/.test(found) ? Number(found) : found;
  return typeof read === 'number' && Number.isFinite(read) ? read : null;
}

/** lsns(8), flat. It can exit 1 with nothing to say when a process ends under it (util-linux #2799): asked again, three times at most. */
export async function askLsns(): Promise<Reading<readonly LsnsRow[]>> {
  const args = ['-J', '-l', '-o', 'NS,TYPE,NPROCS,PID,UID,PNS,ONS'];
  let rows: ReturnType<typeof rowsOf> = unread('unsupported', 'lsns');
  for (let attempt = 0; attempt < 3; attempt += 1) {
    rows = rowsOf(await ask('lsns', args), 'namespaces', 'lsns');
    if (rows.ok) break;
  }
  if (!rows.ok) return rows;
  return value(
    rows.value.map((row) => ({
      ns: number(row['ns']) ?? 0,
      type: String(row['type']),
      nprocs: number(row['nprocs']) ?? 0,
      pid: number(row['pid']),
      uid: number(row['uid']),
      pns: number(row['pns']),
      ons: number(row['ons']),
    })),
  );
}

/** ps(1) with the namespace columns that this version knows. */
export async function askPs(): Promise<Reading<readonly PsRow[]>> {
  const all = await psWith(NS_TYPES);
  return all.ok ? all : psWith(NS_TYPES.filter((type) => type !== 'time'));
}

async function psWith(types: readonly NsType[]): Promise<Reading<readonly PsRow[]>> {
  const text = await ask('ps', [
    '-eo',
    ['pid', ...types.map((type) => PS_COLUMNS[type])].map((column) => `${column}=`).join(','),
  ]);
  if (!text.ok) return text;
  return value(
    text.value.split('\n').flatMap((line) => {
      const [pid, ...words] = line.trim().split(/\s+/);
      if (pid === undefined || !/^\d+$/.test(pid)) return [];
      const ns = Object.fromEntries(types.map((type, at) => [type, number(words[at])]));
      return [{ pid: Number(pid), ns }];
    }),
  );
}

/** findmnt(8): the namespaces that are bind mounted. It exits 1 where there are none. */
export async function askFindmnt(): Promise<Reading<readonly FindmntRow[]>> {
  const missing = await ask('findmnt', ['--version']);
  if (!missing.ok) return missing;
  const rows = rowsOf(
    await ask('findmnt', ['-J', '-l', '-t', 'nsfs', '-o', 'TARGET,FSROOT'], true),
    'filesystems',
    'findmnt',
  );
  if (!rows.ok) return rows;
  return value(rows.value.map((row) => ({ target: String(row['target']), fsroot: String(row['fsroot']) })));
}

/**
 * lsfd(1), of util-linux 2.38 and later: descriptors of namespaces. By the name of the file: the column SOURCE says `nsfs` in later versions, and
 * the device's number in 2.38.
 */
export async function askLsfd(): Promise<Reading<readonly LsfdRow[]>> {
  const filter = `(FD >= 0) and (NAME =~ "^(${NS_TYPES.join('|')}):.*")`;
  const text = await ask('lsfd', ['-n', '-r', '-o', 'PID,FD,NAME', '-Q', filter]);
  if (!text.ok) return text;
  return value(
    text.value.split('\n').flatMap((line) => {
      const [, pid, fd, name = ''] = /^\s*(\d+)\s+(\d+)\S*\s+([a-z]+:\[\d+\])$/.exec(line) ?? [];
      return pid === undefined ? [] : [{ pid: Number(pid), fd: Number(fd), name }];
    }),
  );
}

/** runc(8): the containers below one root. */
export async function askRunc(root: string): Promise<Reading<readonly RuncRow[]>> {
  const text = await ask('runc', ['--root', root, 'list', '-f', 'json']);
  if (!text.ok) return text;
  // `null` where there is none.
  const rows = rowsOf(
    value(`{"containers":${text.value.trim().replace(/^null$/, '[]')}}`),
    'containers',
    'runc',
  );
  if (!rows.ok) return rows;
  return value(
    rows.value.map((row) => ({
      id: String(row['id']),
      pid: number(row['pid']) ?? 0,
      status: String(row['status']),
    })),
  );
}
