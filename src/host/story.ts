// Reads what `nscope explain` tells of one process and of its container, on demand and once: its confinement, its groups, config.json, the engine's word.
import { mapReading, type Reading, unread, value } from '../kernel/reading.ts';
import type { ControlText } from '../model/docker-options/option.ts';
import type { StoryFacts } from '../model/explain/facts.ts';
import { processAt } from '../model/find.ts';
import type { CgroupMembership, Container, Process, Snapshot } from '../model/types.ts';
import type { EngineInspect } from '../oci/inspect.ts';
import { readConfinement, readContainerConfig, readLastCapability } from './confinement.ts';
import { engineSockets, inspectContainer } from './engine-api.ts';
import type { HostFs } from './fs.ts';
import { membershipsAt, readGroupFiles, readWholeGroup } from './groups.ts';
import type { Host } from './host.ts';

/**
 * `process`: whom the story is about; null for a container without one. What cannot be read is an Unread in its place; nothing is rejected. The engine
 * is asked (GET alone) where the container is docker's or podman's and the host is live.
 */
export async function readStory(
  host: Host,
  snapshot: Snapshot,
  process: Process | null,
  container: Container | null,
): Promise<StoryFacts> {
  const { fs } = host;
  const init = container?.init ? processAt(snapshot, container.init) : null;
  const groups = (lines: readonly CgroupMembership[]) => readWholeGroup(fs, snapshot.hierarchies, lines);
  const own = process ? linesOf(process) : leftOf(fs, snapshot, container);
  const firsts = init ? linesOf(init) : leftOf(fs, snapshot, container);
  const confinement = process ? readConfinement(fs, process) : null;
  return {
    process,
    container,
    confinement,
    controllers: groups(own),
    lastCapability: readLastCapability(fs),
    bootTime: bootTime(fs),
    config: container ? readContainerConfig(fs, container) : null,
    inspect: container ? await askEngine(host, snapshot, container) : null,
    first: container
      ? {
          confinement: init ? (init.pid === process?.pid ? confinement : readConfinement(fs, init)) : null,
          controllers: groups(firsts),
          files: controlTexts(fs, snapshot, firsts),
        }
      : null,
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

/** The whole texts of the group's control files. v1 and v2 share a few names of files of no controller, which no option of docker sets. */
function controlTexts(
  fs: HostFs,
  snapshot: Snapshot,
  lines: readonly CgroupMembership[],
): Readonly<Record<string, ControlText>> {
  const texts: Record<string, ControlText> = {};
  for (const { version, files } of readGroupFiles(fs, snapshot.hierarchies, lines))
    for (const { name, path, text } of files) if (text) texts[name] ??= { version, path, text };
  return texts;
}

async function askEngine(
  host: Host,
  snapshot: Snapshot,
  container: Container,
): Promise<Reading<EngineInspect>> {
  const asked = `GET /containers/${container.id}/json`;
  if (host.fs.kind === 'recorded') return unread('unsupported', `${asked} (a recorded host)`);
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
