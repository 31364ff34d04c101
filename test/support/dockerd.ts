// A dockerd of the test's own that dies whole: inside a holder's pid, network and mount namespaces, with its own directories and
// cgroup parent. It touches no daemon, bridge, iptables rule, image or socket of the machine, and needs no registry.
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CGROUP_PREFIX, removeTestCgroups } from './cgroups.ts';
import { which } from './need.ts';
import { children, descendants, endAll, runToEnd, type Started, start, until } from './process.ts';
import { removeTemp, tempDir } from './temp.ts';

export interface PrivateDockerd {
  /** Path of the unix socket, reachable from outside the holder. */
  readonly socket: string;
  /** Pid, outside, of the first process of dockerd's pid namespace. */
  readonly holderPid: number;
  /** Pid, outside, of dockerd itself. */
  readonly dockerdPid: number;
  /** `/nscope-test-<hex>`, the parent of its containers' cgroups in every hierarchy. */
  readonly cgroupParent: string;
  readonly dataRoot: string;
  readonly execRoot: string;
  /** Runs the docker client against it; its standard output, trimmed. Throws with its standard error if it fails. */
  run(args: readonly string[]): Promise<string>;
  /** Ends all of it and removes what it left: processes, cgroups, directories. */
  stop(): Promise<void>;
}

/** Keeps the namespaces. As their PID 1 it must reap what reparents to it, and so waits in a loop (dash's wait reaps any child). */
const HOLD = 'ip link set lo up; while :; do sleep 3600 & wait $!; done';

/** What dockerd would write below the host's own directories goes to file systems that only the holder's mount namespace has. */
const HIDE = 'mount -t tmpfs tmpfs /run; if [ -d /etc/docker ]; then mount -t tmpfs tmpfs /etc/docker; fi';

/** Starts a private dockerd with the image `busybox:latest`. Needs what `need({docker: true})` asks for; takes about 5 s. */
export async function privateDockerd(): Promise<PrivateDockerd> {
  const id = `${process.env['NSCOPE_TEST_MARK'] ?? ''}${randomBytes(4).toString('hex')}`;
  const cgroup = `${CGROUP_PREFIX}${id}`;
  // Unix socket paths end at 107 bytes, and containerd's lie three directories below.
  const dir = tempDir('d-');
  const socket = join(dir, 'docker.sock');
  const dataRoot = join(dir, 'data');
  const execRoot = join(dir, 'exec');
  const started: Started[] = [];

  const stop = async (): Promise<void> => {
    const family = started.flatMap((one) => descendants(one.pid));
    for (const one of started.toReversed()) await one.end();
    // The pid namespace dies with its first process; its members are gone for us once they are reaped.
    await endAll(family);
    await removeTestCgroups(cgroup);
    removeTemp(dir);
  };

  try {
    // setpriv: the holder's parent dies with the test's process too, however that ends.
    const hold = 'setpriv --pdeathsig KILL unshare --pid --net --mount --fork --kill-child --mount-proc';
    const unshare = await start([...hold.split(' '), 'sh', '-c', `set -e; ${HIDE}; ${HOLD}`]);
    started.push(unshare);
    const holder = await until('the holder of the private dockerd', () => {
      if (unshare.child.exitCode !== null) throw new Error(`unshare: ${unshare.stderr()}`);
      // The loop's sleep is the sign that the mounts are made.
      return children(unshare.pid).find((one) => children(one.pid).some((below) => below.comm === 'sleep'));
    });

    const config = join(dir, 'daemon.json');
    writeFileSync(config, '{}\n');
    const command = [
      `nsenter -t ${holder.pid} -p -n -m -r dockerd --config-file ${config}`,
      `--cgroup-parent /${cgroup} --exec-opt native.cgroupdriver=cgroupfs`,
      `--data-root ${dataRoot} --exec-root ${execRoot} -H unix://${socket} --pidfile ${dir}/docker.pid`,
    ];
    // runc puts files of an exec there (a login session's is below /run, which is hidden), and without it into /tmp.
    const nsenter = await start(
      command.flatMap((line) => line.split(' ')),
      { env: { XDG_RUNTIME_DIR: '' } },
    );
    started.push(nsenter);
    const run = async (args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await runToEnd(['docker', '-H', `unix://${socket}`, ...args], {
        env: { DOCKER_CONFIG: join(dir, 'client') },
      });
      if (code !== 0) throw new Error(`docker ${args.join(' ')}: exit ${code}: ${stderr.trim()}`);
      return stdout.trim();
    };
    await until(
      'the socket of the private dockerd',
      async () => {
        if (nsenter.child.exitCode !== null) throw new Error(`dockerd: ${lastLines(nsenter.stderr())}`);
        return existsSync(socket) && (await run(['version']).then(Boolean, () => false));
      },
      60_000,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${lastLines(nsenter.stderr())}`, { cause: error });
    });
    const dockerd = children(nsenter.pid).find((one) => one.comm === 'dockerd');
    if (dockerd === undefined) throw new Error('dockerd answers, but is no child of nsenter');
    await run(['import', await busyboxTar(dir), 'busybox:latest']);
    return {
      socket,
      holderPid: holder.pid,
      dockerdPid: dockerd.pid,
      cgroupParent: `/${cgroup}`,
      dataRoot,
      execRoot,
      run,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A tar of a root directory that holds the host's static busybox under every name that it answers to; its path. */
async function busyboxTar(dir: string): Promise<string> {
  const root = join(dir, 'root');
  for (const name of ['bin', 'dev', 'etc', 'proc', 'root', 'sys', 'tmp']) {
    mkdirSync(join(root, name), { recursive: true });
  }
  copyFileSync(which('busybox') ?? 'busybox', join(root, 'bin/busybox'));
  const { stdout } = await runToEnd(['busybox', '--list']);
  for (const applet of stdout.split('\n')) {
    if (applet !== '' && applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
  }
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  const tar = join(dir, 'busybox.tar');
  const { code, stderr } = await runToEnd(['tar', '-C', root, '-cf', tar, '.']);
  if (code !== 0) throw new Error(`tar: ${stderr}`);
  return tar;
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-15).join('\n');
}
