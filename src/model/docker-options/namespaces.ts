// Docker's options that end in a namespace: share the host's, join another container's, have an own one. What is set within one is within.ts'.
import type { NsType } from '../../kernel/namespaces.ts';
import { mapReading, type Reading, unread, value } from '../../kernel/reading.ts';
import type { OciConfig } from '../../oci/config.ts';
import type { HostConfig } from '../../oci/inspect.ts';
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
  const own: Reading<number> = facts.init?.ns[type] ?? unread('gone', path);
  return {
    name: `ns/${type}`,
    value: mapReading(own, (inode) => `${type}:[${inode}]`),
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
  INIT,
  CGROUP_PARENT,
];
