// Docker's options that end in one number of a control file: memory, cpu, pids, weights. Which files: the table of control files says.
import { curvedWeight, ioWeight, linearWeight } from '../../kernel/cgroup/weight.ts';
import type { HostConfig } from '../../oci/inspect.ts';
import type { OciResources } from '../../oci/resources.ts';
import type { Message } from '../../text/lang.ts';
import { kernelFiles, type KernelFiles, namesOf } from './control-files.ts';
import { type DockerOption, type OptionFacts, verdictOf } from './option.ts';

interface Limit {
  readonly flag: string;
  /** Of HostConfig. */
  readonly field: string;
  readonly maps: Message;
  /** null: not asked for. */
  readonly asked: (host: HostConfig) => bigint | string | null;
  /** How docker shows it, where that is not the number. */
  readonly word?: (asked: bigint | string, host: HostConfig) => string;
  /** What config.json must have then; without it the same. */
  readonly carry?: (asked: bigint | string, host: HostConfig) => string;
  readonly configured: (resources: OciResources) => bigint | string | boolean | null;
  /** Whether the kernel has it; null where that cannot be told. `want` is as in config.json. */
  readonly kept: (want: string, kernel: KernelFiles, facts: OptionFacts) => boolean | null;
  readonly note?: (want: string, kernel: KernelFiles) => Message | null;
}

const NO_FILE: Message = {
  en: 'this kernel or cgroup version has no such file: the setting is not in force',
  'zh-CN': '此内核或 cgroup 版本没有相应文件：该设置未生效',
};

function limit(row: Limit): DockerOption {
  return {
    flag: row.flag,
    field: `HostConfig.${row.field}`,
    ...namesOf(row.flag),
    maps: row.maps,
    tell(facts) {
      const host = facts.inspect?.hostConfig ?? null;
      const asked = host ? row.asked(host) : null;
      const found = facts.config ? row.configured(facts.config.resources) : null;
      const configured = found === null ? null : String(found);
      // Without docker's word config.json alone says what was asked for.
      if (host ? asked === null : configured === null) return null;
      const due = host && asked !== null ? (row.carry?.(asked, host) ?? String(asked)) : null;
      const kernel = kernelFiles(facts, row.flag);
      const want = due ?? configured ?? '';
      const kept = row.kept(want, kernel, facts);
      const carried = due === null || facts.config === null ? null : configured === due;
      const isMissing =
        kernel.version !== null &&
        kernel.values.every(({ value }) => !value.ok && value.why === 'unsupported');
      return {
        asked: host && asked !== null ? (row.word?.(asked, host) ?? String(asked)) : null,
        configured,
        kernel: kernel.values,
        // A limit without a file is not in force, whatever was asked for.
        verdict: isMissing ? 'differ' : verdictOf(carried, kept),
        note: isMissing ? NO_FILE : (row.note?.(want, kernel) ?? null),
      };
    },
  };
}

/** docker's and the OCI's "no limit". */
const NONE = '-1';

/** v1 says no limit by 2^63 less a page (4 to 64 KiB). */
const UNLIMITED = 2n ** 63n - 65_536n;

/** The kernel keeps whole pages, of 4 to 64 KiB, and rounds down (mm/page_counter.c). */
const LARGEST_PAGE = 65_536n;

function isBytes(want: bigint, text: string | null): boolean | null {
  if (text === null) return null;
  const found = text === 'max' ? 'max' : /^\d+$/.test(text) ? BigInt(text) : null;
  if (found === null) return text === NONE && want < 0n ? true : null;
  if (want < 0n) return found === 'max' || found >= UNLIMITED;
  return found !== 'max' && found <= want && want - found < LARGEST_PAGE;
}

function integer(text: string): bigint {
  return /^-?\d+$/.test(text) ? BigInt(text) : 0n;
}

function isSame(want: string, text: string | null): boolean | null {
  if (text === null) return null;
  return text === want || (want === NONE && text === 'max');
}

/** Above 0, or -1: 0 is docker's "not given". */
function given(number: bigint): bigint | null {
  return number === 0n ? null : number;
}

const AS_IT_IS: Message = { en: 'as it is', 'zh-CN': '原样写入' };

const PERIOD = 100_000n;

/** `quota/period` of a number of CPUs in billionths (moby, daemon/daemon_unix.go: the period is 100 ms). */
function quotaOf(nanoCpus: bigint | string): string {
  return `${(BigInt(nanoCpus) * PERIOD) / 1_000_000_000n}/${PERIOD}`;
}

function cpusWord(nanoCpus: bigint | string): string {
  return String(Number(nanoCpus) / 1e9);
}

function isQuota(want: string, { version, text }: KernelFiles): boolean | null {
  const [quota = '', period = null] = want.split('/');
  const [both = null, ofBoth = null] = version === 2 ? (text('cpu.max')?.split(' ') ?? []) : [];
  const same = isSame(quota, version === 2 ? both : text('cpu.cfs_quota_us'));
  if (period === null || same === null) return same;
  return same && period === (version === 2 ? ofBoth : text('cpu.cfs_period_us'));
}

/** Which of the two formulas gives the weight that the kernel has. */
function weightNote(want: string, { version, text }: KernelFiles): Message | null {
  const found = version === 2 ? text('cpu.weight') : null;
  if (found === null) return null;
  const shares = integer(want);
  const [line, curve] = [String(linearWeight(shares)), String(curvedWeight(shares))];
  const both: Message = {
    en: `shares ${want} are weight ${line} by 1+((s−2)·9999)/262142 (runc before 1.3.2) and ${curve} by the curve that maps 1024 to 100 (newer runc and crun)`,
    'zh-CN': `份额 ${want} 按 1+((s−2)·9999)/262142（runc 1.3.2 之前）为权重 ${line}，按 1024 对应 100 的曲线（较新的 runc 与 crun）为 ${curve}`,
  };
  const fits =
    found === line
      ? { en: 'the first fits', 'zh-CN': '与前者相符' }
      : found === curve
        ? { en: 'the second fits', 'zh-CN': '与后者相符' }
        : { en: 'neither fits', 'zh-CN': '两者都不相符' };
  if (line === curve)
    return {
      en: `shares ${want} are weight ${line} by either formula`,
      'zh-CN': `份额 ${want} 按两种公式都是权重 ${line}`,
    };
  return { en: `${both.en}: ${fits.en}`, 'zh-CN': `${both['zh-CN']}：${fits['zh-CN']}` };
}

/** `default 100` of io.weight and io.bfq.weight. */
function defaultOf(text: string | null): string | null {
  return text === null ? null : (/^(?:default )?(\d+)$/m.exec(text)?.[1] ?? null);
}

function isBlockWeight(want: string, { version, text }: KernelFiles): boolean | null {
  // runc and crun write the BFQ file where there is one, the number as it is.
  const bfq = defaultOf(text(version === 2 ? 'io.bfq.weight' : 'blkio.bfq.weight'));
  const plain = defaultOf(text(version === 2 ? 'io.weight' : 'blkio.weight'));
  if (bfq === null && plain === null) return null;
  return bfq === want || plain === (version === 2 ? String(ioWeight(integer(want))) : want);
}

export const LIMIT_OPTIONS: readonly DockerOption[] = [
  limit({
    flag: '--memory',
    field: 'Memory',
    maps: { en: 'bytes, rounded down to whole pages', 'zh-CN': '字节数，向下取整到整页' },
    asked: ({ memory }) => given(memory),
    configured: ({ memory }) => memory.limit,
    kept: (want, { version, text }) =>
      isBytes(integer(want), text(version === 2 ? 'memory.max' : 'memory.limit_in_bytes')),
  }),
  limit({
    flag: '--memory-swap',
    field: 'MemorySwap',
    maps: {
      en: 'memory and swap together, as v1 has it; on v2 memory.swap.max is the swap alone: memory-swap less memory. Twice the memory if not given; -1 is no limit',
      'zh-CN':
        '内存与 swap 之和，与 v1 相同；v2 的 memory.swap.max 只计 swap：memory-swap 减去 memory。未指定时为内存的两倍；-1 表示不限',
    },
    asked: ({ memorySwap }) => given(memorySwap),
    configured: ({ memory }) => memory.swap,
    kept: (want, { version, text }, { inspect, config }) => {
      if (version !== 2) return isBytes(integer(want), text('memory.memsw.limit_in_bytes'));
      const memory = inspect?.hostConfig.memory ?? config?.resources.memory.limit ?? 0n;
      const swap = integer(want);
      return isBytes(swap < 0n ? swap : swap - memory, text('memory.swap.max'));
    },
  }),
  limit({
    flag: '--memory-reservation',
    field: 'MemoryReservation',
    maps: {
      en: 'bytes; v1 reclaims first from groups above it, v2 last from groups below it',
      'zh-CN': '字节数；v1 优先回收超过此值的组，v2 最后才回收低于此值的组',
    },
    asked: ({ memoryReservation }) => given(memoryReservation),
    configured: ({ memory }) => memory.reservation,
    kept: (want, { version, text }) =>
      isBytes(integer(want), text(version === 2 ? 'memory.low' : 'memory.soft_limit_in_bytes')),
  }),
  limit({
    flag: '--memory-swappiness',
    field: 'MemorySwappiness',
    maps: { en: '0 to 100, as it is; v2 has no such file', 'zh-CN': '0 到 100，原样写入；v2 没有对应文件' },
    asked: ({ memorySwappiness }) =>
      memorySwappiness === null || memorySwappiness < 0n ? null : memorySwappiness,
    configured: ({ memory }) => memory.swappiness,
    kept: (want, { text }) => isSame(want, text('memory.swappiness')),
  }),
  limit({
    flag: '--kernel-memory',
    field: 'KernelMemory',
    maps: {
      en: 'bytes; without effect since Linux 5.16, where the memory limit covers it',
      'zh-CN': '字节数；自 Linux 5.16 起不再生效，由内存上限一并约束',
    },
    asked: ({ kernelMemory }) => given(kernelMemory),
    configured: ({ memory }) => memory.kernel,
    kept: (want, { text }) => isBytes(integer(want), text('memory.kmem.limit_in_bytes')),
  }),
  limit({
    flag: '--oom-kill-disable',
    field: 'OomKillDisable',
    maps: {
      en: 'true writes 1: tasks wait at the limit and are not killed; v2 has no such file',
      'zh-CN': 'true 即写入 1：任务在上限处等待而不被杀死；v2 没有对应文件',
    },
    asked: ({ oomKillDisable }) => (oomKillDisable ? 'true' : null),
    configured: ({ memory }) => (memory.disableOOMKiller === true ? true : null),
    kept: (want, { text }) => {
      const found = text('memory.oom_control');
      return found === null ? null : /^oom_kill_disable 1$/m.test(found) === (want === 'true');
    },
  }),
  limit({
    flag: '--cpus',
    field: 'NanoCpus',
    maps: {
      en: 'a period of 100000 µs and a quota of cpus times that: 0.5 is cpu.max "50000 100000"',
      'zh-CN': '周期为 100000 µs，配额为 cpus 乘以周期：0.5 即 cpu.max "50000 100000"',
    },
    asked: ({ nanoCpus }) => given(nanoCpus),
    word: cpusWord,
    carry: quotaOf,
    configured: ({ cpu }) =>
      cpu.quota === null || cpu.period === null ? null : `${cpu.quota}/${cpu.period}`,
    kept: isQuota,
  }),
  limit({
    flag: '--cpu-quota',
    field: 'CpuQuota',
    maps: {
      en: 'microseconds in each period; v2 has quota and period in one file',
      'zh-CN': '每个周期内的微秒数；v2 的配额与周期在同一文件中',
    },
    asked: ({ cpuQuota }) => given(cpuQuota),
    // What --cpus became is told by its own row.
    configured: ({ cpu }) => cpu.quota,
    kept: isQuota,
  }),
  limit({
    flag: '--cpu-period',
    field: 'CpuPeriod',
    maps: { en: 'microseconds, as it is', 'zh-CN': '微秒数，原样写入' },
    asked: ({ cpuPeriod }) => given(cpuPeriod),
    configured: ({ cpu }) => cpu.period,
    kept: (want, { version, text }) =>
      isSame(want, version === 2 ? (text('cpu.max')?.split(' ')[1] ?? null) : text('cpu.cfs_period_us')),
  }),
  limit({
    flag: '--cpu-shares',
    field: 'CpuShares',
    maps: {
      en: 'on v1 as it is; on v2 a weight, by one of two formulas: a straight line in runc before 1.3.2 (1024 → 39), a curve in newer runc and crun (1024 → 100)',
      'zh-CN':
        'v1 原样写入；v2 换算为权重，有两种公式：runc 1.3.2 之前为直线（1024 → 39），较新的 runc 与 crun 为曲线（1024 → 100）',
    },
    asked: ({ cpuShares }) => given(cpuShares),
    configured: ({ cpu }) => cpu.shares,
    kept: (want, { version, text }) => {
      if (version !== 2) return isSame(want, text('cpu.shares'));
      const found = text('cpu.weight');
      const shares = integer(want);
      return found === null
        ? null
        : [linearWeight(shares), curvedWeight(shares)].some((weight) => found === String(weight));
    },
    note: weightNote,
  }),
  limit({
    flag: '--cpu-rt-period',
    field: 'CpuRealtimePeriod',
    maps: { en: 'microseconds, as it is; v2 has no such file', 'zh-CN': '微秒数，原样写入；v2 没有对应文件' },
    asked: ({ cpuRealtimePeriod }) => given(cpuRealtimePeriod),
    configured: ({ cpu }) => cpu.realtimePeriod,
    kept: (want, { text }) => isSame(want, text('cpu.rt_period_us')),
  }),
  limit({
    flag: '--cpu-rt-runtime',
    field: 'CpuRealtimeRuntime',
    maps: { en: 'microseconds, as it is; v2 has no such file', 'zh-CN': '微秒数，原样写入；v2 没有对应文件' },
    asked: ({ cpuRealtimeRuntime }) => given(cpuRealtimeRuntime),
    configured: ({ cpu }) => cpu.realtimeRuntime,
    kept: (want, { text }) => isSame(want, text('cpu.rt_runtime_us')),
  }),
  limit({
    flag: '--cpuset-cpus',
    field: 'CpusetCpus',
    maps: AS_IT_IS,
    asked: ({ cpusetCpus }) => cpusetCpus || null,
    configured: ({ cpu }) => cpu.cpus,
    kept: (want, { text }) => isList(want, text('cpuset.cpus')),
  }),
  limit({
    flag: '--cpuset-mems',
    field: 'CpusetMems',
    maps: AS_IT_IS,
    asked: ({ cpusetMems }) => cpusetMems || null,
    configured: ({ cpu }) => cpu.mems,
    kept: (want, { text }) => isList(want, text('cpuset.mems')),
  }),
  limit({
    flag: '--pids-limit',
    field: 'PidsLimit',
    maps: { en: 'as it is; -1 is max', 'zh-CN': '原样写入；-1 即 max' },
    asked: ({ pidsLimit }) => (pidsLimit === null ? null : given(pidsLimit)),
    configured: ({ pids }) => (pids.limit === 0n ? null : pids.limit),
    kept: (want, { text }) => isSame(want, text('pids.max')),
  }),
  limit({
    flag: '--blkio-weight',
    field: 'BlkioWeight',
    maps: {
      en: 'as it is under BFQ; io.weight of v2 is 1+(w−10)·9999/990',
      'zh-CN': 'BFQ 下原样写入；v2 的 io.weight 为 1+(w−10)·9999/990',
    },
    asked: ({ blkioWeight }) => given(blkioWeight),
    // docker writes 0 where none was asked for.
    configured: ({ blockIO }) => (blockIO.weight === 0n ? null : blockIO.weight),
    kept: isBlockWeight,
  }),
];

/** The kernel writes the same list in its own way: `0,1` as `0-1`. */
function isList(want: string, text: string | null): boolean | null {
  if (text === null) return null;
  const [a, b] = [membersOf(want), membersOf(text)];
  return a !== null && b !== null && a.size === b.size && [...a].every((one) => b.has(one));
}

/** cpuset(7), "List format"; null for another form. A list may name no more than what a machine can have. */
function membersOf(list: string): ReadonlySet<number> | null {
  const members = new Set<number>();
  for (const range of list.split(',')) {
    const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(range.trim()) ?? [];
    if (first === undefined) return null;
    for (let at = Number(first); at <= Number(last ?? first); at += 1) members.add(at);
  }
  return members;
}
