// Reads the states that runc and crun keep in their roots: containers that no shim tells of, and those whose shim is gone.
import type { RuntimeRecord } from '../model/runtime.ts';
import type { HostFs } from './fs.ts';
import { readCrunStatus, readRuncState } from './runtime-files.ts';
import type { RuntimeRoot } from './runtime-roots.ts';

/** One record for each state below `roots`. `known`: `NAMESPACE ID` of those whose state has been read already. */
export function readStates(
  fs: HostFs,
  roots: readonly RuntimeRoot[],
  known: ReadonlySet<string>,
): readonly RuntimeRecord[] {
  return roots.flatMap((root) =>
    root.ids
      .filter((id) => !known.has(`${root.namespace} ${id}`))
      .flatMap((id) => readState(fs, root, id) ?? []),
  );
}

function readState(fs: HostFs, root: RuntimeRoot, id: string): RuntimeRecord | null {
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
