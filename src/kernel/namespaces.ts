// The eight namespace types: names, order, man pages, the inodes of the initial ones (namespaces(7), include/linux/proc_ns.h).

export const NS_TYPES = ['mnt', 'cgroup', 'uts', 'ipc', 'user', 'pid', 'net', 'time'] as const;
export type NsType = (typeof NS_TYPES)[number];

export interface NsTypeFacts {
  /** The man page of section 7 that tells of this type. */
  readonly manPage: string;
  /** The flag of clone(2), unshare(2) and setns(2). */
  readonly flag: string;
  /** Its value (include/uapi/linux/sched.h). */
  readonly flagValue: number;
  /** The option of unshare(1) and nsenter(1). */
  readonly option: string;
  /** The inode of the initial namespace where it is fixed; mnt, and net before Linux 6.x, are given out at boot. */
  readonly initialInode: number | null;
}

export const NS_FACTS: Readonly<Record<NsType, NsTypeFacts>> = {
  mnt: {
    manPage: 'mount_namespaces(7)',
    flag: 'CLONE_NEWNS',
    flagValue: 0x00020000,
    option: '--mount',
    initialInode: null,
  },
  cgroup: {
    manPage: 'cgroup_namespaces(7)',
    flag: 'CLONE_NEWCGROUP',
    flagValue: 0x02000000,
    option: '--cgroup',
    initialInode: 0xeffffffb,
  },
  uts: {
    manPage: 'uts_namespaces(7)',
    flag: 'CLONE_NEWUTS',
    flagValue: 0x04000000,
    option: '--uts',
    initialInode: 0xeffffffe,
  },
  ipc: {
    manPage: 'ipc_namespaces(7)',
    flag: 'CLONE_NEWIPC',
    flagValue: 0x08000000,
    option: '--ipc',
    initialInode: 0xefffffff,
  },
  user: {
    manPage: 'user_namespaces(7)',
    flag: 'CLONE_NEWUSER',
    flagValue: 0x10000000,
    option: '--user',
    initialInode: 0xeffffffd,
  },
  pid: {
    manPage: 'pid_namespaces(7)',
    flag: 'CLONE_NEWPID',
    flagValue: 0x20000000,
    option: '--pid',
    initialInode: 0xeffffffc,
  },
  net: {
    manPage: 'network_namespaces(7)',
    flag: 'CLONE_NEWNET',
    flagValue: 0x40000000,
    option: '--net',
    initialInode: null,
  },
  time: {
    manPage: 'time_namespaces(7)',
    flag: 'CLONE_NEWTIME',
    flagValue: 0x00000080,
    option: '--time',
    initialInode: 0xeffffffa,
  },
};

export function isNsType(text: string): text is NsType {
  return (NS_TYPES as readonly string[]).includes(text);
}
