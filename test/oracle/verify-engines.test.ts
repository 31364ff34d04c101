// timeout: 300
// A host with a dockerd, six containers of different kinds, one of runc's alone and fifty namespaces made by hand: `nscope verify` finds no difference
// that it does not explain; and with dockerd and containerd killed, namespaces, tree and groups are what they were, but for names.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveHost, takeSnapshot } from '../../src/host/host.ts';
import type { Snapshot } from '../../src/model/types.ts';
import { withPlain } from '../support/bundle.ts';
import { type PrivateDockerd, privateDockerd } from '../support/dockerd.ts';
import { maybe, need } from '../support/need.ts';
import { children, descendants, endAll, runToEnd, until, withProcess } from '../support/process.ts';
import { mountsBelow, withTempDir } from '../support/temp.ts';

const test = suite('oracle/verify-engines');
const live = maybe(
  test,
  need({ root: true, docker: true, tools: ['lsns', 'ps', 'findmnt', 'unshare', 'setpriv', 'umount'] }),
);

/** `--privileged` asks for every capability that the kernel knows, and fails where this process may not give them all (a sandbox). */
function privileges(): readonly string[] {
  const bounding = BigInt(
    `0x${/^CapBnd:\t([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`,
  );
  const last = BigInt(readFileSync('/proc/sys/kernel/cap_last_cap', 'utf8').trim());
  if (bounding === (1n << (last + 1n)) - 1n) return ['--privileged'];
  console.log('--privileged cannot be had here: --cap-add SYS_ADMIN without seccomp in its place');
  return ['--cap-add', 'SYS_ADMIN', '--security-opt', 'seccomp=unconfined'];
}

const CONTAINERS: readonly (readonly string[])[] = [
  ['--name', 'plain', 'busybox', 'sleep', '1000'],
  ['--name', 'side', '--net', 'container:plain', 'busybox', 'sleep', '1000'],
  ['--name', 'hostpid', '--pid', 'host', 'busybox', 'sleep', '1000'],
  ['--name', 'limited', '--memory', '64m', '--cpus', '0.5', '--pids-limit', '20', 'busybox', 'sleep', '1000'],
  ['--name', 'privileged', ...privileges(), 'busybox', 'sleep', '1000'],
  ['--name', 'readonly', '--read-only', 'busybox', 'sleep', '1000'],
];

/** Forty of processes, five that a bind mount alone holds, and five of a nest. */
const MADE = [
  ...Array.from({ length: 8 }, () => 'unshare --uts --ipc --net --mount --cgroup sleep 1000 & '),
  'unshare --user --map-root-user --pid --fork --kill-child unshare --user --map-root-user --pid --fork --kill-child unshare --uts sleep 1000 & ',
].join('');

interface Answer {
  readonly name: string;
  readonly comparison: { readonly compared: number; readonly differences: readonly unknown[] } | null;
}

async function withNamespaces(fn: () => Promise<void>): Promise<void> {
  await withTempDir(async (dir) => {
    try {
      for (let at = 0; at < 5; at += 1) {
        const pin = join(dir, `pin-${at}`);
        writeFileSync(pin, '');
        const { code, stderr } = await runToEnd(['unshare', `--net=${pin}`, 'true']);
        assert.is(code, 0, stderr);
      }
      await withProcess(['setpriv', '--pdeathsig', 'KILL', 'sh', '-c', `${MADE} wait`], async ({ pid }) => {
        try {
          const sleeping = () => descendants(pid).filter(({ comm }) => comm === 'sleep').length;
          await until('the namespaces made by hand', () => sleeping() === 9, 30_000);
          await fn();
        } finally {
          await endAll(descendants(pid));
        }
      });
    } finally {
      for (const mount of mountsBelow(dir)) await runToEnd(['umount', mount]);
    }
  });
}

/** What must stay when the daemons go: containers without what the engine's API adds, their namespaces, members and groups. */
function withoutNames(snapshot: Snapshot): unknown {
  const containers = snapshot.containers.map(({ name: _name, image: _image, evidence, ...rest }) => ({
    ...rest,
    // That the engine speaks of it goes with the names.
    evidence: evidence.filter((one) => one !== 'api'),
  }));
  const pids = new Set(containers.flatMap((container) => container.pids));
  const processes = snapshot.processes
    .filter(({ pid }) => pids.has(pid))
    .map(({ pid, starttime, ns, cgroups, nspid }) => ({ pid, starttime, ns, cgroups, nspid }));
  const namespaces = snapshot.namespaces
    .filter(({ initial, members }) => !initial && members.some((pid) => pids.has(pid)))
    .map(({ type, inode, owner, parent, members }) => ({
      type,
      inode,
      owner,
      parent,
      members: members.filter((pid) => pids.has(pid)),
    }));
  return { containers, processes, namespaces };
}

async function withDockerd(fn: (dockerd: PrivateDockerd) => Promise<void>): Promise<void> {
  const dockerd = await privateDockerd();
  try {
    for (const container of CONTAINERS) await dockerd.run(['run', '-d', ...container]);
    await dockerd.run(['exec', '-d', 'readonly', 'sleep', '1001']);
    await fn(dockerd);
  } finally {
    await dockerd.stop();
  }
}

live(
  'six containers, one of plain runc and fifty namespaces: no difference; the daemons killed: nothing changes but names',
  async () => {
    await withDockerd((dockerd) =>
      withPlain('runc', (plain) => withNamespaces(() => compared(dockerd, plain.id, plain.pid))),
    );
  },
);

async function compared(dockerd: PrivateDockerd, plain: string, plainPid: number): Promise<void> {
  const ours = (snapshot: Snapshot): Snapshot => ({
    ...snapshot,
    containers: snapshot.containers.filter(
      ({ id, cgroupPath }) => id === plain || cgroupPath?.includes(dockerd.cgroupParent),
    ),
  });
  const whole = await until('the exec session', async () => {
    const snapshot = ours(await takeSnapshot(liveHost()));
    return snapshot.containers.some(({ execSessions }) => execSessions.length > 0) && snapshot;
  });
  assert.equal(
    whole.containers.map(({ id, name }) => name ?? id).sort(),
    ['hostpid', 'limited', plain, 'plain', 'privileged', 'readonly', 'side'].sort(),
  );
  assert.is(whole.containers.find(({ id }) => id === plain)?.init?.pid, plainPid);
  assert.ok(whole.namespaces.filter(({ initial }) => !initial).length >= 50);
  const { stdout, stderr, code } = await runToEnd([process.execPath, 'dist/cli.js', 'verify', '--json'], {
    ms: 150_000,
  });
  const { oracles } = JSON.parse(stdout) as { oracles: readonly Answer[] };
  for (const { name, comparison } of oracles) assert.equal(comparison?.differences ?? [], [], name);
  assert.is(code, 0, stderr);
  const count = (of: (name: string) => boolean) =>
    oracles.find(({ name }) => of(name))?.comparison?.compared ?? 0;
  assert.is(
    count((name) => name.endsWith(dockerd.socket)),
    6,
  );
  assert.ok(
    count((name) => name.endsWith(`${dockerd.socket} top`)) >= 7,
    oracles.map(({ name }) => name).join(),
  );
  // What runc says itself: of its own root, and of the one that dockerd gave its shims.
  assert.ok(count((name) => name === 'runc /run/runc') >= 1);
  const theirs = (name: string) => name.startsWith('runc ') && name.includes(dockerd.execRoot);
  assert.ok(
    oracles.some(({ name }) => theirs(name)),
    oracles.map(({ name }) => name).join(),
  );

  const daemons = descendants(
    children().find(({ pid }) => isAbove(pid, dockerd.dockerdPid))?.pid ?? 0,
  ).filter(({ comm }) => comm === 'dockerd' || comm === 'containerd');
  assert.is(daemons.length, 2);
  await endAll(daemons);
  const after = ours(await takeSnapshot(liveHost()));
  assert.equal(withoutNames(after), withoutNames(whole));
  assert.equal(
    after.containers.map(({ name }) => name),
    after.containers.map(() => null),
  );
}

/** Whether `pid` is an ancestor of `below`. */
function isAbove(pid: number, below: number): boolean {
  for (let at = below; at > 1; at = parentOf(at)) if (at === pid) return true;
  return false;
}

function parentOf(pid: number): number {
  return Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
}

test.run();
