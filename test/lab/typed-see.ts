// Looks at what an operation has made by the kernel's own files, for a comparison of two worlds: plain values, without pids and names of one world.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cgroupsNamed } from './traces.ts';
import { plain, type World } from './typed.ts';

const TYPES = ['mnt', 'cgroup', 'uts', 'ipc', 'user', 'pid', 'net', 'time'];
const STATUS = /^(Name|State|Uid|Gid|Groups|CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp):/;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return `(${(error as NodeJS.ErrnoException).code})`;
  }
}

/** One line a mount: where, of which type, and which part of it. */
function mounts(pid: number, world: World): string[] {
  return (
    read(`/proc/${pid}/mountinfo`)
      .trim()
      .split('\n')
      .map((line) => {
        const [, , , root = '', point = ''] = line.split(' ');
        return plain(`${point} ${line.split(' - ')[1]?.split(' ')[0]} ${root}`, world).replace(
          /\S*<(lab|id)>/,
          '<lab>',
        );
      })
      // Other tests mount in their directories meanwhile.
      .filter((line) => !line.startsWith('/tmp/') && !line.startsWith(tmpdir()))
      .sort()
  );
}

/** All that tells one process from another, but for its numbers. */
export function actor(world: World, name: string): unknown {
  const pid = world.pid(name);
  const at = (file: string) => read(`/proc/${pid}/${file}`);
  const link = (file: string) => {
    try {
      return readlinkSync(`/proc/${pid}/${file}`);
    } catch (error) {
      return `(${(error as NodeJS.ErrnoException).code})`;
    }
  };
  const status = at('status').split('\n');
  const own = TYPES.filter((type) => link(`ns/${type}`) !== readlinkSync(`/proc/self/ns/${type}`));
  return {
    cmdline: at('cmdline').split('\0').join(' ').trim(),
    own,
    // Whether it runs or sleeps at this instant is chance; that it is stopped is not.
    status: status
      .filter((line) => STATUS.test(line))
      .map((line) => line.replace(/^State:\t[RS].*/, 'State: alive')),
    pidInside:
      status
        .find((line) => line.startsWith('NSpid:'))
        ?.split('\t')
        .slice(2) ?? [],
    maps: ['uid_map', 'gid_map', 'setgroups'].map(at),
    root: plain(link('root'), world).replace(/.*<(lab|id)>/, '<lab>'),
    cgroup: plain(at('cgroup'), world)
      .split('\n')
      .filter((line) => line.includes('<id>')),
    mounts: own.includes('mnt') ? mounts(pid, world) : 'the host’s',
  };
}

/** Files of control groups that are set and do not move by themselves. */
const SETTING =
  /(limit_in_bytes|\.max|\.high|\.low|\.min|quota_us|period_us|shares|weight|\.cpus|\.mems|freez|subtree_control|swappiness)/;

/** Every group of the lab with what is set in it. */
export function groups(world: World): unknown {
  return cgroupsNamed(`nscope-${world.lab}`)
    .flatMap((top) => [
      top,
      ...readdirSync(top, { withFileTypes: true })
        .filter((one) => one.isDirectory())
        .map(({ name }) => join(top, name)),
    ])
    .map((path) => ({
      path: plain(path, world),
      files: readdirSync(path)
        .filter((name) => SETTING.test(name) && !/usage|failcnt/.test(name))
        .sort()
        .map((name) => `${name} ${read(join(path, name)).trim()}`),
    }))
    .sort((a, b) => a.path.localeCompare(b.path));
}

/** A tree of files: kind, mode, and contents, target or device number. */
export function tree(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const path = join(root, name);
      const stat = lstatSync(path);
      const mode = (stat.mode & 0o7777).toString(8);
      if (stat.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`;
      if (stat.isDirectory()) return `${name}/ ${mode}`;
      if (stat.isFile())
        return `${name} ${mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
      return `${name} ${mode} ${stat.rdev}`;
    });
}

/** What a command printed, and how it ended. */
export function told(world: World): unknown {
  const { stdout, stderr, exit } = world;
  return {
    stdout: stdout.map((line) => plain(line, world).replaceAll('\t', ' ').replaceAll(/ +/g, ' ')),
    stderr,
    exit,
  };
}

/** What ip(8) shows of the interfaces in an actor's network namespace, without numbers, hardware addresses and what the kernel makes of these. */
export function links(world: World, name: string): string[] {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
  const args = ['--target', String(world.pid(name)), ...user, '--net', 'ip', '-o', '-d', 'address', 'show'];
  const { stdout } = spawnSync('nsenter', args, { encoding: 'utf8' });
  return stdout
    .split('\n')
    .map((line) => /^\d+: (\S+) +(\S+) (\S+).*?( master \S+)?/.exec(line))
    .filter((found) => found !== null)
    .map(
      ([line, name = '', kind = '', value = '']) =>
        `${name} ${kind} ${value}${/ master \S+/.exec(line)?.[0] ?? ''}`,
    )
    .filter((line) => !line.includes(' fe80:'))
    .concat(
      spawnSync('nsenter', [...args.slice(0, -2), 'link', 'show'], { encoding: 'utf8' })
        .stdout.split('\n')
        .filter((line) => line !== '')
        .map((line) =>
          line
            .replace(/^\d+: /, '')
            .replace(/link\/ether.*?(veth|bridge|$)/, '$1')
            .replaceAll(/(link-netnsid|group|qlen|id) \S+/g, '')
            .replace(/<.*?>/, (flags) => (flags.includes('UP') ? 'UP' : 'DOWN'))
            .replace(/ (bridge|veth).*/, ' $1'),
        ),
    )
    .sort();
}

/** The pins that an actor's mount namespace has of the lab's: which file, of which type. */
export function pins(world: World, name: string): string[] {
  return read(`/proc/${world.pid(name)}/mountinfo`)
    .split('\n')
    .filter((line) => line.includes(' - nsfs '))
    .map((line) => plain(`${line.split(' ')[4]} ${line.split(' ')[3]?.replace(/\d+/, 'N')}`, world))
    .filter((line) => line.startsWith('<lab>'))
    .sort();
}
