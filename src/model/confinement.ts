// What is known of one process' confinement beside its namespaces and control groups: ids, capabilities, seccomp, LSM label, maps, mounts.
// Plain values, as host/confinement.ts reads them; no question is answered here.
import type { ResourceLimit } from '../kernel/proc/limits.ts';
import type { Mount } from '../kernel/proc/mountinfo.ts';
import type { Status } from '../kernel/proc/status.ts';
import type { IdRange } from '../kernel/proc/uid-map.ts';
import type { Reading } from '../kernel/reading.ts';
import type { OciConfig } from '../oci/config.ts';
import type { ProcessRef } from './types.ts';

export interface Confinement {
  readonly of: ProcessRef;
  readonly status: Reading<Status>;
  readonly uidMap: Reading<readonly IdRange[]>;
  readonly gidMap: Reading<readonly IdRange[]>;
  /** /proc/PID/setgroups (user_namespaces(7)): `deny` where the user namespace may not drop groups. */
  readonly setgroups: Reading<'allow' | 'deny'>;
  /** attr/current, sanitised: `docker-default (enforce)`, an SELinux context, `unconfined`; unsupported without such an LSM. */
  readonly label: Reading<string>;
  /** Those of its own mount namespace below its own root directory (proc_pid_mountinfo(5)). */
  readonly mounts: Reading<readonly Mount[]>;
  /** What readlink(2) answers; not sanitised. `/` is its own root, or one that has moved out of our sight. */
  readonly root: Reading<string>;
  readonly cwd: Reading<string>;
  readonly oomScoreAdj: Reading<number>;
  /** proc_pid_limits(5): resource limits by the kernel's name (`Max open files`). */
  readonly limits: Reading<Readonly<Record<string, ResourceLimit>>>;
}

/** A container's configuration as the runtime was given it, and the file that holds it. */
export interface ContainerConfig {
  readonly path: string;
  readonly config: OciConfig;
}
