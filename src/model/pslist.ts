// The rows of `nscope ps`: a process with its pid outside and inside, its container, what it does not share with the host, its group. Reads nothing.
import type { NsType } from '../kernel/namespaces.ts';
import { mapReading, type Reading } from '../kernel/reading.ts';
import { containerOf } from './find.ts';
import { insidePid } from './inside.ts';
import { compareLinks } from './links.ts';
import { commandOf, containerLabel } from './tree.ts';
import type { Container, Process, Snapshot } from './types.ts';

export interface PsRow {
  readonly process: Process;
  /** In the innermost pid namespace. */
  readonly insidePid: Reading<number>;
  /** Name or short id; null for a process of the host. */
  readonly container: string | null;
  /** Types in which it is known not to share the host's namespace. */
  readonly namespaces: readonly NsType[];
  /** Types of which that is not known, as a link was refused. */
  readonly unknown: readonly NsType[];
  /** The path that tells most of the process, not sanitised, not cut. */
  readonly cgroup: Reading<string>;
  readonly command: string;
}

export function psRow(snapshot: Snapshot, process: Process): PsRow {
  const container = containerOf(snapshot, process.pid);
  const links = compareLinks(snapshot, process);
  const typesThat = (relation: 'own' | 'unknown') =>
    links.flatMap((row) => (row.relation === relation ? [row.type] : []));
  return {
    process,
    insidePid: insidePid(process),
    container: container ? containerLabel(container) : null,
    namespaces: typesThat('own'),
    unknown: typesThat('unknown'),
    cgroup: cgroupOf(process, container),
    command: commandOf(process),
  };
}

/**
 * Of the paths of all hierarchies one: that of its container, else of the v2 tree, else of systemd's hierarchy, else the first; a hierarchy
 * in which the process is at the root says nothing where another does.
 */
function cgroupOf(process: Process, container: Container | null): Reading<string> {
  return mapReading(process.cgroups, (lines) => {
    const group = container?.cgroupPath ?? null;
    const own = group === null ? undefined : lines.find(({ path }) => path.startsWith(group));
    const ranked = [
      own,
      lines.find(({ hierarchy }) => hierarchy === 0),
      lines.find(({ controllers }) => controllers.includes('name=systemd')),
      ...lines,
    ].flatMap((line) => (line ? [line.path] : []));
    return ranked.find((path) => path !== '/') ?? ranked[0] ?? '/';
  });
}

/** A path with the ids of containers cut to twelve characters, as docker cuts them. */
export function shortPath(path: string): string {
  return path.replace(/(?<![0-9a-f])([0-9a-f]{12})[0-9a-f]{52}(?![0-9a-f])/g, '$1');
}
