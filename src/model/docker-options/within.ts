// Docker's options that are set within a namespace: host name, domain name, sysctls. Nobody outside can read them without entering it: host/inside.ts does.
import { unread } from '../../kernel/reading.ts';
import type { OciConfig } from '../../oci/config.ts';
import type { EngineInspect } from '../../oci/inspect.ts';
import type { Message } from '../../text/lang.ts';
import type { Container } from '../types.ts';
import { type DockerOption, verdictOf } from './option.ts';

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

export const WITHIN_OPTIONS: readonly DockerOption[] = [
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
];
