// Reads what containerd's shims know of their containers: the bundles of a shim, and the runtime's state.json of each.
// Works with the daemons dead. Whether the recorded first process is there is model/runtime.ts' question.
import { SHIM_COMM } from '../model/engine-role.ts';
import type { RuntimeRecord } from '../model/runtime.ts';
import type { Engine, Process } from '../model/types.ts';
import type { Annotations } from '../oci/annotations.ts';
import type { HostFs } from './fs.ts';
import { readAnnotations, readRuncState } from './runtime-files.ts';
import { cmdlineOf, refOf, userOf } from './watchers.ts';

/** containerd's runtime v2 keeps bundles at STATE/io.containerd.runtime.v2.task/NAMESPACE/ID. */
const BUNDLE = /^(?<tasks>.*\/io\.containerd\.runtime\.v2\.task\/(?<namespace>[^/]+))\/(?<id>[^/]+)$/;

/** Where shims keep the runtime's state when options.json does not say (containerd's default). */
const DEFAULT_ROOT = '/run/containerd/runc';

const ENGINE_OF_NAMESPACE: Readonly<Record<string, Engine>> = { moby: 'docker', 'k8s.io': 'kubernetes' };

/** The root that options.json names; null where the file says none, or is not JSON. */
function runtimeRoot(text: string): string | null {
  try {
    const options: unknown = JSON.parse(text);
    if (typeof options !== 'object' || options === null || !('root' in options)) return null;
    return typeof options.root === 'string' && isPlain(options.root) ? options.root : null;
  } catch {
    return null;
  }
}

/** Absolute and without `..`: it is put behind the shim's own root. */
function isPlain(path: string): boolean {
  return path.startsWith('/') && !path.split('/').includes('..');
}

export interface ShimRecords {
  readonly records: readonly RuntimeRecord[];
  /** Roots of runtimes that options.json named, with the namespace's directory, seen through the shim: states of others may lie there. */
  readonly roots: readonly string[];
}

/** Entries for each living shim whose working directory is a bundle; others only bear the name. One shim may serve a pod of several. */
export function readShims(fs: HostFs, processes: readonly Process[]): ShimRecords {
  const records: RuntimeRecord[] = [];
  const roots = new Map<string, string>();
  const listed = new Map<string, readonly Listed[]>();
  for (const shim of processes) {
    if (shim.kernelThread || !shim.comm.startsWith(SHIM_COMM)) continue;
    const cwd = fs.readLink(`/proc/${shim.pid}/cwd`);
    if (!cwd.ok) {
      if (cwd.why === 'denied') records.push(...hinted(fs, shim));
      continue;
    }
    // A bundle that was removed under a living shim still has its name, with a mark of the kernel's behind it.
    const own = cwd.value.replace(/ \(deleted\)$/, '');
    const { tasks, namespace, id } = BUNDLE.exec(own)?.groups ?? {};
    if (tasks === undefined || namespace === undefined || id === undefined) continue;
    const options = fs.readText(`/proc/${shim.pid}/cwd/options.json`);
    const root = `${(options.ok ? runtimeRoot(options.value) : null) ?? DEFAULT_ROOT}/${namespace}`;
    const place = `${shim.ns.mnt.ok ? shim.ns.mnt.value : shim.pid} ${root}`;
    // Through the shim's own root: its daemon may live in another mount namespace than ours.
    if (!roots.has(place)) roots.set(place, `/proc/${shim.pid}/root${root}`);
    // docker has a shim for each container, and its names are not in the bundle: nothing more to read.
    const others = namespace === 'moby' ? [] : sharing(fs, shim, tasks, id, listed);
    for (const one of [id, ...others])
      records.push(readBundle(fs, shim, { tasks, namespace, id: one, root }));
  }
  return { records, roots: [...roots.values()].sort() };
}

interface Listed {
  readonly id: string;
  /** Where the bundle's shim listens: shims that serve a pod have one for all. */
  readonly address: string;
}

/** Other bundles beside this one that the same shim serves: those with the same address. */
function sharing(
  fs: HostFs,
  shim: Process,
  tasks: string,
  own: string,
  listed: Map<string, readonly Listed[]>,
): readonly string[] {
  const key = `${shim.ns.mnt.ok ? shim.ns.mnt.value : shim.pid} ${tasks}`;
  let all = listed.get(key);
  if (!all) {
    const directory = `/proc/${shim.pid}/root${tasks}`;
    const names = fs.list(directory);
    all = (names.ok ? names.value.toSorted() : []).flatMap((id) => {
      const address = addressOf(fs, `${directory}/${id}`);
      return address === null ? [] : [{ id, address }];
    });
    listed.set(key, all);
  }
  const mine = all.find(({ id }) => id === own)?.address;
  return mine === undefined
    ? []
    : all.filter(({ id, address }) => id !== own && address === mine).map(({ id }) => id);
}

/** `address` as containerd 1 writes it; containerd 2 writes bootstrap.json, with the address in it. */
function addressOf(fs: HostFs, bundle: string): string | null {
  const plain = fs.readText(`${bundle}/address`);
  if (plain.ok) return plain.value.trim();
  const bootstrap = fs.readText(`${bundle}/bootstrap.json`);
  if (!bootstrap.ok) return null;
  return /"address"\s*:\s*"([^"]+)"/.exec(bootstrap.value)?.[1] ?? null;
}

const SAID_NOTHING: Annotations = {
  name: null,
  image: null,
  podName: null,
  podNamespace: null,
  podUid: null,
  sandbox: null,
};

function readBundle(
  fs: HostFs,
  shim: Process,
  at: { readonly tasks: string; readonly namespace: string; readonly id: string; readonly root: string },
): RuntimeRecord {
  const { namespace, id } = at;
  const bundle = `${at.tasks}/${id}`;
  const inside = `/proc/${shim.pid}/root`;
  const state = readRuncState(fs, `${inside}${at.root}/${id}/state.json`);
  const said =
    namespace === 'moby'
      ? SAID_NOTHING
      : (readAnnotations(fs, `${inside}${bundle}/config.json`) ?? SAID_NOTHING);
  const inPod = said.podUid !== null || said.podName !== null;
  return {
    id,
    engine: ENGINE_OF_NAMESPACE[namespace] ?? 'containerd',
    namespace,
    shim: refOf(shim),
    user: userOf(shim),
    source: 'bundle',
    bundle,
    first: state ? { pid: state.initPid, starttime: state.initStart } : null,
    cgroupPaths: state ? Object.values(state.cgroupPaths).sort() : [],
    execs: [],
    name: said.name,
    image: said.image,
    pod: inPod ? { uid: said.podUid, namespace: said.podNamespace, name: said.podName } : null,
    sandbox: said.sandbox === true,
  };
}

/** A shim whose directory is refused: its own command line is a hint (in a pod, `-id` is the sandbox alone). */
function hinted(fs: HostFs, shim: Process): readonly RuntimeRecord[] {
  const { first } = cmdlineOf(fs, shim);
  const id = first('-id', '--id');
  const namespace = first('-namespace', '--namespace');
  if (id === null || id === '' || namespace === null) return [];
  return [
    {
      id,
      engine: ENGINE_OF_NAMESPACE[namespace] ?? 'containerd',
      namespace,
      shim: refOf(shim),
      user: userOf(shim),
      source: 'shim',
      bundle: null,
      first: null,
      cgroupPaths: [],
      execs: [],
      name: null,
      image: null,
      pod: null,
      sandbox: false,
    },
  ];
}
