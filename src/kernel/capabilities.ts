// The capabilities of capabilities(7): names by bit (include/uapi/linux/capability.h), sets as the kernel prints them, and docker's default set.

/** By bit. A kernel may know fewer (cap_last_cap) or, one day, more. */
export const CAPABILITIES = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_DAC_READ_SEARCH',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_LINUX_IMMUTABLE',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_BROADCAST',
  'CAP_NET_ADMIN',
  'CAP_NET_RAW',
  'CAP_IPC_LOCK',
  'CAP_IPC_OWNER',
  'CAP_SYS_MODULE',
  'CAP_SYS_RAWIO',
  'CAP_SYS_CHROOT',
  'CAP_SYS_PTRACE',
  'CAP_SYS_PACCT',
  'CAP_SYS_ADMIN',
  'CAP_SYS_BOOT',
  'CAP_SYS_NICE',
  'CAP_SYS_RESOURCE',
  'CAP_SYS_TIME',
  'CAP_SYS_TTY_CONFIG',
  'CAP_MKNOD',
  'CAP_LEASE',
  'CAP_AUDIT_WRITE',
  'CAP_AUDIT_CONTROL',
  'CAP_SETFCAP',
  'CAP_MAC_OVERRIDE',
  'CAP_MAC_ADMIN',
  'CAP_SYSLOG',
  'CAP_WAKE_ALARM',
  'CAP_BLOCK_SUSPEND',
  'CAP_AUDIT_READ',
  'CAP_PERFMON',
  'CAP_BPF',
  'CAP_CHECKPOINT_RESTORE',
] as const;

/** The five sets of a thread, by the names of capabilities(7), "Thread capability sets". */
export const CAPABILITY_SETS = ['inheritable', 'permitted', 'effective', 'bounding', 'ambient'] as const;
export type CapabilitySet = (typeof CAPABILITY_SETS)[number];

/** The line of /proc/PID/status that shows each set (proc_pid_status(5)). */
export const STATUS_LINE: Readonly<Record<CapabilitySet, string>> = {
  inheritable: 'CapInh',
  permitted: 'CapPrm',
  effective: 'CapEff',
  bounding: 'CapBnd',
  ambient: 'CapAmb',
};

/** What docker leaves to a container that was given no --cap-add, --cap-drop or --privileged (docker-run(1); moby, oci/caps/defaults.go). */
export const DOCKER_DEFAULT: readonly string[] = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_RAW',
  'CAP_SYS_CHROOT',
  'CAP_MKNOD',
  'CAP_AUDIT_WRITE',
  'CAP_SETFCAP',
];

/** The names in a set, by bit; a bit without a name is its number, as capsh(1) prints it. */
export function capabilityNames(set: bigint): readonly string[] {
  const names: string[] = [];
  for (let bit = 0, rest = set; rest > 0n; bit += 1, rest >>= 1n)
    if ((rest & 1n) === 1n) names.push(CAPABILITIES[bit] ?? String(bit));
  return names;
}

/** The set of these names; docker takes them without `CAP_` and in small letters too. Names that are unknown are left out. */
export function capabilitySet(names: readonly string[]): bigint {
  return names.reduce((set, name) => {
    const bit = CAPABILITIES.findIndex((known) => known === fullName(name));
    return bit < 0 ? set : set | (1n << BigInt(bit));
  }, 0n);
}

/** `CAP_NET_ADMIN` of `net_admin`; `ALL` stays what it is. */
export function fullName(name: string): string {
  const upper = name.toUpperCase();
  return upper === 'ALL' || upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
}

/** What a set has beyond docker's default one, and what it lacks of it, by bit. */
export function besideDockers(set: bigint): {
  readonly added: readonly string[];
  readonly dropped: readonly string[];
} {
  const usual = capabilitySet(DOCKER_DEFAULT);
  return { added: capabilityNames(set & ~usual), dropped: capabilityNames(usual & ~set) };
}

/**
 * Whether a set holds every capability that this kernel knows. `lastCap`: /proc/sys/kernel/cap_last_cap; null where it could not be read: then
 * the first 38 bits are asked for, which every kernel since 3.16 has.
 */
export function isFull(set: bigint, lastCap: number | null): boolean {
  const all = (1n << BigInt((lastCap ?? 37) + 1)) - 1n;
  return (set & all) === all;
}
