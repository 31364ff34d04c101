// Docker's options that end in a namespace: share the host's, join another container's, have an own one; and what is set within one.
import type { NsType } from '../../kernel/namespaces.ts';
import { mapReading, type Reading, unread, value } from '../../kernel/reading.ts';
import type { OciConfig } from '../../oci/config.ts';
import type { EngineInspect, HostConfig } from '../../oci/inspect.ts';
import type { Message } from '../../text/lang.ts';
import { processAt } from '../find.ts';
import type { Container, Snapshot } from '../types.ts';
import { type DockerOption, type KernelValue, type OptionFacts, verdictOf } from './option.ts';

/** How the specification spells the types (config-linux.md, "Namespaces"). */
export const OCI_TYPE: Readonly<Record<NsType, string>> = {
  mnt: 'mount',
  cgroup: 'cgroup',
  uts: 'uts',
  ipc: 'ipc',
  user: 'user',
  pid: 'pid',
  net: 'network',
  time: 'time',
};

interface Mode {
  readonly flag: string;
  /** Of HostConfig. */
  readonly field: string;
  readonly type: NsType;
  readonly asked: (host: HostConfig) => string;
  readonly maps: Message;
}

/** What a word of docker's asks for. */
type Wish =
  | { readonly kind: 'host' }
  | { readonly kind: 'own' }
  | { readonly kind: 'container'; readonly name: string };

function wishOf(word: string): Wish {
  if (word === 'host') return { kind: 'host' };
  return word.startsWith('container:')
    ? { kind: 'container', name: word.slice('container:'.length) }
    : { kind: 'own' };
}

function mode({ flag, field, type, asked: askedOf, maps }: Mode): DockerOption {
  const link = `/proc/PID/ns/${type}`;
  return {
    flag,
    field: `HostConfig.${field}`,
    oci: `linux.namespaces ${OCI_TYPE[type]}`,
    v1: link,
    v2: link,
    maps,
    tell(facts) {
      const asked = facts.inspect ? askedOf(facts.inspect.hostConfig) : '';
      const entry = facts.config?.namespaces.find((one) => one.type === OCI_TYPE[type]);
      // Without docker's word only what is not plain is told: a namespace that is joined, or none of its own.
      if (facts.inspect ? asked === '' : facts.config === null || (entry && entry.path === undefined))
        return null;
      const wish = facts.inspect ? wishOf(asked) : null;
      return {
        asked: facts.inspect ? asked : null,
        configured: facts.config
          ? entry
            ? entry.path === undefined
              ? `${entry.type} (new)`
              : `${entry.type} path=${entry.path}`
            : `no ${OCI_TYPE[type]}`
          : null,
        kernel: [linkValue(facts, type)],
        verdict: verdictOf(
          wish && facts.config ? isCarried(wish, entry, type) : null,
          isKept(wish ?? wishOfEntry(entry), facts, type),
        ),
        note: elsewhere(facts, type),
      };
    },
  };
}

/** docker's host is where docker is: the shim, which dockerd's containerd started, is in the same namespaces. null: no shim is known. */
function daemonsLink({ snapshot, container }: OptionFacts, type: NsType): Reading<number> | null {
  const shim = container.shim ? processAt(snapshot, container.shim) : null;
  return shim?.ns[type] ?? null;
}

/** Told where the engine itself runs in a namespace of its own, as an engine in a container does. */
function elsewhere(facts: OptionFacts, type: NsType): Message | null {
  const daemons = daemonsLink(facts, type);
  const host = facts.links.find((one) => one.type === type)?.host;
  if (!daemons?.ok || !host?.ok || daemons.value === host.value) return null;
  const link = `${type}:[${daemons.value}]`;
  return {
    en: `the engine itself is in ${link}, which is no namespace of the host: that one is meant by host`,
    'zh-CN': `引擎自身处于 ${link}，并非主机的命名空间：此处的 host 指的是它`,
  };
}

/** What config.json asks for, where only that is known. A path may lead to the host's or to another container's: nobody says which. */
function wishOfEntry(entry: OciConfig['namespaces'][number] | undefined): Wish | null {
  if (!entry) return { kind: 'host' };
  return entry.path === undefined ? { kind: 'own' } : null;
}

function isCarried(wish: Wish, entry: OciConfig['namespaces'][number] | undefined, type: NsType): boolean {
  if (wish.kind === 'container') return entry?.path !== undefined;
  if (wish.kind === 'own') return entry !== undefined;
  // docker has the host's network namespace pinned by a mount, and joins that.
  return entry === undefined || (type === 'net' && entry.path !== undefined);
}

function linkValue(facts: OptionFacts, type: NsType): KernelValue {
  const path = `/proc/${facts.init?.pid ?? 'PID'}/ns/${type}`;
  const row = facts.links.find((one) => one.type === type);
  const own: Reading<number> = facts.init?.ns[type] ?? unread('gone', path);
  return {
    name: `ns/${type}`,
    value: mapReading(own, (inode) => `${type}:[${inode}] ${row?.relation ?? 'unknown'}`),
    proof: `readlink ${path}`,
  };
}

function isKept(wish: Wish | null, facts: OptionFacts, type: NsType): boolean | null {
  const row = facts.links.find((one) => one.type === type);
  if (!wish || !row?.own.ok) return null;
  const daemons = daemonsLink(facts, type) ?? row.host;
  if (wish.kind !== 'container') {
    if (!daemons.ok) return null;
    return (row.own.value === daemons.value) === (wish.kind === 'host');
  }
  const other = containerCalled(facts.snapshot, wish.name);
  const init = other?.init ? processAt(facts.snapshot, other.init) : null;
  const theirs = init?.ns[type];
  if (!theirs?.ok) return null;
  return theirs.value === row.own.value;
}

/** docker resolves a name to the whole id before it keeps it; podman keeps what was given. */
export function containerCalled(snapshot: Snapshot, word: string): Container | null {
  return (
    snapshot.containers.find(({ id }) => id === word) ??
    snapshot.containers.find(({ id, name }) => name === word || (word.length >= 12 && id.startsWith(word))) ??
    null
  );
}

const MODES: Message = {
  en: 'host: no entry, the process stays in the host’s; container:ID: an entry with the path of that container’s link; else an entry without a path: a new one',
  'zh-CN':
    'host：没有条目，进程留在主机的命名空间；container:ID：条目带有该容器链接的路径；其他：条目不带路径，即新建',
};

const NETWORK: Message = {
  en: 'host: an entry with the path of a mount of the host’s; container:ID: with the path of that container’s link; else a new one, which the network’s driver fills',
  'zh-CN':
    'host：条目的路径是主机网络命名空间的挂载；container:ID：路径是该容器的链接；其他：新建，由网络驱动配置',
};

/** A setting that stands within a namespace, which nobody outside can read without entering it. */
interface Inside {
  readonly flag: string;
  readonly field: string;
  readonly oci: string;
  readonly v: string;
  readonly maps: Message;
  /** Values by file of /proc/sys; null: not asked for. */
  readonly asked: (inspect: EngineInspect, container: Container) => Sysctls | null;
  readonly configured: (config: OciConfig) => Sysctls | null;
  /** Whether the file's name is told beside its value. */
  readonly named: boolean;
  /** nsenter(1)'s option for the namespaces that it stands in. */
  readonly enter: string;
}

/** Value by path below /proc/sys. */
type Sysctls = Readonly<Record<string, string>>;

const HOSTNAME = '/proc/sys/kernel/hostname';
const DOMAINNAME = '/proc/sys/kernel/domainname';

const ENTER: Message = {
  en: 'stands within the namespace, which could not be entered: the command enters it and shows it',
  'zh-CN': '该值在命名空间内部，未能进入：用该命令进入后查看',
};

function inside(row: Inside): DockerOption {
  return {
    flag: row.flag,
    field: row.field,
    oci: row.oci,
    v1: row.v,
    v2: row.v,
    maps: row.maps,
    tell(facts) {
      const asked = facts.inspect ? row.asked(facts.inspect, facts.container) : null;
      const configured = facts.config ? row.configured(facts.config) : null;
      const wanted = facts.inspect ? asked : configured;
      if (wanted === null) return null;
      const pid = facts.init?.pid ?? 'PID';
      const found = Object.keys(wanted).map((path) => ({
        path,
        value: facts.inside[path] ?? unread('gone', path),
      }));
      return {
        asked: asked && wordOf(row, asked),
        configured: configured && wordOf(row, configured),
        kernel: found.map(({ path, value: now }) => ({
          name: keyOf(path),
          value: now,
          proof: `nsenter -t ${pid} ${row.enter} cat ${path}`,
        })),
        verdict: verdictOf(
          asked === null || facts.config === null
            ? null
            : Object.entries(asked).every(([path, one]) => same(configured?.[path] ?? '', one)),
          found.every(({ value: now }) => now.ok)
            ? found.every(({ path, value: now }) => now.ok && same(now.value, wanted[path] ?? ''))
            : null,
        ),
        note: found.every(({ value: now }) => now.ok) ? null : ENTER,
      };
    },
  };
}

function wordOf({ named }: Inside, values: Sysctls): string {
  const words = Object.entries(values).map(([path, one]) => (named ? `${keyOf(path)}=${one}` : one));
  return words.sort().join(', ');
}

/** Numbers of one file are given with spaces and read with tabs. */
function same(a: string, b: string): boolean {
  return a.trim().split(/\s+/).join(' ') === b.trim().split(/\s+/).join(' ');
}

/** `net.core.somaxconn`, as sysctl(8) has it. */
function keyOf(path: string): string {
  return path.slice('/proc/sys/'.length).replaceAll('/', '.');
}

/** As runc and crun make a path of a key; null for one that leads elsewhere. */
function pathOf(key: string): string | null {
  const path = key.replaceAll('.', '/');
  return /^\w+(?:\/[\w-]+)+$/.test(path) ? `/proc/sys/${path}` : null;
}

function sysctlsOf(map: Readonly<Record<string, string>>): Sysctls | null {
  const found = Object.entries(map).flatMap(([key, one]) => {
    const path = pathOf(key);
    return path === null || path === DOMAINNAME ? [] : [[path, one] as const];
  });
  return found.length === 0 ? null : Object.fromEntries(found);
}

/** The files of /proc/sys that the rows ask for, within the first process' namespaces. */
export function sysctlPaths(inspect: EngineInspect | null, config: OciConfig | null): readonly string[] {
  const asked = sysctlsOf({ ...config?.sysctl, ...inspect?.hostConfig.sysctls });
  return [HOSTNAME, DOMAINNAME, ...Object.keys(asked ?? {}).sort()];
}

const INIT: DockerOption = {
  flag: '--init',
  field: 'HostConfig.Init',
  oci: 'process.args, mounts /sbin/docker-init',
  v1: '/proc/PID/comm',
  v2: '/proc/PID/comm',
  maps: {
    en: 'a small init becomes pid 1 of the pid namespace and reaps its zombies; the program is its child',
    'zh-CN': '由一个小型 init 充当 PID 命名空间的 1 号进程并回收僵尸进程；程序是它的子进程',
  },
  tell({ inspect, config, init }) {
    const asked = inspect?.hostConfig.init === true;
    const has = config ? /(^|\/)docker-init$/.test(config.args[0] ?? '') : null;
    if (inspect ? !asked : has !== true) return null;
    const path = `/proc/${init?.pid ?? 'PID'}/comm`;
    return {
      asked: inspect ? 'true' : null,
      configured: config ? (config.args[0] ?? null) : null,
      kernel: [{ name: 'comm', value: init ? value(init.comm) : unread('gone', path), proof: `cat ${path}` }],
      verdict: verdictOf(has, init ? init.comm === 'docker-init' : null),
      note: null,
    };
  },
};

const CGROUP_PARENT: DockerOption = {
  flag: '--cgroup-parent',
  field: 'HostConfig.CgroupParent',
  oci: 'linux.cgroupsPath',
  v1: '/proc/PID/cgroup',
  v2: '/proc/PID/cgroup',
  maps: {
    en: 'cgroupfs driver: PARENT/ID is the path; systemd driver: SLICE:docker:ID becomes docker-ID.scope in that slice',
    'zh-CN':
      'cgroupfs 驱动：路径为 PARENT/ID；systemd 驱动：SLICE:docker:ID 成为该 slice 下的 docker-ID.scope',
  },
  tell({ inspect, config, init, container }) {
    const asked = inspect?.hostConfig.cgroupParent ?? '';
    if (asked === '') return null;
    const path = `/proc/${init?.pid ?? 'PID'}/cgroup`;
    const parent = asked.startsWith('/') ? asked : `/${asked}`;
    const configured = config?.cgroupsPath ?? null;
    const lies = (at: string): boolean => at.startsWith(`${parent}/`) || at.includes(`${parent}/docker-`);
    const found: Reading<string> = init
      ? mapReading(
          init.cgroups,
          (lines) => lines.find((line) => line.path === container.cgroupPath)?.path ?? lines[0]?.path ?? '/',
        )
      : unread('gone', path);
    return {
      asked,
      configured,
      kernel: [{ name: 'cgroup', value: found, proof: `cat ${path}` }],
      verdict: verdictOf(
        configured === null ? null : configured.startsWith(`${asked}:`) || lies(configured),
        found.ok ? lies(found.value) : null,
      ),
      note: null,
    };
  },
};

export const NAMESPACE_OPTIONS: readonly DockerOption[] = [
  mode({ flag: '--pid', field: 'PidMode', type: 'pid', asked: ({ pidMode }) => pidMode, maps: MODES }),
  mode({
    flag: '--ipc',
    field: 'IpcMode',
    type: 'ipc',
    asked: ({ ipcMode }) => ipcMode,
    maps: {
      en: `${MODES.en}; private and none are new ones that no other may join, none without /dev/shm`,
      'zh-CN': `${MODES['zh-CN']}；private 与 none 为不可被他人加入的新命名空间，none 没有 /dev/shm`,
    },
  }),
  mode({
    flag: '--network',
    field: 'NetworkMode',
    type: 'net',
    asked: ({ networkMode }) => networkMode,
    maps: NETWORK,
  }),
  mode({ flag: '--uts', field: 'UTSMode', type: 'uts', asked: ({ utsMode }) => utsMode, maps: MODES }),
  mode({
    flag: '--userns',
    field: 'UsernsMode',
    type: 'user',
    asked: ({ usernsMode }) => usernsMode,
    maps: {
      en: 'host: no entry, where the daemon’s userns-remap would have asked for one',
      'zh-CN': 'host：没有条目，即不采用守护进程 userns-remap 所要求的用户命名空间',
    },
  }),
  mode({
    flag: '--cgroupns',
    field: 'CgroupnsMode',
    type: 'cgroup',
    asked: ({ cgroupnsMode }) => cgroupnsMode,
    maps: {
      en: 'private: an entry, a new one; host: none. The default is private on cgroup v2 and host on v1',
      'zh-CN': 'private：有条目，即新建；host：没有条目。cgroup v2 上默认为 private，v1 上默认为 host',
    },
  }),
  inside({
    flag: '--hostname',
    field: 'Config.Hostname',
    oci: 'hostname',
    v: HOSTNAME,
    maps: {
      en: 'sethostname(2) in the new uts namespace; the id’s first twelve digits if not given',
      'zh-CN': '在新的 UTS 命名空间内调用 sethostname(2)；未指定时为 ID 的前 12 位',
    },
    asked: ({ config: { hostname }, hostConfig }, { id }) => {
      // With another's network, or the host's uts namespace, the name is theirs: nobody asked for it.
      const isTheirs = hostConfig.networkMode.startsWith('container:') || hostConfig.utsMode === 'host';
      return isTheirs || hostname === '' || id.startsWith(hostname) ? null : { [HOSTNAME]: hostname };
    },
    configured: ({ hostname }) => (hostname === '' ? null : { [HOSTNAME]: hostname }),
    named: false,
    enter: '-u',
  }),
  inside({
    flag: '--domainname',
    field: 'Config.Domainname',
    oci: 'domainname, linux.sysctl kernel.domainname',
    v: DOMAINNAME,
    maps: {
      en: 'setdomainname(2), or the sysctl, in the new uts namespace',
      'zh-CN': '在新的 UTS 命名空间内调用 setdomainname(2) 或写入相应 sysctl',
    },
    asked: ({ config: { domainname } }) => (domainname === '' ? null : { [DOMAINNAME]: domainname }),
    configured: ({ domainname, sysctl }) => {
      const name = domainname || (sysctl['kernel.domainname'] ?? '');
      return name === '' ? null : { [DOMAINNAME]: name };
    },
    named: false,
    enter: '-u',
  }),
  inside({
    flag: '--sysctl',
    field: 'HostConfig.Sysctls',
    oci: 'linux.sysctl',
    v: '/proc/sys in the net or ipc namespace',
    maps: {
      en: 'written below /proc/sys by the runtime, within the container’s own namespaces: net.* and fs.mqueue, kernel.msg*, sem, shm* alone',
      'zh-CN':
        '由运行时在容器自己的命名空间内写入 /proc/sys：仅限 net.* 以及 fs.mqueue、kernel.msg*、sem、shm*',
    },
    asked: ({ hostConfig }) => sysctlsOf(hostConfig.sysctls),
    // docker adds a few of its own; those that were asked for are what is told.
    configured: ({ sysctl }) => sysctlsOf(sysctl),
    named: true,
    enter: '-n -i',
  }),
  INIT,
  CGROUP_PARENT,
];
