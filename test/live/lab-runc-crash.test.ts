// timeout: 900
// Containers of the lab and what befalls it: SIGKILL after each line of the journal, a runtime that is missing or gone, others' containers beside
// the lab's own, and a user without privilege.
import { spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveFs } from '../../src/host/live-fs.ts';
import { cleanup } from '../../src/lab/cleanup.ts';
import { openLab } from '../../src/lab/open.ts';
import type { Lab } from '../../src/lab/types.ts';
import { assertClean, crash as crashOf } from '../lab/crash.ts';
import { childArgv, type Ended, runChild } from '../lab/child.ts';
import { runtimeOperations } from '../lab/plan.ts';
import { cgroupsNamed, markedPids, tracesOf } from '../lab/traces.ts';
import { removeTestCgroups } from '../support/cgroups.ts';
import { maybe, need, which } from '../support/need.ts';
import { until } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const fs = liveFs();
const test = suite('lab: runc, crashes');
const TOOLS = ['unshare', 'nsenter', 'setpriv', 'runc'];
const live = maybe(test, need({ root: true, tools: TOOLS }));
const withCrun = maybe(test, need({ root: true, tools: [...TOOLS, 'crun'] }));

/** The operations on containers, killed after the `line`th line of the journal, or `ms` after the lab was opened. */
function crash(stateDir: string, line: number, ms?: number, before: readonly string[] = []) {
  return crashOf(stateDir, line, { lesson: 'runtime', before, ...(ms === undefined ? {} : { ms }) });
}

live('SIGKILL after each line of the journal leaves nothing once cleanup has run', async () => {
  await withTempDir(async (stateDir) => {
    const whole = await crash(stateDir, 0);
    assert.is(whole.signal, null);
    assert.is(whole.complaints, '');
    assert.equal(tracesOf(whole.lab, stateDir), []);
    assert.ok(whole.others.length > 12, `${whole.others.length} lines`);
    for (const line of whole.others) {
      const { lab, signal } = await crash(stateDir, line);
      assert.is(signal, 'SIGKILL', `line ${line}`);
      await assertClean(stateDir, lab, `killed after line ${line}`);
    }
  });
});

live('SIGKILL at any moment', async () => {
  await withTempDir(async (stateDir) => {
    for (const ms of [40, 120, 180, 220, 260, 300, 350, 420, 500, 650, 900, 1200]) {
      const { lab } = await crash(stateDir, 0, ms);
      await assertClean(stateDir, lab, `killed after ${ms} ms`);
    }
  });
});

/** A lab with one created container; `fn` gets its first process. */
async function withContainer(fn: (lab: Lab, pid: number, stateDir: string) => Promise<void>): Promise<void> {
  await withTempDir(async (stateDir) => {
    const lab = await openLab({ stateDir, fs, mode: 'root' });
    try {
      for (const operation of runtimeOperations(true).slice(0, 3)) await lab.perform(operation);
      await fn(lab, lab.actor('web')?.pid ?? 0, stateDir);
    } finally {
      await lab.close();
    }
    assert.equal(tracesOf(lab.id, stateDir), []);
  });
}

live('a container ends with the program, before any cleanup', async () => {
  await withTempDir(async (stateDir) => {
    const [file = '', ...args] = childArgv('crash-child.ts', stateDir, '0', 'runtime');
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let lab = '';
    child.stdout.on('data', (chunk: Buffer) => {
      lab ||= chunk.toString().slice(0, 8);
    });
    const inits = (): number[] => cgroupsNamed(`nscope-${lab}`).flatMap((top) => pidsIn(join(top, 'web')));
    const alive = () => lab !== '' && inits().length > 0;
    await until('the container', () =>
      child.exitCode === null ? alive() : Promise.reject(new Error('it ended')),
    );
    // The keeper is started after the container: what is killed before it is there is for cleanup alone.
    await until('its keeper', () =>
      markedPids(lab).some((pid) => textOf(`/proc/${pid}/cmdline`).includes('\0keep\0')),
    );
    child.kill('SIGKILL');
    await until('its end', () => !alive() && markedPids(lab).length === 0);
    await assertClean(stateDir, lab, 'after the crash');
  });
});

function pidsIn(group: string): number[] {
  return textOf(join(group, 'cgroup.procs')).split('\n').filter(Boolean).map(Number);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** A mount namespace in which these programs cannot be executed. */
function without(...programs: readonly string[]): readonly string[] {
  const hide = programs.map((name) => `mount --bind /dev/null ${which(name)}`).join(' && ');
  return ['unshare', '--mount', 'sh', '-c', `${hide} && exec "$@"`, 'hide'];
}

live('without any runtime: one clear line and exit 3; nothing is left', async () => {
  await withTempDir(async (stateDir) => {
    const programs = ['runc', 'crun'].filter((name) => which(name) !== undefined);
    const { complaints, lab } = await crash(stateDir, 0, undefined, without(...programs));
    assert.match(complaints, /neither runc nor crun is on this host/);
    await assertClean(stateDir, lab, 'without a runtime');
  });
});

withCrun('where there is no runc, crun is used; what it cannot do, it says itself', async () => {
  await withTempDir(async (stateDir) => {
    const { complaints, signal, lab } = await crash(stateDir, 0, undefined, without('runc'));
    if (isHybrid()) {
      assert.match(complaints, /crun create failed: cgroups in hybrid mode not supported/);
    } else {
      assert.is(complaints, '');
      assert.is(signal, null);
      assert.equal(tracesOf(lab, stateDir), []);
    }
    await assertClean(stateDir, lab, 'by crun');
  });
});

/** v1 controllers beside a v2 tree that has some of its own. */
function isHybrid(): boolean {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8');
  return / - cgroup /.test(mounts) && / - cgroup2 /.test(mounts);
}

live('the runtime is gone when cleanup runs: what is left is removed by hand', async () => {
  await withTempDir(async (stateDir) => {
    // After the line that tells the container's first process: it is created, and its keeper is not there yet.
    const { others } = await crash(stateDir, 0);
    let lab = '';
    for (const line of others) {
      ({ lab } = await crash(stateDir, line));
      if (cgroupsNamed(`nscope-${lab}`).some((top) => pidsIn(join(top, 'web')).length > 0)) break;
      await cleanup({ stateDir, fs });
    }
    const [pid = 0] = cgroupsNamed(`nscope-${lab}`).flatMap((top) => pidsIn(join(top, 'web')));
    assert.ok(pid > 0, 'a created container is there');
    const [file = '', ...args] = [...without('runc'), ...childArgv('clean-child.ts', stateDir)];
    const { stdout, stderr } = spawnSync(file, args, { encoding: 'utf8' });
    assert.equal(JSON.parse(stdout), { refused: [], left: [], audit: [] }, stderr);
    assert.equal(tracesOf(lab, stateDir), []);
    assert.not.ok(existsSync(`/proc/${pid}`) && textOf(`/proc/${pid}/stat`).split(') ')[1]?.[0] !== 'Z');
  });
});

/** A container of somebody else's, in a root and a group of its own. */
async function withForeign(
  root: string,
  id: string,
  fn: (pid: number, dir: string) => Promise<void>,
): Promise<void> {
  await withTempDir(async (dir) => {
    const bundle = join(dir, 'bundle');
    mkdirSync(join(bundle, 'rootfs/bin'), { recursive: true });
    for (const name of ['proc', 'sys', 'dev']) mkdirSync(join(bundle, 'rootfs', name));
    spawnSync('cp', [which('busybox') ?? '', join(bundle, 'rootfs/bin/busybox')]);
    spawnSync('runc', ['spec', '--bundle', bundle]);
    const path = join(bundle, 'config.json');
    const config = JSON.parse(readFileSync(path, 'utf8'));
    Object.assign(config.process, { terminal: false, args: ['/bin/busybox', 'sleep', '1000'] });
    config.linux.cgroupsPath = `/nscope-test-foreign${process.pid}/c`;
    writeFileSync(path, JSON.stringify(config));
    const runc = (...words: string[]) =>
      spawnSync('runc', ['--root', root, ...words], {
        encoding: 'utf8',
        stdio: 'ignore',
      });
    const ran = runc('run', '--detach', '--bundle', bundle, id);
    assert.is(ran.status, 0);
    const { pid } = JSON.parse(spawnSync('runc', ['--root', root, 'state', id], { encoding: 'utf8' }).stdout);
    try {
      await fn(pid, dir);
    } finally {
      runc('delete', '--force', id);
      await removeTestCgroups(`nscope-test-foreign${process.pid}`);
    }
  });
}

const isAlive = (pid: number) => /\) [^ZX] /.test(textOf(`/proc/${pid}/stat`));

live('a container with the same id in another root survives', async () => {
  await withTempDir(async (elsewhere) => {
    await withContainer(async (lab, own) => {
      await withForeign(elsewhere, `nscope-${lab.id}-web`, async (foreign) => {
        assert.equal(await lab.close(), []);
        assert.not.ok(isAlive(own));
        assert.ok(isAlive(foreign));
      });
    });
  });
});

live(
  'one that somebody put into the lab’s own root is refused and named, and goes with its owner',
  async () => {
    await withContainer(async (lab, own, stateDir) => {
      const root = join(stateDir, 'labs', lab.id, 'runc');
      await withForeign(root, `nscope-${lab.id}-mine`, async (foreign) => {
        const left = await lab.close();
        const [container] = left.filter(({ kind }) => kind === 'container');
        assert.is(container?.what, join(root, `nscope-${lab.id}-mine`));
        assert.match(
          container?.reason ?? '',
          new RegExp(`did not make this container, and its process ${foreign} lives`),
        );
        assert.not.ok(isAlive(own));
        assert.ok(isAlive(foreign));
      });
      assert.equal(await lab.close(), []);
    });
  },
);

live('one that a learner made by hand from the lab’s bundle goes with the lab', async () => {
  await withContainer(async (lab, _own, stateDir) => {
    const root = join(stateDir, 'labs', lab.id, 'runc');
    const runc = (...words: string[]) =>
      spawnSync('runc', ['--root', root, ...words], { stdio: 'ignore' }).status;
    assert.is(runc('delete', '--force', `nscope-${lab.id}-web`), 0);
    const bundle = join(stateDir, 'labs', lab.id, 'bundle-web');
    // The same id again, one like it, and one of another kind.
    for (const name of [`nscope-${lab.id}-web`, `nscope-${lab.id}-own`, 'mine']) {
      assert.is(runc('create', '--bundle', bundle, name), 0);
    }
    const running = readdirSync(root).flatMap((id) => {
      const { stdout } = spawnSync('runc', ['--root', root, 'state', id], { encoding: 'utf8' });
      return [(JSON.parse(stdout) as { pid: number }).pid];
    });
    assert.is(running.length, 3);
    assert.equal(await lab.close(), []);
    assert.equal(running.filter(isAlive), []);
  });
});

const NOBODY = 65534;

/** Why no unprivileged user can run a container here; null where one can. */
function rootlessLack(): string | null {
  const lack = need({ root: true, userns: true, tools: TOOLS });
  if (lack !== null) return lack;
  const as = ['--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups', '--'];
  const read = spawnSync('setpriv', [...as, 'test', '-r', childArgv('runtime-child.ts').at(-1) ?? '']);
  return read.status === 0 ? null : 'an unprivileged user may not read this checkout';
}

const rootless = maybe(test, rootlessLack());

async function asNobody(
  fn: (dir: string, run: (name: string, ...args: string[]) => Promise<Ended>) => Promise<void>,
) {
  const dir = mkdtempSync(join(tmpdir(), 'nscope-rootless-'));
  chownSync(dir, NOBODY, NOBODY);
  const before = ['setpriv', '--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups', '--'];
  try {
    await fn(dir, (name, ...args) =>
      runChild(childArgv(name, dir, ...args), {
        before,
        env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TMPDIR: dir },
      }),
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

rootless('without privilege: uid 0 inside, a user namespace of its own, no cgroup', async () => {
  await asNobody(async (_dir, run) => {
    const { stdout, stderr } = await run('runtime-child.ts');
    assert.is(stderr, '');
    const seen = JSON.parse(stdout);
    assert.is(seen.mode, 'rootless');
    assert.match(seen.planned, /^runc spec --rootless --bundle /m);
    assert.not.match(seen.planned, /cgroupsPath|resources/);
    assert.match(seen.notes.join('\n'), /^limit pids\.limit is left out/m);
    assert.is(seen.comm, 'runc:[2:INIT]\n');
    assert.equal(seen.inside, ['0', 'box']);
    assert.equal(seen.entered, ['box']);
    assert.equal(seen.uidMap, ['0', `${NOBODY}`, '1']);
    assert.equal(seen.namespaces, ['mnt', 'uts', 'ipc', 'user', 'pid']);
    assert.equal(seen.left, []);
  });
});

rootless('without privilege: SIGKILL, then cleanup by the same user, leaves nothing', async () => {
  await asNobody(async (dir, run) => {
    for (const line of [5, 6, 7, 8, 9, 10, 12, 14]) {
      const { stdout, signal } = await run('crash-child.ts', String(line), 'runtime');
      assert.is(signal, 'SIGKILL', `line ${line}`);
      const after = await run('clean-child.ts');
      assert.equal(JSON.parse(after.stdout), { refused: [], left: [], audit: [] }, after.stderr);
      assert.equal(tracesOf(stdout.split('\n')[0] ?? '', dir), [], `killed after line ${line}`);
    }
  });
});

test.run();
