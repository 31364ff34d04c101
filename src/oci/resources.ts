// Parses linux.resources of config.json (runtime-spec, config-linux.md, "Control groups"): the limits that were asked for, in the
// specification's own names and units.
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
} from './json.ts';

/** null: not asked for. Bytes, microseconds and counts as the specification has them; -1 is "no limit" of memory, swap, quota and pids. */
export interface OciResources {
  readonly memory: {
    readonly limit: bigint | null;
    readonly reservation: bigint | null;
    /** Memory and swap together, as docker's --memory-swap. */
    readonly swap: bigint | null;
    readonly kernel: bigint | null;
    readonly kernelTCP: bigint | null;
    readonly swappiness: bigint | null;
    readonly disableOOMKiller: boolean | null;
  };
  readonly cpu: {
    readonly shares: bigint | null;
    readonly quota: bigint | null;
    readonly period: bigint | null;
    readonly burst: bigint | null;
    readonly realtimeRuntime: bigint | null;
    readonly realtimePeriod: bigint | null;
    /** Lists as in cpuset(7); sanitised, as `mems`. */
    readonly cpus: string | null;
    readonly mems: string | null;
    readonly idle: bigint | null;
  };
  readonly pids: { readonly limit: bigint | null };
  readonly blockIO: {
    readonly weight: bigint | null;
    readonly leafWeight: bigint | null;
    readonly weightDevice: readonly DeviceNumber[];
    readonly throttleReadBpsDevice: readonly DeviceNumber[];
    readonly throttleWriteBpsDevice: readonly DeviceNumber[];
    readonly throttleReadIOPSDevice: readonly DeviceNumber[];
    readonly throttleWriteIOPSDevice: readonly DeviceNumber[];
  };
  /** `pageSize` as `2MB`; bytes. */
  readonly hugepageLimits: readonly { readonly pageSize: string; readonly limit: bigint }[];
  /** In the order in which the runtime applies them: a later one wins. */
  readonly devices: readonly DeviceRule[];
  readonly network: { readonly classID: bigint | null };
  /** v2 files by name, written as they are. */
  readonly unified: Readonly<Record<string, string>>;
}

/** One number of one block device: a weight, or bytes or operations a second. */
export interface DeviceNumber {
  readonly major: bigint;
  readonly minor: bigint;
  readonly number: bigint;
}

export interface DeviceRule {
  readonly allow: boolean;
  /** a, b, c, or empty: all of them. */
  readonly type: string;
  /** null: any. */
  readonly major: bigint | null;
  readonly minor: bigint | null;
  /** Letters of r, w and m. */
  readonly access: string;
}

const optionalObject = orElse<JsonObject, JsonObject>(asObject, {});
const optionalBigint = orElse(asBigint, null);

/** `value` comes from `parseWideJson`; what is missing is not asked for. Throws ParseError for another form. */
export function parseResources(value: unknown, where: string, path: string): OciResources {
  const all = optionalObject(value, where, path);
  const part = (name: string): Numbers => {
    const object = optionalObject(all[name], `${where}.${name}`, path);
    return {
      object,
      number: (key) => optionalBigint(object[key], `${where}.${name}.${key}`, path),
      word: (key) => {
        const word = asOptionalString(object[key], `${where}.${name}.${key}`, path);
        return word === undefined ? null : clean(word);
      },
    };
  };
  const [memory, cpu, pids, block, network] = [
    part('memory'),
    part('cpu'),
    part('pids'),
    part('blockIO'),
    part('network'),
  ];
  const devices = (key: string, number: string) =>
    asListOf(deviceNumber(number))(block.object[key], `${where}.blockIO.${key}`, path);
  const noKiller = `${where}.memory.disableOOMKiller`;
  return {
    memory: {
      limit: memory.number('limit'),
      reservation: memory.number('reservation'),
      swap: memory.number('swap'),
      kernel: memory.number('kernel'),
      kernelTCP: memory.number('kernelTCP'),
      swappiness: memory.number('swappiness'),
      disableOOMKiller: orElse(asBoolean, null)(memory.object['disableOOMKiller'], noKiller, path),
    },
    cpu: {
      shares: cpu.number('shares'),
      quota: cpu.number('quota'),
      period: cpu.number('period'),
      burst: cpu.number('burst'),
      realtimeRuntime: cpu.number('realtimeRuntime'),
      realtimePeriod: cpu.number('realtimePeriod'),
      cpus: cpu.word('cpus'),
      mems: cpu.word('mems'),
      idle: cpu.number('idle'),
    },
    pids: { limit: pids.number('limit') },
    blockIO: {
      weight: block.number('weight'),
      leafWeight: block.number('leafWeight'),
      weightDevice: devices('weightDevice', 'weight'),
      throttleReadBpsDevice: devices('throttleReadBpsDevice', 'rate'),
      throttleWriteBpsDevice: devices('throttleWriteBpsDevice', 'rate'),
      throttleReadIOPSDevice: devices('throttleReadIOPSDevice', 'rate'),
      throttleWriteIOPSDevice: devices('throttleWriteIOPSDevice', 'rate'),
    },
    hugepageLimits: asListOf(hugepages)(all['hugepageLimits'], `${where}.hugepageLimits`, path),
    devices: asListOf(deviceRule)(all['devices'], `${where}.devices`, path),
    network: { classID: network.number('classID') },
    unified: asStringMap(all['unified'], `${where}.unified`, path),
  };
}

interface Numbers {
  readonly object: JsonObject;
  readonly number: (key: string) => bigint | null;
  readonly word: (key: string) => string | null;
}

function deviceNumber(key: string) {
  return (value: unknown, where: string, path: string): DeviceNumber => {
    const device = asObject(value, where, path);
    return {
      major: asBigint(device['major'], `${where}.major`, path),
      minor: asBigint(device['minor'], `${where}.minor`, path),
      number: orElse(asBigint, 0n)(device[key], `${where}.${key}`, path),
    };
  };
}

function hugepages(value: unknown, where: string, path: string): OciResources['hugepageLimits'][number] {
  const limit = asObject(value, where, path);
  return {
    pageSize: clean(asString(limit['pageSize'], `${where}.pageSize`, path)),
    limit: asBigint(limit['limit'], `${where}.limit`, path),
  };
}

function deviceRule(value: unknown, where: string, path: string): DeviceRule {
  const rule = asObject(value, where, path);
  const number = (key: string): bigint | null => {
    const found = optionalBigint(rule[key], `${where}.${key}`, path);
    // Some runtimes write -1 for "any", as runc's own library has it.
    return found === null || found < 0n ? null : found;
  };
  return {
    allow: asBoolean(rule['allow'], `${where}.allow`, path),
    type: clean(asOptionalString(rule['type'], `${where}.type`, path) ?? ''),
    major: number('major'),
    minor: number('minor'),
    access: clean(asOptionalString(rule['access'], `${where}.access`, path) ?? ''),
  };
}

/** For a whole number that is a double's: ids, scores. */
export const optionalInteger = orElse(asInteger, null);
