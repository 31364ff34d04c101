// Reads the states that runc and crun keep in their roots: containers that no shim tells of, and those whose shim is gone.
import type { RuntimeRecord } from '../model/runtime.ts';
import type { Engine } from '../model/types.ts';
import type { HostFs } from './fs.ts';
import { readCrunStatus, readRuncState } from './runtime-files.ts';

/** Users who are logged in have a directory here (pam_systemd(8), XDG_RUNTIME_DIR): rootless runtimes keep their states in it. */
const USERS = '/run/user';

interface Root {
  /** Directories of containers, each with a state.json or a status, lie right below. */
  readonly directory: string;
  readonly engine: Engine;
  readonly namespace: string | null;
  readonly user: number;
}

/**
 * One record for each state in the default roots (runc(8), crun(1): /run/runc and /run/crun, or below XDG_RUNTIME_DIR), in containerd's and docker's, and in
 * `further`, which shims named. `known`: `NAMESPACE ID` of those whose state has been read already. A root that is refused is as one that is empty: a process' group tells of it.
 */
export function readRoots(
  fs: HostFs,
  further: readonly string[],
  known: ReadonlySet<string>,
): readonly RuntimeRecord[] {
  const records: RuntimeRecord[] = [];
  const read = new Set<string>();
  for (const root of rootsOf(fs, further)) {
    if (read.has(root.directory)) continue;
    read.add(root.directory);
    for (const id of namesIn(fs, root.directory)) {
      if (known.has(`${root.namespace} ${id}`)) continue;
      const record = readState(fs, root, id);
      if (record) records.push(record);
    }
  }
  return records;
}

function namesIn(fs: HostFs, directory: string): readonly string[] {
  const names = fs.list(directory);
  return names.ok ? names.value.toSorted() : [];
}

function rootsOf(fs: HostFs, further: readonly string[]): readonly Root[] {
  const system: readonly Root[] = [
    { directory: '/run/runc', engine: 'runc', namespace: null, user: 0 },
    { directory: '/run/crun', engine: 'crun', namespace: null, user: 0 },
  ];
  const users = namesIn(fs, USERS)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): Root[] => [
      { directory: `${USERS}/${name}/runc`, engine: 'runc', namespace: null, user: Number(name) },
      { directory: `${USERS}/${name}/crun`, engine: 'crun', namespace: null, user: Number(name) },
    ]);
  const engines = ['/run/containerd/runc', '/run/docker/runtime-runc'].flatMap((root) =>
    namesIn(fs, root).map((namespace) => `${root}/${namespace}`),
  );
  return [...system, ...users, ...[...engines, ...further].map(ofEngine)];
}

/** ROOT/NAMESPACE, as containerd's shims name it. */
function ofEngine(directory: string): Root {
  const namespace = directory.slice(directory.lastIndexOf('/') + 1);
  const engine = namespace === 'moby' ? 'docker' : namespace === 'k8s.io' ? 'kubernetes' : 'containerd';
  return { directory, engine, namespace, user: 0 };
}

function readState(fs: HostFs, root: Root, id: string): RuntimeRecord | null {
  const directory = `${root.directory}/${id}`;
  const plain = {
    id,
    engine: root.engine,
    namespace: root.namespace,
    shim: null,
    user: root.user,
    source: 'state',
    execs: [],
    name: null,
    image: null,
    pod: null,
    sandbox: false,
  } as const;
  if (root.engine === 'crun') {
    const status = readCrunStatus(fs, `${directory}/status`);
    // A pid without a start could be anybody's.
    if (status?.initStart == null) return null;
    return {
      ...plain,
      first: { pid: status.initPid, starttime: status.initStart },
      bundle: status.bundle ?? null,
      cgroupPaths: status.cgroupPath === undefined ? [] : [status.cgroupPath],
    };
  }
  const state = readRuncState(fs, `${directory}/state.json`);
  if (!state) return null;
  return {
    ...plain,
    first: { pid: state.initPid, starttime: state.initStart },
    bundle: state.bundle ?? null,
    cgroupPaths: Object.values(state.cgroupPaths).sort(),
  };
}
