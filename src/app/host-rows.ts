// Rows of all processes of a host by their parents, and the way down to one of them. Pure.
import { childrenOf, processByPid } from '../model/find.ts';
import { hostNamespaces } from '../model/hostview.ts';
import type { Process, Snapshot } from '../model/types.ts';
import { edge, under } from '../text/branches.ts';
import { DEEPEST, processRow, type TreeRow } from './tree-row.ts';

/** Every process but the kernel's threads, children below their parents. */
export function hostRows(snapshot: Snapshot): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  const host = hostNamespaces(snapshot);
  const walk = (siblings: readonly Process[], indent: string): void => {
    if (indent.length > DEEPEST) return;
    const [inner, outer] = [indent + edge(false, false), indent + edge(true, false)];
    for (const [at, process] of siblings.entries()) {
      const last = at === siblings.length - 1;
      rows.push(processRow(process, last ? outer : inner, host));
      const below = childrenOf(snapshot, process.pid);
      if (below.length > 0) walk(below.filter(isOfUsers), indent + under(last));
    }
  };
  // Parents out of sight (pid 0, another pid namespace, the kernel's threads) count as one.
  walk(
    snapshot.processes.filter((process) => isOfUsers(process) && isTop(snapshot, process)),
    '',
  );
  return rows;
}

function isOfUsers(process: Process): boolean {
  return !process.kernelThread;
}

function isTop(snapshot: Snapshot, process: Process): boolean {
  const parent = processByPid(snapshot, process.ppid);
  return parent === null || parent.kernelThread;
}

/** The process below all that led to it. */
export function wayRows(snapshot: Snapshot, process: Process): readonly TreeRow[] {
  const host = hostNamespaces(snapshot);
  return ancestors(snapshot, process).map((one, depth) => processRow(one, `${'   '.repeat(depth)}└─ `, host));
}

/** From the first process down to this one. */
function ancestors(snapshot: Snapshot, process: Process): readonly Process[] {
  const chain: Process[] = [];
  let at: Process | null = process;
  while (at && !chain.includes(at)) {
    chain.unshift(at);
    at = processByPid(snapshot, at.ppid);
  }
  return chain;
}
