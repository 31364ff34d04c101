// What of a container's own files, and of its engine's word, a recording keeps: config.json and inspect without environment, foreign annotations, labels and
// hooks, mounts without a person's directories.
import type { RecordOptions } from './record.ts';
import type { Entry } from './recorded-fs.ts';
import { READ_ANNOTATIONS } from '../oci/annotations.ts';
import { READ_INSPECT } from '../oci/inspect.ts';
import { parseWideJson, printWideJson } from '../oci/json.ts';
import { ParseError } from '../text/errors.ts';

/** In place of a path that may name a person's directory. */
const HIDDEN = '/redacted';

/** Directories that engines make by themselves, where they are by default. */
const ENGINES_OWN =
  /^\/(?:var\/lib\/(?:docker|containers|containerd)|(?:var\/)?run\/(?:docker|containerd|containers))\//;

/** Sockets of engines, which whoever holds one commands: a finding of its own. */
const ENGINES_SOCKETS = /\/(?:docker|containerd|podman|crio)\.sock$/;

const PROCESS = [
  'terminal',
  'user',
  'capabilities',
  'noNewPrivileges',
  'apparmorProfile',
  'selinuxLabel',
  'rlimits',
  'oomScoreAdj',
];
const LINUX = [
  'namespaces',
  'cgroupsPath',
  'uidMappings',
  'gidMappings',
  'resources',
  'maskedPaths',
  'readonlyPaths',
  'rootfsPropagation',
  'sysctl',
  'devices',
];

type Json = Readonly<Record<string, unknown>>;

/** The part that is an object; empty where it is another thing. */
function partOf(of: Json, key: string): Json {
  const found = of[key];
  return typeof found === 'object' && found !== null && !Array.isArray(found)
    ? Object.fromEntries(Object.entries(found))
    : {};
}

function picked(of: Json, keys: readonly string[]): Json {
  return Object.fromEntries(keys.flatMap((key) => (key in of ? [[key, of[key]] as const] : [])));
}

/**
 * Of a bundle's config.json what nscope reads (oci/config.ts), whatever the options: never the environment, hooks, other annotations or the seccomp profile,
 * of which the number of rules is left. With `redact: all` the command's first word alone, and no directory that a person may have named.
 */
export function keptConfig(text: string, redact: RecordOptions['redact']): string {
  const config = objectOf(text);
  if (typeof config === 'string') return config;
  const [process, root, linux] = [partOf(config, 'process'), partOf(config, 'root'), partOf(config, 'linux')];
  const args = Array.isArray(process['args']) ? process['args'] : [];
  const hide = redact === 'all';
  const seccomp = partOf(linux, 'seccomp');
  const rules = Array.isArray(seccomp['syscalls']) ? seccomp['syscalls'].length : 0;
  const annotations = picked(partOf(config, 'annotations'), READ_ANNOTATIONS);
  return printWideJson({
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    ...(hide ? {} : picked(config, ['hostname', 'domainname'])),
    process: {
      ...picked(process, PROCESS),
      args: hide ? args.slice(0, 1) : args,
      ...(hide ? {} : picked(process, ['cwd'])),
    },
    root: { ...(hide ? {} : picked(root, ['path'])), ...picked(root, ['readonly']) },
    mounts: Array.isArray(config['mounts']) ? config['mounts'].map((mount) => keptMount(mount, hide)) : [],
    linux: {
      ...picked(linux, LINUX),
      ...('seccomp' in linux
        ? {
            seccomp: {
              ...picked(seccomp, ['defaultAction']),
              syscalls: Array.from({ length: rules }, () => ({})),
            },
          }
        : {}),
    },
  });
}

/** The text as an object; where it is none, what is kept in its place. */
function objectOf(text: string): Json | string {
  try {
    const read: unknown = parseWideJson(text, 'JSON');
    if (typeof read !== 'object' || read === null || Array.isArray(read)) return '{}';
    return Object.fromEntries(Object.entries(read));
  } catch (error) {
    if (error instanceof ParseError) return '{';
    throw error;
  }
}

/** What of HostConfig and Config names a person's directories and hosts. */
const PERSONS = ['Binds', 'Mounts', 'Tmpfs', 'Hostname', 'Domainname'];

/**
 * Of an engine's answer to `inspect` what nscope reads (oci/inspect.ts), whatever the options: never environment, labels, command or the text of a seccomp
 * profile. With `redact: all` no name and directory that a person may have given.
 */
export function keptInspect(text: string, redact: RecordOptions['redact']): string {
  const all = objectOf(text);
  if (typeof all === 'string') return all;
  const parts = Object.entries(READ_INSPECT).flatMap(([part, keys]) => {
    if (!(part in all)) return [];
    const wanted = redact === 'all' ? keys.filter((key) => !PERSONS.includes(key)) : keys;
    return [[part, withoutProfile(picked(partOf(all, part), wanted))] as const];
  });
  return printWideJson({ ...picked(all, ['Id', 'Name']), ...Object.fromEntries(parts) });
}

/** docker keeps the whole text of a seccomp profile that was given. */
function withoutProfile(part: Json): Json {
  const words = part['SecurityOpt'];
  if (!Array.isArray(words)) return part;
  const short = words.map((word: unknown) =>
    typeof word === 'string' ? word.replace(/^(seccomp[=:])\s*\{[^]*/, '$1profile') : word,
  );
  return { ...part, SecurityOpt: short };
}

function keptMount(mount: unknown, hide: boolean): unknown {
  if (typeof mount !== 'object' || mount === null) return mount;
  const { source } = { source: '', ...mount };
  const isPath = typeof source === 'string' && source.startsWith('/');
  if (!hide || !isPath || isEngines(source)) return picked(Object.fromEntries(Object.entries(mount)), MOUNT);
  const type = 'type' in mount ? { type: mount.type } : {};
  const options = 'options' in mount ? { options: mount.options } : {};
  return { destination: HIDDEN, source: HIDDEN, ...type, ...options };
}

const MOUNT = ['destination', 'type', 'source', 'options'];

function isEngines(path: string): boolean {
  return ENGINES_OWN.test(path) || ENGINES_SOCKETS.test(path);
}

/** Mounts that the kernel makes up: their roots are files of the kernel's. */
const KERNELS = /^(proc|sysfs|tmpfs|devpts|devtmpfs|mqueue|cgroup2?|nsfs)$/;

/**
 * A container's own mountinfo. With anything but `redact: nothing` what is bound from a directory that a person may have named is told as being there,
 * and no more; layers of a root file system lose their directories.
 */
export function keptOwnMounts(text: string, redact: RecordOptions['redact']): string {
  if (redact === 'nothing') return text;
  return text
    .split('\n')
    .map((line) => {
      const [head = '', tail] = line.split(' - ', 2);
      if (tail === undefined) return line;
      const words = head.split(' ');
      const [fstype = '', source = '', superOptions = ''] = tail.split(' ');
      const options = superOptions
        .split(',')
        .map((option) => option.replace(/^((?:lower|upper|work)dir)=.*/, `$1=${HIDDEN}`))
        .filter((option) => !/^[^=]*:\//.test(option))
        .join(',');
      const plain = `${fstype} ${source.startsWith('/') && !source.startsWith('/dev/') ? HIDDEN : source} ${options}`;
      const root = words[3] ?? '/';
      if (root === '/' || KERNELS.test(fstype) || isEngines(root)) return `${words.join(' ')} - ${plain}`;
      // One of the engine's own files is told by its place in the container.
      const isFile = /^\/etc\/(?:hosts|hostname|resolv\.conf)$/.test(words[4] ?? '');
      return `${words
        .with(3, HIDDEN)
        .with(4, isFile ? (words[4] ?? '') : HIDDEN)
        .join(' ')} - ${plain}`;
    })
    .join('\n');
}

/** Root and working directories of these processes, which are containers': `/` alone is nobody's. */
export function hideDirectories(entries: Map<string, Entry>, pids: ReadonlySet<number>): void {
  for (const pid of pids)
    for (const path of [`/proc/${pid}/cwd`, `/proc/${pid}/root`]) {
      const entry = entries.get(path);
      if (entry?.kind === 'link' && entry.target !== '/') entries.set(path, { kind: 'link', target: HIDDEN });
    }
}
