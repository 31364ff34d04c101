// Where low-level runtimes keep the states of their containers: the default roots, users', engines', and those that living shims were given.
// Lists directories; reads no state.
import type { Engine } from '../model/types.ts';
import type { HostFs } from './fs.ts';

/** Users who are logged in have a directory here (pam_systemd(8), XDG_RUNTIME_DIR): rootless runtimes keep their states in it. */
const USERS = '/run/user';

/** Below these stands one root for each of containerd's namespaces. */
const BY_NAMESPACE: readonly string[] = ['/run/containerd/runc', '/run/docker/runtime-runc'];

export interface RuntimeRoot {
  /** Each container has a directory right below, with runc's state.json or crun's status. */
  readonly directory: string;
  readonly engine: Engine;
  /** containerd's namespace; null for a runtime that was called by itself. */
  readonly namespace: string | null;
  readonly user: number;
  /** The names below, ascending; never none. */
  readonly ids: readonly string[];
}

type Place = Omit<RuntimeRoot, 'ids'>;

/**
 * The roots that hold a container: the default ones (runc(8), crun(1): /run/runc and /run/crun, or below XDG_RUNTIME_DIR), containerd's and docker's, and those that
 * `ofShims` names, /proc/PID/root before them. Each directory once, by its device and inode. One that is refused is as one that is empty: a process' group tells of its
 * containers.
 */
export function runtimeRoots(fs: HostFs, ofShims: readonly string[]): readonly RuntimeRoot[] {
  const found = new Map<string, RuntimeRoot>();
  for (const place of placesOf(fs, ofShims)) {
    const ids = namesIn(fs, place.directory);
    const id = identityOf(fs, place.directory) ?? place.directory;
    if (ids.length > 0 && !found.has(id)) found.set(id, { ...place, ids });
  }
  return [...found.values()];
}

function namesIn(fs: HostFs, directory: string): readonly string[] {
  const names = fs.list(directory);
  return names.ok ? names.value.toSorted() : [];
}

/** null where it is not there, and in a recording that does not say. */
function identityOf(fs: HostFs, directory: string): string | null {
  const stat = fs.stat(directory);
  return stat.ok && stat.value.ino !== 0 ? `${stat.value.dev}:${stat.value.ino}` : null;
}

function placesOf(fs: HostFs, ofShims: readonly string[]): readonly Place[] {
  const system: readonly Place[] = [
    { directory: '/run/runc', engine: 'runc', namespace: null, user: 0 },
    { directory: '/run/crun', engine: 'crun', namespace: null, user: 0 },
  ];
  const users = namesIn(fs, USERS)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): Place[] => [
      { directory: `${USERS}/${name}/runc`, engine: 'runc', namespace: null, user: Number(name) },
      { directory: `${USERS}/${name}/crun`, engine: 'crun', namespace: null, user: Number(name) },
    ]);
  const engines = BY_NAMESPACE.flatMap((root) => namesIn(fs, root).map((name) => `${root}/${name}`));
  return [...system, ...users, ...[...engines, ...ofShims.map((root) => plain(fs, root))].map(ofEngine)];
}

/** Without /proc/PID/root where that leads to the very directory that we see ourselves: the name that a person can use. */
function plain(fs: HostFs, throughShim: string): string {
  const own = throughShim.replace(/^\/proc\/\d+\/root(?=\/)/, '');
  const id = identityOf(fs, throughShim);
  return id !== null && id === identityOf(fs, own) ? own : throughShim;
}

/** ROOT/NAMESPACE, as containerd's shims name it. */
function ofEngine(directory: string): Place {
  const namespace = directory.slice(directory.lastIndexOf('/') + 1);
  const engine = namespace === 'moby' ? 'docker' : namespace === 'k8s.io' ? 'kubernetes' : 'containerd';
  return { directory, engine, namespace, user: 0 };
}
