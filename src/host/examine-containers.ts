// Reads what findings ask of a container: what its first process may do, which limits were asked for, whether an engine's socket is in its mounts.
import { mapReading, type Reading, unread, value } from '../kernel/reading.ts';
import { processAt } from '../model/find.ts';
import type { Asked, ContainerFacts, Privileges } from '../model/findings/finding.ts';
import { shimOf } from '../model/findings/shims.ts';
import type { Container, ProcessRef, Snapshot } from '../model/types.ts';
import type { ContainerConfig } from '../model/confinement.ts';
import type { EngineInspect } from '../oci/inspect.ts';
import { readConfinement, readContainerConfig } from './confinement.ts';
import { type KnownSockets, socketsIn } from './examine-sockets.ts';
import type { HostFs } from './fs.ts';

/** runc's and the kernel's own where no period is asked for (sched-bwc.rst). */
const PERIOD = 100_000n;

/** `inspect`: what the engine says of it; null where nobody was asked. */
export function examineContainer(
  fs: HostFs,
  snapshot: Snapshot,
  container: Container,
  inspect: Reading<EngineInspect> | null,
  known: KnownSockets,
): ContainerFacts {
  const init = container.init ? processAt(snapshot, container.init) : null;
  const shim = shimOf(snapshot, container);
  const first = snapshot.processes.find(({ pid }) => pid === 1);
  const engine = shim ?? first;
  const config = inspect?.ok ? null : readContainerConfig(fs, container);
  const gone = unread('gone', `the first process of ${container.id}`);
  const confinement = init ? readConfinement(fs, init) : null;
  return {
    id: container.id,
    privileges: init ? privilegesOf(fs, init) : gone,
    engine: engine ? privilegesOf(fs, engine) : null,
    usernsHost: inspect?.ok === true && inspect.value.hostConfig.usernsMode === 'host',
    asked: inspect?.ok ? value(askedOfEngine(inspect.value)) : mapReading(config ?? gone, askedOfRuntime),
    sockets:
      confinement && init
        ? mapReading(confinement.mounts, (mounts) => socketsIn(fs, init.pid, mounts, known))
        : gone,
  };
}

function privilegesOf(fs: HostFs, of: ProcessRef): Reading<Privileges> {
  return mapReading(readConfinement(fs, of).status, ({ capabilities, seccomp }) => ({
    file: `/proc/${of.pid}/status`,
    capEff: capabilities.effective,
    capBnd: capabilities.bounding,
    seccomp,
  }));
}

/** 0, -1 and null are docker's words for "not asked". */
function askedOfEngine({ id, hostConfig }: EngineInspect): readonly Asked[] {
  const { memory, nanoCpus, cpuQuota, cpuPeriod, pidsLimit } = hostConfig;
  const source = `GET /containers/${id}/json`;
  const asked: Asked[] = [];
  if (memory > 0n) asked.push({ controller: 'memory', value: memory, field: 'HostConfig.Memory', source });
  if (nanoCpus > 0n)
    asked.push({
      controller: 'cpu',
      value: (nanoCpus * PERIOD) / 1_000_000_000n,
      per: PERIOD,
      field: 'HostConfig.NanoCpus',
      source,
    });
  else if (cpuQuota > 0n)
    asked.push({
      controller: 'cpu',
      value: cpuQuota,
      per: cpuPeriod > 0n ? cpuPeriod : PERIOD,
      field: 'HostConfig.CpuQuota',
      source,
    });
  if (pidsLimit !== null && pidsLimit > 0n)
    asked.push({ controller: 'pids', value: pidsLimit, field: 'HostConfig.PidsLimit', source });
  return asked;
}

function askedOfRuntime({ path: source, config }: ContainerConfig): readonly Asked[] {
  const { memory, cpu, pids } = config.resources;
  const asked: Asked[] = [];
  const at = (field: string) => ({ field: `linux.resources.${field}`, source });
  if (memory.limit !== null && memory.limit > 0n)
    asked.push({ controller: 'memory', value: memory.limit, ...at('memory.limit') });
  if (cpu.quota !== null && cpu.quota > 0n)
    asked.push({
      controller: 'cpu',
      value: cpu.quota,
      per: cpu.period !== null && cpu.period > 0n ? cpu.period : PERIOD,
      ...at('cpu.quota'),
    });
  if (pids.limit !== null && pids.limit > 0n)
    asked.push({ controller: 'pids', value: pids.limit, ...at('pids.limit') });
  return asked;
}
