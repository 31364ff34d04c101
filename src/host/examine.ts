// All that findings need beside a snapshot, read at once: groups and their ancestors, containers, shims, what engines know, facts of the host.
import { value } from '../kernel/reading.ts';
import { processAt } from '../model/find.ts';
import type { EndedContainer, Examined } from '../model/findings/finding.ts';
import type { Container, Snapshot } from '../model/types.ts';
import type { EngineInspect } from '../oci/inspect.ts';
import { engineSockets, inspectContainer, inspectEnded } from './engine-api.ts';
import { examineContainer } from './examine-containers.ts';
import { examineGroups } from './examine-groups.ts';
import { examineHost } from './examine-host.ts';
import { recordedEnded, recordedInspect, recordedInspects } from './engine-text.ts';
import { examineShims } from './examine-shims.ts';
import { knownSockets } from './examine-sockets.ts';
import type { Host } from './host.ts';

/**
 * Reads the host as `snapshot` found it. Engines are asked where the host is live; a recording holds what they said, if they were asked.
 * `paths`: groups to look at, with all below them, though nobody may be in them. Never throws on what the kernel or an engine refuses.
 */
export async function examine(
  host: Pick<Host, 'fs'>,
  snapshot: Snapshot,
  options: { readonly paths?: readonly string[] } = {},
): Promise<Examined> {
  const { fs } = host;
  const live = fs.kind === 'live';
  const sockets = live ? engineSockets(fs, snapshot.processes, snapshot.self) : [];
  const shims = examineShims(fs, snapshot);
  // A socket of a daemon in another mount namespace is reached through the shim's root.
  const addresses = shims.map(({ shim, address }) => `/proc/${shim.pid}/root${address}`);
  const known = knownSockets(fs, snapshot, addresses);
  const ended = live ? await inspectEnded(sockets) : [value(recordedEnded(fs))];
  const inspectOf = async ({ engine, id }: Container) => {
    if (engine !== 'docker' && engine !== 'podman') return null;
    return live ? inspectContainer(sockets, id) : recordedInspect(fs, id);
  };
  const containers = await Promise.all(
    snapshot.containers
      .filter(({ init }) => init !== null && processAt(snapshot, init) !== null)
      .map(async (container) => {
        return examineContainer(fs, snapshot, container, await inspectOf(container), known);
      }),
  );
  return {
    groups: examineGroups(fs, snapshot, options.paths),
    containers,
    shims,
    ended: ended.flatMap((answer) => (answer.ok ? answer.value.map(endedOf) : [])),
    engineAnswered: live
      ? ended.some(({ ok }) => ok) || (sockets.length === 0 && snapshot.containers.length === 0)
      : recordedInspects(fs).length > 0 || snapshot.containers.length === 0,
    host: examineHost(fs, snapshot),
  };
}

function endedOf({
  id,
  name,
  state,
  hostConfig,
  socket,
}: EngineInspect & { socket: string }): EndedContainer {
  return {
    id,
    name: name === '' ? null : name,
    socket,
    oomKilled: state.oomKilled,
    exitCode: state.exitCode ?? 0,
    memory: hostConfig.memory > 0n ? hostConfig.memory : null,
  };
}
