// Parses config.json of an OCI bundle (runtime-spec, config.md and config-linux.md): what the container was asked to be.
// Whether the kernel made it so is another question. Its environment, annotations and hooks are never looked at.
import { CAPABILITY_SETS, type CapabilitySet } from '../kernel/capabilities.ts';
import { clean } from '../text/sanitize.ts';
import {
  asArray,
  asBigint,
  asBoolean,
  asInteger,
  asListOf,
  asObject,
  asOptionalString,
  asString,
  asStringMap,
  type JsonObject,
  orElse,
  parseWideJson,
} from './json.ts';
import { type OciResources, optionalInteger, parseResources } from './resources.ts';

export interface OciConfig {
  /** Sanitised, as `domainname`; empty where none is set. */
  readonly hostname: string;
  readonly domainname: string;
  /** Sanitised words; empty where the container has no process of its own yet. */
  readonly args: string[];
  readonly process: OciProcess;
  readonly root: {
    /** Not sanitised; of the bundle where it is relative. */
    readonly path: string | null;
    readonly readonly: boolean;
  };
  readonly mounts: readonly OciMount[];
  /** `type` as the specification spells it: pid, network, mount, ipc, uts, user, cgroup, time. `path`: join this one. */
  readonly namespaces: readonly { readonly type: string; readonly path?: string }[];
  readonly uidMappings: readonly OciIdMapping[];
  readonly gidMappings: readonly OciIdMapping[];
  readonly resources: OciResources;
  /** null: no filter at all (docker: --security-opt seccomp=unconfined, --privileged). */
  readonly seccomp: { readonly defaultAction: string; readonly rules: number } | null;
  /** Paths within the container; not sanitised. */
  readonly maskedPaths: readonly string[];
  readonly readonlyPaths: readonly string[];
  /** private, slave, shared …; empty where it is the runtime's choice. */
  readonly rootfsPropagation: string;
  /** Keys and values are sanitised. */
  readonly sysctl: Readonly<Record<string, string>>;
  readonly devices: readonly OciDevice[];
  /** Not sanitised; a path, or `SLICE:PREFIX:NAME` for the systemd driver. */
  readonly cgroupsPath?: string;
}

/** Every word is sanitised but `cwd`, which is a path. */
export interface OciProcess {
  readonly user: {
    readonly uid: number;
    readonly gid: number;
    readonly additionalGids: readonly number[];
    readonly umask: number | null;
  };
  readonly cwd: string;
  readonly terminal: boolean;
  /** Names as capabilities(7) has them; null where the file says nothing. */
  readonly capabilities: Readonly<Record<CapabilitySet, readonly string[]>> | null;
  readonly noNewPrivileges: boolean;
  readonly apparmorProfile: string;
  readonly selinuxLabel: string;
  readonly rlimits: readonly { readonly type: string; readonly soft: bigint; readonly hard: bigint }[];
  readonly oomScoreAdj: number | null;
}

/** Paths are not sanitised; `options` are words. */
export interface OciMount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

/** user_namespaces(7), "User and group ID mappings"; config-linux.md calls them containerID, hostID and size. */
export interface OciIdMapping {
  readonly containerID: number;
  readonly hostID: number;
  readonly size: number;
}

export interface OciDevice {
  /** Within the container; not sanitised. */
  readonly path: string;
  /** c, b, u or p. */
  readonly type: string;
  /** null for a FIFO. */
  readonly major: number | null;
  readonly minor: number | null;
}

/** Throws ParseError where a part has another form; parts that are missing are empty. */
export function parseConfig(json: string, path: string): OciConfig {
  const config = asObject(parseWideJson(json, path), 'the configuration', path);
  const process = part(config['process'], 'process', path);
  const root = part(config['root'], 'root', path);
  const linux = part(config['linux'], 'linux', path);
  const cgroupsPath = asOptionalString(linux['cgroupsPath'], 'linux.cgroupsPath', path);
  const word = (of: JsonObject, key: string, where: string): string =>
    clean(asOptionalString(of[key], where, path) ?? '');
  const paths = (key: string) => asListOf(asString)(linux[key], `linux.${key}`, path);
  const mappings = (key: string) => asListOf(idMapping)(linux[key], `linux.${key}`, path);
  return {
    hostname: word(config, 'hostname', 'hostname'),
    domainname: word(config, 'domainname', 'domainname'),
    args: asArray(process['args'], 'process.args', path).map((each) =>
      clean(asString(each, 'process.args', path)),
    ),
    process: processOf(process, path),
    root: {
      path: asOptionalString(root['path'], 'root.path', path) ?? null,
      readonly: flag(root['readonly'], 'root.readonly', path),
    },
    mounts: asListOf(mountOf)(config['mounts'], 'mounts', path),
    namespaces: asArray(linux['namespaces'], 'linux.namespaces', path).map((each) => {
      const namespace = asObject(each, 'linux.namespaces', path);
      const joined = asOptionalString(namespace['path'], 'linux.namespaces.path', path);
      const type = clean(asString(namespace['type'], 'linux.namespaces.type', path));
      return joined === undefined ? { type } : { type, path: joined };
    }),
    uidMappings: mappings('uidMappings'),
    gidMappings: mappings('gidMappings'),
    resources: parseResources(linux['resources'], 'linux.resources', path),
    seccomp: orElse(seccompOf, null)(linux['seccomp'], 'linux.seccomp', path),
    maskedPaths: paths('maskedPaths'),
    readonlyPaths: paths('readonlyPaths'),
    rootfsPropagation: word(linux, 'rootfsPropagation', 'linux.rootfsPropagation'),
    sysctl: cleanMap(asStringMap(linux['sysctl'], 'linux.sysctl', path)),
    devices: asListOf(deviceOf)(linux['devices'], 'linux.devices', path),
    ...(cgroupsPath === undefined ? {} : { cgroupsPath }),
  };
}

function part(value: unknown, where: string, path: string): JsonObject {
  return value === undefined || value === null ? {} : asObject(value, where, path);
}

const flag = orElse(asBoolean, false);

function cleanMap(map: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [clean(key), clean(value)]));
}

function cleanWord(value: unknown, where: string, path: string): string {
  return clean(asString(value, where, path));
}

function processOf(process: JsonObject, path: string): OciProcess {
  const user = part(process['user'], 'process.user', path);
  const id = (key: string) => optionalInteger(user[key], `process.user.${key}`, path);
  const word = (key: string) => clean(asOptionalString(process[key], `process.${key}`, path) ?? '');
  return {
    user: {
      uid: id('uid') ?? 0,
      gid: id('gid') ?? 0,
      additionalGids: asListOf(asInteger)(user['additionalGids'], 'process.user.additionalGids', path),
      umask: id('umask'),
    },
    cwd: asOptionalString(process['cwd'], 'process.cwd', path) ?? '',
    terminal: flag(process['terminal'], 'process.terminal', path),
    capabilities: orElse(capabilitiesOf, null)(process['capabilities'], 'process.capabilities', path),
    noNewPrivileges: flag(process['noNewPrivileges'], 'process.noNewPrivileges', path),
    apparmorProfile: word('apparmorProfile'),
    selinuxLabel: word('selinuxLabel'),
    rlimits: asListOf(rlimitOf)(process['rlimits'], 'process.rlimits', path),
    oomScoreAdj: optionalInteger(process['oomScoreAdj'], 'process.oomScoreAdj', path),
  };
}

function capabilitiesOf(
  value: unknown,
  where: string,
  path: string,
): Readonly<Record<CapabilitySet, readonly string[]>> {
  const sets = asObject(value, where, path);
  const found = {} as Record<CapabilitySet, readonly string[]>;
  for (const set of CAPABILITY_SETS) found[set] = asListOf(cleanWord)(sets[set], `${where}.${set}`, path);
  return found;
}

function rlimitOf(value: unknown, where: string, path: string): OciProcess['rlimits'][number] {
  const limit = asObject(value, where, path);
  return {
    type: cleanWord(limit['type'], `${where}.type`, path),
    soft: asBigint(limit['soft'], `${where}.soft`, path),
    hard: asBigint(limit['hard'], `${where}.hard`, path),
  };
}

function mountOf(value: unknown, where: string, path: string): OciMount {
  const mount = asObject(value, where, path);
  return {
    destination: asString(mount['destination'], `${where}.destination`, path),
    type: clean(asOptionalString(mount['type'], `${where}.type`, path) ?? ''),
    source: asOptionalString(mount['source'], `${where}.source`, path) ?? '',
    options: asListOf(cleanWord)(mount['options'], `${where}.options`, path),
  };
}

function idMapping(value: unknown, where: string, path: string): OciIdMapping {
  const mapping = asObject(value, where, path);
  const number = (key: string) => asInteger(mapping[key], `${where}.${key}`, path);
  return { containerID: number('containerID'), hostID: number('hostID'), size: number('size') };
}

function seccompOf(value: unknown, where: string, path: string): NonNullable<OciConfig['seccomp']> {
  const profile = asObject(value, where, path);
  return {
    defaultAction: cleanWord(profile['defaultAction'], `${where}.defaultAction`, path),
    rules: asArray(profile['syscalls'], `${where}.syscalls`, path).length,
  };
}

function deviceOf(value: unknown, where: string, path: string): OciDevice {
  const device = asObject(value, where, path);
  return {
    path: asString(device['path'], `${where}.path`, path),
    type: cleanWord(device['type'], `${where}.type`, path),
    major: optionalInteger(device['major'], `${where}.major`, path),
    minor: optionalInteger(device['minor'], `${where}.minor`, path),
  };
}
