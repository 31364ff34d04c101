// What a test needs of the machine, tried once each, and the honest skip: printed with its reason, a failure under NSCOPE_REQUIRE=all.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SKIP } from './protocol.ts';

export interface Needs {
  /** uid 0 with CAP_SYS_ADMIN: it can really make a mount namespace and mount in it. */
  readonly root?: true;
  /** Programs on PATH. */
  readonly tools?: readonly string[];
  /** A user namespace with a written uid_map, made without privilege where the tests run without. */
  readonly userns?: true;
  /** All that a private dockerd needs: root, the programs, and cgroups that can be written. */
  readonly docker?: true;
  /** A version 1 hierarchy with the memory controller. */
  readonly cgroupV1?: true;
  /** A version 2 tree with the memory controller. */
  readonly cgroupV2?: true;
  /** The kernel knows this namespace type. */
  readonly namespaces?: readonly string[];
  /** The optional packages that open a pseudo terminal. */
  readonly pty?: true;
  /** Files that must be there. */
  readonly files?: readonly string[];
}

/** Programs that the private dockerd calls. */
export const DOCKER_TOOLS = [
  'dockerd',
  'docker',
  'containerd',
  'containerd-shim-runc-v2',
  'runc',
  'iptables',
  'unshare',
  'nsenter',
  'setpriv',
  'mount',
  'ip',
  'busybox',
  'tar',
] as const;

/** Why a test cannot run here, in one line; null if it can. The first lack is named. */
export function need(needs: Needs): string | null {
  const tools = [...(needs.tools ?? []), ...(needs.docker ? DOCKER_TOOLS : [])];
  const missing = tools.filter((tool) => which(tool) === undefined);
  if (missing.length > 0) return `not on PATH: ${missing.join(', ')}`;
  const file = needs.files?.find((path) => !existsSync(path));
  if (file !== undefined) return `no ${file}`;
  const type = needs.namespaces?.find((name) => !existsSync(`/proc/self/ns/${name}`));
  if (type !== undefined) return `this kernel has no ${type} namespaces`;
  if ((needs.root || needs.docker) && !can('root')) return 'needs root that may mount (CAP_SYS_ADMIN)';
  if (needs.userns && !can('userns')) return 'no user namespace with a written uid_map';
  if (needs.docker && !hasController('memory', 'cgroup') && !hasController('memory', 'cgroup2')) {
    return 'no memory controller for docker';
  }
  if (needs.cgroupV1 && !hasController('memory', 'cgroup')) return 'no version 1 hierarchy with memory';
  if (needs.cgroupV2 && !hasController('memory', 'cgroup2')) return 'no version 2 tree with memory';
  if (needs.pty && !loads('@lydell/node-pty')) return 'the package @lydell/node-pty does not load';
  return null;
}

/** The path of a program as execvp(3) would find it; undefined if it is not on PATH. */
export function which(program: string): string | undefined {
  for (const dir of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(dir, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  return undefined;
}

const TRIALS = {
  // Tried, not asked: capabilities, seccomp and security modules can each refuse root.
  root: ['unshare', '--mount', 'mount', '-t', 'tmpfs', 'none', '/tmp'],
  // The map is written after the namespace is made, and is what Ubuntu's AppArmor gate refuses.
  userns: ['unshare', '--user', '--map-root-user', 'true'],
} as const;

const tried = new Map<string, boolean>();

function can(what: keyof typeof TRIALS): boolean {
  const known = tried.get(what);
  if (known !== undefined) return known;
  const [file, ...args] = TRIALS[what];
  const works =
    (what !== 'root' || process.getuid?.() === 0) && spawnSync(file, args, { timeout: 10_000 }).status === 0;
  tried.set(what, works);
  return works;
}

/** proc_pid_mountinfo(5): v1 controllers stand in the super options, v2's in the root's cgroup.controllers. */
function hasController(controller: string, fstype: 'cgroup' | 'cgroup2'): boolean {
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const [type, , options = ''] = right.split(' ');
    if (type !== fstype) continue;
    if (type === 'cgroup' && options.split(',').includes(controller)) return true;
    if (type !== 'cgroup2') continue;
    const point = left.split(' ')[4] ?? '';
    if (readFileSync(join(point, 'cgroup.controllers'), 'utf8').trim().split(' ').includes(controller)) {
      return true;
    }
  }
  return false;
}

/** Whether a package loads, its native part included. */
function loads(name: string): boolean {
  try {
    createRequire(import.meta.url)(name);
    return true;
  } catch {
    return false;
  }
}

/** Something that takes a name and a test: a uvu suite. */
export type Register<T> = (name: string, fn: (context: T) => void | Promise<void>) => void;

/**
 * `maybe(test, need({…}))(name, fn)`: the test if `reason` is null, else a line `SKIP <file> <name>: <reason>` that the runner counts.
 * Under NSCOPE_REQUIRE=all it is a test that fails with the reason.
 */
export function maybe<T>(test: Register<T>, reason: string | null): Register<T> {
  if (reason === null) return (name, fn) => test(name, fn);
  return (name) => {
    process.stdout.write(`${SKIP} ${testFile()} ${name}: ${reason}\n`);
    if (process.env['NSCOPE_REQUIRE'] !== 'all') return;
    test(name, () => {
      throw new Error(`skipped, and NSCOPE_REQUIRE=all allows no skip: ${reason}`);
    });
  };
}

/** The test file that this process runs, relative to the repository. */
function testFile(): string {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  return relative(root, process.argv[1] ?? '');
}
