// Docker's options about devices: rates and weights of block devices, and which devices may be opened at all.
import { CONTROL_FILES } from '../../kernel/cgroup/files.ts';
import { unread } from '../../kernel/reading.ts';
import type { OciConfig } from '../../oci/config.ts';
import type { DeviceRate, HostConfig } from '../../oci/inspect.ts';
import type { DeviceNumber, DeviceRule, OciResources } from '../../oci/resources.ts';
import type { Message } from '../../text/lang.ts';
import { kernelFiles, type KernelFiles, namesOf } from './control-files.ts';
import { type DockerOption, type KernelValue, type OptionFacts, verdictOf } from './option.ts';

interface Rates {
  readonly flag: string;
  readonly field: string;
  readonly asked: (host: HostConfig) => readonly DeviceRate[];
  readonly configured: (block: OciResources['blockIO']) => readonly DeviceNumber[];
  /** The key in a line of io.max; null: the line has the number alone. */
  readonly key: string | null;
}

const PER_DEVICE: Message = {
  en: 'a line for each device, by its number: MAJOR:MINOR and the value',
  'zh-CN': '每个设备一行，以设备号标识：主:次设备号与数值',
};

function rates(row: Rates): DockerOption {
  return {
    flag: row.flag,
    field: `HostConfig.${row.field}`,
    ...namesOf(row.flag),
    maps: PER_DEVICE,
    tell(facts) {
      const asked = facts.inspect ? row.asked(facts.inspect.hostConfig) : [];
      const found = facts.config ? row.configured(facts.config.resources.blockIO) : [];
      if ((facts.inspect ? asked : found).length === 0) return null;
      const kernel = kernelFiles(facts, row.flag);
      // docker names the device by its file, config.json by its number: the values must be the same ones.
      const carried = facts.inspect && facts.config ? sorted(asked).join() === sorted(found).join() : null;
      return {
        asked: facts.inspect ? asked.map(({ path, number }) => `${path}:${number}`).join(', ') : null,
        configured: found.length === 0 ? null : found.map(wordOf).join(', '),
        kernel: kernel.values,
        verdict: verdictOf(carried, keptRates(found, row.key, kernel)),
        note: null,
      };
    },
  };
}

function sorted(rows: readonly { readonly number: bigint }[]): readonly string[] {
  return rows.map(({ number }) => String(number)).sort();
}

function wordOf({ major, minor, number }: DeviceNumber): string {
  return `${major}:${minor} ${number}`;
}

function keptRates(
  found: readonly DeviceNumber[],
  key: string | null,
  { version, values }: KernelFiles,
): boolean | null {
  const texts = values.flatMap(({ value }) => (value.ok ? [value.value] : []));
  if (found.length === 0 || texts.length === 0) return null;
  return found.every(({ major, minor, number }) =>
    texts.some((text) =>
      text.split('\n').some((line) => {
        const [device, ...words] = line.trim().split(/\s+/);
        if (device !== `${major}:${minor}`) return false;
        return words.includes(version === 2 && key !== null ? `${key}=${number}` : String(number));
      }),
    ),
  );
}

const DEVICE_FILES = ((): { readonly v1: string; readonly v2: string; readonly oci: string } => {
  const row = CONTROL_FILES.find(({ controller, oci }) => controller === 'devices' && oci !== undefined);
  return {
    v1: row?.v1?.file ?? '-',
    v2: 'BPF_PROG_TYPE_CGROUP_DEVICE',
    oci: `linux.resources.${row?.oci ?? 'devices'}`,
  };
})();

/** What may be opened: v1 lists it; on v2 a BPF program decides, and no file tells what it allows. */
function deviceValues(facts: OptionFacts): readonly KernelValue[] {
  const devices = facts.controllers.find(({ name }) => name === 'devices');
  if (devices?.version === 1) return kernelFiles(facts, '--device').values;
  const group = facts.controllers.find(({ version }) => version === 2);
  if (!group) return [];
  const path = group.directory.ok ? group.directory.value : group.directory.path;
  return [
    {
      name: DEVICE_FILES.v2,
      value: unread('unsupported', path),
      proof: `bpftool cgroup show ${path}`,
    },
  ];
}

/** As devices.list writes a rule: `c 10:229 rwm`. */
function ruleWord({ type, major, minor, access }: DeviceRule): string {
  return `${type === '' ? 'a' : type} ${major ?? '*'}:${minor ?? '*'} ${access === '' ? 'rwm' : access}`;
}

function allows(rules: readonly DeviceRule[], wanted: string): boolean {
  return rules.some((rule) => rule.allow && covers(ruleWord(rule), wanted));
}

/** Whether the rule allows all that the other asks for. */
function covers(rule: string, wanted: string): boolean {
  const [type = '', number = '', access = ''] = rule.split(' ');
  const [wantedType = '', wantedNumber = '', wantedAccess = ''] = wanted.split(' ');
  const [major, minor] = number.split(':');
  const [wantedMajor, wantedMinor] = wantedNumber.split(':');
  return (
    (type === 'a' || type === wantedType) &&
    (major === '*' || major === wantedMajor) &&
    (minor === '*' || minor === wantedMinor) &&
    [...wantedAccess].every((letter) => access.includes(letter))
  );
}

function keptRules(wanted: readonly string[], values: readonly KernelValue[]): boolean | null {
  const texts = values.flatMap(({ value }) => (value.ok ? [value.value] : []));
  if (texts.length === 0 || wanted.length === 0) return null;
  const lines = texts.flatMap((text) => text.split('\n').map((line) => line.trim()));
  return wanted.every((rule) => lines.some((line) => covers(line, rule)));
}

/** The rule of a device that was asked for: config.json has its number beside its path in the container. */
function ruleFor(config: OciConfig, asked: HostConfig['devices'][number]): string | null {
  const device = config.devices.find(({ path }) => path === (asked.pathInContainer || asked.pathOnHost));
  if (!device) return null;
  return `${device.type === 'u' ? 'c' : device.type} ${device.major}:${device.minor} ${asked.cgroupPermissions || 'rwm'}`;
}

const DEVICE: DockerOption = {
  flag: '--device',
  field: 'HostConfig.Devices',
  ...DEVICE_FILES,
  oci: `linux.devices, ${DEVICE_FILES.oci}`,
  maps: {
    en: 'a device file in the container, and a rule that allows its number',
    'zh-CN': '在容器内创建设备文件，并以一条规则放行其设备号',
  },
  tell(facts) {
    const asked = facts.inspect?.hostConfig.devices ?? [];
    const { config } = facts;
    const given = facts.inspect ? asked.length > 0 : (config?.devices.length ?? 0) > 0;
    if (!given) return null;
    const words = asked.map(
      ({ pathOnHost, pathInContainer, cgroupPermissions }) =>
        `${pathOnHost}:${pathInContainer}:${cgroupPermissions}`,
    );
    const rules = config
      ? asked.length > 0
        ? asked.map((device) => ruleFor(config, device))
        : config.devices.map(({ type, major, minor }) => `${type} ${major}:${minor} rwm`)
      : [];
    const known = rules.filter((rule) => rule !== null);
    const kernel = deviceValues(facts);
    const carried =
      facts.inspect && config
        ? known.length === asked.length && known.every((rule) => allows(config.resources.devices, rule))
        : null;
    return {
      asked: facts.inspect ? words.join(', ') : null,
      configured: known.length === 0 ? null : known.join(', '),
      kernel,
      verdict: verdictOf(carried, keptRules(known, kernel)),
      note: null,
    };
  },
};

const DEVICE_RULE: DockerOption = {
  flag: '--device-cgroup-rule',
  field: 'HostConfig.DeviceCgroupRules',
  ...DEVICE_FILES,
  maps: {
    en: 'the rule as it is, without a device file',
    'zh-CN': '规则原样写入，不创建设备文件',
  },
  tell(facts) {
    const asked = facts.inspect?.hostConfig.deviceCgroupRules ?? [];
    if (asked.length === 0) return null;
    const rules = facts.config?.resources.devices ?? [];
    const carried = facts.config ? asked.every((rule) => allows(rules, rule)) : null;
    const kernel = deviceValues(facts);
    const found = rules.filter((rule) => rule.allow).map(ruleWord);
    const carriers = asked.flatMap((rule) => found.find((one) => covers(one, rule)) ?? []);
    return {
      asked: asked.join(', '),
      configured: carriers.length === 0 ? null : carriers.join(', '),
      kernel,
      verdict: verdictOf(carried, keptRules(asked, kernel)),
      note: null,
    };
  },
};

export const DEVICE_OPTIONS: readonly DockerOption[] = [
  rates({
    flag: '--blkio-weight-device',
    field: 'BlkioWeightDevice',
    asked: ({ blkioWeightDevice }) => blkioWeightDevice,
    configured: ({ weightDevice }) => weightDevice,
    key: null,
  }),
  rates({
    flag: '--device-read-bps',
    field: 'BlkioDeviceReadBps',
    asked: ({ blkioDeviceReadBps }) => blkioDeviceReadBps,
    configured: ({ throttleReadBpsDevice }) => throttleReadBpsDevice,
    key: 'rbps',
  }),
  rates({
    flag: '--device-write-bps',
    field: 'BlkioDeviceWriteBps',
    asked: ({ blkioDeviceWriteBps }) => blkioDeviceWriteBps,
    configured: ({ throttleWriteBpsDevice }) => throttleWriteBpsDevice,
    key: 'wbps',
  }),
  rates({
    flag: '--device-read-iops',
    field: 'BlkioDeviceReadIOps',
    asked: ({ blkioDeviceReadIOps }) => blkioDeviceReadIOps,
    configured: ({ throttleReadIOPSDevice }) => throttleReadIOPSDevice,
    key: 'riops',
  }),
  rates({
    flag: '--device-write-iops',
    field: 'BlkioDeviceWriteIOps',
    asked: ({ blkioDeviceWriteIOps }) => blkioDeviceWriteIOps,
    configured: ({ throttleWriteIOPSDevice }) => throttleWriteIOPSDevice,
    key: 'wiops',
  }),
  DEVICE,
  DEVICE_RULE,
];
