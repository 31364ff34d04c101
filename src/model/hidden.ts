// Whether the options of /proc hide processes from this reader (proc(5), hidepid). Reads nothing.
import { processByPid } from './find.ts';
import type { Snapshot } from './types.ts';

/**
 * The options by which processes may be hidden: none without hidepid, and none for who may trace everybody (PTRACE_MODE_READ_FSCREDS, which is asked
 * for the links of /proc/PID/ns too): root outside of containers who has read pid 1's links.
 */
export function hidingOptions(snapshot: Snapshot): readonly string[] {
  const options = snapshot.coverage.procOptions.filter((option) => /^(?:hidepid|gid)=/.test(option));
  const hides = options.some((option) => /^hidepid=(?!0$|off$)/.test(option));
  return hides && !seesAll(snapshot) ? options : [];
}

function seesAll(snapshot: Snapshot): boolean {
  const { coverage, host } = snapshot;
  if (host.uid !== 0 || coverage.insideContainer) return false;
  return processByPid(snapshot, 1)?.ns.user.ok === true;
}

/** subset=pid: /proc holds processes alone. */
export function subsetOptions({ coverage }: Pick<Snapshot, 'coverage'>): readonly string[] {
  return coverage.procOptions.filter((option) => option.startsWith('subset='));
}
