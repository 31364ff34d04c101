// Docker's options about mounts: --volume, --mount and --tmpfs, from the word to config.json's mounts to the container's own mountinfo.
import type { Mount } from '../../kernel/proc/mountinfo.ts';
import { mapReading, unread } from '../../kernel/reading.ts';
import type { OciConfig, OciMount } from '../../oci/config.ts';
import type { HostConfig, MountSpec } from '../../oci/inspect.ts';
import type { Message } from '../../text/lang.ts';
import { clean } from '../../text/sanitize.ts';
import { ENGINES_FILES } from '../explain/mounts.ts';
import { type DockerOption, type KernelValue, type OptionFacts, verdictOf } from './option.ts';
import { bytesOf, mountAt } from './security.ts';

/** What one word of an option asks for. */
interface Wish {
  /** As docker has it, sanitised. */
  readonly word: string;
  readonly destination: string;
  readonly readOnly: boolean;
  readonly tmpfs: boolean;
  /** Of a tmpfs, bytes; null: none was asked for, or in a form that is not compared (a share of the memory). */
  readonly size: bigint | null;
}

interface Row {
  readonly flag: string;
  readonly field: string;
  readonly maps: Message;
  readonly asked: (host: HostConfig) => readonly Wish[];
  /** Which of config.json's mounts the option has made, where docker was not asked. */
  readonly shows: (mount: OciMount) => boolean;
}

function row({ flag, field, maps, asked: askedOf, shows }: Row): DockerOption {
  return {
    flag,
    field: `HostConfig.${field}`,
    oci: 'mounts',
    v1: '/proc/PID/mountinfo',
    v2: '/proc/PID/mountinfo',
    maps,
    tell(facts) {
      const { inspect, config } = facts;
      const wishes = inspect
        ? askedOf(inspect.hostConfig)
        : (config?.mounts.filter(shows).map(wishOfMount) ?? []);
      if (wishes.length === 0) return null;
      const found = config ? wishes.map(({ destination }) => configured(config, destination)) : [];
      const carriers = found.filter((mount) => mount !== null);
      return {
        asked: inspect ? wishes.map(({ word }) => word).join(', ') : null,
        configured: carriers.length === 0 ? null : carriers.map(mountWord).join(', '),
        kernel: wishes.map((wish) => kernelMount(facts, wish)),
        verdict: verdictOf(
          inspect && config ? wishes.every((wish, at) => isCarried(wish, found[at] ?? null)) : null,
          isKept(facts, wishes),
        ),
        note: null,
      };
    },
  };
}

/** Of two mounts on one place the later one is seen. */
function configured({ mounts }: OciConfig, destination: string): OciMount | null {
  return mounts.findLast((mount) => plainPath(mount.destination) === plainPath(destination)) ?? null;
}

/** Without a slash at the end, which mountinfo never has. */
function plainPath(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

/** SOURCE:DESTINATION[:OPTIONS], as docker-run(1) has it; a source has no colon. */
function wishOfBind(word: string): readonly Wish[] {
  const [, destination, options = ''] = word.split(':');
  if (destination === undefined || destination === '') return [];
  return [{ word, destination, readOnly: options.split(',').includes('ro'), tmpfs: false, size: null }];
}

function wishOfSpec({ type, source, target, readOnly, size }: MountSpec): Wish {
  const from = source === '' ? '' : `,src=${source}`;
  const limit = size === null ? '' : `,tmpfs-size=${size}`;
  return {
    word: `type=${type}${from},dst=${target}${readOnly ? ',readonly' : ''}${limit}`,
    destination: target,
    readOnly,
    tmpfs: type === 'tmpfs',
    size,
  };
}

function wishOfTmpfs([destination, given]: readonly [string, string]): Wish {
  const options = given.split(',').filter((one) => one !== '');
  return {
    word: given === '' ? destination : `${destination}:${given}`,
    destination,
    readOnly: options.includes('ro'),
    tmpfs: true,
    size: sizeIn(options),
  };
}

function wishOfMount(mount: OciMount): Wish {
  return {
    word: mountWord(mount),
    destination: mount.destination,
    readOnly: asksReadOnly(mount),
    tmpfs: mount.type === 'tmpfs',
    size: sizeIn(mount.options),
  };
}

/** rro: with the mounts below it (mount_setattr(2), AT_RECURSIVE), which docker 25 asks for where the kernel can. */
const READ_ONLY: readonly string[] = ['ro', 'rro'];

function asksReadOnly({ options }: OciMount): boolean {
  return options.some((one) => READ_ONLY.includes(one));
}

function sizeIn(options: readonly string[]): bigint | null {
  const size = options.find((one) => one.startsWith('size='));
  return size === undefined ? null : bytesOf(size.slice('size='.length));
}

function mountWord({ destination, type, source, options }: OciMount): string {
  const at = type === 'tmpfs' ? `tmpfs ${destination}` : `${source}:${destination}`;
  const told = options.filter((one) => READ_ONLY.includes(one) || one.startsWith('size='));
  return clean([at, ...told].join(type === 'tmpfs' ? ' ' : ':'));
}

function isCarried(wish: Wish, mount: OciMount | null): boolean {
  if (mount === null || (mount.type === 'tmpfs') !== wish.tmpfs) return false;
  const size = sizeIn(mount.options);
  return asksReadOnly(mount) === wish.readOnly && (wish.size === null || size === null || size === wish.size);
}

function kernelMount({ init, confinement }: OptionFacts, { destination }: Wish): KernelValue {
  const file = `/proc/${init?.pid ?? 'PID'}/mountinfo`;
  const place = plainPath(destination);
  return {
    name: `mount ${clean(place)}`,
    value: mapReading(confinement?.mounts ?? unread('gone', file), (mounts) =>
      wordOf(mountAt(mounts, place)),
    ),
    // A name with a space in it stands there as \040.
    proof: /^[\w./-]+$/.test(place) ? `grep ' ${place} ' ${file}` : `cat ${file}`,
  };
}

function wordOf(mount: Mount | null): string {
  if (!mount) return '-';
  const size = mount.superOptions.find((one) => mount.fstype === 'tmpfs' && one.startsWith('size='));
  const words = [mount.fstype, isReadOnly(mount) ? 'ro' : 'rw', size ?? ''];
  const from = mount.root === '/' ? [] : ['of', mount.root];
  return clean([...words, ...from].filter((word) => word !== '').join(' '));
}

/** The mount's own option; of a tmpfs it may be the file system's. */
function isReadOnly({ options, superOptions, fstype }: Mount): boolean {
  return options.includes('ro') || (fstype === 'tmpfs' && superOptions.includes('ro'));
}

function isKept({ confinement }: OptionFacts, wishes: readonly Wish[]): boolean | null {
  if (!confinement?.mounts.ok) return null;
  const mounts = confinement.mounts.value;
  return wishes.every(({ destination, readOnly, tmpfs, size }) => {
    const mount = mountAt(mounts, plainPath(destination));
    if (!mount || isReadOnly(mount) !== readOnly) return false;
    if (!tmpfs) return true;
    const now = sizeIn(mount.superOptions);
    return mount.fstype === 'tmpfs' && (size === null || now === null || now === pages(size));
  });
}

const PAGE = 4096n;

/** tmpfs counts whole pages (tmpfs(5)). */
function pages(size: bigint): bigint {
  return ((size + PAGE - 1n) / PAGE) * PAGE;
}

/** What every container has: of the kernel's, of /dev, and the files that the engine keeps for it. */
const PLAIN = /^\/(?:dev|proc|sys)(?:\/|$)/;

function isPlain({ destination }: OciMount): boolean {
  return PLAIN.test(destination) || ENGINES_FILES.test(destination);
}

export const MOUNT_OPTIONS: readonly DockerOption[] = [
  row({
    flag: '--volume',
    field: 'Binds',
    maps: {
      en: 'a bind mount: of the directory that was named, or of the volume’s own below the engine’s data; ro: the mount alone is read-only, not its file system',
      'zh-CN':
        '绑定挂载：来自指定的目录，或引擎数据目录下该卷自己的目录；ro：只有该挂载为只读，而非其文件系统',
    },
    asked: ({ binds }) => binds.flatMap(wishOfBind),
    shows: (mount) => !isPlain(mount) && mount.type !== 'tmpfs' && mount.source.startsWith('/'),
  }),
  row({
    flag: '--mount',
    field: 'Mounts',
    maps: {
      en: 'type=bind and type=volume: a bind mount; type=tmpfs: a new tmpfs',
      'zh-CN': 'type=bind 与 type=volume：绑定挂载；type=tmpfs：新的 tmpfs',
    },
    asked: ({ mounts }) => mounts.map(wishOfSpec),
    // config.json does not say which of the options it was: told as --volume and --tmpfs.
    shows: () => false,
  }),
  row({
    flag: '--tmpfs',
    field: 'Tmpfs',
    maps: {
      en: 'a new tmpfs: its pages count as memory of the group that writes them; the kernel tells its size in KiB',
      'zh-CN': '新的 tmpfs：其页面计入写入者所在控制组的内存；内核以 KiB 显示大小',
    },
    asked: ({ tmpfs }) => Object.entries(tmpfs).sort().map(wishOfTmpfs),
    shows: (mount) => !isPlain(mount) && mount.type === 'tmpfs',
  }),
];
