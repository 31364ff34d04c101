// Finds engines' sockets in a container's mounts: a socket that was mounted, and a directory that was mounted and holds one. Connects to nobody.
import type { Mount } from '../kernel/proc/mountinfo.ts';
import type { Snapshot } from '../model/types.ts';
import { engineSockets } from './engine-api.ts';
import type { HostFs } from './fs.ts';

const NAME = /\/(?:docker|containerd|podman|crio|cri-dockerd)\.sock$/;

/** Where an engine's socket lies below a directory that is likely to be mounted: itself, /run, or the whole host. */
const BELOW = ['', '/run'].flatMap((top) =>
  ['docker.sock', 'containerd/containerd.sock', 'podman/podman.sock', 'crio/crio.sock'].map(
    (name) => `${top}/${name}`,
  ),
);

/** The kernel’s own, which hold no socket of an engine, and those behind which a dead server could keep us waiting. */
const SKIPPED =
  /^(?:proc|sysfs|cgroup2?|devpts|mqueue|nsfs|debugfs|tracefs|securityfs|bpf|pstore|fuse.*|nfs4?|cifs|smb3|9p|ceph|autofs)$/;

/** Identity of each engine's socket to the path by which we reach it. */
export type KnownSockets = ReadonlyMap<string, string>;

export function knownSockets(fs: HostFs, snapshot: Snapshot, addresses: readonly string[]): KnownSockets {
  const paths = [
    ...BELOW.filter((path) => path.startsWith('/run/')),
    ...addresses,
    ...engineSockets(fs, snapshot.processes, snapshot.self).map(({ path }) => path),
  ];
  return new Map(
    paths.flatMap((path) => {
      const id = identityOf(fs, path);
      return id === null ? [] : [[id, path] as const];
    }),
  );
}

/** A recording that does not hold an identity has 0 for it. */
function identityOf(fs: HostFs, path: string): string | null {
  const stat = fs.stat(path);
  return stat.ok && stat.value.ino !== 0 ? `${stat.value.dev}:${stat.value.ino}` : null;
}

/** `pid`: the container's first process, whose mounts these are. Each socket once, as the container sees it. */
export function socketsIn(
  fs: HostFs,
  pid: number,
  mounts: readonly Mount[],
  known: KnownSockets,
): readonly { readonly mountPoint: string; readonly source: string }[] {
  const found = new Map<string, { mountPoint: string; source: string }>();
  for (const mount of mounts) {
    if (SKIPPED.test(mount.fstype)) continue;
    // Also one whose engine has made its socket anew since: what is mounted is then dead, until the next start.
    if (NAME.test(mount.root) || NAME.test(mount.mountPoint))
      found.set(mount.mountPoint, { mountPoint: mount.mountPoint, source: mount.root });
    for (const below of ['', ...BELOW]) {
      const path = `${mount.mountPoint === '/' ? '' : mount.mountPoint}${below}`;
      const source = path === '' ? undefined : sourceOf(fs, pid, path, known);
      if (source !== undefined && !found.has(path)) found.set(path, { mountPoint: path, source });
    }
  }
  return [...found.values()].sort((a, b) => (a.mountPoint < b.mountPoint ? -1 : 1));
}

/** An absolute link on the way would be followed from our own root (proc_pid_root(5)), and lead to the host's own socket: there must be none. */
function sourceOf(fs: HostFs, pid: number, path: string, known: KnownSockets): string | undefined {
  const root = `/proc/${pid}/root`;
  const id = identityOf(fs, `${root}${path}`);
  const source = id === null ? undefined : known.get(id);
  if (source === undefined) return undefined;
  const steps = path.split('/').slice(1);
  const hasLink = steps.some((_, at) => fs.readLink(`${root}/${steps.slice(0, at + 1).join('/')}`).ok);
  return hasLink ? undefined : source;
}
