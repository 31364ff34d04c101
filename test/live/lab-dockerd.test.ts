// timeout: 600
// A dockerd of the lab's own: its containers are followed from here, nothing of it reaches the host, and it dies whole.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveFs } from '../../src/host/live-fs.ts';
import { audit } from '../../src/lab/audit.ts';
import { cleanup } from '../../src/lab/cleanup.ts';
import { openLab } from '../../src/lab/open.ts';
import { operationForm } from '../../src/lab/operations/forms.ts';
import type { Lab, Operation, OperationResult } from '../../src/lab/types.ts';
import { UserError } from '../../src/text/errors.ts';
import { childArgv, runChild } from '../lab/child.ts';
import { assertClean, crash } from '../lab/crash.ts';
import { DOCKER_OPERATIONS } from '../lab/plan.ts';
import { cgroupsNamed, markedPids, tracesOf } from '../lab/traces.ts';
import { maybe, need, which } from '../support/need.ts';
import { until } from '../support/process.ts';
import { removeTemp, withTempDir } from '../support/temp.ts';

const fs = liveFs();
const test = suite('lab: dockerd');
const live = maybe(test, need({ docker: true }));

async function withLab(fn: (lab: Lab, stateDir: string) => Promise<void>): Promise<void> {
  await withTempDir(async (stateDir) => {
    const lab = await openLab({ stateDir, fs, mode: 'root' });
    try {
      await fn(lab, stateDir);
    } finally {
      assert.equal(await lab.close(), []);
    }
    assert.equal(tracesOf(lab.id, stateDir), []);
    assert.equal(await lab.close(), []);
  });
}

const stdout = ({ output }: OperationResult) =>
  output
    .filter(({ stream }) => stream === 'stdout')
    .map(({ text }) => text)
    .join('\n');

async function status(lab: Lab, of: string): Promise<string> {
  const answer = await lab.ask<'container'>({ ask: 'container', of }, new AbortController().signal);
  return answer.ok ? answer.value.status : answer.why;
}

const ns = (pid: number | 'self', type: string) => readlinkSync(`/proc/${pid}/ns/${type}`);
const textOf = (path: string) => readFileSync(path, 'utf8').trim();

async function refusal(promise: Promise<unknown>): Promise<UserError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

/** What a dockerd would change on the host. */
const hostNow = () => ({
  mounts: textOf('/proc/self/mountinfo'),
  links: textOf('/proc/net/dev').replaceAll(/:.*/g, ''),
  run: existsSync('/run/docker') ? statSync('/run/docker').mtimeMs : null,
});

live(
  'a container on the lab’s own dockerd: docker’s pid translated, limits in force, nothing on the host',
  async () => {
    const before = hostNow();
    await withLab(async (lab, stateDir) => {
      for (const operation of DOCKER_OPERATIONS) await lab.perform(operation);
      const dockerd = lab.actor('docker')?.pid ?? 0;
      const web = lab.actor('web')?.pid ?? 0;
      assert.is(textOf(`/proc/${dockerd}/comm`), 'dockerd');
      for (const type of ['pid', 'net', 'mnt', 'uts', 'ipc'])
        assert.is.not(ns(dockerd, type), ns('self', type), type);
      assert.is(textOf(`/proc/${web}/comm`), 'sleep');
      const docker = async (...command: string[]) =>
        stdout(await lab.perform({ op: 'docker', daemon: 'docker', command }));
      const [, inside] = /^NSpid:\s+\d+\s+(\d+)\s+1$/m.exec(textOf(`/proc/${web}/status`)) ?? [];
      assert.is(await docker('inspect', '--format', '{{.State.Pid}}', 'web'), inside);
      const id = await docker('inspect', '--format', '{{.Id}}', 'web');
      assert.match(textOf(`/proc/${web}/cgroup`), new RegExp(`:/nscope-${lab.id}/${id}$`, 'm'));
      const limits = cgroupsNamed(`nscope-${lab.id}`).flatMap((top) =>
        ['memory.max', 'memory.limit_in_bytes'].map((file) => join(top, id, file)).filter(existsSync),
      );
      assert.equal(limits.map(textOf), [`${64 * 1024 * 1024}`]);
      assert.is(await docker('exec', 'web', 'hostname'), 'web');
      assert.is(stdout(await lab.perform({ op: 'run', in: 'web', command: ['hostname'] })), 'web');
      assert.is(await status(lab, 'web'), 'running');
      await docker('pause', 'web');
      assert.is(await status(lab, 'web'), 'paused');
      await docker('unpause', 'web');
      assert.equal(hostNow(), before);
      const data = join(stateDir, 'labs', lab.id, 'dockerd-docker');
      const seen = (await audit({ stateDir, fs }))
        .filter((one) => one.lab === lab.id)
        .map(({ kind, what }) => `${kind} ${what}`);
      for (const one of [`process ${dockerd}`, `process ${web}`, `file ${data}`, `file ${data}/docker.sock`])
        assert.ok(seen.includes(one), one);
      assert.ok(seen.some((one) => one.startsWith('cgroup ') && one.endsWith(id)));

      // The daemon dies, the container lives; another daemon takes over.
      await lab.perform({ op: 'signal', actor: 'docker', signal: 'KILL', from: 'host' });
      assert.is(textOf(`/proc/${web}/comm`), 'sleep');
      assert.match(
        (await refusal(lab.perform({ op: 'docker', daemon: 'docker', command: ['ps'] }))).message,
        /has ended/,
      );
      await lab.perform({ op: 'dockerd', name: 'next', again: 'docker', config: { 'live-restore': true } });
      const ps = stdout(
        await lab.perform({
          op: 'docker',
          daemon: 'next',
          command: ['ps', '--format', '{{.Names}} {{.Status}}'],
        }),
      );
      assert.match(ps, /^web Up/);
      assert.is(textOf(`/proc/${web}/comm`), 'sleep');
      await lab.perform({ op: 'docker', daemon: 'next', command: ['rm', '--force', 'web'] });
      assert.is(await status(lab, 'web'), 'gone');
    });
    assert.equal(hostNow(), before);
  },
);

live(
  'SIGKILL of the program: the daemon and its containers end at once; cleanup removes the rest',
  async () => {
    await withTempDir(async (stateDir) => {
      const { others, complaints, signal } = await crash(stateDir, 0, { lesson: 'docker' });
      assert.is(signal, null, complaints);
      assert.ok(others.length > 10, complaints);
      // From the daemon's directory on: what comes before is another test's. The later half is the undoing.
      for (const line of others.slice(3, -2)) {
        const { lab } = await crash(stateDir, line, { lesson: 'docker' });
        const when = `killed after line ${line}`;
        await until(`the end of all that was started, ${when}`, () => markedPids(lab).length === 0);
        await assertClean(stateDir, lab, when);
      }
    });
  },
);

live('a dockerd that does not start says why, in its own words', async () => {
  await withLab(async (lab) => {
    const operation: Operation = {
      op: 'dockerd',
      name: 'docker',
      config: { 'registry-mirrors': ['nonsense://mirror'] },
    };
    const error = await refusal(lab.perform(operation));
    assert.match(error.message, /dockerd "docker" did not answer: .*nonsense/);
    assert.is(error.exitCode, 3);
    assert.equal(markedPids(lab.id), []);
  });
});

live('a path that no socket can have is refused before anything is made', async () => {
  await withTempDir(async (dir) => {
    const stateDir = join(dir, 'x'.repeat(60));
    mkdirSync(stateDir, { mode: 0o700 });
    const lab = await openLab({ stateDir, fs, mode: 'root' });
    const error = await refusal(lab.perform({ op: 'dockerd', name: 'docker' }));
    assert.match(error.message, /too long for a socket/);
    assert.match(error.hint ?? '', /XDG_STATE_HOME/);
    assert.equal(await lab.close(), []);
  });
});

live('without docker’s programs: what is missing, and exit 3', async () => {
  await withTempDir(async (stateDir) => {
    const before = [
      'unshare',
      '--mount',
      'sh',
      '-c',
      `mount --bind /dev/null ${which('containerd')} && exec "$@"`,
      'hide',
    ];
    const { stderr } = await runChild(childArgv('crash-child.ts', stateDir, '0', 'docker'), { before });
    assert.match(stderr, /missing: containerd/);
    await cleanup({ stateDir, fs });
  });
});

test('what could reach out of the lab is refused by its form', () => {
  const form = (of: object) => operationForm.safeParse(of).success;
  const container = (...options: string[]) =>
    form({ op: 'container', daemon: 'd', name: 'c', image: 'i', options });
  assert.ok(container('--memory=64m', '--init', '--cap-drop=ALL', '--network=none'));
  for (const bad of [
    '--volume=/:/host',
    '-v',
    '--privileged',
    '--device=/dev/vda',
    '--mount=type=bind',
    '--cgroup-parent=/x',
    '--memory',
  ])
    assert.not.ok(container(bad), bad);
  const docker = (...command: string[]) => form({ op: 'docker', daemon: 'd', command });
  assert.ok(docker('ps', '-a'));
  for (const bad of ['run', 'cp', 'pull', 'push', 'login', '-H', 'build', 'context'])
    assert.not.ok(docker(bad), bad);
  assert.ok(form({ op: 'dockerd', name: 'd', config: { 'live-restore': true } }));
  assert.not.ok(form({ op: 'dockerd', name: 'd', config: { 'data-root': '/x' } }));
});

const TYPES = ['mnt', 'cgroup', 'uts', 'ipc', 'user', 'pid', 'net', 'time'];

/** What tells a container from another, but for its numbers and ids. */
function factsOf(lab: Lab, pid: number): object {
  const groups = cgroupsNamed(`nscope-${lab.id}`).flatMap((top) =>
    readdirSync(top, { withFileTypes: true })
      .filter((one) => one.isDirectory() && /^[0-9a-f]{64}$/.test(one.name))
      .flatMap(({ name }) =>
        ['memory.max', 'memory.limit_in_bytes'].map((file) => join(top, name, file)).filter(existsSync),
      ),
  );
  const [, parent = ''] = /^PPid:\s+(\d+)$/m.exec(textOf(`/proc/${pid}/status`)) ?? [];
  return {
    cmdline: textOf(`/proc/${pid}/cmdline`),
    own: TYPES.filter((type) => ns(pid, type) !== ns('self', type)),
    limits: groups.map(textOf),
    capabilities: /^CapEff.*/m.exec(textOf(`/proc/${pid}/status`))?.[0],
    parent: textOf(`/proc/${parent}/comm`),
    mountPoints: textOf(`/proc/${pid}/mountinfo`)
      .split('\n')
      .map((line) => line.split(' ')[4]),
  };
}

/** The first process of the one container that carries the lab's mark. */
function containerOf(lab: string): number | undefined {
  return markedPids(lab).find((pid) => {
    try {
      return (
        /\/[0-9a-f]{64}$/m.test(textOf(`/proc/${pid}/cgroup`)) && textOf(`/proc/${pid}/comm`) === 'sleep'
      );
    } catch {
      return false;
    }
  });
}

live('the shell lines, typed by hand, give the same container', async () => {
  let byLab: object = {};
  await withLab(async (lab) => {
    for (const operation of DOCKER_OPERATIONS) await lab.perform(operation);
    byLab = factsOf(lab, lab.actor('web')?.pid ?? 0);
  });
  await withLab(async (lab, stateDir) => {
    const directory = join(stateDir, 'labs', lab.id);
    const options = { stdio: 'ignore', env: { ...process.env, NSCOPE_LAB: lab.id } } as const;
    const socket = join(directory, 'dockerd-docker', 'docker.sock');
    const answers = () => spawnSync('docker', ['-H', `unix://${socket}`, 'version'], options).status === 0;
    try {
      for (const operation of DOCKER_OPERATIONS) {
        if (operation.op === 'image') await until('the daemon that was typed', answers, 60_000);
        const { shell } = lab.plan(operation);
        assert.is(spawnSync('sh', ['-ec', shell], options).status, 0, shell);
      }
      assert.equal(factsOf(lab, containerOf(lab.id) ?? 0), byLab);
    } finally {
      // What was typed is in no ledger: it is ended as one ends it by hand.
      await until('the end of what was typed', () => {
        const left = markedPids(lab.id);
        for (const pid of left) spawnSync('kill', ['-KILL', String(pid)]);
        return left.length === 0;
      });
      for (const top of cgroupsNamed(`nscope-${lab.id}`)) {
        await until(`the removal of ${top}`, () => {
          spawnSync('find', [top, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', '+']);
          return !existsSync(top);
        });
      }
      for (const name of ['rootfs-base', 'dockerd-docker']) removeTemp(join(directory, name));
    }
  });
});

test.run();
