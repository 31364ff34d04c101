// Which of a process' mounts tell of its confinement: the root, what is masked or read-only of /proc and /sys, sockets, what is bound from outside.
// Reads nothing.
import type { Mount } from '../../kernel/proc/mountinfo.ts';

/**
 * `masked`: hidden behind an empty tmpfs or /dev/null (config.json's maskedPaths). `readonly`: a part of /proc or /sys bound read-only
 * (readonlyPaths). `socket`: a socket of outside, which whoever holds it commands. `engine`: a file that the engine keeps for the container
 * (hosts, hostname, resolv.conf). `bind`: a file or directory of another file system's inside, which may be the host's.
 */
export type MountKind = 'root' | 'masked' | 'readonly' | 'cgroup' | 'socket' | 'engine' | 'bind';

export interface NotableMount {
  readonly kind: MountKind;
  readonly mount: Mount;
}

export interface MountStory {
  /** By kind in the order of the type, then as mountinfo has them. */
  readonly notable: readonly NotableMount[];
  /** All of them, notable or not. */
  readonly count: number;
}

const ORDER: readonly MountKind[] = ['root', 'masked', 'readonly', 'cgroup', 'socket', 'engine', 'bind'];

/** Made by the kernel: what is bound of them is not a person's file. */
const KERNELS_OWN =
  /^(proc|sysfs|devpts|devtmpfs|mqueue|cgroup2?|nsfs|securityfs|debugfs|tracefs|bpf|pstore|configfs|fusectl|hugetlbfs|autofs|binfmt_misc|efivarfs|rpc_pipefs)$/;

/** Mount points of what an engine keeps for each container, or puts into it to run it. */
export const ENGINES_FILES =
  /^\/(etc\/(hosts|hostname|resolv\.conf)|run\/\.containerenv|sbin\/docker-init|dev\/init)$/;

export function mountStory(mounts: readonly Mount[]): MountStory {
  // Of mounts on one point the last one is seen.
  const seen = mounts.filter(
    (mount, at) => mounts.findLastIndex((one) => one.mountPoint === mount.mountPoint) === at,
  );
  const notable = seen.flatMap((mount) => {
    const kind = kindOf(mount);
    return kind === null ? [] : [{ kind, mount }];
  });
  return {
    notable: notable.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind)),
    count: mounts.length,
  };
}

function kindOf(mount: Mount): MountKind | null {
  const { mountPoint, fstype, root } = mount;
  if (mountPoint === '/') return 'root';
  if (/^\/(proc|sys)\//.test(mountPoint)) {
    if (fstype === 'cgroup' || fstype === 'cgroup2') return 'cgroup';
    if (isEmptied(mount)) return 'masked';
    return (fstype === 'proc' || fstype === 'sysfs') && root !== '/' && mount.options.includes('ro')
      ? 'readonly'
      : null;
  }
  if (mountPoint.endsWith('.sock') || root.endsWith('.sock')) return 'socket';
  if (ENGINES_FILES.test(mountPoint)) return 'engine';
  return root !== '/' && !KERNELS_OWN.test(fstype) ? 'bind' : null;
}

/** /dev/null bound over a file, or an empty read-only tmpfs over a directory. The one that holds the v1 hierarchies is none. */
function isEmptied({ root, fstype, mountPoint, options }: Mount): boolean {
  if (root === '/null' || root.endsWith('/dev/null')) return true;
  return fstype === 'tmpfs' && options.includes('ro') && mountPoint !== '/sys/fs/cgroup';
}
