// Reads what `nscope explain` tells of one process and of its container, on demand and once: its confinement, its groups, config.json, the engine's word.
import { CONTROL_FILES } from '../kernel/cgroup/files.ts';
import { mapReading, type Reading, unread, value } from '../kernel/reading.ts';
import { sysctlPaths } from '../model/docker-options/within.ts';
import type { ControlText, InsideValues } from '../model/docker-options/option.ts';
import type { StoryFacts } from '../model/explain/facts.ts';
import { processAt } from '../model/find.ts';
import type { CgroupMembership, Container, ControllerState, Process, Snapshot } from '../model/types.ts';
import type { EngineInspect } from '../oci/inspect.ts';
import { readConfinement, readContainerConfig, readLastCapability } from './confinement.ts';
import { engineSockets, inspectContainer } from './engine-api.ts';
import type { HostFs } from './fs.ts';
import { recordedInspect } from './engine-text.ts';
import { membershipsAt, readWholeGroup } from './groups.ts';
import { readInside } from './inside.ts';
import type { Host } from './host.ts';
import { userNames } from './users.ts';

/**
 * `process`: whom the story is about; null for a container without one. What cannot be read is an Unread in its place; nothing is rejected. The engine
 * is asked (GET alone) where the container is docker's or podman's and the host is live.
 */
export async function readStory(
  host: Host,
  snapshot: Snapshot,
  process: Process | null,
  container: Container | null,
  ask: typeof askEngine = askEngine,
): Promise<StoryFacts> {
  const { fs } = host;
  const init = container?.init ? processAt(snapshot, container.init) : null;
  const groups = (lines: readonly CgroupMembership[]) => readWholeGroup(fs, snapshot.hierarchies, lines);
  const controllers = groups(process ? linesOf(process) : leftOf(fs, snapshot, container));
  // An exec session may have been moved to a group of its own.
  const firsts =
    init?.pid === process?.pid ? controllers : groups(init ? linesOf(init) : leftOf(fs, snapshot, container));
  const confinement = process ? readConfinement(fs, process) : null;
  const config = container ? readContainerConfig(fs, container) : null;
  const inspect = container ? await ask(host, snapshot, container) : null;
  const paths = sysctlPaths(inspect?.ok ? inspect.value : null, config?.ok ? config.value.config : null);
  return {
    process,
    container,
    confinement,
    controllers,
    ...readWith(fs, process),
    config,
    inspect,
    first: container
      ? {
          confinement: init ? (init.pid === process?.pid ? confinement : readConfinement(fs, init)) : null,
          controllers: firsts,
          files: dockerFiles(fs, firsts),
          inside: init ? await readInside(fs, init, paths) : {},
        }
      : null,
  };
}

/** What a pane shows of one process, read again and again: no engine is asked, no namespace is entered, no control file is read. */
export function readProcessStory(fs: HostFs, process: Process, container: Container | null): StoryFacts {
  return {
    process,
    container,
    confinement: readConfinement(fs, process),
    controllers: [],
    ...readWith(fs, process),
    config: null,
    inspect: null,
    first: null,
  };
}

/** What the numbers of a process are to be read with. */
function readWith(
  fs: HostFs,
  process: Process | null,
): Pick<StoryFacts, 'userName' | 'lastCapability' | 'bootTime'> {
  const uid = process?.uid.ok ? process.uid.value : null;
  return {
    userName: (uid === null ? null : userNames(fs).get(uid)) ?? null,
    lastCapability: readLastCapability(fs),
    bootTime: bootTime(fs),
  };
}

function linesOf(process: Process): readonly CgroupMembership[] {
  return process.cgroups.ok ? process.cgroups.value : [];
}

/** The groups of a container that has no process any more. */
function leftOf(fs: HostFs, snapshot: Snapshot, container: Container | null): readonly CgroupMembership[] {
  const path = container?.cgroupPath ?? null;
  return path === null ? [] : membershipsAt(fs, snapshot.hierarchies, path);
}

/** The whole texts of those control files that an option of docker sets, by name: none is in two controllers. */
function dockerFiles(
  fs: HostFs,
  controllers: readonly ControllerState[],
): Readonly<Record<string, ControlText>> {
  const texts: Record<string, ControlText> = {};
  for (const { name, version, directory } of controllers) {
    if (version === null || !directory.ok) continue;
    for (const row of CONTROL_FILES) {
      const file = (version === 1 ? row.v1 : row.v2)?.file;
      if (row.controller !== name || row.docker === undefined || file === undefined) continue;
      const path = `${directory.value}/${file}`;
      const text = texts[file] ? null : fs.readText(path);
      if (text && (text.ok || text.why !== 'gone')) texts[file] = { version, path, text };
    }
  }
  return texts;
}

async function askEngine(
  host: Host,
  snapshot: Snapshot,
  container: Container,
): Promise<Reading<EngineInspect>> {
  if (host.fs.kind === 'recorded') return recordedInspect(host.fs, container.id);
  const sockets = engineSockets(host.fs, snapshot.processes, snapshot.self).filter(
    ({ engine }) => engine === container.engine,
  );
  return inspectContainer(sockets, container.id);
}

/** proc_stat(5). */
function bootTime(fs: HostFs): Reading<number> {
  const text = fs.readText('/proc/stat');
  if (!text.ok) return text;
  const seconds = /^btime (\d{1,15})$/m.exec(text.value)?.[1];
  return seconds === undefined ? unread('unsupported', '/proc/stat') : mapReading(value(seconds), Number);
}

/**
 * Has the files of every container's processes looked at, for a recording that keeps what it is asked: what `readStory` reads, with `ask` for the engine's
 * word. Resolves to what no file tells: by first process what stands within its namespaces.
 */
export async function lookAtContainers(
  host: Host,
  snapshot: Snapshot,
  ask: typeof askEngine,
): Promise<ReadonlyMap<number, InsideValues>> {
  const inside = new Map<number, InsideValues>();
  for (const container of snapshot.containers) {
    const members = snapshot.processes.filter(({ pid }) => container.pids.includes(pid));
    if (members.length === 0) readContainerConfig(host.fs, container);
    for (const process of members) {
      const story = await readStory(host, snapshot, process, container, ask);
      if (container.init && story.first) inside.set(container.init.pid, story.first.inside);
    }
  }
  return inside;
}
