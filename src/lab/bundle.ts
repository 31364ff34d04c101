// Edits of an OCI bundle's config.json (runtime-spec, config.md and config-linux.md): as values, as the jq(1) program that a learner types,
// and done. Pure: reads and writes no file.
import { controlFile } from '../kernel/cgroup/files.ts';
import type { NsType } from '../kernel/namespaces.ts';
import type { JsonObject } from '../oci/json.ts';
import { MARK } from './process.ts';
import type { Json, Operation } from './types.ts';

/** A field of config.json, as bundle-edit names it: words with dots between. */
export const EDIT_PATH = /^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/;

export interface Edit {
  readonly path: string;
  /** null takes the field out. */
  readonly value: Json;
  /** The value's items go to the end of the list that is there. */
  readonly append?: true;
}

/** The specification's names of namespace types (config-linux.md, "Namespaces"). */
const OCI_TYPES: Readonly<Record<NsType, string>> = {
  mnt: 'mount',
  cgroup: 'cgroup',
  uts: 'uts',
  ipc: 'ipc',
  user: 'user',
  pid: 'pid',
  net: 'network',
  time: 'time',
};

/** What `runc spec` gives a container; with --rootless a user namespace in the place of the network's. */
export const SPEC_NAMESPACES: Readonly<Record<'root' | 'rootless', readonly NsType[]>> = {
  root: ['pid', 'net', 'ipc', 'uts', 'mnt'],
  rootless: ['pid', 'ipc', 'uts', 'mnt', 'user'],
};

const CAPABILITY_SETS = ['bounding', 'effective', 'permitted', 'ambient'] as const;

const UNITS: Readonly<Record<string, number>> = { K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** A limit in its neutral name as the field below `linux.resources` that asks for it; null where config.json has none that says the same. */
export function resourceOf(name: string, text: string): Edit | null {
  const [controller = '', key = ''] = name.split('.', 2);
  const row = controlFile(controller, key);
  if (row?.kind !== 'limit' || row.oci === undefined || !EDIT_PATH.test(row.oci)) return null;
  const path = `linux.resources.${row.oci}`;
  if (controller === 'cpuset') return { path, value: text };
  const unit = (row.v1 ?? row.v2)?.unit;
  // A weight is another number in each version; the specification has v1's.
  if (unit === 'weight' && row.v1 === null) return null;
  if (text === 'max') return { path, value: -1 };
  const [, digits = '', suffix] = /^(\d{1,15})([KMG])?$/.exec(text) ?? [];
  if (digits === '') return null;
  const value = Number(digits) * (suffix === undefined ? 1 : (UNITS[suffix] ?? 1));
  return Number.isSafeInteger(value) ? { path, value } : null;
}

/** What of a container is the lab's: the mark in its environment, and its cgroup below the lab's own, where there are groups. */
export interface Ownership {
  readonly lab: string;
  readonly mode: 'root' | 'rootless';
}

/**
 * The edits that make the template of `runc spec` into the operation's bundle, in the order in which a reader wants them. Limits are not among them:
 * see `resourceOf`.
 */
export function bundleEdits(
  operation: Extract<Operation, { op: 'bundle' }>,
  { lab, mode }: Ownership,
): readonly Edit[] {
  const { name, args, hostname = name, namespaces, capabilities } = operation;
  const types =
    namespaces !== undefined && mode === 'rootless' && !namespaces.includes('user')
      ? [...namespaces, 'user' as const]
      : namespaces;
  return [
    { path: 'process.terminal', value: false },
    { path: 'process.args', value: args },
    { path: 'process.env', value: [`${MARK}=${lab}`], append: true },
    { path: 'hostname', value: hostname },
    ...(types === undefined
      ? []
      : [{ path: 'linux.namespaces', value: types.map((type) => ({ type: OCI_TYPES[type] })) }]),
    ...(capabilities === undefined
      ? []
      : CAPABILITY_SETS.map((set) => ({ path: `process.capabilities.${set}`, value: capabilities }))),
    ...(mode === 'root' ? [{ path: 'linux.cgroupsPath', value: `/nscope-${lab}/${name}` }] : []),
  ];
}

/** The edits as a program of jq(1). */
export function jqProgram(edits: readonly Edit[]): string {
  return edits
    .map(({ path, value, append }) =>
      value === null ? `del(.${path})` : `.${path} ${append === true ? '+=' : '='} ${JSON.stringify(value)}`,
    )
    .join(' | ');
}

/** The configuration with the edits done; what is missing on the way to a field is made, as jq does. */
export function edited(config: JsonObject, edits: readonly Edit[]): JsonObject {
  return edits.reduce<JsonObject>((before, edit) => set(before, edit.path.split('.'), edit), config);
}

function set(of: JsonObject, [key = '', ...rest]: readonly string[], edit: Edit): JsonObject {
  const there = Object.hasOwn(of, key) ? of[key] : undefined;
  if (edit.value === null && there === undefined) return of;
  if (rest.length > 0) {
    const inner = typeof there === 'object' && there !== null && !Array.isArray(there) ? there : {};
    return { ...of, [key]: set(inner as JsonObject, rest, edit) };
  }
  if (edit.value === null) {
    return Object.fromEntries(Object.entries(of).filter(([name]) => name !== key));
  }
  const items = Array.isArray(there) ? (there as readonly unknown[]) : [];
  const value = edit.append === true && Array.isArray(edit.value) ? [...items, ...edit.value] : edit.value;
  return { ...of, [key]: value };
}

/** config.json as `runc spec` prints it. */
export function printConfig(config: JsonObject): string {
  return `${JSON.stringify(config, null, '\t')}\n`;
}
