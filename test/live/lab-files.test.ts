// timeout: 300
// The lab's operations on roots and mounts, on the real kernel: what they make is read from mountinfo and from behind /proc/PID/root, the
// same as the shell lines give when they are typed, and never in the host's mount namespace.
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveFs } from '../../src/host/live-fs.ts';
import { cleanup } from '../../src/lab/cleanup.ts';
import { openLab } from '../../src/lab/open.ts';
import type { Answers, Ask, QuestionOf } from '../../src/lab/questions.ts';
import type { Lab, Operation } from '../../src/lab/types.ts';
import { UserError } from '../../src/text/errors.ts';
import { childArgv, runChild } from '../lab/child.ts';
import { tracesOf } from '../lab/traces.ts';
import { maybe, need } from '../support/need.ts';
import { until } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('lab: files');
const live = maybe(
  test,
  need({ root: true, tools: ['unshare', 'nsenter', 'setpriv', 'mount', 'umount', 'pivot_root', 'busybox'] }),
);

const mountinfo = (pid: number | 'self') => readFileSync(`/proc/${pid}/mountinfo`, 'utf8');

/** A lab of its own. Whatever happens in it, the host's mounts stay as they were, all the time. */
async function withLab(fn: (lab: Lab, stateDir: string) => Promise<void>): Promise<void> {
  await withTempDir(async (stateDir) => {
    const before = mountinfo('self');
    const lab = await openLab({ stateDir, fs: liveFs(), mode: 'root' });
    const watched: Lab = {
      ...lab,
      async perform(operation, options) {
        try {
          return await lab.perform(operation, options);
        } finally {
          assert.is(mountinfo('self'), before, `the host's mounts after ${operation.op}`);
        }
      },
    };
    try {
      await fn(watched, stateDir);
    } finally {
      assert.equal(await lab.close(), []);
    }
    assert.equal(tracesOf(lab.id, stateDir), []);
    assert.is(mountinfo('self'), before);
  });
}

function actor(name: string, change: Partial<Extract<Operation, { op: 'actor' }>> = {}): Operation {
  return { op: 'actor', name, namespaces: ['mnt'], command: ['sleep', 'infinity'], ...change };
}

function pidOf(lab: Lab, name: string): number {
  const found = lab.actor(name);
  if (found === undefined) throw new Error(`no actor ${name}`);
  return found.pid;
}

const ns = (pid: number | 'self', type: string) => readlinkSync(`/proc/${pid}/ns/${type}`);
const dir = (lab: Lab, stateDir: string, name: string) => join(stateDir, 'labs', lab.id, name);
const ino = (path: string) => statSync(path).ino;

/** The mounts whose mount point has this text: without ids, and with peer groups numbered in their order. */
function mountsAt(pid: number | 'self', text: string): string[] {
  const groups: string[] = [];
  return mountinfo(pid)
    .split('\n')
    .filter((line) => line.split(' ')[4]?.includes(text))
    .map((line) =>
      line
        // Of two overlays on one upper directory the kernel gives the first a stored uuid.
        .replace(/,uuid=on$/, '')
        .replace(/^\d+ \d+ \d+:\d+ /, '')
        .replace(/(shared|master):(\d+)/g, (_all, word: string, group: string) => {
          if (!groups.includes(group)) groups.push(group);
          return `${word}:${groups.indexOf(group)}`;
        }),
    );
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

async function lines(lab: Lab, name: string, ...command: string[]): Promise<string[]> {
  const { output } = await lab.perform({ op: 'run', in: name, command, exits: [0, 1] });
  return output.filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
}

/** Types what a plan shows. */
function type(lab: Lab, operation: Operation): void {
  const { shell } = lab.plan(operation);
  const { status, stderr } = spawnSync('sh', ['-c', shell], { encoding: 'utf8', timeout: 20_000 });
  assert.is(status, 0, `${shell}\n${stderr}`);
}

async function ask<K extends Ask>(lab: Lab, question: QuestionOf<K>): Promise<Answers[K]> {
  const answer = await lab.ask(question, AbortSignal.timeout(5000));
  if (!answer.ok) throw new Error(`${answer.why}: ${answer.path}`);
  return answer.value;
}

live('directory: empty, below the lab’s own, gone with all that is put into it', async () => {
  await withLab(async (lab, stateDir) => {
    const path = dir(lab, stateDir, 'dir-desk');
    assert.is(lab.plan({ op: 'directory', name: 'desk' }).shell, `mkdir -p ${path}`);
    await lab.perform({ op: 'directory', name: 'desk' });
    assert.equal(readdirSync(path), []);
    assert.match(
      await refusal(lab.perform({ op: 'directory', name: 'desk' })),
      /has a directory named "desk"/,
    );
    mkdirSync(join(path, 'a/b'), { recursive: true });
    writeFileSync(join(path, 'a/b/c'), '');
    const { output } = await lab.perform({ op: 'look', command: ['ls', '{dir:desk}/a'] });
    assert.is(output.at(-1)?.text, 'b');
    assert.match(
      await refusal(lab.perform({ op: 'look', command: ['ls', '{dir:disk}'] })),
      /no directory named "disk"/,
    );
  });
});

live('a directory that took a lab’s name is not removed', async () => {
  await withTempDir(async (stateDir) => {
    const lab = await openLab({ stateDir, fs: liveFs(), mode: 'root' });
    await lab.perform({ op: 'directory', name: 'desk' });
    const path = dir(lab, stateDir, 'dir-desk');
    // The old one is kept, or its inode could be given to the new one.
    const { ino: made } = statSync(path);
    spawnSync('mv', [path, join(stateDir, 'old')]);
    mkdirSync(path);
    writeFileSync(join(path, 'mine'), 'mine\n');
    assert.is.not(ino(path), made);
    const left = await lab.close();
    assert.match(left[0]?.reason ?? '', /is another/);
    assert.is(readFileSync(join(path, 'mine'), 'utf8'), 'mine\n');
    spawnSync('rm', ['-r', path, join(stateDir, 'old')]);
    assert.equal(await lab.close(), []);
  });
});

live('a plain chroot: another root and not one new namespace; typed by hand it is the same', async () => {
  await withLab(async (lab, stateDir) => {
    await lab.perform({ op: 'rootfs', name: 'base' });
    const jail = actor('jail', { namespaces: [], rootfs: 'base' });
    const root = dir(lab, stateDir, 'rootfs-base');
    const { shell, undo } = lab.plan(jail);
    assert.is(shell, `chroot ${root} sleep infinity &\nJAIL=$!`);
    assert.is(undo, 'killing that process');
    await lab.perform(jail);
    const typed = spawn('sh', ['-c', `exec ${shell.split(' &')[0]}`], { stdio: 'ignore' });
    try {
      const pids = [pidOf(lab, 'jail'), typed.pid ?? 0];
      await until('both to sleep', () =>
        pids.every((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n'),
      );
      for (const pid of pids) {
        assert.is(readlinkSync(`/proc/${pid}/root`), root);
        assert.equal(
          readdirSync(`/proc/${pid}/ns`).filter(
            (type) => !type.endsWith('_children') && ns(pid, type) !== ns('self', type),
          ),
          [],
        );
      }
    } finally {
      typed.kill('SIGKILL');
    }
    assert.equal(await lines(lab, 'jail', 'ls', '/bin/busybox'), ['/bin/busybox']);
    assert.match(
      await refusal(lab.perform({ op: 'run', in: 'jail', command: ['hostname', 'x'] })),
      /on the host/,
    );
    assert.match(
      await refusal(lab.perform({ op: 'mount', in: 'jail', type: 'tmpfs', target: '/tmp' })),
      /no mnt namespace of its own/,
    );
    const [file = '', ...args] = lab.shellIn('jail', null)?.argv ?? [];
    const { stdout } = spawnSync(file, args, { input: 'ls -di /\n', encoding: 'utf8', timeout: 20_000 });
    assert.is(Number(stdout.trim().split(' ')[0]), ino(root));
  });
});

live('a process with nothing of its own: nothing runs in it; another actor may end it', async () => {
  await withLab(async (lab) => {
    await lab.perform({ op: 'rootfs', name: 'base' });
    assert.is(lab.plan(actor('victim', { namespaces: [] })).shell, 'sleep infinity &\nVICTIM=$!');
    await lab.perform(actor('victim', { namespaces: [] }));
    const pid = pidOf(lab, 'victim');
    assert.is(readlinkSync(`/proc/${pid}/root`), '/');
    assert.is(lab.shellIn('victim', null), null);
    assert.match(
      await refusal(lab.perform({ op: 'run', in: 'victim', command: ['ls'] })),
      /nothing of its own/,
    );
    assert.match(await refusal(lab.perform(actor('x', { inside: 'victim' }))), /nothing of its own/);
    await lab.perform(actor('jail', { namespaces: [], rootfs: 'base' }));
    const kill = (...words: string[]): Operation => ({ op: 'run', in: 'jail', command: ['kill', ...words] });
    assert.match(await refusal(lab.perform(kill('-TERM', `${pid}`))), /would act on the host/);
    await lab.perform(kill('-TERM', '{pid:victim}'));
    await until('its end', () => !existsSync(`/proc/${pid}`));
  });
});

live('mount and unmount: seen inside, not outside; typed by hand they are the same', async () => {
  await withLab(async (lab, stateDir) => {
    for (const name of ['desk', 'view', 'lower', 'upper', 'work', 'merged'])
      await lab.perform({ op: 'directory', name });
    for (const name of ['done', 'typed']) await lab.perform(actor(name));
    const [done, typed] = [pidOf(lab, 'done'), pidOf(lab, 'typed')];
    const both = async (operation: Extract<Operation, { op: 'mount' | 'unmount' }>): Promise<string[]> => {
      const { asExpected, output } = await lab.perform({ ...operation, in: 'done' });
      assert.ok(asExpected, JSON.stringify(output));
      type(lab, { ...operation, in: 'typed' });
      assert.equal(mountsAt(done, lab.id), mountsAt(typed, lab.id));
      assert.equal(mountsAt('self', lab.id), []);
      return mountsAt(done, lab.id).map((line) =>
        line.replace(/^\S+ \S+\/dir-(\S+) .* - (\S+) .*$/, '$1 $2'),
      );
    };
    const small: Operation = {
      op: 'mount',
      in: 'done',
      type: 'tmpfs',
      target: '{dir:desk}',
      options: ['size=64k', 'mode=755'],
    };
    assert.is(
      lab.plan(small).shell,
      `nsenter --target ${done} --mount mount -t tmpfs -o 'size=64k,mode=755' tmpfs ${dir(lab, stateDir, 'dir-desk')}`.replace(
        /'/g,
        '',
      ),
    );
    assert.equal(await both(small), ['desk tmpfs']);
    const mount = (change: Partial<Extract<Operation, { op: 'mount' }>>) =>
      both({ op: 'mount', in: '', type: 'bind', target: '{dir:view}', ...change });
    await mount({ source: '{dir:desk}', options: ['ro'] });
    assert.match(mountsAt(done, 'dir-view').join(), / ro,.* - tmpfs /);
    await mount({ type: 'make-shared', target: '{dir:desk}' });
    assert.match(mountsAt(done, 'dir-desk').join(), / shared:0 /);
    await mount({ type: 'make-slave', target: '{dir:desk}' });
    await mount({ type: 'make-private', target: '{dir:desk}' });
    assert.not.match(mountsAt(done, 'dir-desk').join(), /shared|master/);
    await mount({
      type: 'overlay',
      target: '{dir:merged}',
      options: ['lowerdir={dir:lower}', 'upperdir={dir:upper}', 'workdir={dir:work}'],
    });
    assert.equal(await mount({ type: 'move', source: '{dir:merged}', target: '{dir:lower}' }), [
      'desk tmpfs',
      'view tmpfs',
      'lower overlay',
    ]);
    assert.equal(await both({ op: 'unmount', in: '', target: '{dir:view}' }), [
      'desk tmpfs',
      'lower overlay',
    ]);
    assert.equal(await both({ op: 'unmount', in: '', target: '{dir:lower}', lazy: true }), ['desk tmpfs']);
    const gone = await lab.perform({ op: 'unmount', in: 'done', target: '{dir:view}', exits: [32] });
    assert.equal([gone.exit, gone.asExpected], [32, true]);
    assert.match(
      await refusal(lab.perform({ op: 'mount', in: 'done', type: 'bind', target: '{dir:view}' })),
      /need a source/,
    );
  });
});

live('inside: the namespaces of another actor, and propagation between the two', async () => {
  await withLab(async (lab) => {
    await lab.perform({ op: 'directory', name: 'stage' });
    await lab.perform(actor('outer', { namespaces: ['mnt', 'uts'] }));
    await lab.perform({ op: 'mount', in: 'outer', type: 'tmpfs', target: '{dir:stage}' });
    await lab.perform({ op: 'mount', in: 'outer', type: 'make-shared', target: '{dir:stage}' });
    const outer = pidOf(lab, 'outer');
    await lab.perform(actor('mate', { namespaces: [], inside: 'outer' }));
    assert.is(
      lab.plan(actor('slave', { inside: 'outer', propagation: 'slave' })).shell,
      `nsenter --target ${outer} --mount --uts unshare --mount --propagation slave sleep infinity &\nSLAVE=$!`,
    );
    for (const propagation of ['slave', 'unchanged', 'shared'] as const)
      await lab.perform(actor(propagation, { inside: 'outer', propagation }));
    await lab.perform(actor('private', { inside: 'outer' }));
    const pid = (name: string) => pidOf(lab, name);
    assert.is(ns(pid('mate'), 'mnt'), ns(outer, 'mnt'));
    assert.equal(lab.actor('mate')?.namespaces, []);
    assert.equal(lab.actor('slave')?.namespaces, ['mnt']);
    assert.is(ns(pid('slave'), 'uts'), ns(outer, 'uts'));
    assert.is.not(ns(pid('slave'), 'mnt'), ns(outer, 'mnt'));
    const fields = (name: string) => /shared|master/.exec(mountsAt(pid(name), 'dir-stage').join())?.[0] ?? '';
    assert.equal(['mate', 'unchanged', 'shared', 'slave', 'private'].map(fields), [
      'shared',
      'shared',
      'shared',
      'master',
      '',
    ]);
    await lab.perform({ op: 'run', in: 'outer', command: ['mkdir', '{dir:stage}/one'] });
    await lab.perform({ op: 'mount', in: 'outer', type: 'tmpfs', target: '{dir:stage}/one' });
    const seen = () =>
      ['mate', 'unchanged', 'shared', 'slave', 'private'].filter(
        (name) => mountsAt(pid(name), '/one').length > 0,
      );
    assert.equal(seen(), ['mate', 'unchanged', 'shared', 'slave']);
    assert.equal(mountsAt('self', lab.id), []);
    await lab.perform({ op: 'run', in: 'slave', command: ['hostname', 'two'] });
    assert.equal(await lines(lab, 'outer', 'hostname'), ['two']);
  });
});

live('what could reach the host is refused', async () => {
  await withLab(async (lab, stateDir) => {
    await lab.perform({ op: 'directory', name: 'desk' });
    for (const propagation of ['shared', 'unchanged'] as const)
      assert.match(
        await refusal(lab.perform(actor('box', { propagation }))),
        /share its mounts with the host/,
      );
    assert.match(
      await refusal(lab.perform(actor('box', { namespaces: ['uts'], propagation: 'slave' }))),
      /no mnt namespace/,
    );
    await lab.perform(actor('uts', { namespaces: ['uts'] }));
    const tmpfs = (name: string): Operation => ({
      op: 'mount',
      in: name,
      type: 'tmpfs',
      target: '{dir:desk}',
    });
    assert.match(await refusal(lab.perform(tmpfs('uts'))), /no mnt namespace of its own/);
    assert.match(
      await refusal(lab.perform({ op: 'unmount', in: 'uts', target: '/proc' })),
      /no mnt namespace of its own/,
    );
    assert.match(
      await refusal(lab.perform({ op: 'pivot-root', in: 'uts', newRoot: '{dir:desk}', old: 'kept' })),
      /no mnt namespace of its own/,
    );
    assert.match(
      await refusal(lab.perform(actor('box', { propagation: 'unchanged', inside: 'uts' }))),
      /share its mounts with the host/,
    );
    assert.equal(
      lab.actors().map(({ name }) => name),
      ['uts'],
    );
    assert.equal(mountsAt('self', dir(lab, stateDir, '')), []);
  });
});

live('a peer of the host’s mounts is found though the actor has a mount namespace of its own', async () => {
  // The child runs in a mount namespace whose mounts are shared: to it that is the host, as systemd makes it.
  await withTempDir(async (stateDir) => {
    const { stdout, stderr, status } = await runChild(childArgv('peer-child.ts', stateDir), {
      before: ['unshare', '--mount', '--propagation', 'shared'],
    });
    assert.is(stderr, '');
    assert.is(status, 0);
    const [private_, joined, slave, mounts, left] = JSON.parse(stdout);
    assert.is(private_, 'mounted');
    assert.match(joined, /a mount of "box" is a peer of one of the host's/);
    assert.is(slave, 'mounted');
    assert.equal([mounts, left], [[], []]);
  });
});

live(
  'pivot-root: stage by stage, the new root for all and for those who enter; typed by hand it is the same',
  async () => {
    await withLab(async (lab, stateDir) => {
      await lab.perform({ op: 'rootfs', name: 'base' });
      const root = dir(lab, stateDir, 'rootfs-base');
      for (const name of ['done', 'typed', 'kept']) await lab.perform(actor(name));
      await lab.perform(actor('mate', { namespaces: [], inside: 'done' }));
      const pivot = (name: string, old: 'kept' | 'unmounted'): Operation => ({
        op: 'pivot-root',
        in: name,
        newRoot: '{rootfs:base}',
        old,
      });
      const enter = `nsenter --target ${pidOf(lab, 'done')} --mount`;
      assert.equal(lab.plan(pivot('done', 'unmounted')).shell.split('\n'), [
        `${enter} mount --bind ${root} ${root}`,
        `${enter} mkdir -p ${root}/.old`,
        `${enter} pivot_root ${root} ${root}/.old`,
        `${enter} umount -l /.old`,
        `${enter} rmdir /.old`,
      ]);
      await lab.perform(pivot('done', 'unmounted'));
      type(lab, pivot('typed', 'unmounted'));
      for (const name of ['done', 'mate', 'typed']) {
        assert.is(ino(`/proc/${pidOf(lab, name)}/root/.`), ino(root), name);
        const mounts = mountsAt(pidOf(lab, name), '');
        assert.is(mounts.length, 1, mounts.join('\n'));
        assert.match(mounts[0] ?? '', /\/rootfs-base \/ /);
      }
      assert.equal(await lines(lab, 'done', 'ls', '-d', '/bin', '/.old', stateDir), ['/bin']);
      const [file = '', ...args] = lab.shellIn('done', null)?.argv ?? [];
      const { stdout } = spawnSync(file, args, { input: 'ls -di /\n', encoding: 'utf8', timeout: 20_000 });
      assert.is(Number(stdout.trim().split(' ')[0]), ino(root));
      await lab.perform(pivot('kept', 'kept'));
      assert.equal(await lines(lab, 'kept', 'ls', '-d', `/.old${root}`), [`/.old${root}`]);
      const again = await refusal(lab.perform(pivot('kept', 'kept')));
      assert.match(again, /pivot_root in "kept" failed at: mount --bind/);
      await lab.perform({ op: 'rootfs', name: 'other' });
      await lab.perform(actor('jail', { rootfs: 'other' }));
      assert.match(await refusal(lab.perform(pivot('jail', 'kept'))), /given a root by chroot/);
    });
  },
);

live('questions: mounts and files as the actor sees them', async () => {
  await withLab(async (lab, stateDir) => {
    await lab.perform({ op: 'rootfs', name: 'base' });
    await lab.perform({ op: 'directory', name: 'desk' });
    await lab.perform(actor('box'));
    await lab.perform({
      op: 'mount',
      in: 'box',
      type: 'tmpfs',
      target: '{dir:desk}',
      options: ['ro', 'size=64k'],
    });
    const desk = dir(lab, stateDir, 'dir-desk');
    const question = (of: string) => ({ ask: 'mounts', of, target: '{dir:desk}' }) as const;
    const { path, mounts } = await ask<'mounts'>(lab, question('box'));
    assert.is(path, desk);
    assert.equal(
      mounts.map(({ fstype, options, propagation }) => [fstype, options[0], propagation]),
      [['tmpfs', 'ro', []]],
    );
    assert.equal(await ask<'mounts'>(lab, question('host')), { path: desk, mounts: [] });

    await lab.perform(actor('jail', { namespaces: [], rootfs: 'base' }));
    const root = dir(lab, stateDir, 'rootfs-base');
    writeFileSync(join(root, 'note'), 'first\nsecond\n', { mode: 0o640 });
    symlinkSync('/note', join(root, 'absolute'));
    spawnSync('mkfifo', [join(root, 'pipe')]);
    const file = (of: string, at: string) => ask<'file'>(lab, { ask: 'file', of, path: at });
    const note = await file('jail', '/note');
    assert.ok(note.exists);
    assert.equal(
      { ...note, dev: 0 },
      {
        path: '/note',
        exists: true,
        kind: 'file',
        mode: '640',
        uid: 0,
        gid: 0,
        dev: 0,
        ino: ino(join(root, 'note')),
        device: null,
        target: null,
        text: 'first\nsecond\n',
      },
    );
    const facts = async (of: string, at: string) => {
      const seen = await file(of, at);
      return seen.exists ? [seen.kind, seen.device ?? seen.target] : null;
    };
    assert.equal(await facts('jail', '/absolute'), ['link', '/note']);
    assert.equal(await facts('jail', '/dev/null'), ['character-device', '1:3']);
    assert.equal(await facts('jail', '/pipe'), ['fifo', null]);
    assert.equal(await facts('jail', root), null);
    assert.equal(await facts('host', '{rootfs:base}/note'), ['file', null]);
    const top = await file('jail', '/');
    assert.ok(top.exists && top.ino === ino(root));
    await lab.perform({ op: 'signal', actor: 'jail', signal: 'KILL', from: 'host' });
    const after = await lab.ask({ ask: 'file', of: 'jail', path: '/' }, AbortSignal.timeout(5000));
    assert.equal(after.ok ? null : after.why, 'gone');
    rmdirSync(join(root, 'sys'));
  });
});

live('a learner’s own shell keeps the namespace of an actor, and no mount of the lab in it', async () => {
  let shell: ReturnType<typeof spawn> | null = null;
  let id = '';
  try {
    await withLab(async (lab) => {
      id = lab.id;
      await lab.perform({ op: 'directory', name: 'desk' });
      await lab.perform(actor('box'));
      await lab.perform({ op: 'mount', in: 'box', type: 'tmpfs', target: '{dir:desk}' });
      const pid = pidOf(lab, 'box');
      const own = spawn('nsenter', ['--target', `${pid}`, '--mount', 'sleep', '300'], { stdio: 'ignore' });
      shell = own;
      await until('it to be inside', () => ns(own.pid ?? 0, 'mnt') === ns(pid, 'mnt'));
      assert.is(mountsAt(own.pid ?? 0, id).length, 1);
    });
    const { pid = 0 } = shell ?? ({} as { pid?: number });
    assert.is.not(ns(pid, 'mnt'), ns('self', 'mnt'));
    assert.equal(mountsAt(pid, id), []);
  } finally {
    (shell as ReturnType<typeof spawn> | null)?.kill('SIGKILL');
  }
});

live('killed with mounts in place: cleanup leaves nothing, and the host never saw one', async () => {
  await withTempDir(async (stateDir) => {
    const before = mountinfo('self');
    for (const words of ['mount', 'pivot_root', 'umount']) {
      const { stdout, signal } = await runChild(childArgv('crash-at-child.ts', stateDir, words));
      assert.is(signal, 'SIGKILL');
      const [lab = ''] = stdout.trim().split('\n');
      assert.match(lab, /^[0-9a-f]{8}$/);
      assert.ok(tracesOf(lab, stateDir).length > 0);
      const { refused, left } = await cleanup({ stateDir, fs: liveFs() });
      const ours = [...refused, ...left].filter((leftover) => leftover.lab === lab);
      assert.equal(ours, [], words);
      assert.equal(tracesOf(lab, stateDir), []);
      assert.is(mountinfo('self'), before);
    }
  });
});

test.run();
