// Every parser of the program with texts that it takes: those of the recorded hosts where they have them. A new parser is a new row here;
// parsers.test.ts finds one that has been forgotten.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordedEngines } from '../../src/host/engine-text.ts';
import { parseLinks } from '../../src/host/ip-link.ts';
import { parseRecording, recordedFs } from '../../src/host/recorded-fs.ts';
import { RELATIONS_PATH, recordedRelations } from '../../src/host/relations-text.ts';
import { parseCpuMax } from '../../src/kernel/cgroup/cpu-max.ts';
import { CONTROL_FILES, readField } from '../../src/kernel/cgroup/files.ts';
import { parseFlatKeyed } from '../../src/kernel/cgroup/flat-keyed.ts';
import { parsePressure } from '../../src/kernel/cgroup/pressure.ts';
import { parseQuantity } from '../../src/kernel/cgroup/quantity.ts';
import { parseCgroups } from '../../src/kernel/proc/cgroup.ts';
import { parseCmdline } from '../../src/kernel/proc/cmdline.ts';
import { parseNetDev } from '../../src/kernel/proc/net-dev.ts';
import { parseNetUnix } from '../../src/kernel/proc/net-unix.ts';
import { parseLimits } from '../../src/kernel/proc/limits.ts';
import { parseMountinfo } from '../../src/kernel/proc/mountinfo.ts';
import { parseNsLink } from '../../src/kernel/proc/ns.ts';
import { parseStat } from '../../src/kernel/proc/stat.ts';
import { parseNspid, parseStatus } from '../../src/kernel/proc/status.ts';
import { parseIdMap } from '../../src/kernel/proc/uid-map.ts';
import { parseAnnotations } from '../../src/oci/annotations.ts';
import { parseConfig } from '../../src/oci/config.ts';
import { parseContainers, parseInspectPid, parseVersion } from '../../src/oci/engine.ts';
import { parseCrunStatus } from '../../src/oci/crun-status.ts';
import { parseInspect } from '../../src/oci/inspect.ts';
import { parseJson, parseWideJson } from '../../src/oci/json.ts';
import { parseResources } from '../../src/oci/resources.ts';
import { parseRuncState } from '../../src/oci/runc-state.ts';
import { parseTop } from '../../src/oci/top.ts';
import { cleanLines } from '../../src/text/lines.ts';
import { clean, decode, onlySgr } from '../../src/text/sanitize.ts';

export interface Parser {
  /** The function's name. */
  readonly name: string;
  readonly parse: (text: string) => unknown;
  /** Texts that it takes without an error; spoilt, they are its inputs. */
  readonly texts: readonly string[];
}

const HOSTS = fileURLToPath(new URL('../../fixtures/hosts/', import.meta.url));
const recordings = readdirSync(HOSTS)
  // What a broken host holds, parsers refuse.
  .filter((name) => name.endsWith('.host') && !name.startsWith('broken'))
  .sort()
  .map((name) => parseRecording(readFileSync(join(HOSTS, name), 'utf8'), name));

/** Contents of the files of recorded hosts whose path matches, each once, the shortest first, twenty at most, cut at a line's end. */
function recorded(path: RegExp): readonly string[] {
  const found = new Set<string>();
  for (const { entries } of recordings)
    for (const [name, entry] of entries)
      if (entry.kind === 'file' && path.test(name)) found.add(entry.content);
  return [...found].sort((a, b) => a.length - b.length).slice(0, 20);
}

/** The first lines of each text. */
function heads(texts: readonly string[], lines: number): readonly string[] {
  return texts.map((text) => text.split('\n').slice(0, lines).join('\n'));
}

const links = recordings.flatMap(({ entries }) =>
  [...entries].flatMap(([path, entry]) =>
    entry.kind === 'link' && /^\/proc\/\d+\/ns\//.test(path) ? [entry.target] : [],
  ),
);

const ID = 'ee703c3f8b1a0d5c'.repeat(4);
const CONFIG = {
  process: { args: ['sleep', '1000'], capabilities: { bounding: ['CAP_CHOWN'] }, noNewPrivileges: true },
  hostname: 'web',
  annotations: { 'a.b': 'c' },
  linux: {
    cgroupsPath: 'system.slice:docker:web',
    namespaces: [{ type: 'mount' }, { type: 'network', path: '/proc/1/ns/net' }],
    resources: { memory: { limit: 33554432 }, pids: { limit: 20 }, cpu: { quota: 50000, period: 100000 } },
    seccomp: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW' }] },
  },
};
const CONTAINER = {
  Id: ID,
  Names: ['/web', '/db/web-link'],
  Image: 'busybox:latest',
  State: 'running',
  Pid: 7,
};
const VERSION = {
  Version: '26.1.5',
  ApiVersion: '1.45',
  MinAPIVersion: '1.24',
  Components: [{ Name: 'Engine', Version: '26.1.5' }],
};
const INSPECT = {
  Id: ID,
  Name: '/web',
  State: { Status: 'exited', Running: false, OOMKilled: true, Pid: 0, ExitCode: 137 },
  HostConfig: {
    Memory: 67108864,
    NanoCpus: 500000000,
    CapAdd: ['NET_ADMIN'],
    PidsLimit: null,
    MemorySwap: -1,
  },
  Config: { Hostname: 'web', Image: 'busybox' },
};
const CRUN = {
  pid: 7,
  'process-start-time': 70,
  'cgroup-path': '/system.slice/crun-box.scope',
  bundle: '/tmp/box',
};
const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max open files            1024                 1048576              files
`;
const NET_UNIX = `Num       RefCount Protocol Flags    Type St Inode Path
000000001c8ad2e3: 00000002 00000000 00010000 0001 01 15723 /run/containerd/containerd.sock
0000000022222222: 00000002 00000000 00010000 0005 01   177 @/org/kernel/udev/udevd
`;
const NET_DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
`;
const IP_LINKS = [
  {},
  {
    ifindex: 1,
    ifname: 'lo',
    flags: ['UP'],
    link_type: 'loopback',
    addr_info: [{ local: '::1', prefixlen: 128 }],
  },
  { ifindex: 2, link_index: 3, link_netnsid: 0, ifname: 'two', linkinfo: { info_kind: 'veth' } },
  { ifindex: 4, link: 'two', ifname: 'four', link_type: 'ether', master: 'br0' },
];
const RECORDING = `nscope-recording 1
title A host
stat /proc/1 4 4026532 0 dir
file /proc/1/stat
|1 (systemd) S 0 1
file /proc/1/cmdline
|/sbin/init\\0
\\
link /proc/1/ns/uts uts:[4026531838]
dir /run/empty
unread /proc/7/ns/uts denied
`;
const RELATIONS = 'user 4026531837 owner=- parent=-\nnet 4026532177 owner=4026531837 parent=?\n';
const ENGINES = JSON.stringify({
  engines: [{ socket: '/run/docker.sock', version: { ok: true, value: '26.1.5' } }],
  containers: [{ engine: 'docker', id: ID, name: 'web', image: 'busybox' }],
});

/** A host that holds one file. */
function hostWith(path: string, content: string) {
  return recordedFs({ title: '', entries: new Map([[path, { kind: 'file', content }]]), stats: new Map() });
}

const json = (...documents: readonly unknown[]) => documents.map((document) => JSON.stringify(document));
/** The fields of the table of control files that tell of different forms: by kind of look-up, the first of each. */
const FIELDS = [
  ...new Map(
    CONTROL_FILES.flatMap(({ v1, v2 }) => [v1, v2])
      .filter((field) => field !== null)
      .map((field) => [
        Object.keys(field)
          .filter((key) => key !== 'file')
          .sort()
          .join(' '),
        field,
      ]),
  ).values(),
];

const BYTES = new TextEncoder();

export const PARSERS: readonly Parser[] = [
  { name: 'parseStat', parse: (text) => parseStat(text, 'f'), texts: recorded(/^\/proc\/\d+\/stat$/) },
  { name: 'parseStatus', parse: (text) => parseStatus(text, 'f'), texts: recorded(/^\/proc\/\d+\/status$/) },
  { name: 'parseNspid', parse: (text) => parseNspid(text, 'f'), texts: recorded(/^\/proc\/\d+\/status$/) },
  {
    name: 'parseCgroups',
    parse: (text) => parseCgroups(text, 'f'),
    texts: recorded(/^\/proc\/\d+\/cgroup$/),
  },
  { name: 'parseCmdline', parse: parseCmdline, texts: recorded(/^\/proc\/\d+\/cmdline$/) },
  {
    name: 'parseMountinfo',
    parse: (text) => parseMountinfo(text, 'f'),
    texts: heads(recorded(/^\/proc\/\d+\/mountinfo$/), 8),
  },
  { name: 'parseNsLink', parse: (text) => parseNsLink(text, 'f'), texts: [...new Set(links)] },
  {
    name: 'parseIdMap',
    parse: (text) => parseIdMap(text, 'f'),
    texts: ['         0          0 4294967295\n', '0 1000 1\n1 100000 65536\n'],
  },
  {
    name: 'parseCpuMax',
    parse: (text) => parseCpuMax(text, 'f'),
    texts: recorded(/\/cpu\.max$/),
  },
  {
    name: 'parseFlatKeyed',
    parse: (text) => parseFlatKeyed(text, 'f'),
    texts: heads(recorded(/\/(memory|cpu)\.stat$|\.events$/), 12),
  },
  {
    name: 'parsePressure',
    parse: (text) => parsePressure(text, 'f'),
    texts: [
      'some avg10=0.00 avg60=1.25 avg300=99.99 total=18446744073709551615\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
    ],
  },
  {
    name: 'parseQuantity',
    parse: (text) => parseQuantity(text, 'f'),
    texts: recorded(/\/(memory\.(max|current|limit_in_bytes)|pids\.(max|current))$/),
  },
  {
    name: 'readField',
    parse(text) {
      // One field that refuses the text says nothing of the others.
      const errors: unknown[] = [];
      for (const field of FIELDS) {
        try {
          readField(field, text, 'f');
        } catch (error) {
          errors.push(error);
        }
      }
      const strange = errors.find((error) => !(error instanceof Error && error.name === 'ParseError'));
      if (strange !== undefined) throw strange;
      return errors.length;
    },
    texts: [
      ...recorded(/\/(memory\.max|cpuset\.cpus|freezer\.state)$/),
      ...heads(recorded(/\/(cpu\.(stat|max)|memory\.(stat|events|oom_control))$/), 6),
      ...heads(recorded(/\/(io\.stat|blkio\..*)$/), 6),
    ],
  },
  { name: 'parseNetDev', parse: parseNetDev, texts: [NET_DEV] },
  { name: 'parseLinks', parse: parseLinks, texts: [JSON.stringify(IP_LINKS)] },
  {
    name: 'parseRecording',
    parse: (text) => parseRecording(text, 'f'),
    texts: [RECORDING],
  },
  {
    name: 'recordedRelations',
    parse: (text) =>
      recordedRelations(hostWith(RELATIONS_PATH, text)).of('net', 4026532177, '/proc/1/ns/net', 'k'),
    texts: [RELATIONS],
  },
  {
    name: 'recordedEngines',
    parse: (text) => recordedEngines(hostWith('/nscope/engines.json', text)),
    texts: [ENGINES],
  },
  { name: 'parseLimits', parse: (text) => parseLimits(text, 'f'), texts: [LIMITS] },
  { name: 'parseNetUnix', parse: (text) => parseNetUnix(text, 'f'), texts: [NET_UNIX] },
  { name: 'parseAnnotations', parse: (text) => parseAnnotations(text, 'f'), texts: json(CONFIG, {}) },
  { name: 'parseCrunStatus', parse: (text) => parseCrunStatus(text, 'f'), texts: json(CRUN) },
  { name: 'parseInspect', parse: (text) => parseInspect(text, 'f'), texts: json(INSPECT) },
  {
    name: 'parseWideJson',
    parse: (text) => parseWideJson(text, 'f'),
    texts: json(CONFIG, [9223372036854771000]),
  },
  {
    name: 'parseResources',
    parse: (text) => parseResources(parseWideJson(text, 'f'), 'resources', 'f'),
    texts: json(CONFIG.linux.resources, {}),
  },
  { name: 'parseJson', parse: (text) => parseJson(text, 'f'), texts: json(CONFIG, [CONTAINER]) },
  { name: 'parseConfig', parse: (text) => parseConfig(text, 'f'), texts: json(CONFIG, {}) },
  {
    name: 'parseRuncState',
    parse: (text) => parseRuncState(text, 'f'),
    texts: recorded(/\/state\.json$/),
  },
  {
    name: 'parseContainers',
    parse: (text) => parseContainers(text, 'f'),
    texts: json([CONTAINER, { Id: 'b', Names: null }]),
  },
  { name: 'parseVersion', parse: (text) => parseVersion(text, 'f'), texts: json(VERSION) },
  {
    name: 'parseInspectPid',
    parse: (text) => parseInspectPid(text, 'f'),
    texts: json({ State: { Pid: 7 } }),
  },
  {
    name: 'parseTop',
    parse: (text) => parseTop(text, 'f'),
    texts: json({ Titles: ['PID', 'COMMAND'], Processes: [['7', 'sh']] }),
  },
  { name: 'clean', parse: clean, texts: recorded(/\/cmdline$/) },
  { name: 'cleanLines', parse: cleanLines, texts: heads(recorded(/\/status$/), 6) },
  { name: 'onlySgr', parse: onlySgr, texts: ['\u001b[1;31mred\u001b[0m 漢字\n'] },
  { name: 'decode', parse: (text) => decode(BYTES.encode(text)), texts: ['ascii', 'é漢𝕏\n'] },
];
