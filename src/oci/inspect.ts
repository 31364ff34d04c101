// Parses GET /containers/ID/json of the Docker Engine API (podman speaks it too): the state, and the options of docker run that end in a
// namespace, a control group, a capability, a seccomp setting or a mount. Environment and labels are never looked at.
import { clean } from '../text/sanitize.ts';
import {
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

/** Words are sanitised. */
export interface EngineInspect {
  readonly id: string;
  /** Without the leading `/`. */
  readonly name: string;
  readonly state: EngineState;
  /** Of Config: what --hostname, --domainname and --user say. */
  readonly config: { readonly hostname: string; readonly domainname: string; readonly user: string };
  readonly hostConfig: HostConfig;
}

export interface EngineState {
  /** created, running, paused, restarting, removing, exited, dead; empty where the engine does not say. */
  readonly status: string;
  /** In the engine's pid namespace; 0 where it does not run. */
  readonly pid: number;
  readonly exitCode: number | null;
  readonly oomKilled: boolean;
  readonly paused: boolean;
  readonly dead: boolean;
  /** RFC 3339; `0001-01-01T00:00:00Z` of a container that has not ended. */
  readonly finishedAt: string;
}

/** The names are docker's with a small first letter. 0 and empty are what docker keeps for "not given", null what it has no word for. */
export interface HostConfig {
  readonly memory: bigint;
  /** -1: without limit. */
  readonly memorySwap: bigint;
  readonly memoryReservation: bigint;
  readonly memorySwappiness: bigint | null;
  readonly kernelMemory: bigint;
  readonly kernelMemoryTCP: bigint;
  readonly nanoCpus: bigint;
  readonly cpuShares: bigint;
  readonly cpuQuota: bigint;
  readonly cpuPeriod: bigint;
  readonly cpuRealtimeRuntime: bigint;
  readonly cpuRealtimePeriod: bigint;
  readonly cpusetCpus: string;
  readonly cpusetMems: string;
  readonly pidsLimit: bigint | null;
  readonly blkioWeight: bigint;
  readonly blkioWeightDevice: readonly DeviceRate[];
  readonly blkioDeviceReadBps: readonly DeviceRate[];
  readonly blkioDeviceWriteBps: readonly DeviceRate[];
  readonly blkioDeviceReadIOps: readonly DeviceRate[];
  readonly blkioDeviceWriteIOps: readonly DeviceRate[];
  readonly oomKillDisable: boolean;
  readonly oomScoreAdj: number;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly privileged: boolean;
  readonly securityOpt: readonly string[];
  readonly pidMode: string;
  readonly ipcMode: string;
  readonly networkMode: string;
  readonly utsMode: string;
  readonly usernsMode: string;
  readonly cgroupnsMode: string;
  readonly cgroup: string;
  readonly cgroupParent: string;
  readonly readonlyRootfs: boolean;
  readonly ulimits: readonly { readonly name: string; readonly soft: bigint; readonly hard: bigint }[];
  readonly sysctls: Readonly<Record<string, string>>;
  readonly devices: readonly {
    readonly pathOnHost: string;
    readonly pathInContainer: string;
    readonly cgroupPermissions: string;
  }[];
  readonly deviceCgroupRules: readonly string[];
  /** null where the engine says nothing (podman; API before 1.39). */
  readonly maskedPaths: readonly string[] | null;
  readonly readonlyPaths: readonly string[] | null;
  readonly groupAdd: readonly string[];
  readonly init: boolean | null;
  readonly runtime: string;
  readonly shmSize: bigint;
  /** Of --volume, as it was given: `SOURCE:DESTINATION[:OPTIONS]`. */
  readonly binds: readonly string[];
  /** Of --mount. */
  readonly mounts: readonly MountSpec[];
  /** Of --tmpfs: options by destination. */
  readonly tmpfs: Readonly<Record<string, string>>;
}

export interface MountSpec {
  /** bind, volume, tmpfs, npipe, cluster, image. */
  readonly type: string;
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** Of a tmpfs, bytes; null: not given. */
  readonly size: bigint | null;
}

export interface DeviceRate {
  readonly path: string;
  /** A weight, or bytes or operations a second. */
  readonly number: bigint;
}

/** What is read, by the part of the answer that it stands in: a recording keeps these alone. */
export const READ_INSPECT: Readonly<Record<string, readonly string[]>> = {
  State: ['Status', 'Pid', 'ExitCode', 'OOMKilled', 'Paused', 'Dead', 'FinishedAt'],
  Config: ['Hostname', 'Domainname', 'User'],
  HostConfig:
    `Memory MemorySwap MemoryReservation MemorySwappiness KernelMemory KernelMemoryTCP NanoCpus CpuShares CpuQuota CpuPeriod
    CpuRealtimeRuntime CpuRealtimePeriod CpusetCpus CpusetMems PidsLimit BlkioWeight BlkioWeightDevice BlkioDeviceReadBps
    BlkioDeviceWriteBps BlkioDeviceReadIOps BlkioDeviceWriteIOps OomKillDisable OomScoreAdj CapAdd CapDrop Privileged
    SecurityOpt PidMode IpcMode NetworkMode UTSMode UsernsMode CgroupnsMode Cgroup CgroupParent ReadonlyRootfs Ulimits
    Sysctls Devices DeviceCgroupRules MaskedPaths ReadonlyPaths GroupAdd Init Runtime ShmSize Binds Mounts Tmpfs`.split(
      /\s+/,
    ),
};

/** Throws ParseError, with `source` in it, where Id or State is missing or a part has another form. */
export function parseInspect(json: string, source: string): EngineInspect {
  const all = asObject(parseWideJson(json, source), 'the answer', source);
  const state = asObject(all['State'], 'State', source);
  const config = optionalObject(all['Config'], 'Config', source);
  const inConfig = reader(config, 'Config', source);
  const inState = reader(state, 'State', source);
  return {
    id: clean(asString(all['Id'], 'Id', source)),
    name: clean((asOptionalString(all['Name'], 'Name', source) ?? '').replace(/^\//, '')),
    state: {
      status: inState.word('Status'),
      pid: orElse(asInteger, 0)(state['Pid'], 'State.Pid', source),
      exitCode: orElse(asInteger, null)(state['ExitCode'], 'State.ExitCode', source),
      oomKilled: inState.flag('OOMKilled'),
      paused: inState.flag('Paused'),
      dead: inState.flag('Dead'),
      finishedAt: inState.word('FinishedAt'),
    },
    config: {
      hostname: inConfig.word('Hostname'),
      domainname: inConfig.word('Domainname'),
      user: inConfig.word('User'),
    },
    hostConfig: hostConfigOf(optionalObject(all['HostConfig'], 'HostConfig', source), source),
  };
}

const optionalObject = orElse<JsonObject, JsonObject>(asObject, {});

interface Reader {
  readonly word: (key: string) => string;
  readonly words: (key: string) => readonly string[];
  readonly number: (key: string) => bigint;
  readonly flag: (key: string) => boolean;
}

function reader(of: JsonObject, where: string, source: string): Reader {
  return {
    word: (key) => clean(asOptionalString(of[key], `${where}.${key}`, source) ?? ''),
    words: (key) => asListOf(cleanWord)(of[key], `${where}.${key}`, source),
    number: (key) => orElse(asBigint, 0n)(of[key], `${where}.${key}`, source),
    flag: (key) => orElse(asBoolean, false)(of[key], `${where}.${key}`, source),
  };
}

function cleanWord(value: unknown, where: string, source: string): string {
  return clean(asString(value, where, source));
}

function hostConfigOf(config: JsonObject, source: string): HostConfig {
  const { word, words, number, flag } = reader(config, 'HostConfig', source);
  const optionalNumber = (key: string) => orElse(asBigint, null)(config[key], `HostConfig.${key}`, source);
  const optionalWords = (key: string) =>
    orElse(asListOf(cleanWord), null)(config[key], `HostConfig.${key}`, source);
  const rates = (key: string, of: string) =>
    asListOf(deviceRate(of))(config[key], `HostConfig.${key}`, source);
  return {
    memory: number('Memory'),
    memorySwap: number('MemorySwap'),
    memoryReservation: number('MemoryReservation'),
    memorySwappiness: optionalNumber('MemorySwappiness'),
    kernelMemory: number('KernelMemory'),
    kernelMemoryTCP: number('KernelMemoryTCP'),
    nanoCpus: number('NanoCpus'),
    cpuShares: number('CpuShares'),
    cpuQuota: number('CpuQuota'),
    cpuPeriod: number('CpuPeriod'),
    cpuRealtimeRuntime: number('CpuRealtimeRuntime'),
    cpuRealtimePeriod: number('CpuRealtimePeriod'),
    cpusetCpus: word('CpusetCpus'),
    cpusetMems: word('CpusetMems'),
    pidsLimit: optionalNumber('PidsLimit'),
    blkioWeight: number('BlkioWeight'),
    blkioWeightDevice: rates('BlkioWeightDevice', 'Weight'),
    blkioDeviceReadBps: rates('BlkioDeviceReadBps', 'Rate'),
    blkioDeviceWriteBps: rates('BlkioDeviceWriteBps', 'Rate'),
    blkioDeviceReadIOps: rates('BlkioDeviceReadIOps', 'Rate'),
    blkioDeviceWriteIOps: rates('BlkioDeviceWriteIOps', 'Rate'),
    oomKillDisable: flag('OomKillDisable'),
    oomScoreAdj: orElse(asInteger, 0)(config['OomScoreAdj'], 'HostConfig.OomScoreAdj', source),
    capAdd: words('CapAdd'),
    capDrop: words('CapDrop'),
    privileged: flag('Privileged'),
    securityOpt: words('SecurityOpt'),
    pidMode: word('PidMode'),
    ipcMode: word('IpcMode'),
    networkMode: word('NetworkMode'),
    utsMode: word('UTSMode'),
    usernsMode: word('UsernsMode'),
    cgroupnsMode: word('CgroupnsMode'),
    cgroup: word('Cgroup'),
    cgroupParent: word('CgroupParent'),
    readonlyRootfs: flag('ReadonlyRootfs'),
    ulimits: asListOf(ulimit)(config['Ulimits'], 'HostConfig.Ulimits', source),
    sysctls: cleanMap(asStringMap(config['Sysctls'], 'HostConfig.Sysctls', source)),
    devices: asListOf(device)(config['Devices'], 'HostConfig.Devices', source),
    deviceCgroupRules: words('DeviceCgroupRules'),
    maskedPaths: optionalWords('MaskedPaths'),
    readonlyPaths: optionalWords('ReadonlyPaths'),
    groupAdd: words('GroupAdd'),
    init: orElse(asBoolean, null)(config['Init'], 'HostConfig.Init', source),
    runtime: word('Runtime'),
    shmSize: number('ShmSize'),
    binds: words('Binds'),
    mounts: asListOf(mountSpec)(config['Mounts'], 'HostConfig.Mounts', source),
    tmpfs: cleanMap(asStringMap(config['Tmpfs'], 'HostConfig.Tmpfs', source)),
  };
}

function cleanMap(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [clean(key), clean(value)]));
}

function mountSpec(value: unknown, where: string, source: string): MountSpec {
  const mount = asObject(value, where, source);
  const { word, flag } = reader(mount, where, source);
  const tmpfs = optionalObject(mount['TmpfsOptions'], `${where}.TmpfsOptions`, source);
  return {
    type: word('Type'),
    source: word('Source'),
    target: word('Target'),
    readOnly: flag('ReadOnly'),
    size: orElse(asBigint, null)(tmpfs['SizeBytes'], `${where}.TmpfsOptions.SizeBytes`, source),
  };
}

function deviceRate(key: string) {
  return (value: unknown, where: string, source: string): DeviceRate => {
    const rate = asObject(value, where, source);
    return {
      path: cleanWord(rate['Path'], `${where}.Path`, source),
      number: orElse(asBigint, 0n)(rate[key], `${where}.${key}`, source),
    };
  };
}

function ulimit(value: unknown, where: string, source: string): HostConfig['ulimits'][number] {
  const limit = asObject(value, where, source);
  return {
    name: cleanWord(limit['Name'], `${where}.Name`, source),
    soft: asBigint(limit['Soft'], `${where}.Soft`, source),
    hard: asBigint(limit['Hard'], `${where}.Hard`, source),
  };
}

function device(value: unknown, where: string, source: string): HostConfig['devices'][number] {
  const { word } = reader(asObject(value, where, source), where, source);
  return {
    pathOnHost: word('PathOnHost'),
    pathInContainer: word('PathInContainer'),
    cgroupPermissions: word('CgroupPermissions'),
  };
}
