// timeout: 600
// OCI bundles and runc's verbs as operations of the lab, on the real kernel: what each makes is looked at by the kernel's own files and by runc itself.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveFs } from '../../src/host/live-fs.ts';
import { audit } from '../../src/lab/audit.ts';
import { openLab } from '../../src/lab/open.ts';
import type { Lab, Operation, OperationResult } from '../../src/lab/types.ts';
import { UserError } from '../../src/text/errors.ts';
import { cgroupsNamed, tracesOf } from '../lab/traces.ts';
import { maybe, need } from '../support/need.ts';
import { until } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('lab: runc');
const TOOLS = ['unshare', 'nsenter', 'setpriv', 'runc'];
const live = maybe(test, need({ root: true, tools: TOOLS }));
const typed = maybe(test, need({ root: true, tools: [...TOOLS, 'jq', 'busybox'] }));

/** A lab with a root file system; whatever `fn` does, the lab is closed, and then nothing of it may be left. */
async function withLab(fn: (lab: Lab, directory: string, stateDir: string) => Promise<void>): Promise<void> {
  await withTempDir(async (stateDir) => {
    const lab = await openLab({ stateDir, fs: liveFs(), mode: 'root' });
    try {
      await lab.perform({ op: 'rootfs', name: 'base' });
      await fn(lab, join(stateDir, 'labs', lab.id), stateDir);
    } finally {
      assert.equal(await lab.close(), []);
    }
    assert.equal(tracesOf(lab.id, stateDir), []);
    assert.equal(await lab.close(), [], 'close may be called twice');
  });
}

const BUNDLE = {
  op: 'bundle',
  name: 'box',
  rootfs: 'base',
  args: ['sleep', '1000'],
} as const satisfies Operation;
const CREATE: Operation = { op: 'runc', verb: 'create', name: 'box', bundle: 'box' };
const START: Operation = { op: 'runc', verb: 'start', container: 'box' };
const kill = (signal: string): Operation => ({ op: 'runc', verb: 'kill', container: 'box', signal });

const stdout = ({ output }: OperationResult) =>
  output.filter(({ stream }) => stream === 'stdout').map(({ text }) => text);

async function status(lab: Lab, of = 'box'): Promise<string> {
  const answer = await lab.ask<'container'>({ ask: 'container', of }, new AbortController().signal);
  return answer.ok ? answer.value.status : answer.why;
}

const ns = (pid: number | 'self', type: string) => readlinkSync(`/proc/${pid}/ns/${type}`);
const comm = (pid: number) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
const startOf = (pid: number) =>
  Number(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ')[19]);

/** The value of a control file of the container's group, by its v1 or v2 name; both stand in the group of that name. */
function control(lab: Lab, ...files: readonly string[]): string | undefined {
  return cgroupsNamed(`nscope-${lab.id}`)
    .flatMap((top) => files.map((file) => join(top, 'box', file)))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8').trim())[0];
}

async function refusal(promise: Promise<unknown>): Promise<UserError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

live('a bundle is a directory with rootfs and config.json', async () => {
  await withLab(async (lab, directory) => {
    await lab.perform({
      ...BUNDLE,
      hostname: 'shed',
      limits: { 'memory.limit': '64M' },
      capabilities: ['CAP_KILL'],
    });
    const bundle = join(directory, 'bundle-box');
    assert.equal(readdirSync(bundle).sort(), ['config.json', 'rootfs']);
    const config = JSON.parse(readFileSync(join(bundle, 'config.json'), 'utf8'));
    assert.is(config.hostname, 'shed');
    assert.equal(config.process.args, ['sleep', '1000']);
    assert.equal(config.process.capabilities.bounding, ['CAP_KILL']);
    assert.is(config.linux.resources.memory.limit, 64 * 1024 * 1024);
    assert.is(config.linux.cgroupsPath, `/nscope-${lab.id}/box`);
    const error = await refusal(lab.perform({ ...BUNDLE, name: 'b', limits: { 'memory.high': '1' } }));
    assert.match(error.message, /no field that asks for memory\.high = 1/);
    assert.match((await refusal(lab.perform(BUNDLE))).message, /already/);
  });
});

live(
  'create: a process is there already, in its namespaces and groups; start executes the program in it',
  async () => {
    await withLab(async (lab, directory, stateDir) => {
      await lab.perform({ ...BUNDLE, limits: { 'pids.limit': '33' } });
      await lab.perform(CREATE);
      const actor = lab.actor('box');
      const pid = actor?.pid ?? 0;
      assert.is(comm(pid), 'runc:[2:INIT]');
      assert.is(await status(lab), 'created');
      assert.ok(existsSync(join(directory, 'runc', `nscope-${lab.id}-box`, 'exec.fifo')));
      for (const type of ['pid', 'net', 'ipc', 'uts', 'mnt'])
        assert.is.not(ns(pid, type), ns('self', type), type);
      assert.is(ns(pid, 'user'), ns('self', 'user'));
      for (const type of ['mnt', 'uts', 'ipc', 'pid', 'net'] as const)
        assert.ok(actor?.namespaces.includes(type), type);
      const groups = readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().split('\n');
      for (const line of groups) assert.match(line, new RegExp(`:/nscope-${lab.id}/box$`));
      assert.is(control(lab, 'pids.max'), '33');
      const seen = (await audit({ stateDir, fs: liveFs() })).filter((one) => one.lab === lab.id);
      assert.ok(
        seen.some(({ kind, what }) => kind === 'process' && what === `${pid}`),
        'it has no mark yet, and is seen',
      );
      assert.ok(
        seen.some(({ kind, what }) => kind === 'container' && what.endsWith(`/nscope-${lab.id}-box`)),
      );
      await lab.perform(START);
      assert.is(comm(pid), 'sleep');
      assert.is(startOf(pid), actor?.starttime, 'the same process');
      assert.is(await status(lab), 'running');
      const environ = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      assert.ok(environ.includes(`NSCOPE_LAB=${lab.id}`));
    });
  },
);

live('exec, kill, pause, resume, update, state, list, delete', async () => {
  await withLab(async (lab, directory) => {
    await lab.perform(BUNDLE);
    await lab.perform(CREATE);
    await lab.perform(START);
    const pid = lab.actor('box')?.pid ?? 0;
    const exec = await lab.perform({ op: 'runc', verb: 'exec', container: 'box', command: ['hostname'] });
    assert.equal(stdout(exec), ['box']);
    const failed = await lab.perform({
      op: 'runc',
      verb: 'exec',
      container: 'box',
      command: ['sh', '-c', 'exit 3'],
    });
    assert.equal([failed.exit, failed.asExpected], [3, false]);
    const entered = await lab.perform({ op: 'run', in: 'box', command: ['cat', '/proc/1/comm'] });
    assert.equal(stdout(entered), ['sleep']);
    assert.ok(lab.shellIn('box', null), 'a shell can be opened in it');

    await lab.perform(kill('TERM'));
    assert.is(comm(pid), 'sleep', 'PID 1 has no default action for TERM');
    await lab.perform({ op: 'runc', verb: 'pause', container: 'box' });
    assert.is(await status(lab), 'paused');
    assert.match(control(lab, 'freezer.state', 'cgroup.freeze') ?? '', /^(FROZEN|1)$/);
    await lab.perform({ op: 'runc', verb: 'resume', container: 'box' });
    assert.is(await status(lab), 'running');
    assert.match(control(lab, 'freezer.state', 'cgroup.freeze') ?? '', /^(THAWED|0)$/);
    await lab.perform({ op: 'runc', verb: 'update', container: 'box', limits: { 'pids.limit': '21' } });
    assert.is(control(lab, 'pids.max'), '21');

    const state = stdout(await lab.perform({ op: 'runc', verb: 'state', container: 'box' })).join('\n');
    assert.equal(JSON.parse(state).pid, pid);
    const list = stdout(await lab.perform({ op: 'runc', verb: 'list' })).join('\n');
    assert.match(list, new RegExp(`^nscope-${lab.id}-box +${pid} +running`, 'm'));
    assert.ok(lab.plan({ op: 'runc', verb: 'list' }).looksOnly);

    const living = await lab.perform({ op: 'runc', verb: 'delete', container: 'box', exits: [1] });
    assert.is(living.exit, 1, 'one that runs is not deleted');
    await lab.perform(kill('KILL'));
    assert.is(await status(lab), 'stopped');
    await lab.perform({ op: 'runc', verb: 'delete', container: 'box' });
    assert.is(await status(lab), 'gone');
    assert.equal(readdirSync(join(directory, 'runc')), []);
    assert.not.ok(existsSync(join(directory, `nscope-${lab.id}-box.output`)));
  });
});

live('run to its end shows its output; detached it lives on; a frozen container is no obstacle', async () => {
  await withLab(async (lab) => {
    await lab.perform({ ...BUNDLE, args: ['sh', '-c', 'echo hello; exit 4'] });
    const once = await lab.perform({ op: 'runc', verb: 'run', name: 'once', bundle: 'box', exits: [4] });
    assert.equal([stdout(once), once.exit], [['hello'], 4]);
    assert.is(await status(lab, 'once'), 'gone');
    await lab.perform({
      op: 'bundle-edit',
      bundle: 'box',
      set: { 'process.args': ['sleep', '1000'], hostname: 'late' },
    });
    await lab.perform({ op: 'runc', verb: 'run', name: 'box', bundle: 'box', detach: true });
    assert.is(comm(lab.actor('box')?.pid ?? 0), 'sleep');
    await lab.perform({ op: 'runc', verb: 'pause', container: 'box' });
  });
});

live('a broken config.json gives the runtime’s own line, and leaves nothing half done', async () => {
  await withLab(async (lab, directory) => {
    await lab.perform(BUNDLE);
    await lab.perform({ op: 'bundle-edit', bundle: 'box', set: { 'process.args': ['no-such-program'] } });
    const started = await lab.perform(CREATE).catch((error: unknown) => error);
    // runc finds the program at create, crun at start.
    assert.ok(started instanceof UserError);
    assert.match(started.message, /runc create failed: .*"no-such-program": executable file not found/);
    writeFileSync(join(directory, 'bundle-box/config.json'), '{ "process": ');
    const broken = await refusal(lab.perform(CREATE));
    assert.match(broken.message, /^runc create failed: .*unexpected (end of JSON input|EOF)/);
    assert.match(broken.hint ?? '', /bundle-box\/config\.json/);
    assert.is(broken.exitCode, 1);
    const edit = await refusal(lab.perform({ op: 'bundle-edit', bundle: 'box', set: { hostname: 'x' } }));
    assert.match(edit.message, /config\.json is not JSON/);
    assert.is(await status(lab), 'gone');
    assert.is(lab.actor('box'), undefined);
    assert.not.ok(existsSync(join(directory, 'runc')));
  });
});

live('what is not there is said', async () => {
  await withLab(async (lab) => {
    assert.match((await refusal(lab.perform(CREATE))).message, /no bundle named "box"/);
    assert.match((await refusal(lab.perform(START))).message, /no container named "box"/);
    const update: Operation = {
      op: 'runc',
      verb: 'update',
      container: 'box',
      limits: { 'memory.high': '1' },
    };
    assert.match((await refusal(lab.perform(update))).message, /no option for memory\.high/);
  });
});

/** Facts of a container that do not depend on the lab's id. */
function factsOf(lab: Lab, pid: number): object {
  const without = (text: string) => text.replaceAll(lab.id, 'LAB');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mounts = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').trim().split('\n');
  return {
    comm: comm(pid),
    cgroup: without(readFileSync(`/proc/${pid}/cgroup`, 'utf8')),
    own: ['mnt', 'cgroup', 'uts', 'ipc', 'user', 'pid', 'net', 'time'].filter(
      (type) => ns(pid, type) !== ns('self', type),
    ),
    capabilities: /^CapEff.*/m.exec(status)?.[0],
    noNewPrivs: /^NoNewPrivs.*/m.exec(status)?.[0],
    mountPoints: mounts.map((line) => line.split(' ')[4]),
    pids: control(lab, 'pids.max'),
    environ: without(readFileSync(`/proc/${pid}/environ`, 'utf8')),
  };
}

typed('the shell lines, typed by hand, give the same observed state', async () => {
  const operations: readonly Operation[] = [
    { ...BUNDLE, limits: { 'pids.limit': '33' }, capabilities: ['CAP_KILL'] },
    {
      op: 'bundle-edit',
      bundle: 'box',
      set: { 'linux.resources.pids.limit': 34, 'process.args': ['sleep', '999'] },
    },
    CREATE,
    START,
    { op: 'runc', verb: 'update', container: 'box', limits: { 'pids.limit': '35' } },
  ];
  let byLab: object = {};
  let config = '';
  await withLab(async (lab, directory) => {
    for (const operation of operations) await lab.perform(operation);
    byLab = factsOf(lab, lab.actor('box')?.pid ?? 0);
    config = readFileSync(join(directory, 'bundle-box/config.json'), 'utf8').replaceAll(lab.id, 'LAB');
  });
  await withLab(async (lab, directory) => {
    for (const operation of operations) {
      const { status, stderr } = spawnSync('sh', ['-ec', lab.plan(operation).shell], { encoding: 'utf8' });
      assert.is(status, 0, stderr);
    }
    const state = spawnSync('runc', ['--root', join(directory, 'runc'), 'state', `nscope-${lab.id}-box`], {
      encoding: 'utf8',
    });
    const { pid } = JSON.parse(state.stdout) as { pid: number };
    // `runc start` ends when the waiting process has been told to go on, not when it has executed the program.
    await until('the program', () => comm(pid) === 'sleep');
    assert.equal(factsOf(lab, pid), byLab);
    assert.equal(
      JSON.parse(readFileSync(join(directory, 'bundle-box/config.json'), 'utf8').replaceAll(lab.id, 'LAB')),
      JSON.parse(config),
    );
    for (const words of [
      ['kill', `nscope-${lab.id}-box`, 'KILL'],
      ['delete', '--force', `nscope-${lab.id}-box`],
    ])
      spawnSync('runc', ['--root', join(directory, 'runc'), ...words]);
    for (const top of cgroupsNamed(`nscope-${lab.id}`)) spawnSync('rmdir', [top]);
    spawnSync('rm', [
      '-r',
      join(directory, 'bundle-box'),
      join(directory, 'runc'),
      join(directory, `nscope-${lab.id}-box.output`),
    ]);
  });
});

test.run();
