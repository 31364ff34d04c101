// Finds what a small root file system can be made of on this host: a static busybox, or its own tools with their libraries.
// Copies it to where it is told; makes no directory outside of that.
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { run, TOOL_PATH } from '../host/exec.ts';

/** The first executable of this name; null where there is none. */
export function findProgram(name: string): string | null {
  for (const directory of TOOL_PATH.split(':')) {
    const path = join(directory, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here.
    }
  }
  return null;
}

const PT_INTERP = 3;

/** True for an ELF program that asks for no interpreter (elf(5), PT_INTERP): it runs in an empty root. */
export function isStatic(path: string): boolean {
  const fd = openSync(path, 'r');
  try {
    const header = Buffer.alloc(64);
    if (readSync(fd, header, 0, 64, 0) < 64 || header.toString('latin1', 0, 4) !== '\x7fELF') return false;
    const wide = header[4] === 2;
    const little = header[5] === 1;
    const number = (buffer: Buffer, at: number, size: 2 | 4 | 8): number => {
      if (size === 8) return Number(little ? buffer.readBigUInt64LE(at) : buffer.readBigUInt64BE(at));
      return little ? buffer.readUIntLE(at, size) : buffer.readUIntBE(at, size);
    };
    const offset = number(header, wide ? 32 : 28, wide ? 8 : 4);
    const size = number(header, wide ? 54 : 42, 2);
    const count = number(header, wide ? 56 : 44, 2);
    const table = Buffer.alloc(size * count);
    if (size < 4 || readSync(fd, table, 0, table.length, offset) < table.length) return false;
    return !Array.from({ length: count }, (_, i) => number(table, i * size, 4)).includes(PT_INTERP);
  } finally {
    closeSync(fd);
  }
}

/** The path of a static busybox; null where there is none. */
export function staticBusybox(): string | null {
  const path = findProgram('busybox');
  return path !== null && isStatic(path) ? path : null;
}

/** What experiments use, where busybox does not bring it. */
export const TOOLS: readonly string[] =
  'sh env ls ps cat sleep hostname mount umount id kill readlink ln mkdir rm echo uname df stat true false dd head grep ip ipcs ipcmk chroot'.split(
    ' ',
  );

/** Without these there is nothing to experiment with. */
const NEEDED = ['sh', 'env', 'ls', 'cat', 'sleep'];

export const DIRECTORIES = ['bin', 'etc', 'proc', 'sys', 'dev', 'tmp', 'root'];

/** Lines of passwd(5) and group(5): names for the two ids that experiments show. */
export const ACCOUNTS = {
  passwd: ['root:x:0:0:root:/root:/bin/sh', 'nobody:x:65534:65534:nobody:/:/bin/sh'],
  group: ['root:x:0:', 'nogroup:x:65534:'],
} as const;

/** Minor numbers of null(4), zero(4), random(4); the major one is 1. */
export const DEVICES = [
  ['null', 3],
  ['zero', 5],
  ['random', 8],
  ['urandom', 9],
] as const;

/** Makes the directories and files that every root has; in root mode also the harmless devices. */
async function frame(root: string, asRoot: boolean): Promise<void> {
  for (const name of DIRECTORIES) mkdirSync(join(root, name), { mode: 0o755 });
  chmodSync(join(root, 'tmp'), 0o1777);
  for (const [file, lines] of Object.entries(ACCOUNTS)) {
    writeFileSync(join(root, 'etc', file), lines.map((line) => `${line}\n`).join(''));
  }
  for (const [name, minor] of asRoot ? DEVICES : []) {
    await run('mknod', ['-m', '666', join(root, 'dev', name), 'c', '1', String(minor)]);
  }
  standInForNull(join(root, 'dev/null'));
}

/** A shell opens /dev/null for each job in the background. Without devices (rootless, or a nodev mount) an empty file does instead. */
function standInForNull(path: string): void {
  try {
    closeSync(openSync(path, 'r+'));
  } catch {
    rmSync(path, { force: true });
    writeFileSync(path, '', { mode: 0o666 });
  }
}

/** The paths of libraries and of the loader in the output of ldd(1). */
export function librariesOf(ldd: string): readonly string[] {
  return ldd
    .split('\n')
    .map((line) => /(?:=>\s+)?(\/\S+)\s+\(0x/.exec(line)?.[1])
    .filter((path): path is string => path !== undefined && isAbsolute(path));
}

async function fromBusybox(root: string, busybox: string): Promise<void> {
  copyFileSync(busybox, join(root, 'bin/busybox'));
  chmodSync(join(root, 'bin/busybox'), 0o755);
  const { stdout } = await run(busybox, ['--list']);
  for (const applet of stdout.split('\n')) {
    if (/^[\w[.-]+$/.test(applet) && applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
  }
}

async function fromHost(root: string): Promise<boolean> {
  for (const tool of TOOLS) {
    const path = findProgram(tool);
    if (path === null) {
      if (NEEDED.includes(tool)) return false;
      continue;
    }
    const target = join(root, 'bin', tool);
    copyFileSync(realpathSync(path), target);
    chmodSync(target, 0o755);
    const { stdout } = await run('ldd', [path]);
    for (const library of librariesOf(stdout)) {
      const copy = join(root, library);
      mkdirSync(dirname(copy), { recursive: true });
      copyFileSync(library, copy);
    }
  }
  return true;
}

/** What a root file system would be made of: `busybox` and its path, or the host's tools. */
export function source(): string {
  return staticBusybox() ?? "the host's own tools";
}

/**
 * Fills an empty directory with a user land: hard copies, so that nothing in it leads out.
 *
 * @returns false where this host has neither a static busybox nor a shell with its libraries.
 */
export async function populate(
  root: string,
  asRoot: boolean,
  busybox: string | null = staticBusybox(),
): Promise<boolean> {
  await frame(root, asRoot);
  if (busybox === null) return await fromHost(root);
  await fromBusybox(root, busybox);
  return true;
}
