// Puts containers together from what several witnesses say: cgroup paths, shims' bundles, the engine's API. Reads nothing.
import { isDeleted } from '../kernel/proc/cgroup.ts';
import { clean } from '../text/sanitize.ts';
import { matchLayout } from './layouts.ts';
import type { Container, Engine, Process, ProcessRef } from './types.ts';

/** What a shim's working directory and the runtime's state say of one container (containerd's runtime v2). */
export interface BundleFacts {
  readonly shim: ProcessRef;
  readonly id: string;
  /** containerd's namespace: moby, k8s.io, default … */
  readonly namespace: string;
  readonly bundle: string;
  /** init_process_start of runc's state.json: compare with starttime; null where it could not be read. */
  readonly initStart: number | null;
  /** From state.json, in the host's terms; null where it could not be read. */
  readonly cgroupPath: string | null;
}

/** What an engine's API says of one container. */
export interface EngineFacts {
  readonly engine: Engine;
  readonly id: string;
  readonly name: string | null;
  readonly image: string | null;
}

const ENGINE_OF_NAMESPACE: Readonly<Record<string, Engine>> = { moby: 'docker', 'k8s.io': 'kubernetes' };

/**
 * Containers by id, ascending. A container is there if a process sits in a cgroup that a layout knows, or if a shim has its bundle
 * (also without a process: then the shim is leaked or the container is just starting or ending). The API adds names and images
 * only: a container that only the API knows is not running and is not listed.
 */
export function assembleContainers(
  processes: readonly Process[],
  bundles: readonly BundleFacts[],
  engines: readonly EngineFacts[],
): readonly Container[] {
  const drafts = new Map<string, { engine: Engine; cgroupPath: string | null; pids: Set<number> }>();
  const byPath = new Map<string, string>();
  for (const bundle of bundles) {
    drafts.set(bundle.id, {
      engine: ENGINE_OF_NAMESPACE[bundle.namespace] ?? 'containerd',
      cgroupPath: bundle.cgroupPath,
      pids: new Set(),
    });
    if (bundle.cgroupPath !== null && bundle.cgroupPath !== '/') byPath.set(bundle.cgroupPath, bundle.id);
  }
  // Most processes share a few cgroups: each path is looked at once.
  const known = new Map<string, Found | null>();
  for (const process of processes) {
    const found = containerOfProcess(process, byPath, known);
    if (!found) continue;
    const draft = drafts.get(found.id) ?? {
      engine: found.engine,
      cgroupPath: found.path,
      pids: new Set<number>(),
    };
    draft.cgroupPath ??= found.path;
    draft.pids.add(process.pid);
    drafts.set(found.id, draft);
  }
  return [...drafts]
    .map(([id, draft]) => finish(id, draft, processes, bundles, engines))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

interface Found {
  readonly id: string;
  readonly engine: Engine;
  readonly path: string;
}

/** A bundle's own path says more than a layout, in whichever hierarchy it stands. */
function containerOfProcess(
  process: Process,
  byPath: ReadonlyMap<string, string>,
  known: Map<string, Found | null>,
): Found | null {
  if (!process.cgroups.ok) return null;
  const found = process.cgroups.value.map(({ path }) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    // A zombie is left in a group that was removed: its container is no more.
    const made = isDeleted(path) ? null : (bundleAt(path, byPath) ?? matchLayout(path));
    known.set(path, made);
    return made;
  });
  return (
    found.find((one) => one !== null && byPath.get(one.path) === one.id) ??
    found.find((one) => one !== null) ??
    null
  );
}

/** The container whose bundle's group is this path, or an ancestor of it. */
function bundleAt(path: string, byPath: ReadonlyMap<string, string>): Found | null {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const id = byPath.get(path.slice(0, end));
    if (id !== undefined) return { id, engine: 'containerd', path: path.slice(0, end) };
  }
  return null;
}

function finish(
  id: string,
  draft: { engine: Engine; cgroupPath: string | null; pids: ReadonlySet<number> },
  processes: readonly Process[],
  bundles: readonly BundleFacts[],
  engines: readonly EngineFacts[],
): Container {
  const bundle = bundles.find((facts) => facts.id === id) ?? null;
  const api = engines.find((facts) => facts.id === id) ?? null;
  const members = processes.filter((process) => draft.pids.has(process.pid));
  const init = initOf(members, bundle);
  const execSessions = bundle
    ? members
        .filter((process) => process.ppid === bundle.shim.pid && process.pid !== init?.pid)
        .map((process) => process.pid)
    : [];
  return {
    id,
    engine: api?.engine ?? draft.engine,
    engineNamespace: bundle?.namespace ?? null,
    // The engine's answer is cleaned where it is parsed; a recording's comes as it was written.
    name: api?.name == null ? null : clean(api.name),
    image: api?.image == null ? null : clean(api.image),
    init: init ? { pid: init.pid, starttime: init.starttime } : null,
    shim: bundle?.shim ?? null,
    pids: members.map((process) => process.pid),
    execSessions,
    bundle: bundle?.bundle ?? null,
    cgroupPath: draft.cgroupPath,
  };
}

/**
 * The first process: the one whose starttime the runtime wrote down. Without that, the oldest member whose parent is no member.
 * The last number of NSpid is no test: a container that joined another's pid namespace has a first process that is not 1.
 */
function initOf(members: readonly Process[], bundle: BundleFacts | null): Process | null {
  const pids = new Set(members.map((process) => process.pid));
  const roots = members
    .filter((process) => !pids.has(process.ppid))
    .sort((a, b) => a.starttime - b.starttime || a.pid - b.pid);
  if (bundle && bundle.initStart !== null) {
    return roots.find((process) => process.starttime === bundle.initStart) ?? null;
  }
  return roots[0] ?? null;
}
