// A process' numbers in the pid namespaces that it is in (proc_pid_status(5), NSpid), and the process behind a number of another namespace.
import type { HostFs } from '../host/fs.ts';
import { identify } from './process.ts';
import type { ProcessRef } from '../model/types.ts';

/** From the namespace of this /proc inwards; empty where the process has ended. */
export function nspidOf(fs: HostFs, pid: number): readonly number[] {
  const status = fs.readText(`/proc/${pid}/status`);
  const line = status.ok ? /^NSpid:(.*)$/m.exec(status.value)?.[1] : undefined;
  return (line ?? '').trim().split(/\s+/).filter(Boolean).map(Number);
}

/**
 * The process that has the number `inside` in the pid namespace of `holder`, its PID 1; null where there is none. The namespace must be a child of
 * ours, so that its numbers are the second ones.
 */
export function processInside(fs: HostFs, holder: ProcessRef, inside: number): ProcessRef | null {
  const own = nspidOf(fs, holder.pid);
  const names = fs.list('/proc');
  for (const name of names.ok ? names.value : []) {
    if (!/^[1-9]\d*$/.test(name)) continue;
    const pid = Number(name);
    if (nspidOf(fs, pid)[own.length - 1] !== inside || !isBelow(fs, holder, pid)) continue;
    return identify(fs, pid);
  }
  return null;
}

/** Whether the process descends from the holder: everything in its pid namespace does, or has been entered there by nsenter(1). */
function isBelow(fs: HostFs, holder: ProcessRef, pid: number): boolean {
  const seen = new Set<number>();
  for (let at = pid; at > 1 && !seen.has(at); ) {
    if (at === holder.pid) return true;
    seen.add(at);
    const status = fs.readText(`/proc/${at}/status`);
    at = status.ok ? Number(/^PPid:\s*(\d+)$/m.exec(status.value)?.[1] ?? 0) : 0;
  }
  return false;
}
