// Containers without an engine: a bundle with busybox alone and a config.json of runc's own making, run by plain runc or crun and removed again.
import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { removeTestCgroups } from './cgroups.ts';
import { which } from './need.ts';
import { runToEnd } from './process.ts';
import { withTempDir } from './temp.ts';

/** The bundle `dir`, whose container sleeps for `seconds` in the group `group` (config.json's cgroupsPath); its path. */
export async function makeBundle(dir: string, group: string, seconds: string): Promise<string> {
  const bin = join(dir, 'rootfs/bin');
  for (const name of ['bin', 'dev', 'proc', 'sys', 'tmp'])
    mkdirSync(join(dir, 'rootfs', name), { recursive: true });
  copyFileSync(which('busybox') ?? 'busybox', join(bin, 'busybox'));
  symlinkSync('busybox', join(bin, 'sleep'));
  await done(['runc', 'spec', '--bundle', dir]);
  const config = JSON.parse(readFileSync(join(dir, 'config.json'), 'utf8'));
  config.process.terminal = false;
  config.process.args = ['/bin/sleep', seconds];
  config.root = { path: join(dir, 'rootfs') };
  config.linux.cgroupsPath = group;
  writeFileSync(join(dir, 'config.json'), JSON.stringify(config));
  return dir;
}

/** Standard output of a command that ended well, trimmed. Throws with its standard error where not. */
export async function done(command: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runToEnd(command);
  if (code !== 0) throw new Error(`${command.join(' ')}: exit ${code}: ${stderr.trim()}`);
  return stdout.trim();
}

/** crun 1.8 refuses a host of both versions: it is shown one without the second, in a mount namespace of its own. */
function withoutHybrid(command: string): readonly string[] {
  const second = '/sys/fs/cgroup/unified';
  return existsSync(join(second, 'cgroup.controllers'))
    ? ['unshare', '--mount', 'sh', '-c', `mount -t tmpfs none ${second} && exec ${command}`]
    : ['sh', '-c', `exec ${command}`];
}

export interface Plain {
  readonly pid: number;
  readonly id: string;
  /** The group that config.json asks for, in every hierarchy. */
  readonly group: string;
}

/** Runs a container by the runtime itself, below its default root, hands it to `fn`, and removes it with its group. */
export async function withPlain(
  runtime: 'runc' | 'crun',
  fn: (container: Plain) => void | Promise<void>,
): Promise<void> {
  const id = `nscope-test-${process.env['NSCOPE_TEST_MARK'] ?? ''}${randomBytes(4).toString('hex')}`;
  const root = `/run/${runtime}`;
  const hadRoot = existsSync(root);
  const own = (command: string) =>
    runtime === 'crun'
      ? withoutHybrid(`crun --root ${root} ${command}`)
      : ['sh', '-c', `exec runc --root ${root} ${command}`];
  await withTempDir(async (dir) => {
    const group = `/${id}/box`;
    const bundle = await makeBundle(join(dir, 'b'), group, '1000');
    try {
      // A detached container keeps its standard streams: they must not be the test's pipes.
      await done(
        own(`run --detach --bundle ${bundle} --pid-file ${dir}/pid ${id} </dev/null >/dev/null 2>${dir}/err`),
      );
      await fn({ pid: Number(readFileSync(`${dir}/pid`, 'utf8')), id, group });
    } finally {
      await done(own(`delete --force ${id}`));
      await removeTestCgroups(id);
      if (!hadRoot && existsSync(root)) rmdirSync(root);
    }
  });
}
