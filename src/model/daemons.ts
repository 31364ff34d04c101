// Which daemon is in charge of what: containerd of a shim, dockerd of a containerd, and whether a container's daemon is alive. Reads nothing.
import { engineRole, optionOf } from './engine-role.ts';
import { processAt, processByPid } from './find.ts';
import { hidingOptions } from './hidden.ts';
import type { Container, Process, ProcessRef, Snapshot } from './types.ts';

export type Edge = 'ppid' | 'logical';

function directoryOf(path: string): string {
  return path.replace(/^unix:\/\//, '').replace(/\/[^/]*$/, '');
}

/** Where a containerd has its socket: dockerd's own has its config beside it; without options it is /run/containerd. */
function socketDirectory(containerd: Process): string {
  const address = optionOf(containerd, '--address', '-a');
  const config = optionOf(containerd, '--config', '-c');
  if (address !== null) return directoryOf(address);
  if (config !== null && !config.startsWith('/etc/')) return directoryOf(config);
  return '/run/containerd';
}

/** The same directory has two names on hosts where /var/run is a link. */
function sameDirectory(a: string, b: string): boolean {
  const plain = (path: string) => path.replace(/^\/var\/run\//, '/run/');
  return plain(a) === plain(b);
}

/** Two daemons with one socket path are told apart by their pid namespaces. */
function inReach(a: Process, b: Process): boolean {
  return !a.ns.pid.ok || !b.ns.pid.ok || a.ns.pid.value === b.ns.pid.value;
}

export interface Links {
  /** pid of a node to the pid of the node above it. */
  readonly above: ReadonlyMap<number, { readonly pid: number; readonly edge: Edge }>;
  readonly below: ReadonlyMap<number, readonly Process[]>;
  /** The daemons and shims themselves. */
  readonly daemons: readonly Process[];
}

const links = new WeakMap<Snapshot, Links>();

/** Every dockerd, containerd, crio and process that watches a container, and which of them is in charge of which. */
export function daemonLinks(snapshot: Snapshot): Links {
  const known = links.get(snapshot);
  if (known) return known;
  const made = linkDaemons(snapshot);
  links.set(snapshot, made);
  return made;
}

function linkDaemons(snapshot: Snapshot): Links {
  const watching = new Set(snapshot.containers.map(({ shim }) => shim?.pid));
  const roleOf = (process: Process) => (watching.has(process.pid) ? 'shim' : engineRole(process));
  // A name alone makes no shim.
  const daemons = snapshot.processes.filter((process) => {
    const role = roleOf(process);
    return role !== null && (role !== 'shim' || watching.has(process.pid));
  });
  const containerds = daemons.filter((process) => roleOf(process) === 'containerd');
  const dockerds = daemons.filter((process) => roleOf(process) === 'dockerd');
  const above = new Map<number, { pid: number; edge: Edge }>();
  const put = (process: Process, owner: Process | undefined) => {
    if (owner)
      above.set(process.pid, { pid: owner.pid, edge: owner.pid === process.ppid ? 'ppid' : 'logical' });
  };
  for (const containerd of containerds) {
    const parent = dockerds.find((dockerd) => dockerd.pid === containerd.ppid);
    put(containerd, parent ?? dockerds.find((dockerd) => isUserOf(dockerd, containerd)));
  }
  for (const shim of daemons.filter((process) => roleOf(process) === 'shim')) {
    const container = snapshot.containers.find((one) => one.shim?.pid === shim.pid);
    put(shim, container?.engine === 'crio' ? crioOf(daemons, shim) : containerdOf(containerds, shim));
  }
  const below = new Map<number, Process[]>();
  for (const daemon of daemons) {
    const up = above.get(daemon.pid);
    if (up) below.set(up.pid, [...(below.get(up.pid) ?? []), daemon]);
  }
  return { above, below, daemons };
}

function isUserOf(dockerd: Process, containerd: Process): boolean {
  const address = optionOf(dockerd, '--containerd');
  return (
    address !== null &&
    inReach(dockerd, containerd) &&
    sameDirectory(directoryOf(address), socketDirectory(containerd))
  );
}

function containerdOf(containerds: readonly Process[], shim: Process): Process | undefined {
  const address = optionOf(shim, '-address', '--address');
  return containerds.find(
    (containerd) =>
      containerd.pid === shim.ppid ||
      (address !== null &&
        inReach(containerd, shim) &&
        sameDirectory(directoryOf(address), socketDirectory(containerd))),
  );
}

function crioOf(daemons: readonly Process[], conmon: Process): Process | undefined {
  return daemons.find((process) => process.comm === 'crio' && inReach(process, conmon));
}

/**
 * `alive` with the process; `dead`: the engine has a daemon and none is there; `none`: containers of this engine need none (podman is started
 * when its socket is asked; LXC, nspawn, runc and crun have none); `unknown`: other users' processes are hidden from us, or we run inside a container.
 */
export interface Daemon {
  readonly state: 'alive' | 'dead' | 'none' | 'unknown';
  readonly process: ProcessRef | null;
}

/** The daemon that is in charge of a container. */
export function daemonOf(snapshot: Snapshot, container: Container): Daemon {
  const process = findDaemon(snapshot, container);
  if (process === 'none') return { state: 'none', process: null };
  if (process) return { state: 'alive', process: { pid: process.pid, starttime: process.starttime } };
  const hidden = hidingOptions(snapshot).length > 0 || snapshot.coverage.insideContainer;
  return { state: hidden ? 'unknown' : 'dead', process: null };
}

function findDaemon(snapshot: Snapshot, container: Container): Process | null | 'none' {
  const { above, daemons } = daemonLinks(snapshot);
  const shim = container.shim ? processAt(snapshot, container.shim) : null;
  const of = (process: Process | null): Process | null =>
    process ? processByPid(snapshot, above.get(process.pid)?.pid ?? -1) : null;
  switch (container.engine) {
    case 'docker': {
      const containerd = of(shim);
      const dockerd = of(containerd);
      if (dockerd) return dockerd;
      return (
        daemons.find((process) => process.comm === 'dockerd' && servesShim(process, shim, container)) ?? null
      );
    }
    case 'containerd':
    case 'kubernetes':
      return shim ? of(shim) : (daemons.find(({ comm }) => comm === 'containerd') ?? null);
    case 'crio':
      return shim ? of(shim) : (daemons.find(({ comm }) => comm === 'crio') ?? null);
    default:
      return 'none';
  }
}

/** With its containerd dead, a dockerd is known by the address that the shim was given: --containerd's, or below its --exec-root. */
function servesShim(dockerd: Process, shim: Process | null, { user }: Container): boolean {
  const address = shim ? optionOf(shim, '-address', '--address') : null;
  if (!shim || address === null) return !dockerd.uid.ok || user === null || dockerd.uid.value === user;
  if (!inReach(dockerd, shim)) return false;
  const given = optionOf(dockerd, '--containerd');
  const execRoot = optionOf(dockerd, '--exec-root') ?? '/run/docker';
  const places = given === null ? ['/run/containerd', `${execRoot}/containerd`] : [directoryOf(given)];
  return places.some((place) => sameDirectory(place, directoryOf(address)));
}
