// Reads what containerd's shims know of their containers: the bundle behind the shim's working directory, and the runtime's state.json.
// Works with the daemons dead. The pids in these files are of the shim's own pid namespace and are not used: the start is.
import { SHIM_COMM } from '../model/tree.ts';
import type { BundleFacts } from '../model/containers.ts';
import type { Process } from '../model/types.ts';
import { parseRuncState } from '../oci/runc-state.ts';
import { ParseError } from '../text/errors.ts';
import type { HostFs } from './fs.ts';

/** containerd's runtime v2 keeps bundles at STATE/io.containerd.runtime.v2.task/NAMESPACE/ID. */
const BUNDLE = /\/io\.containerd\.runtime\.v2\.task\/(?<namespace>[^/]+)\/(?<id>[^/]+)$/;

/** Where shims keep the runtime's state when options.json does not say (containerd's default). */
const DEFAULT_ROOT = '/run/containerd/runc';

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

/** One entry for each living shim whose working directory is a bundle; others only bear the name. */
export function readBundles(fs: HostFs, processes: readonly Process[]): readonly BundleFacts[] {
  return processes
    .filter((process) => !process.kernelThread && process.comm.startsWith(SHIM_COMM))
    .flatMap((shim) => readBundle(fs, shim));
}

function readBundle(fs: HostFs, shim: Process): readonly BundleFacts[] {
  const cwd = fs.readLink(`/proc/${shim.pid}/cwd`);
  if (!cwd.ok) return [];
  // A bundle that was removed under a living shim still has its name, with a mark of the kernel's behind it.
  const bundle = cwd.value.replace(/ \(deleted\)$/, '');
  const { namespace, id } = BUNDLE.exec(bundle)?.groups ?? {};
  if (namespace === undefined || id === undefined) return [];
  const options = fs.readText(`/proc/${shim.pid}/cwd/options.json`);
  const root = (options.ok ? runtimeRoot(options.value) : null) ?? DEFAULT_ROOT;
  // Through the shim's own root: its daemon may live in another mount namespace than ours.
  const path = `/proc/${shim.pid}/root${root}/${namespace}/${id}/state.json`;
  const text = fs.readText(path);
  const state = text.ok ? parseState(text.value, path) : null;
  return [
    {
      shim: { pid: shim.pid, starttime: shim.starttime },
      id,
      namespace,
      bundle,
      initStart: state?.initStart ?? null,
      cgroupPath: null,
    },
  ];
}

/** A state.json that is being written, or of another runtime, is no reason to lose the container. */
function parseState(text: string, path: string): ReturnType<typeof parseRuncState> | null {
  try {
    return parseRuncState(text, path);
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}
