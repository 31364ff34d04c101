// What the uts, net and ipc namespaces of a process hold that no file outside of them tells: files of /proc/sys. On a live host nsenter(1), a child, enters
// and reads them; a recording has them. Writes nothing, and this program stays where it is.
import { type Reading, unread, value } from '../kernel/reading.ts';
import { parseStat } from '../kernel/proc/stat.ts';
import type { InsideValues } from '../model/docker-options/option.ts';
import type { Process } from '../model/types.ts';
import { ParseError } from '../text/errors.ts';
import type { HostFs } from './fs.ts';

/** Where a recording keeps them; no such file exists on a live host. */
export function insideFile(pid: number, path: string): string {
  return `/nscope/inside/${pid}${path}`;
}

const TIMEOUT_MS = 5_000;

/** `paths`: below /proc/sys. What could not be read is an Unread for each; those of a process that has ended are gone. Never rejects. */
export async function readInside(fs: HostFs, of: Process, paths: readonly string[]): Promise<InsideValues> {
  if (paths.length === 0) return {};
  if (fs.kind === 'recorded')
    return valuesOf(paths, (path) => {
      const text = fs.readText(insideFile(of.pid, path));
      return text.ok ? value(text.value.replace(/\n$/, '')) : unread('gone', insideFile(of.pid, path));
    });
  const { run } = await import('./exec.ts');
  const enter = ['-t', String(of.pid), '-u', '-n', '-i', '--'];
  const { stdout, exitCode } = await run('nsenter', [...enter, 'grep', '-s', '-H', '', ...paths], {
    timeoutMs: TIMEOUT_MS,
  });
  // The pid is another's if it has ended meanwhile: what was read then is too.
  if (!isStill(fs, of)) return valuesOf(paths, (path) => unread('gone', path));
  const found = new Map(
    stdout.split('\n').flatMap((line) => {
      const [, path, text] = /^(\/proc\/sys\/[^:]+):(.*)$/.exec(line) ?? [];
      return path === undefined || text === undefined ? [] : [[path, text] as const];
    }),
  );
  const why = exitCode === 127 ? 'unsupported' : found.size === 0 ? 'denied' : 'gone';
  return valuesOf(paths, (path) => {
    const text = found.get(path);
    return text === undefined ? unread(why, why === 'denied' ? `/proc/${of.pid}/ns` : path) : value(text);
  });
}

function valuesOf(paths: readonly string[], of: (path: string) => Reading<string>): InsideValues {
  return Object.fromEntries(paths.map((path) => [path, of(path)]));
}

function isStill(fs: HostFs, { pid, starttime }: Process): boolean {
  const path = `/proc/${pid}/stat`;
  const text = fs.readText(path);
  try {
    return text.ok && parseStat(text.value, path).starttime === starttime;
  } catch (error) {
    if (error instanceof ParseError) return false;
    throw error;
  }
}
