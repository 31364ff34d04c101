// Reads the control files of a group, each controller by its own version: of a process, or of a path. Opens nothing for writing.
// What the table of control files does not say of a value (who is throttled, what is in force) is model/limits.ts' to answer.
import { CORE_CONTROLLER } from '../kernel/cgroup/files/core.ts';
import {
  CONTROL_FILES,
  type ControlFile,
  type FileField,
  readField,
  rowOfFile,
  sizeIn,
  V1_CONTROLLER,
} from '../kernel/cgroup/files.ts';
import { type Pressure, parsePressure } from '../kernel/cgroup/pressure.ts';
import { isOutside } from '../kernel/proc/cgroup.ts';
import { mapReading, type Reading, unread, value } from '../kernel/reading.ts';
import type {
  Bandwidth,
  CgroupMembership,
  ControllerState,
  Effective,
  GroupState,
  Hierarchy,
  Process,
  Quantity,
} from '../model/types.ts';
import { ParseError } from '../text/errors.ts';
import type { HostFs } from './fs.ts';
import { groupDirectory, hierarchyOf } from './hierarchies.ts';

/** What every look reads; the rows with `detail` are read when the whole group is asked for. */
const PLAIN_FILES = CONTROL_FILES.filter((row) => row.detail !== true);
const PLAIN_CONTROLLERS = [...new Set(PLAIN_FILES.map((file) => file.controller))];

/** Controllers that are counted with another one (cpuacct: cpu), and v1 names. */
const NEUTRAL_NAME: Readonly<Record<string, string>> = {
  cpuacct: 'cpu',
  ...Object.fromEntries(Object.entries(V1_CONTROLLER).map(([neutral, v1]) => [v1, neutral])),
};

/** Controllers that v2 has as files of every group: no line of cgroup.controllers names them (the freezer: cgroup.freeze). */
const CORE = new Set(
  CONTROL_FILES.filter(
    (row) => row.v2?.core === true && (row.detail !== true || row.controller === CORE_CONTROLLER),
  ).map((row) => row.controller),
);

/** Controllers that PSI speaks of. */
const PRESSURE_OF: readonly string[] = ['cpu', 'memory', 'io'];

interface Place {
  readonly version: 1 | 2;
  readonly path: string;
  readonly directory: Reading<string>;
  readonly hierarchy: Hierarchy;
}

/** One reading of one group: the host, where the group is, and each text read once. */
interface Look {
  readonly fs: HostFs;
  readonly hierarchies: readonly Hierarchy[];
  readonly memberships: readonly CgroupMembership[];
  readonly texts: Map<string, Reading<string>>;
}

/** Where one controller holds the process: in a v1 hierarchy of its own, else in the v2 tree. */
function placeOf(controller: string, { memberships, hierarchies }: Look): Place | null {
  const v1Name = V1_CONTROLLER[controller] ?? controller;
  const unified = hierarchies.find(({ version }) => version === 2);
  const inUnified =
    unified !== undefined && (unified.controllers.includes(controller) || CORE.has(controller));
  const membership =
    memberships.find((line) => line.controllers.includes(v1Name)) ??
    (inUnified ? memberships.find((line) => line.hierarchy === 0) : undefined);
  return membership ? placeAt(hierarchies, membership) : null;
}

function placeAt(hierarchies: readonly Hierarchy[], membership: CgroupMembership): Place | null {
  const hierarchy = hierarchyOf(hierarchies, membership);
  if (!hierarchy) return null;
  return {
    version: hierarchy.version,
    path: membership.path,
    directory: groupDirectory(hierarchy, membership.path),
    hierarchy,
  };
}

/** The text of a group's file. A file that the group has not is `unsupported`: the kernel, or the root group, has none. A group that is gone says so. */
function readFile(look: Look, directory: string, file: string): Reading<string> {
  const path = `${directory}/${file}`;
  const known = look.texts.get(path);
  if (known) return known;
  const text = look.fs.readText(path);
  const absent = !text.ok && text.why === 'gone' && look.fs.stat(directory).ok;
  const found = absent ? unread('unsupported', path) : text;
  look.texts.set(path, found);
  return found;
}

function readOne(
  look: Look,
  directory: Reading<string>,
  field: FileField | null,
  what: string,
): Reading<Quantity> {
  if (!field) return unread('unsupported', what);
  if (!directory.ok) return directory;
  const text = readFile(look, directory.value, field.file);
  return text.ok
    ? parsed(`${directory.value}/${field.file}`, (path) => readField(field, text.value, path))
    : text;
}

/** A text of a form that no document gives is a kernel that we do not know. */
function parsed<T>(path: string, parse: (path: string) => T): Reading<T> {
  try {
    return value(parse(path));
  } catch (error) {
    if (error instanceof ParseError) return unread('unsupported', path);
    throw error;
  }
}

/** `usage` and `event` files hold plain numbers: a `max` there would be a kernel that we do not know. */
function plain(reading: Reading<Quantity>, what: string): Reading<bigint> {
  if (!reading.ok) return reading;
  return reading.value === 'max' ? unread('unsupported', what) : { ok: true, value: reading.value };
}

/** The group and those above it, as far as we can see: of one outside of our cgroup namespace our own root is no ancestor. */
function ancestors(path: string): readonly string[] {
  const paths = [path];
  if (isOutside(path)) return paths;
  for (let at = path; at !== '/' && at !== ''; ) {
    at = at.slice(0, at.lastIndexOf('/')) || '/';
    paths.push(at);
  }
  return paths;
}

/** The least value over the group and its ancestors, and the group, nearest to the process, that sets it; for rows that bound. */
function effectiveLimit(look: Look, place: Place, field: FileField): Effective | null {
  let least: Effective | null = null;
  const denied: string[] = [];
  for (const path of ancestors(place.path)) {
    const found = readOne(look, groupDirectory(place.hierarchy, path), field, path);
    if (!found.ok && found.why === 'denied') denied.push(path);
    if (!found.ok) continue;
    if (least === null || isLess(found.value, least.value)) least = { value: found.value, setBy: path };
  }
  return withDenied(least, denied);
}

function withDenied(effective: Effective | null, denied: readonly string[]): Effective | null {
  return effective && denied.length > 0 ? { ...effective, denied } : effective;
}

function isLess(a: Quantity, b: Quantity): boolean {
  if (a === 'max') return false;
  return b === 'max' || a < b;
}

function fieldOf(row: ControlFile, version: 1 | 2): FileField | null {
  return version === 1 ? row.v1 : row.v2;
}

/** The group and its ancestors as sched-bwc.rst has them: a quota holds for all below, its throttling is counted where it is set alone. */
function bandwidthOf(look: Look, place: Place): readonly Bandwidth[] {
  const read = (directory: Reading<string>, key: string): Reading<Quantity> => {
    const row = PLAIN_FILES.find((one) => one.controller === 'cpu' && one.key === key);
    return readOne(look, directory, row ? fieldOf(row, place.version) : null, `cpu ${key}`);
  };
  return ancestors(place.path).map((path) => {
    const directory = groupDirectory(place.hierarchy, path);
    const time = plain(read(directory, 'throttledTime'), path);
    return {
      path,
      quota: read(directory, 'quota'),
      period: plain(read(directory, 'period'), path),
      nrThrottled: plain(read(directory, 'nrThrottled'), path),
      throttledTime: mapReading(time, (n) => (place.version === 1 ? n / 1000n : n)),
    };
  });
}

/** The least quota per period; between equals the group nearest to the process. null where no group has one to tell. */
function effectiveQuota(groups: readonly Bandwidth[]): Effective | null {
  let least: Effective | null = null;
  const denied: string[] = [];
  for (const { path, quota, period } of groups) {
    if (!quota.ok && quota.why === 'denied') denied.push(path);
    if (!quota.ok || !period.ok) continue;
    const found = { value: quota.value, setBy: path, per: period.value };
    if (least === null || isLessPerPeriod(found, least)) least = found;
  }
  return withDenied(least, denied);
}

function isLessPerPeriod(a: Effective, b: Effective): boolean {
  if (a.value === 'max' || a.per === undefined) return false;
  return b.value === 'max' || b.per === undefined || a.value * b.per < b.value * a.per;
}

/**
 * PSI of the group. It is a file of every v2 group, whatever controllers that has; a controller of v1 is told of only where the process'
 * v2 group is the same path: the host's pressure is not the group's.
 */
function pressureOf(look: Look, name: string, place: Place): Reading<Pressure> {
  const file = `${name}.pressure`;
  const line = look.memberships.find(({ hierarchy }) => hierarchy === 0);
  const unified = line ? placeAt(look.hierarchies, line) : null;
  if (!unified || unified.path !== place.path) return unread('unsupported', `${place.path} ${file}`);
  if (!unified.directory.ok) return unified.directory;
  const text = readFile(look, unified.directory.value, file);
  return text.ok
    ? parsed(`${unified.directory.value}/${file}`, (path) => parsePressure(text.value, path))
    : text;
}

function lookAt(
  fs: HostFs,
  hierarchies: readonly Hierarchy[],
  memberships: readonly CgroupMembership[],
): Look {
  return { fs, hierarchies, memberships, texts: new Map() };
}

/** Every controller of the panes as it holds one process; a controller that is nowhere mounted has version null. */
export function readGroup(fs: HostFs, hierarchies: readonly Hierarchy[], process: Process): GroupState {
  const look = lookAt(fs, hierarchies, process.cgroups.ok ? process.cgroups.value : []);
  return {
    of: { pid: process.pid, starttime: process.starttime },
    controllers: PLAIN_CONTROLLERS.map((name) => readController(look, name, PLAIN_FILES)),
  };
}

/** One controller with every number of its files, in the group that these lines lead to. */
export function readOneController(
  fs: HostFs,
  hierarchies: readonly Hierarchy[],
  memberships: readonly CgroupMembership[],
  name: string,
): ControllerState {
  return readController(lookAt(fs, hierarchies, memberships), name, CONTROL_FILES);
}

/**
 * Every controller that the table knows or this host has mounted, with every number of its files; `cgroup` is the group itself. Keys of
 * files that are there for each page size end in it (`limit.2MB`).
 */
export function readWholeGroup(
  fs: HostFs,
  hierarchies: readonly Hierarchy[],
  memberships: readonly CgroupMembership[],
): readonly ControllerState[] {
  const look = lookAt(fs, hierarchies, memberships);
  const mounted = hierarchies
    .flatMap(({ controllers }) => controllers)
    .filter((name) => !name.startsWith('name='))
    .map((name) => NEUTRAL_NAME[name] ?? name);
  const names = new Set([...CONTROL_FILES.map((row) => row.controller), ...mounted]);
  return [...names].map((name) => readController(look, name, CONTROL_FILES));
}

/**
 * The lines of a /proc/PID/cgroup for a path: one for each hierarchy, or for the one that is meant, that has a group there. Empty where
 * there is no such group.
 */
export function membershipsAt(
  fs: HostFs,
  hierarchies: readonly Hierarchy[],
  path: string,
): readonly CgroupMembership[] {
  return hierarchies.flatMap((hierarchy) => {
    const directory = groupDirectory(hierarchy, path);
    if (!directory.ok || !fs.stat(directory.value).ok) return [];
    const { version, controllers } = hierarchy;
    // The hierarchy's number is of no use but to tell v2, which is 0.
    return [{ hierarchy: version === 2 ? 0 : 1, controllers: version === 2 ? [] : controllers, path }];
  });
}

/**
 * A few values of one controller in the group of one line, by neutral name, without its ancestors: for a look over many groups. null where the
 * line is not of the hierarchy that has the controller.
 */
export function readValues(
  fs: HostFs,
  hierarchies: readonly Hierarchy[],
  membership: CgroupMembership,
  controller: string,
  keys: readonly string[],
): {
  readonly version: 1 | 2;
  readonly directory: Reading<string>;
  readonly values: Readonly<Record<string, Reading<Quantity>>>;
} | null {
  const look = lookAt(fs, hierarchies, [membership]);
  const place = placeOf(controller, look);
  if (!place) return null;
  const rows = CONTROL_FILES.filter((row) => row.controller === controller && keys.includes(row.key));
  return {
    version: place.version,
    directory: place.directory,
    values: Object.fromEntries(
      rows.map((row) => [
        row.key,
        readOne(look, place.directory, fieldOf(row, place.version), `${controller} ${row.key}`),
      ]),
    ),
  };
}

function readController(look: Look, name: string, table: readonly ControlFile[]): ControllerState {
  const place = placeOf(name, look);
  const limits: Record<string, Reading<Quantity>> = {};
  const usage: Record<string, Reading<bigint>> = {};
  const events: Record<string, Reading<bigint>> = {};
  const effective: Record<string, Effective> = {};
  const readAt: Record<string, string> = {};
  if (!place)
    return {
      name,
      version: null,
      path: '',
      directory: unread('unsupported', name),
      limits,
      usage,
      events,
      effective,
    };
  for (const file of table.filter((row) => row.controller === name)) {
    if (file.kind === 'text' || file.kind === 'act') continue;
    const { kind } = file;
    for (const [key, field] of sized(look, file.key, fieldOf(file, place.version), place.directory)) {
      // v1 keeps a value in another controller's tree here and there (cpu time: cpuacct).
      const home = field.controller ? placeOf(field.controller, look) : place;
      if (home && home.path !== place.path) readAt[key] = home.path;
      const what = `${name} ${key}`;
      const found = home ? readOne(look, home.directory, field, what) : unread('unsupported', what);
      if (kind === 'limit') limits[key] = found;
      else if (kind === 'usage') usage[key] = plain(found, what);
      else events[key] = plain(found, what);
      const least = file.bound === true ? effectiveLimit(look, place, field) : null;
      if (least) effective[key] = least;
    }
  }
  const bandwidth = name === 'cpu' ? bandwidthOf(look, place) : null;
  const quota = bandwidth ? effectiveQuota(bandwidth) : null;
  if (quota) effective['quota'] = quota;
  return {
    name,
    version: place.version,
    path: place.path,
    directory: place.directory,
    limits,
    usage,
    events,
    effective,
    ...(Object.keys(readAt).length > 0 ? { readAt } : {}),
    ...(PRESSURE_OF.includes(name) ? { pressure: pressureOf(look, name, place) } : {}),
    ...(bandwidth ? { bandwidth } : {}),
  };
}

/** The row's field, once; of a file that is there for each page size once for each that the group has. */
function sized(
  look: Look,
  key: string,
  field: FileField | null,
  directory: Reading<string>,
): readonly (readonly [string, FileField])[] {
  if (!field) return [];
  if (!field.file.includes('<')) return [[key, field]];
  const names = directory.ok ? look.fs.list(directory.value) : directory;
  if (!names.ok) return [];
  return [...names.value].sort().flatMap((file) => {
    const size = sizeIn(field.file, file);
    return size === null ? [] : [[`${key}.${size}`, { ...field, file }] as const];
  });
}

/** One control file as it stands in a group's directory. */
export interface GroupFile {
  readonly name: string;
  readonly path: string;
  /** What the table says of it; null for a file that it does not know. */
  readonly row: ControlFile | null;
  /** The whole text, not sanitised; null for a file that is only written, and is not opened. */
  readonly text: Reading<string> | null;
}

/** The directory of a group in one hierarchy, with every control file in it, by name. */
export interface GroupDirectory {
  readonly version: 1 | 2;
  readonly controllers: readonly string[];
  readonly path: string;
  readonly directory: Reading<string>;
  readonly files: readonly GroupFile[];
}

/** Every control file of the group in every hierarchy, v2 first; those of the table that the kernel has not are not there. */
export function readGroupFiles(
  fs: HostFs,
  hierarchies: readonly Hierarchy[],
  memberships: readonly CgroupMembership[],
): readonly GroupDirectory[] {
  const look = lookAt(fs, hierarchies, memberships);
  return hierarchies.flatMap((hierarchy) => {
    const membership = memberships.find((line) => hierarchyOf(hierarchies, line) === hierarchy);
    if (!membership) return [];
    const directory = groupDirectory(hierarchy, membership.path);
    const names = directory.ok ? fs.list(directory.value) : directory;
    return [
      {
        version: hierarchy.version,
        controllers: hierarchy.controllers,
        path: membership.path,
        directory: names.ok ? directory : names,
        files: names.ok && directory.ok ? filesIn(look, hierarchy.version, directory.value, names.value) : [],
      },
    ];
  });
}

function filesIn(
  look: Look,
  version: 1 | 2,
  directory: string,
  names: readonly string[],
): readonly GroupFile[] {
  return [...names].sort().flatMap((name) => {
    const path = `${directory}/${name}`;
    const row = rowOfFile(version, name) ?? null;
    const stat = look.fs.stat(path);
    // Directories are child groups; what the recording does not hold is not there.
    if (stat.ok && stat.value.directory) return [];
    if (!stat.ok && stat.why === 'gone') return [];
    return [{ name, path, row, text: row?.kind === 'act' ? null : readFile(look, directory, name) }];
  });
}
