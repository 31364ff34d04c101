// Which groups a process or a container is in, which groups lie above one, and who suffers from what is set in one. Reads nothing.
import { controlFile, V1_CONTROLLER } from '../../kernel/cgroup/files.ts';
import type { Reading } from '../../kernel/reading.ts';
import { containerOf, processAt, processByPid } from '../find.ts';
import { shellWord } from '../holders.ts';
import type { Container, Process, Quantity, Snapshot } from '../types.ts';
import { containerSubject, type Evidence, type Examined, type GroupFacts, type Subject } from './finding.ts';

const indexes = new WeakMap<Examined, ReadonlyMap<string, GroupFacts>>();

/** The group of this controller at this path; null where it was not read. */
export function groupAt(examined: Examined, controller: string, path: string): GroupFacts | null {
  let index = indexes.get(examined);
  if (!index) {
    index = new Map(examined.groups.map((group) => [`${group.controller} ${group.path}`, group]));
    indexes.set(examined, index);
  }
  return index.get(`${controller} ${path}`) ?? null;
}

export function groupsOf(examined: Examined, controller: string): readonly GroupFacts[] {
  return examined.groups.filter((group) => group.controller === controller);
}

/** True for the path itself and those below it. */
export function isWithin(path: string, top: string): boolean {
  return path === top || path.startsWith(top === '/' ? '/' : `${top}/`);
}

/** The path and those above it, upwards. */
export function upwards(path: string): readonly string[] {
  const paths = [path];
  for (let at = path; at !== '/' && at !== ''; ) {
    at = at.slice(0, at.lastIndexOf('/')) || '/';
    paths.push(at);
  }
  return paths;
}

/** The group and its ancestors as far as they were read, from the group upwards. */
export function chainOf(examined: Examined, { controller, path }: GroupFacts): readonly GroupFacts[] {
  return upwards(path).flatMap((at) => groupAt(examined, controller, at) ?? []);
}

/** A value that could be read and is a number; null for anything else, `max` too. */
export function numberOf(reading: Reading<Quantity> | undefined): bigint | null {
  return reading?.ok && reading.value !== 'max' ? reading.value : null;
}

/** Where a controller holds a process: in its v1 hierarchy where it has one, else in the v2 tree. null where it is told by neither. */
export function pathOf(snapshot: Snapshot, process: Process, controller: string): string | null {
  if (!process.cgroups.ok) return null;
  const v1 = V1_CONTROLLER[controller] ?? controller;
  const line = process.cgroups.value.find(({ controllers }) => controllers.includes(v1));
  if (line) return line.path;
  const unified = snapshot.hierarchies.find(({ version }) => version === 2);
  // cgroup.freeze is a file of every v2 group; no line of cgroup.controllers names it.
  if (!unified?.controllers.includes(controller) && controller !== 'freezer') return null;
  return process.cgroups.value.find(({ hierarchy }) => hierarchy === 0)?.path ?? null;
}

/** The container's own group in the hierarchy of a controller; null where it is told by nobody. */
export function containerPath(snapshot: Snapshot, container: Container, controller: string): string | null {
  if (container.cgroupPath !== null) return container.cgroupPath;
  const init =
    (container.init ? processAt(snapshot, container.init) : null) ??
    processByPid(snapshot, container.pids[0] ?? -1);
  return init ? pathOf(snapshot, init, controller) : null;
}

/** The container that a group belongs to: the innermost one whose own group it is or lies in. */
export function containerAt(snapshot: Snapshot, path: string): Container | null {
  const owners = snapshot.containers.filter(
    ({ cgroupPath }) => cgroupPath !== null && cgroupPath !== '/' && isWithin(path, cgroupPath),
  );
  return owners.sort((a, b) => (b.cgroupPath ?? '').length - (a.cgroupPath ?? '').length)[0] ?? null;
}

export interface Sufferer {
  readonly subject: Subject;
  /** What is set is set in its own group or below; else in an ancestor's. */
  readonly own: boolean;
  readonly pids: readonly number[];
}

/**
 * Whom a setting of the group at `path` reaches: the container that the group is of, or each container below it, and the group itself where it
 * has other processes too, or none that a container has.
 */
export function sufferersOf(snapshot: Snapshot, controller: string, path: string): readonly Sufferer[] {
  const inside = snapshot.processes.filter((process) => {
    const at = pathOf(snapshot, process, controller);
    return at !== null && isWithin(at, path);
  });
  const owner = containerAt(snapshot, path);
  if (owner) return [{ subject: containerSubject(owner), own: true, pids: inside.map(({ pid }) => pid) }];
  const below = snapshot.containers.filter((container) => {
    const at = containerPath(snapshot, container, controller);
    return at !== null && isWithin(at, path);
  });
  const others = inside.filter(({ pid }) => containerOf(snapshot, pid) === null);
  return [
    ...below.map((container) => ({
      subject: containerSubject(container),
      own: false,
      pids: [...container.pids],
    })),
    ...(others.length > 0 || below.length === 0
      ? [
          {
            subject: { kind: 'cgroup', path } as const,
            own: true,
            pids: others.map(({ pid }) => pid),
          },
        ]
      : []),
  ];
}

/** The file of a value, with the key or the word behind it where it holds more than one, and what it says. */
export function evidenceOf(group: GroupFacts, key: string): Evidence {
  const row = controlFile(group.controller, key);
  const field = group.version === 1 ? row?.v1 : row?.v2;
  const word = field?.field ?? (field?.index === undefined ? '' : key);
  const reading = group.values[key];
  return {
    file: `${group.directory}/${field?.file ?? key}${word === '' ? '' : ` ${word}`}`,
    value: !reading ? '?' : reading.ok ? String(reading.value) : reading.why,
  };
}

/** The evidence of those keys that the group has a value of. */
export function evidenceOfAll(group: GroupFacts, keys: readonly string[]): readonly Evidence[] {
  return keys.filter((key) => group.values[key]?.ok).map((key) => evidenceOf(group, key));
}

/** The shell line that prints these files of a group, each once. */
export function catOf(group: GroupFacts, keys: readonly string[]): string {
  const files = keys.flatMap((key) => {
    const row = controlFile(group.controller, key);
    const field = group.version === 1 ? row?.v1 : row?.v2;
    return field && group.values[key]?.ok ? [`${group.directory}/${field.file}`] : [];
  });
  return `grep -H . ${[...new Set(files)].map(shellWord).join(' ')}`;
}
