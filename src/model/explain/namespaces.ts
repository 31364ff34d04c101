// What each namespace means to the process that is in it: one sentence for a namespace of its own, one for the host's. Reads nothing.
import { NS_FACTS, type NsType } from '../../kernel/namespaces.ts';
import type { Reading } from '../../kernel/reading.ts';
import type { Message } from '../../text/lang.ts';
import { processAt } from '../find.ts';
import { compareLinks, type LinkRow } from '../links.ts';
import { containerLabel } from '../tree.ts';
import type { Process, Snapshot } from '../types.ts';

export interface NamespaceStory {
  readonly type: NsType;
  readonly inode: Reading<number>;
  readonly host: Reading<number>;
  readonly relation: LinkRow['relation'];
  /** Names of other containers whose first process is in it too; of an own one alone. */
  readonly sharedWith: readonly string[];
  readonly meaning: Message;
  readonly manPage: string;
  readonly proof: string;
}

const UNKNOWN: Message = {
  en: 'the link could not be read: whether it is the host’s is not known',
  'zh-CN': '无法读取该链接：不知道是否与主机共享',
};

/** namespaces(7) and the page of each type. */
const MEANINGS: Readonly<Record<NsType, { readonly own: Message; readonly shared: Message }>> = {
  mnt: {
    own: {
      en: 'it has its own list of mounts: what it mounts or unmounts the host does not see, unless a mount is shared',
      'zh-CN': '拥有自己的挂载列表：它的挂载与卸载主机看不到，共享传播的挂载除外',
    },
    shared: {
      en: 'it sees the host’s mounts, and what it mounts the host has too',
      'zh-CN': '看到的就是主机的挂载，它的挂载主机也会看到',
    },
  },
  cgroup: {
    own: {
      en: 'it sees its own group as the root / of the cgroup tree',
      'zh-CN': '它把自己所在的组看作 cgroup 树的根 /',
    },
    shared: {
      en: 'it sees the whole path of its group, as the host does',
      'zh-CN': '它看到的组路径与主机相同，是完整路径',
    },
  },
  uts: {
    own: {
      en: 'it has its own host name and domain name: setting them changes nothing on the host',
      'zh-CN': '拥有自己的主机名和域名：修改它们不影响主机',
    },
    shared: {
      en: 'its host name is the host’s: with CAP_SYS_ADMIN it could rename the host',
      'zh-CN': '主机名就是主机的：有 CAP_SYS_ADMIN 时可以改掉主机的名字',
    },
  },
  ipc: {
    own: {
      en: 'its System V IPC and POSIX message queues are its own: it cannot reach the host’s shared memory segments',
      'zh-CN': 'System V IPC 与 POSIX 消息队列各自独立：无法访问主机的共享内存段',
    },
    shared: {
      en: 'it can reach the host’s System V IPC objects and POSIX message queues, as far as their permissions allow',
      'zh-CN': '可以访问主机的 System V IPC 对象与 POSIX 消息队列，只受其权限约束',
    },
  },
  user: {
    own: {
      en: 'its uids, gids and capabilities count within this namespace: outside they are what the uid map says',
      'zh-CN': 'UID、GID 与 capability 只在此命名空间内有效：在外部以 uid 映射为准',
    },
    shared: {
      en: 'its uids and capabilities are the host’s: root in it is root outside, less what was dropped',
      'zh-CN': 'UID 与 capability 就是主机的：内部的 root 即外部的 root，只少了被去掉的权限',
    },
  },
  pid: {
    own: {
      en: 'it sees and signals only the processes of this namespace; when the first one (pid 1 in it) ends, the kernel kills the rest',
      'zh-CN': '只能看到并向此命名空间内的进程发信号；其 1 号进程结束时，内核会杀死其余进程',
    },
    shared: {
      en: 'it has the host’s pids, and can signal every process that its uid and capabilities allow',
      'zh-CN': '使用主机的 PID，可以向其 UID 与 capability 允许的任何进程发信号',
    },
  },
  net: {
    own: {
      en: 'it has its own interfaces, addresses, routes, firewall rules and ports',
      'zh-CN': '拥有自己的网络接口、地址、路由、防火墙规则与端口',
    },
    shared: {
      en: 'it uses the host’s interfaces and ports: what listens on 127.0.0.1 of the host it can reach',
      'zh-CN': '使用主机的网络接口与端口：可以访问监听在主机 127.0.0.1 上的服务',
    },
  },
  time: {
    own: {
      en: 'its monotonic and boot-time clocks have offsets of their own',
      'zh-CN': 'CLOCK_MONOTONIC 与 CLOCK_BOOTTIME 有各自的偏移',
    },
    shared: {
      en: 'its monotonic and boot-time clocks are the host’s',
      'zh-CN': 'CLOCK_MONOTONIC 与 CLOCK_BOOTTIME 与主机相同',
    },
  },
};

/** A row for each type, in the order of NS_TYPES. */
export function namespaceStories(snapshot: Snapshot, process: Process): readonly NamespaceStory[] {
  return compareLinks(snapshot, process).map(({ type, own, host, relation }) => ({
    type,
    inode: own,
    host,
    relation,
    sharedWith: relation === 'own' && own.ok ? othersIn(snapshot, process, type, own.value) : [],
    meaning: relation === 'unknown' ? UNKNOWN : MEANINGS[type][relation],
    manPage: NS_FACTS[type].manPage,
    proof: `readlink /proc/${process.pid}/ns/${type}`,
  }));
}

/** The two sentences of a type. */
export function meaningOf(type: NsType, relation: 'own' | 'shared'): Message {
  return MEANINGS[type][relation];
}

function othersIn(snapshot: Snapshot, process: Process, type: NsType, inode: number): readonly string[] {
  return snapshot.containers
    .filter((container) => !container.pids.includes(process.pid))
    .filter(({ init }) => {
      const link = init ? processAt(snapshot, init)?.ns[type] : undefined;
      return link?.ok === true && link.value === inode;
    })
    .map(containerLabel)
    .sort();
}
