// Shells inside of processes that are no lab's: which namespaces, root and user they get, what is said where there is none, and the end of a session.
import { mkdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveFs } from '../../src/host/live-fs.ts';
import { endSession, hostShell, shellInProcess } from '../../src/lab/shell.ts';
import { identify } from '../../src/lab/process.ts';
import type { ProcessRef } from '../../src/model/types.ts';
import { UserError } from '../../src/text/errors.ts';
import { maybe, need } from '../support/need.ts';
import { allProcesses, runToEnd, start, statOf, until, withProcess } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('live/shell');
const root = maybe(test, need({ root: true, tools: ['unshare', 'nsenter', 'setpriv', 'setsid', 'bash'] }));
const withBusybox = maybe(
  test,
  need({ root: true, tools: ['unshare', 'nsenter', 'chroot', 'mount', 'cp'], files: ['/bin/busybox'] }),
);

const fs = liveFs();
const OF = { of: 'a $(touch /x) name', term: null, lang: 'en', uid: 0 } as const;

function refOf(pid: number): ProcessRef {
  const ref = identify(fs, pid);
  if (!ref) throw new Error(`${pid} has ended`);
  return ref;
}

/** What a shell in the process says to a script. */
async function saysIn(pid: number, script: string): Promise<string> {
  const command = shellInProcess(fs, refOf(pid), OF);
  assert.ok(command);
  const { stdout, stderr } = await runToEnd(command?.argv ?? [], { input: script });
  assert.is(stderr.replace(/^(?:a_\S+# )+/, '').trim(), '', stderr);
  return stdout;
}

const link = (pid: number | 'self', type: string): string => readlinkSync(`/proc/${pid}/ns/${type}`);
const apart = (pid: number, type: string) =>
  until(`its own ${type}`, () => link(pid, type) !== link('self', type));

/** The process that unshare(1) forked. */
async function childOf(pid: number): Promise<number> {
  return (await until('the child', () => allProcesses().find(({ ppid }) => ppid === pid))).pid;
}

root('the namespaces that differ and no others; the prompt is a name and no command', async () => {
  await withProcess(['unshare', '--uts', '--net', 'sleep', '1000'], async ({ pid }) => {
    await apart(pid, 'net');
    const command = shellInProcess(fs, refOf(pid), OF);
    assert.is(command?.typed, `nsenter --target ${pid} --uts --net sh`);
    assert.ok(command?.argv.includes('PS1=a_touch_x_name# '), command?.argv.join(' '));
    const said = await saysIn(pid, 'for t in uts net mnt user; do readlink /proc/self/ns/$t; done');
    assert.equal(said.trim().split('\n'), [
      link(pid, 'uts'),
      link(pid, 'net'),
      link('self', 'mnt'),
      link('self', 'user'),
    ]);
  });
});

root('a process of the host has nothing to enter', async () => {
  await withProcess(['sleep', '1000'], async ({ pid }) => {
    assert.is(shellInProcess(fs, refOf(pid), OF), null);
  });
});

withBusybox(
  'a root of its own in its own mount and pid namespaces: its files, its first process',
  async () => {
    await withTempDir(async (dir) => {
      for (const name of ['bin', 'proc']) mkdirSync(join(dir, name));
      await runToEnd(['cp', '/bin/busybox', join(dir, 'bin', 'busybox')]);
      await runToEnd([join(dir, 'bin', 'busybox'), 'touch', join(dir, 'here')]);
      const inner = `exec chroot ${dir} /bin/busybox sleep 1000`;
      const box = ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', inner];
      await withProcess(box, async ({ pid }) => {
        const child = await childOf(pid);
        await until('its root', () => readlinkSync(`/proc/${child}/root`) === dir);
        const command = shellInProcess(fs, refOf(child), OF);
        assert.is(command?.typed, `nsenter --target ${child} --mount --pid --root --wd /bin/busybox sh`);
        const said = await saysIn(
          child,
          '/bin/busybox ls /; echo $$ | /bin/busybox sed "s/.*/pid &/"; echo "$PWD"',
        );
        assert.match(said, /^bin\nhere\nproc\npid \d{1,2}\n\/\n$/);
      });
    });
  },
);

withBusybox('where its files hold no shell: says so, and how to get into the rest', async () => {
  await withTempDir(async (dir) => {
    await runToEnd(['cp', '/bin/busybox', join(dir, 'sleep')]);
    const box = ['unshare', '--mount', '--uts', 'chroot', dir, '/sleep', '1000'];
    await withProcess(box, async ({ pid }) => {
      await until('its root', () => readlinkSync(`/proc/${pid}/root`) === dir);
      try {
        shellInProcess(fs, refOf(pid), OF);
        assert.unreachable('a shell where there is none');
      } catch (error) {
        assert.instance(error, UserError);
        assert.match((error as UserError).message, /no shell/);
        assert.is(
          (error as UserError).hint,
          `the host’s own, in its other namespaces: nsenter --target ${pid} --uts sh`,
        );
      }
    });
  });
});

root('a user namespace: its uid 0, whoever wrote its map', async () => {
  for (const make of [
    ['unshare', '--user', '--map-root-user', '--uts', 'sleep', '1000'],
    ['setpriv', '--reuid', '4321', '--regid', '4321', '--clear-groups'],
  ]) {
    const command =
      make[0] === 'setpriv'
        ? [...make, 'unshare', '--user', '--map-root-user', '--uts', 'sleep', '1000']
        : make;
    await withProcess(command, async ({ pid }) => {
      await until('its map', () => {
        const map = fs.readText(`/proc/${pid}/uid_map`);
        return (
          link(pid, 'uts') !== link('self', 'uts') && map.ok && map.value.trim().split(/ +/).at(-1) === '1'
        );
      });
      const said = await saysIn(pid, 'id -u; readlink /proc/self/ns/user; hostname mine && hostname');
      assert.equal(said.trim().split('\n'), ['0', link(pid, 'user'), 'mine']);
    });
  }
});

root('an ordinary user is told what is missing; one that has ended is not entered', async () => {
  await withProcess(['unshare', '--uts', 'sleep', '1000'], async (process) => {
    const { pid } = process;
    await apart(pid, 'uts');
    const ref = refOf(pid);
    assert.throws(
      () => shellInProcess(fs, ref, { ...OF, uid: 1000 }),
      (error: UserError) => error.exitCode === 3 && /needs root/.test(error.message),
    );
    assert.throws(() => shellInProcess(fs, { ...ref, starttime: ref.starttime + 1 }, OF), /has ended/);
    await process.end();
    assert.throws(() => shellInProcess(fs, ref, OF), /has ended/);
  });
});

root(
  'the end of a session: its leader, its jobs in other groups, stopped and stubborn ones; nobody else',
  async () => {
    const bystander = await start(['sleep', '1000']);
    const jobs =
      "set -m; sleep 1001 & (trap '' HUP; exec sleep 1002) & sleep 1003 & last=$!; sleep 0.3; kill -STOP $last; wait";
    const leader = await start(['setsid', 'bash', '-c', jobs]);
    try {
      // Not the leader of its group, it makes no child of its own: the shell is the leader of the session.
      const sh = leader.pid;
      const sleeps = await until('three jobs', () => {
        const found = allProcesses().filter(({ ppid, comm }) => ppid === sh && comm === 'sleep');
        return found.length === 3 && found.some(({ state }) => state === 'T') ? found : undefined;
      });
      await endSession(fs, sh);
      for (const { pid } of [...sleeps, { pid: sh }])
        assert.ok([undefined, 'Z'].includes(statOf(pid)?.state), `${pid} has ended`);
      assert.is(statOf(bystander.pid)?.state, 'S');
    } finally {
      await leader.end();
      await bystander.end();
    }
  },
);

test('on the host: the user’s own shell where he names one by its path', () => {
  assert.equal(hostShell({ SHELL: '/bin/zsh' }), { argv: ['/bin/zsh'], typed: '/bin/zsh' });
  assert.equal(hostShell({ SHELL: 'zsh' }).argv, ['sh']);
  assert.equal(hostShell({}).argv, ['sh']);
});

test.run();
