// Where runc keeps the states of its containers: the well-known roots, and those that living shims were given. Reads directories and
// options.json; runs nothing.
import { SHIM_COMM } from '../model/engine-role.ts';
import type { Process } from '../model/types.ts';
import { ParseError } from '../text/errors.ts';
import { asObject, parseJson } from '../oci/json.ts';
import type { HostFs } from './fs.ts';

/** runc's own default; below the others stands one root for each of containerd's namespaces. */
const PLAIN = '/run/runc';
const BY_NAMESPACE: readonly string[] = ['/run/containerd/runc', '/run/docker/runtime-runc'];

/** Roots that hold at least one container, ascending; one of a shim in another mount namespace is reached through its root directory. */
export function runcRoots(fs: HostFs, processes: readonly Process[], self: number): readonly string[] {
  const own = processes.find(({ pid }) => pid === self)?.ns.mnt;
  const found = new Map<string, string>();
  const add = (root: string): void => {
    const names = fs.list(root);
    const stat = fs.stat(root);
    if (!names.ok || names.value.length === 0 || !stat.ok) return;
    const id = `${stat.value.dev}:${stat.value.ino}`;
    if (!found.has(id)) found.set(id, root);
  };
  const addAll = (parent: string): void => {
    const names = fs.list(parent);
    for (const name of names.ok ? names.value : []) add(`${parent}/${name}`);
  };
  add(PLAIN);
  BY_NAMESPACE.forEach(addAll);
  for (const shim of processes.filter(
    ({ comm, kernelThread }) => !kernelThread && comm.startsWith(SHIM_COMM),
  )) {
    const root = optionsRoot(fs, shim);
    if (root === null) continue;
    const here = own?.ok && shim.ns.mnt.ok && own.value === shim.ns.mnt.value;
    addAll(here ? root : `/proc/${shim.pid}/root${root}`);
  }
  return [...found.values()].sort();
}

/** `root` of the shim's options.json (containerd's runtime v2 options); null without one, or where it is no plain path. */
function optionsRoot(fs: HostFs, shim: Process): string | null {
  const path = `/proc/${shim.pid}/cwd/options.json`;
  const text = fs.readText(path);
  if (!text.ok) return null;
  try {
    const { root } = asObject(parseJson(text.value, path), 'options', path);
    return typeof root === 'string' && root.startsWith('/') && !root.split('/').includes('..') ? root : null;
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}
