// Facts about one made-up container for the tests of the table of docker's options: what was asked, what config.json has, what the kernel has.
import { parseConfig } from '../../src/oci/config.ts';
import { parseInspect } from '../../src/oci/inspect.ts';
import { type Reading, unread, value } from '../../src/kernel/reading.ts';
import { parseLimits } from '../../src/kernel/proc/limits.ts';
import { parseMountinfo } from '../../src/kernel/proc/mountinfo.ts';
import { parseStatus } from '../../src/kernel/proc/status.ts';
import { NS_TYPES, type NsType } from '../../src/kernel/namespaces.ts';
import type { ControlText, OptionFacts } from '../../src/model/docker-options/option.ts';
import { tellOptions, type ToldOption } from '../../src/model/docker-options/index.ts';
import { compareLinks } from '../../src/model/links.ts';
import type { Container, ControllerState, Process } from '../../src/model/types.ts';
import { takeSnapshot } from '../../src/host/host.ts';
import { hostOf, recordingOf } from '../support/host-text.ts';

export const ID = 'ee703c3f8b1a0d5c'.repeat(4);
const OTHER = 'aa703c3f8b1a0d5c'.repeat(4);

export interface Made {
  /** HostConfig of docker inspect; absent: docker was not asked. */
  readonly host?: Readonly<Record<string, unknown>>;
  readonly inspectConfig?: Readonly<Record<string, unknown>>;
  /** config.json as text or value; absent: it could not be read. */
  readonly config?: unknown;
  readonly version?: 1 | 2;
  /** Control files by name; absent ones the kernel has not. */
  readonly files?: Readonly<Record<string, string>>;
  readonly status?: string;
  readonly mounts?: string;
  readonly limits?: string;
  readonly label?: Reading<string>;
  readonly oomScoreAdj?: number;
  /** Files of /proc/sys as they are within its namespaces; absent: they could not be entered. */
  readonly inside?: Readonly<Record<string, string>>;
  /** Inodes of the first process that are not the host's. */
  readonly ns?: Readonly<Partial<Record<NsType, number>>>;
  /** The same of its shim. */
  readonly shimNs?: Readonly<Partial<Record<NsType, number>>>;
}

const STATUS = 'Name:\tx\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t \nThreads:\t1\n';
const LINE = (id: string) => `0::/docker/${id}\n`;

/** The container `web` (pid 20, shim 10), another one `db` (pid 30) with namespaces of its own, as the options are told. */
export async function factsOf(made: Made): Promise<OptionFacts> {
  const version = made.version ?? 2;
  const db = Object.fromEntries(NS_TYPES.map((type, at) => [type, 7000 + at]));
  const snapshot = await takeSnapshot(
    hostOf(
      recordingOf([
        { pid: 1, comm: 'init' },
        { pid: 10, ppid: 1, comm: 'containerd-shim', ns: made.shimNs ?? {} },
        { pid: 20, ppid: 10, comm: 'sleep', ns: made.ns ?? {}, cgroup: LINE(ID) },
        { pid: 30, ppid: 1, comm: 'sleep', ns: db, cgroup: LINE(OTHER) },
      ]),
    ),
  );
  const found = snapshot.containers.find(({ id }) => id === ID);
  const process = snapshot.processes.find(({ pid }) => pid === 20);
  if (!found || !process) throw new Error('the made container is not found');
  const shim = snapshot.processes.find(({ pid }) => pid === 10);
  const container: Container = {
    ...found,
    shim: shim ? { pid: shim.pid, starttime: shim.starttime } : null,
  };
  return {
    snapshot: {
      ...snapshot,
      containers: snapshot.containers.map((one) => (one === found ? container : one)),
    },
    container,
    init: process,
    inspect:
      made.host || made.inspectConfig
        ? parseInspect(
            wide({ Id: ID, State: {}, HostConfig: made.host ?? {}, Config: made.inspectConfig ?? {} }),
            'x',
          )
        : null,
    config: made.config === undefined ? null : parseConfig(wide(made.config), 'config.json'),
    confinement: confinementOf(made, process),
    links: compareLinks(snapshot, process),
    controllers: ['memory', 'cpu', 'pids', 'io', 'cpuset', 'devices'].map((name) =>
      controller(name, version),
    ),
    files: Object.fromEntries(
      Object.entries(made.files ?? {}).map(([name, text]): [string, ControlText] => [
        name,
        { version, path: `/sys/fs/cgroup/x/${name}`, text: value(`${text}\n`) },
      ]),
    ),
    inside: Object.fromEntries(Object.entries(made.inside ?? {}).map(([path, text]) => [path, value(text)])),
    lastCapability: 40,
  };
}

/** The other container's id, for `container:ID`. */
export const OTHER_ID = OTHER;
export const OTHER_NS = 7000;

/** One option as it is told; throws where it is not. */
export async function told(flag: string, made: Made): Promise<ToldOption> {
  const found = await maybeTold(flag, made);
  if (!found) throw new Error(`${flag} is not told`);
  return found;
}

export async function maybeTold(flag: string, made: Made): Promise<ToldOption | null> {
  return tellOptions(await factsOf(made)).find(({ option }) => option.flag === flag) ?? null;
}

function wide(of: unknown): string {
  const text = JSON.stringify(of, (_, one: unknown) => (typeof one === 'bigint' ? `#${one}#` : one));
  return text.replaceAll(/"#(-?\d+)#"/g, '$1');
}

function confinementOf(made: Made, { pid, starttime }: Process): NonNullable<OptionFacts['confinement']> {
  const none = unread('gone', '/x');
  const ids = value([{ inside: 0, outside: 0, count: 4_294_967_295 }]);
  return {
    of: { pid, starttime },
    status: value(parseStatus(`${STATUS}${made.status ?? ''}`, 'status')),
    uidMap: ids,
    gidMap: ids,
    setgroups: value('allow'),
    label: made.label ?? unread('unsupported', 'attr/current'),
    mounts: made.mounts === undefined ? none : value(parseMountinfo(made.mounts, 'mountinfo')),
    root: value('/'),
    cwd: value('/'),
    oomScoreAdj: value(made.oomScoreAdj ?? 0),
    limits: made.limits === undefined ? none : value(parseLimits(`head\n${made.limits}`, 'limits')),
  };
}

function controller(name: string, version: 1 | 2): ControllerState {
  // v2 has no controller of devices.
  const has = version === 1 || name !== 'devices';
  return {
    name,
    version: has ? version : null,
    path: `/docker/${ID}`,
    directory: value('/sys/fs/cgroup/x'),
    limits: {},
    usage: {},
    events: {},
    effective: {},
  };
}
