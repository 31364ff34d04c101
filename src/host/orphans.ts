// Makes this program the one that the kernel gives orphans to, and lists what descends from it. Ends nothing.
import { parseStat } from '../kernel/proc/stat.ts';
import { ParseError } from '../text/errors.ts';
import type { HostFs } from './fs.ts';
import { libc } from './libc.ts';

/** PR_SET_CHILD_SUBREAPER(2const), and WNOHANG of wait(2). */
const PR_SET_CHILD_SUBREAPER = 36;
const WNOHANG = 1;

/**
 * From now on a descendant whose parent ends becomes a child of this program and not of PID 1, so that none is lost from sight.
 * False where koffi does not load or the kernel refuses.
 */
export function adoptOrphans(): boolean {
  const prctl = libc('int prctl(int option, ulong a, ulong b, ulong c, ulong d)');
  return prctl !== null && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) === 0;
}

/** Takes the exit status of an orphan that has ended. Never of a child that Node itself has started: Node waits for those. */
export function reapOrphan(pid: number): void {
  libc('int waitpid(int pid, void *status, int options)')?.(pid, null, WNOHANG);
}

export interface Descendant {
  readonly pid: number;
  readonly starttime: number;
  /** Sanitised. */
  readonly comm: string;
}

/** The living descendants of this program, by pid; zombies are none. */
export function descendants(fs: HostFs, of = process.pid): readonly Descendant[] {
  const names = fs.list('/proc');
  const all = (names.ok ? names.value : []).flatMap((name) => {
    if (!/^[1-9]\d*$/.test(name)) return [];
    const path = `/proc/${name}/stat`;
    const text = fs.readText(path);
    if (!text.ok) return [];
    try {
      return [parseStat(text.value, path)];
    } catch (error) {
      // A read that met the process' end can be empty.
      if (error instanceof ParseError) return [];
      throw error;
    }
  });
  const parents = new Map(all.map(({ pid, ppid }) => [pid, ppid]));
  const descends = (pid: number): boolean => {
    const seen = new Set<number>();
    for (let at = parents.get(pid) ?? 0; at > 0 && !seen.has(at); at = parents.get(at) ?? 0) {
      if (at === of) return true;
      seen.add(at);
    }
    return false;
  };
  return all
    .filter(({ pid, state }) => state !== 'Z' && state !== 'X' && descends(pid))
    .map(({ pid, starttime, comm }) => ({ pid, starttime, comm }))
    .sort((a, b) => a.pid - b.pid);
}
