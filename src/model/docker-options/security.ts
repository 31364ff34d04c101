// Docker's options that end in a capability, a seccomp filter, an LSM label, an id, a resource limit or a read-only mount.
import { CAPABILITIES, capabilitySet, DOCKER_DEFAULT, fullName, isFull } from '../../kernel/capabilities.ts';
import type { Mount } from '../../kernel/proc/mountinfo.ts';
import type { Status } from '../../kernel/proc/status.ts';
import { mapReading, type Reading, unread } from '../../kernel/reading.ts';
import type { OciConfig } from '../../oci/config.ts';
import type { EngineInspect, HostConfig } from '../../oci/inspect.ts';
import type { Message } from '../../text/lang.ts';
import { clean } from '../../text/sanitize.ts';
import type { Confinement } from '../confinement.ts';
import { type DockerOption, type KernelValue, type OptionFacts, verdictOf } from './option.ts';

interface Row {
  readonly flag: string;
  readonly field: string;
  readonly oci: string;
  /** What the kernel shows it in, the same for both versions of cgroups. */
  readonly kernel: string;
  readonly maps: Message;
  /** null: not asked for. */
  readonly asked: (inspect: EngineInspect) => string | null;
  /** null: nothing that is worth a row. */
  readonly configured: (config: OciConfig) => string | null;
  /** Whether config.json has what was asked for. */
  readonly carried: (inspect: EngineInspect, config: OciConfig) => boolean | null;
  readonly now: (facts: OptionFacts) => readonly KernelValue[];
  /** Whether the kernel has it: what docker was asked for, or config.json where docker was not asked. */
  readonly kept: (facts: OptionFacts, confinement: Confinement) => boolean | null;
}

function row(of: Row): DockerOption {
  return {
    flag: of.flag,
    field: of.field,
    oci: of.oci,
    v1: of.kernel,
    v2: of.kernel,
    maps: of.maps,
    tell(facts) {
      const { inspect, config, confinement } = facts;
      const asked = inspect ? of.asked(inspect) : null;
      const configured = config ? of.configured(config) : null;
      if (inspect ? asked === null : configured === null) return null;
      return {
        asked,
        configured,
        kernel: of.now(facts),
        verdict: verdictOf(
          inspect && config ? of.carried(inspect, config) : null,
          confinement ? of.kept(facts, confinement) : null,
        ),
        note: null,
      };
    },
  };
}

function fileOf({ init }: OptionFacts, name: string): string {
  return `/proc/${init?.pid ?? 'PID'}/${name}`;
}

/** One line of status, as grep(1) shows it. */
function statusLine(facts: OptionFacts, line: string, of: (status: Status) => string): KernelValue {
  const path = fileOf(facts, 'status');
  const status: Reading<Status> = facts.confinement?.status ?? unread('gone', path);
  return { name: line, value: mapReading(status, of), proof: `grep ${line} ${path}` };
}

function statusOf(confinement: Confinement): Status | null {
  return confinement.status.ok ? confinement.status.value : null;
}

function short(names: readonly string[]): string {
  return names.length === 0 ? '-' : names.map((name) => name.replace(/^CAP_/, '')).join(' ');
}

/** The bounding set by docker's rules (moby, oci/caps): the default or none, with what was added and without what was dropped. */
function boundingOf({ capAdd, capDrop, privileged }: HostConfig, all: bigint): bigint {
  if (privileged) return all;
  const names = (list: readonly string[]) => list.map(fullName);
  const [added, dropped] = [names(capAdd), names(capDrop)];
  const base = added.includes('ALL') ? all : dropped.includes('ALL') ? 0n : capabilitySet(DOCKER_DEFAULT);
  const plus = added.includes('ALL') ? base : base | capabilitySet(added);
  return dropped.includes('ALL') ? plus : plus & ~capabilitySet(dropped);
}

/** Every capability of this kernel that the program has a name for. */
function allOf({ lastCapability }: OptionFacts): bigint {
  return (
    (1n << BigInt(Math.min(lastCapability ?? CAPABILITIES.length - 1, CAPABILITIES.length - 1) + 1)) - 1n
  );
}

function keptBounding(facts: OptionFacts, confinement: Confinement): boolean | null {
  const found = statusOf(confinement)?.capabilities.bounding ?? null;
  if (found === null) return null;
  const { inspect, config } = facts;
  if (inspect) return found === boundingOf(inspect.hostConfig, allOf(facts));
  const names = config?.process.capabilities?.bounding;
  return names === undefined ? null : found === capabilitySet(names);
}

const CAPABILITY_ROW = {
  oci: 'process.capabilities',
  kernel: 'CapBnd, CapEff, CapPrm, CapInh, CapAmb in /proc/PID/status',
  now: (facts: OptionFacts) => [
    statusLine(facts, 'CapBnd', ({ capabilities: { bounding } }) => hex(bounding)),
  ],
  kept: keptBounding,
} as const;

function hex(set: bigint | null): string {
  return set === null ? '-' : set.toString(16).padStart(16, '0');
}

/** A word of --security-opt: `seccomp=unconfined`, older `seccomp:unconfined`. null where it was not given. */
export function securityOption({ securityOpt }: HostConfig, name: string): string | null {
  const found = securityOpt.find((word) => new RegExp(`^${name}[=:]`).test(word));
  return found === undefined ? null : found.slice(name.length + 1);
}

function noNewPrivileges({ securityOpt }: HostConfig): boolean {
  return securityOpt.some((word) => /^no-new-privileges(?:[=:]true)?$/.test(word));
}

/** The mount on top of a path in a container's own view: a later line covers an earlier one. */
export function mountAt(mounts: readonly Mount[], path: string): Mount | null {
  return mounts.findLast(({ mountPoint }) => mountPoint === path) ?? null;
}

function mountValue(facts: OptionFacts, path: string, of: (mount: Mount | null) => string): KernelValue {
  const file = fileOf(facts, 'mountinfo');
  const mounts: Confinement['mounts'] = facts.confinement?.mounts ?? unread('gone', file);
  return {
    name: `mount ${path}`,
    value: mapReading(mounts, (all) => of(mountAt(all, path))),
    proof: `grep ' ${path} ' ${file}`,
  };
}

function optionsWord(mount: Mount | null): string {
  return mount ? clean(mount.options.join(',')) : '-';
}

/** RLIMIT_ names and the lines of /proc/PID/limits (fs/proc/base.c, lnames). */
const LIMIT_NAMES: Readonly<Record<string, string>> = {
  as: 'Max address space',
  core: 'Max core file size',
  cpu: 'Max cpu time',
  data: 'Max data size',
  fsize: 'Max file size',
  locks: 'Max file locks',
  memlock: 'Max locked memory',
  msgqueue: 'Max msgqueue size',
  nice: 'Max nice priority',
  nofile: 'Max open files',
  nproc: 'Max processes',
  rss: 'Max resident set',
  rtprio: 'Max realtime priority',
  rttime: 'Max realtime timeout',
  sigpending: 'Max pending signals',
  stack: 'Max stack size',
};

/** docker's -1 and the specification's 2^64−1 are the kernel's `unlimited`. */
function limitWord(number: bigint | 'max'): string {
  return number === 'max' || number < 0n || number === 2n ** 64n - 1n ? 'unlimited' : String(number);
}

interface Ulimit {
  readonly name: string;
  readonly soft: bigint;
  readonly hard: bigint;
}

function ulimitWords(limits: readonly Ulimit[]): string | null {
  if (limits.length === 0) return null;
  return limits.map(({ name, soft, hard }) => `${name}=${limitWord(soft)}:${limitWord(hard)}`).join(', ');
}

function rlimitsOf(config: OciConfig): readonly Ulimit[] {
  return config.process.rlimits.map(({ type, soft, hard }) => ({
    name: type.replace(/^RLIMIT_/, '').toLowerCase(),
    soft,
    hard,
  }));
}

function wantedLimits({ inspect, config }: OptionFacts): readonly Ulimit[] {
  return inspect ? inspect.hostConfig.ulimits : config ? rlimitsOf(config) : [];
}

/** `1000`, `1000:100`: numbers alone; a name is the image's to resolve. */
function idsOf(user: string): { readonly uid: string; readonly gid: string | null } | null {
  const [, uid, gid] = /^(\d+)(?::(\d+))?$/.exec(user) ?? [];
  return uid === undefined ? null : { uid, gid: gid ?? null };
}

/** The id outside of one inside, by the map; null where it has none. */
function outside(confinement: Confinement, id: number): number | null {
  if (!confinement.uidMap.ok) return null;
  const range = confinement.uidMap.value.find((one) => id >= one.inside && id < one.inside + one.count);
  return range ? range.outside + (id - range.inside) : null;
}

const SECCOMP_MODES = ['0 (off)', '1 (strict)', '2 (filter)'];

export const SECURITY_OPTIONS: readonly DockerOption[] = [
  row({
    flag: '--privileged',
    field: 'HostConfig.Privileged',
    oci: 'process.capabilities, linux.seccomp, linux.maskedPaths, linux.resources.devices',
    kernel: 'CapBnd and Seccomp in /proc/PID/status',
    maps: {
      en: 'every capability, no seccomp filter, no LSM profile, every device, nothing of /proc and /sys masked or read-only',
      'zh-CN':
        '拥有全部 capability，没有 seccomp 过滤器和 LSM 配置，可用所有设备，/proc 与 /sys 不遮盖也不只读',
    },
    asked: ({ hostConfig }) => (hostConfig.privileged ? 'true' : null),
    configured: ({ process, seccomp, maskedPaths }) =>
      seccomp === null && maskedPaths.length === 0 && (process.capabilities?.bounding.length ?? 0) > 36
        ? `${process.capabilities?.bounding.length} capabilities, no seccomp`
        : null,
    carried: (_inspect, { process, seccomp }) =>
      seccomp === null && (process.capabilities?.bounding.length ?? 0) > 36,
    now: (facts) => [
      statusLine(facts, 'CapBnd', ({ capabilities: { bounding } }) => hex(bounding)),
      statusLine(facts, 'Seccomp', ({ seccomp }) => SECCOMP_MODES[seccomp ?? 0] ?? String(seccomp)),
    ],
    kept: (facts, confinement) => {
      const status = statusOf(confinement);
      if (!status || status.capabilities.bounding === null) return null;
      return isFull(status.capabilities.bounding, facts.lastCapability) && (status.seccomp ?? 0) === 0;
    },
  }),
  row({
    flag: '--cap-add',
    field: 'HostConfig.CapAdd',
    ...CAPABILITY_ROW,
    maps: {
      en: 'the default fourteen and these, in the bounding, permitted and effective sets; a program that is not root’s keeps the bounding set alone',
      'zh-CN':
        '默认的 14 项加上这些，写入 bounding、permitted 与 effective 集；非 root 程序只保留 bounding 集',
    },
    asked: ({ hostConfig: { capAdd } }) => (capAdd.length === 0 ? null : short(capAdd.map(fullName))),
    configured: ({ process }) => {
      const names = process.capabilities?.bounding ?? [];
      const added = names.filter((name) => !DOCKER_DEFAULT.includes(name));
      return added.length === 0 ? null : `+ ${short(added)}`;
    },
    carried: ({ hostConfig }, { process }) => {
      const names = process.capabilities?.bounding ?? [];
      return hostConfig.capAdd.map(fullName).every((name) => name === 'ALL' || names.includes(name));
    },
  }),
  row({
    flag: '--cap-drop',
    field: 'HostConfig.CapDrop',
    ...CAPABILITY_ROW,
    maps: {
      en: 'the default fourteen without these, in every set; ALL leaves what --cap-add names',
      'zh-CN': '从默认的 14 项中去掉这些，对所有集生效；ALL 则只留下 --cap-add 指定的',
    },
    asked: ({ hostConfig: { capDrop } }) => (capDrop.length === 0 ? null : short(capDrop.map(fullName))),
    configured: ({ process }) => {
      if (process.capabilities === null) return null;
      const names = process.capabilities.bounding;
      const dropped = DOCKER_DEFAULT.filter((name) => !names.includes(name));
      return dropped.length === 0 ? null : `- ${short(dropped)}`;
    },
    carried: ({ hostConfig }, { process }) => {
      const names = process.capabilities?.bounding ?? [];
      const added = hostConfig.capAdd.map(fullName);
      return hostConfig.capDrop
        .map(fullName)
        .every((name) =>
          name === 'ALL'
            ? names.every((one) => added.includes(one) || added.includes('ALL'))
            : !names.includes(name),
        );
    },
  }),
  row({
    flag: '--security-opt seccomp',
    field: 'HostConfig.SecurityOpt seccomp',
    oci: 'linux.seccomp',
    kernel: 'Seccomp, Seccomp_filters in /proc/PID/status',
    maps: {
      en: 'unconfined: no linux.seccomp and mode 0; a profile, or docker’s own by default: mode 2, the rules as a BPF program',
      'zh-CN':
        'unconfined：没有 linux.seccomp，模式为 0；指定配置（默认为 docker 自带的）：模式为 2，规则成为 BPF 程序',
    },
    asked: ({ hostConfig }) => {
      const word = securityOption(hostConfig, 'seccomp');
      // docker keeps a profile's whole text.
      return word === null || word.length <= 64 ? word : 'profile';
    },
    configured: ({ seccomp }) =>
      seccomp ? `${seccomp.defaultAction}, ${seccomp.rules} rules` : 'no linux.seccomp',
    carried: ({ hostConfig }, { seccomp }) =>
      (securityOption(hostConfig, 'seccomp') === 'unconfined') === (seccomp === null),
    now: (facts) => [
      statusLine(facts, 'Seccomp', ({ seccomp }) =>
        seccomp === null ? '-' : (SECCOMP_MODES[seccomp] ?? String(seccomp)),
      ),
    ],
    kept: ({ inspect, config }, confinement) => {
      const mode = statusOf(confinement)?.seccomp ?? null;
      if (mode === null) return null;
      const off = inspect
        ? securityOption(inspect.hostConfig, 'seccomp') === 'unconfined'
        : config?.seccomp === null;
      // A process may have filters of its own, or of whoever started the engine.
      return off ? mode === 0 : mode === 2;
    },
  }),
  row({
    flag: '--security-opt no-new-privileges',
    field: 'HostConfig.SecurityOpt no-new-privileges',
    oci: 'process.noNewPrivileges',
    kernel: 'NoNewPrivs in /proc/PID/status',
    maps: {
      en: 'prctl(PR_SET_NO_NEW_PRIVS): execve(2) gives no set-user-ID, no file capabilities, to it and all its children',
      'zh-CN':
        'prctl(PR_SET_NO_NEW_PRIVS)：此后 execve(2) 不再授予 set-user-ID 和文件 capability，并由所有子进程继承',
    },
    asked: ({ hostConfig }) => (noNewPrivileges(hostConfig) ? 'true' : null),
    configured: ({ process }) => (process.noNewPrivileges ? 'true' : null),
    carried: (_inspect, { process }) => process.noNewPrivileges,
    now: (facts) => [
      statusLine(facts, 'NoNewPrivs', ({ noNewPrivs }) =>
        noNewPrivs === null ? '-' : noNewPrivs ? '1' : '0',
      ),
    ],
    kept: (_facts, confinement) => statusOf(confinement)?.noNewPrivs ?? null,
  }),
  row({
    flag: '--security-opt apparmor',
    field: 'HostConfig.SecurityOpt apparmor',
    oci: 'process.apparmorProfile',
    kernel: '/proc/PID/attr/current',
    maps: {
      en: 'the profile that the program is put under when it is executed; docker-default where AppArmor is on, without this option',
      'zh-CN': '执行程序时所施加的配置；启用 AppArmor 而未指定该选项时为 docker-default',
    },
    asked: ({ hostConfig }) => securityOption(hostConfig, 'apparmor'),
    configured: ({ process }) => process.apparmorProfile || null,
    carried: ({ hostConfig }, { process }) => {
      const word = securityOption(hostConfig, 'apparmor');
      return word === process.apparmorProfile || (word === 'unconfined' && process.apparmorProfile === '');
    },
    now: labelNow,
    kept: ({ inspect, config }, { label }) => {
      const want = inspect ? securityOption(inspect.hostConfig, 'apparmor') : config?.process.apparmorProfile;
      return label.ok ? label.value.split(' ')[0] === want : null;
    },
  }),
  row({
    flag: '--security-opt label',
    field: 'HostConfig.SecurityOpt label',
    oci: 'process.selinuxLabel',
    kernel: '/proc/PID/attr/current',
    maps: {
      en: 'parts of the SELinux context (user, role, type, level) of the program; disable: unlabelled',
      'zh-CN': '程序 SELinux 上下文的各部分（user、role、type、level）；disable：不加标签',
    },
    asked: ({ hostConfig }) => securityOption(hostConfig, 'label'),
    configured: ({ process }) => process.selinuxLabel || null,
    carried: ({ hostConfig }, { process }) =>
      (securityOption(hostConfig, 'label') === 'disable') === (process.selinuxLabel === ''),
    now: labelNow,
    kept: ({ config }, { label }) => {
      const want = config?.process.selinuxLabel ?? '';
      if (want !== '') return label.ok ? label.value === want : null;
      // Without such an LSM nothing is labelled.
      return !label.ok && label.why === 'unsupported' ? true : null;
    },
  }),
  row({
    flag: '--security-opt systempaths',
    field: 'HostConfig.MaskedPaths, HostConfig.ReadonlyPaths',
    oci: 'linux.maskedPaths, linux.readonlyPaths',
    kernel: '/proc/PID/mountinfo',
    maps: {
      en: 'unconfined: no path of /proc and /sys is masked by a mount or bound read-only',
      'zh-CN': 'unconfined：/proc 与 /sys 下没有任何路径被挂载遮盖或以只读方式绑定',
    },
    asked: ({ hostConfig }) =>
      securityOption(hostConfig, 'systempaths') ??
      (!hostConfig.privileged && hostConfig.maskedPaths?.length === 0 ? 'unconfined' : null),
    // Without docker's word a container without masks is told by --privileged, or is another engine's way.
    configured: ({ maskedPaths, readonlyPaths }) =>
      `${maskedPaths.length} masked, ${readonlyPaths.length} ro`,
    carried: (_inspect, { maskedPaths }) => maskedPaths.length === 0,
    now: (facts) => {
      const file = fileOf(facts, 'mountinfo');
      const mounts: Confinement['mounts'] = facts.confinement?.mounts ?? unread('gone', file);
      return [
        {
          name: 'mountinfo',
          value: mapReading(mounts, (all) => `${covers(all).length} mounts below /proc`),
          proof: `grep ' /proc/' ${file}`,
        },
      ];
    },
    kept: ({ inspect, config }, { mounts }) => {
      if (!mounts.ok) return null;
      const below = covers(mounts.value);
      if (inspect) return below.length === 0;
      const masked = config?.maskedPaths.filter((path) => path.startsWith('/proc/')) ?? [];
      // Of a path that the kernel has not nothing is masked.
      return masked.length === 0 ? below.length === 0 : below.length > 0;
    },
  }),
  row({
    flag: '--read-only',
    field: 'HostConfig.ReadonlyRootfs',
    oci: 'root.readonly',
    kernel: '/proc/PID/mountinfo, options of /',
    maps: { en: 'the root mount is made read-only', 'zh-CN': '根挂载改为只读' },
    asked: ({ hostConfig }) => (hostConfig.readonlyRootfs ? 'true' : null),
    configured: ({ root }) => (root.readonly ? 'true' : null),
    carried: (_inspect, { root }) => root.readonly,
    now: (facts) => [mountValue(facts, '/', optionsWord)],
    kept: (_facts, { mounts }) =>
      mounts.ok ? (mountAt(mounts.value, '/')?.options.includes('ro') ?? null) : null,
  }),
  row({
    flag: '--shm-size',
    field: 'HostConfig.ShmSize',
    oci: 'mounts /dev/shm size=',
    kernel: '/proc/PID/mountinfo, size of /dev/shm',
    maps: {
      en: 'bytes; the size of the tmpfs at /dev/shm, which the kernel tells in KiB',
      'zh-CN': '字节数；/dev/shm 处 tmpfs 的大小，内核以 KiB 显示',
    },
    asked: ({ hostConfig: { shmSize } }) =>
      shmSize === 0n || shmSize === DEFAULT_SHM ? null : String(shmSize),
    configured: (config) => {
      const size = shmOption(config);
      return size === null || size === String(DEFAULT_SHM) || size === '65536k' ? null : size;
    },
    // docker mounts /dev/shm itself and binds it, so that others may join: then config.json has no size.
    carried: ({ hostConfig }, config) => {
      const size = shmOption(config);
      return size === null ? null : bytesOf(size) === hostConfig.shmSize;
    },
    now: (facts) => [
      mountValue(
        facts,
        '/dev/shm',
        (mount) => mount?.superOptions.find((one) => one.startsWith('size=')) ?? '-',
      ),
    ],
    kept: ({ inspect, config }, { mounts }) => {
      if (!mounts.ok) return null;
      const size = mountAt(mounts.value, '/dev/shm')?.superOptions.find((one) => one.startsWith('size='));
      const want = inspect ? inspect.hostConfig.shmSize : bytesOf(config ? (shmOption(config) ?? '') : '');
      return size === undefined || want === null ? null : bytesOf(size.slice('size='.length)) === want;
    },
  }),
  row({
    flag: '--oom-score-adj',
    field: 'HostConfig.OomScoreAdj',
    oci: 'process.oomScoreAdj',
    kernel: '/proc/PID/oom_score_adj',
    maps: { en: 'as it is, -1000 to 1000', 'zh-CN': '原样写入，-1000 到 1000' },
    asked: ({ hostConfig: { oomScoreAdj } }) => (oomScoreAdj === 0 ? null : String(oomScoreAdj)),
    configured: ({ process: { oomScoreAdj } }) =>
      oomScoreAdj === null || oomScoreAdj === 0 ? null : String(oomScoreAdj),
    carried: ({ hostConfig }, { process }) => hostConfig.oomScoreAdj === process.oomScoreAdj,
    now: (facts) => {
      const path = fileOf(facts, 'oom_score_adj');
      const score: Reading<number> = facts.confinement?.oomScoreAdj ?? unread('gone', path);
      return [{ name: 'oom_score_adj', value: mapReading(score, String), proof: `cat ${path}` }];
    },
    kept: ({ inspect, config }, { oomScoreAdj }) => {
      const want = inspect ? inspect.hostConfig.oomScoreAdj : config?.process.oomScoreAdj;
      return oomScoreAdj.ok ? oomScoreAdj.value === want : null;
    },
  }),
  row({
    flag: '--ulimit',
    field: 'HostConfig.Ulimits',
    oci: 'process.rlimits',
    kernel: '/proc/PID/limits',
    maps: {
      en: 'setrlimit(2) before the program is executed: NAME=SOFT:HARD; of a process, not of the group',
      'zh-CN': '执行程序之前调用 setrlimit(2)：NAME=SOFT:HARD；针对单个进程而非整组',
    },
    asked: ({ hostConfig }) => ulimitWords(hostConfig.ulimits),
    configured: (config) => ulimitWords(rlimitsOf(config)),
    carried: ({ hostConfig }, config) =>
      hostConfig.ulimits.every((limit) =>
        rlimitsOf(config).some((one) => ulimitWords([one]) === ulimitWords([limit])),
      ),
    now: (facts) => {
      const path = fileOf(facts, 'limits');
      const limits: Confinement['limits'] = facts.confinement?.limits ?? unread('gone', path);
      return wantedLimits(facts).map(({ name }) => {
        const line = LIMIT_NAMES[name] ?? name;
        return {
          name: line,
          value: mapReading(limits, (all) => {
            const found = all[line];
            return found ? `${limitWord(found.soft)}:${limitWord(found.hard)}` : '-';
          }),
          proof: `grep '${line}' ${path}`,
        };
      });
    },
    kept: (facts, { limits }) =>
      limits.ok
        ? wantedLimits(facts).every(({ name, soft, hard }) => {
            const found = limits.value[LIMIT_NAMES[name] ?? name];
            return (
              found && limitWord(found.soft) === limitWord(soft) && limitWord(found.hard) === limitWord(hard)
            );
          })
        : null,
  }),
  row({
    flag: '--user',
    field: 'Config.User',
    oci: 'process.user.uid, process.user.gid',
    kernel: 'Uid, Gid in /proc/PID/status',
    maps: {
      en: 'setuid(2) and setgid(2) before the program is executed; a name is looked up in the image’s /etc/passwd. Seen from outside through the uid map',
      'zh-CN':
        '执行程序之前调用 setuid(2) 与 setgid(2)；名称在镜像的 /etc/passwd 中查找。从外部看经过 uid 映射',
    },
    asked: ({ config: { user } }) => user || null,
    configured: ({ process: { user } }) =>
      user.uid === 0 && user.gid === 0 ? null : `${user.uid}:${user.gid}`,
    carried: ({ config: { user } }, { process }) => {
      const ids = idsOf(user);
      if (!ids) return null;
      return (
        ids.uid === String(process.user.uid) && (ids.gid === null || ids.gid === String(process.user.gid))
      );
    },
    now: (facts) => [
      statusLine(facts, 'Uid', ({ uids }) => `${uids.effective}`),
      statusLine(facts, 'Gid', ({ gids }) => `${gids?.effective ?? '-'}`),
    ],
    kept: ({ inspect, config }, confinement) => {
      const status = statusOf(confinement);
      const ids = inspect ? idsOf(inspect.config.user) : null;
      const uid = ids ? Number(ids.uid) : config?.process.user.uid;
      if (!status || uid === undefined) return null;
      const want = outside(confinement, uid);
      return want === null ? null : status.uids.effective === want;
    },
  }),
  row({
    flag: '--group-add',
    field: 'HostConfig.GroupAdd',
    oci: 'process.user.additionalGids',
    kernel: 'Groups in /proc/PID/status',
    maps: {
      en: 'setgroups(2) before the program is executed; names are looked up in the image’s /etc/group',
      'zh-CN': '执行程序之前调用 setgroups(2)；名称在镜像的 /etc/group 中查找',
    },
    asked: ({ hostConfig: { groupAdd } }) => (groupAdd.length === 0 ? null : groupAdd.join(' ')),
    configured: ({ process: { user } }) =>
      user.additionalGids.length === 0 ? null : user.additionalGids.join(' '),
    carried: ({ hostConfig: { groupAdd } }, { process }) => {
      const numbers = groupAdd.filter((word) => /^\d+$/.test(word)).map(Number);
      if (numbers.length < groupAdd.length) return null;
      return numbers.every((gid) => process.user.additionalGids.includes(gid));
    },
    now: (facts) => [statusLine(facts, 'Groups', ({ groups }) => groups.join(' '))],
    kept: ({ config }, confinement) => {
      const status = statusOf(confinement);
      const wanted = config?.process.user.additionalGids;
      if (!status || !wanted || !confinement.gidMap.ok) return null;
      const [first] = confinement.gidMap.value;
      // With a map of its own the numbers outside are others.
      if (first?.inside !== 0 || first.outside !== 0) return null;
      return wanted.every((gid) => status.groups.includes(gid));
    },
  }),
];

function labelNow(facts: OptionFacts): readonly KernelValue[] {
  const path = fileOf(facts, 'attr/current');
  return [
    {
      name: 'attr/current',
      value: facts.confinement?.label ?? unread('gone', path),
      proof: `cat ${path}`,
    },
  ];
}

function covers(mounts: readonly Mount[]): readonly Mount[] {
  return mounts.filter(({ mountPoint }) => mountPoint.startsWith('/proc/'));
}

const DEFAULT_SHM = 67_108_864n;

function shmOption(config: OciConfig): string | null {
  const mount = config.mounts.find(({ destination }) => destination === '/dev/shm');
  return mount?.options.find((one) => one.startsWith('size='))?.slice('size='.length) ?? null;
}

/** `65536k` as bytes (tmpfs(5)); null for another form. */
export function bytesOf(size: string): bigint | null {
  const [, digits, unit = ''] = /^(\d{1,20})([kKmMgG]?)$/.exec(size) ?? [];
  if (digits === undefined) return null;
  const scale = { '': 1n, k: 1024n, m: 1024n ** 2n, g: 1024n ** 3n }[unit.toLowerCase()] ?? 1n;
  return BigInt(digits) * scale;
}
