// Each operation of the lab on the real kernel: what it makes is looked at by the kernel's own files, and gone after close().
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveFs } from '../../src/host/live-fs.ts';
import { NS_TYPES } from '../../src/kernel/namespaces.ts';
import { openLab } from '../../src/lab/open.ts';
import type { Lab, Operation, OperationResult, OutputLine } from '../../src/lab/types.ts';
import { UserError } from '../../src/text/errors.ts';
import { cgroupsNamed, tracesOf } from '../lab/traces.ts';
import { maybe, need } from '../support/need.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('lab: operations');
const live = maybe(test, need({ root: true, tools: ['unshare', 'nsenter', 'setpriv'] }));

/** A lab in a state directory of its own; whatever `fn` does, the lab is closed, and then nothing of it may be left. */
async function withLab(fn: (lab: Lab, stateDir: string) => Promise<void>): Promise<void> {
  await withTempDir(async (stateDir) => {
    const lab = await openLab({ stateDir, fs: liveFs(), mode: 'root' });
    try {
      await fn(lab, stateDir);
    } finally {
      assert.equal(await lab.close(), []);
    }
    assert.equal(tracesOf(lab.id, stateDir), []);
    assert.equal(await lab.close(), [], 'close may be called twice');
  });
}

const stdout = (result: OperationResult) =>
  result.output.filter(({ stream }) => stream === 'stdout').map(({ text }) => text);

const ns = (pid: number | 'self', type: string) => readlinkSync(`/proc/${pid}/ns/${type}`);

async function refusal(promise: Promise<unknown>): Promise<UserError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

/** Freezes a group by the file that its version has; false where it has none. */
function freeze(group: string): boolean {
  for (const [file, word] of [
    ['freezer.state', 'FROZEN'],
    ['cgroup.freeze', '1'],
  ] as const) {
    if (!existsSync(join(group, file))) continue;
    writeFileSync(join(group, file), word);
    return true;
  }
  return false;
}

function actorPid(lab: Lab, name: string): number {
  const actor = lab.actor(name);
  assert.ok(actor, `${name} is known`);
  return actor?.pid ?? 0;
}

live('actor: one process, its own namespaces and no other', async () => {
  await withLab(async (lab) => {
    const operation: Operation = {
      op: 'actor',
      name: 'box',
      namespaces: ['uts', 'ipc'],
      command: ['sleep', 'infinity'],
    };
    assert.is(lab.plan(operation).shell, 'unshare --uts --ipc sleep infinity &\nBOX=$!');
    await lab.perform(operation);
    const pid = actorPid(lab, 'box');
    assert.is(readFileSync(`/proc/${pid}/comm`, 'utf8'), 'sleep\n');
    for (const type of ['uts', 'ipc']) assert.is.not(ns(pid, type), ns('self', type), type);
    for (const type of ['mnt', 'pid', 'net', 'user', 'cgroup'])
      assert.is(ns(pid, type), ns('self', type), type);
    assert.equal(lab.actor('box')?.namespaces, ['uts', 'ipc']);
    const environ = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
    assert.equal(
      environ.map((word) => word.split('=')[0]),
      ['PATH', 'HOME', 'LANG', 'TERM', 'NSCOPE_LAB', 'NSCOPE_ACTOR'],
    );
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
    assert.is(Number(stat[3]), pid, 'a session of its own: Ctrl-C in the terminal does not reach it');
    assert.is(readlinkSync(`/proc/${pid}/fd/0`), '/dev/null');
  });
});

live('actor with a pid namespace, a root, its own /proc and a cgroup; nothing reaches the host', async () => {
  await withLab(async (lab) => {
    const mountsBefore = readFileSync('/proc/self/mountinfo', 'utf8');
    await lab.perform({ op: 'rootfs', name: 'base' });
    await lab.perform({ op: 'cgroup', name: 'small', limits: { 'pids.limit': '33' } });
    await lab.perform({
      op: 'actor',
      name: 'box',
      namespaces: ['pid', 'uts', 'net', 'cgroup'],
      rootfs: 'base',
      mountProc: true,
      cgroup: 'small',
      command: ['sleep', 'infinity'],
    });
    const pid = actorPid(lab, 'box');
    assert.equal(lab.actor('box')?.namespaces, ['mnt', 'cgroup', 'uts', 'pid', 'net']);
    for (const type of ['mnt', 'cgroup', 'uts', 'pid', 'net'])
      assert.is.not(ns(pid, type), ns('self', type), type);
    assert.match(readFileSync(`/proc/${pid}/status`, 'utf8'), new RegExp(`^NSpid:\\t${pid}\\t1$`, 'm'));
    assert.match(readlinkSync(`/proc/${pid}/root`), /\/rootfs-base$/);
    assert.match(readFileSync(`/proc/${pid}/cgroup`, 'utf8'), new RegExp(`/nscope-${lab.id}/small$`, 'm'));
    const [group = ''] = cgroupsNamed(`nscope-${lab.id}`);
    assert.is(readFileSync(join(group, 'small/pids.max'), 'utf8'), '33\n');
    assert.is(readFileSync('/proc/self/mountinfo', 'utf8'), mountsBefore, 'no mount on the host');
    const ps = await lab.perform({ op: 'run', in: 'box', command: ['ps', '-o', 'pid,args'] });
    assert.equal(ps.exit, 0);
    assert.match(stdout(ps).join('\n'), /^ +1 sleep infinity$/m);
    assert.not.match(stdout(ps).join('\n'), new RegExp(`^ *${pid} `, 'm'));
    const joined = await lab.perform({ op: 'run', in: 'box', command: ['cat', '/proc/self/cgroup'] });
    assert.match(stdout(joined).join('\n'), /:pids:\/$|^0::\/$/m, 'the command is in the group of the actor');
  });
});

live('all eight namespaces, and a shell inside them', async () => {
  await withLab(async (lab) => {
    await lab.perform({ op: 'rootfs', name: 'base' });
    await lab.perform({ op: 'cgroup', name: 'box', limits: { 'pids.limit': '40' } });
    await lab.perform({
      op: 'actor',
      name: 'box',
      namespaces: NS_TYPES,
      rootfs: 'base',
      mountProc: true,
      cgroup: 'box',
      command: ['sleep', 'infinity'],
    });
    const pid = actorPid(lab, 'box');
    for (const type of NS_TYPES) assert.is.not(ns(pid, type), ns('self', type), type);
    await lab.perform({ op: 'run', in: 'box', command: ['hostname', 'inside'] });
    const [file = '', ...args] = lab.shellIn('box', null)?.argv ?? [];
    const input = 'hostname; echo $$; ls -d /proc/1; cat /proc/self/cgroup; echo $NSCOPE_LAB; exit 4\n';
    const { stdout, stderr, status } = spawnSync(file, args, { input, encoding: 'utf8', timeout: 20_000 });
    assert.is(stderr, '');
    assert.is(status, 4);
    assert.match(stdout, /^inside\n\d{1,2}\n\/proc\/1\n/);
    assert.match(stdout, /:pids:\/$|^0::\/$/m);
    assert.match(stdout, new RegExp(`^${lab.id}$`, 'm'));
  });
});

live('run: in the actor, not on the host', async () => {
  await withLab(async (lab) => {
    const host = readFileSync('/proc/sys/kernel/hostname', 'utf8');
    await lab.perform({ op: 'actor', name: 'box', namespaces: ['uts'], command: ['sleep', 'infinity'] });
    const pid = actorPid(lab, 'box');
    const name = `box-${lab.id}`;
    assert.is(
      lab.plan({ op: 'run', in: 'box', command: ['hostname', name] }).shell,
      `nsenter --target ${pid} --uts hostname ${name}`,
    );
    await lab.perform({ op: 'run', in: 'box', command: ['hostname', name] });
    assert.equal(stdout(await lab.perform({ op: 'run', in: 'box', command: ['hostname'] })), [name]);
    assert.is(readFileSync('/proc/sys/kernel/hostname', 'utf8'), host);
    assert.equal(stdout(await lab.perform({ op: 'look', command: ['hostname'] })), [host.trim()]);
    const failed = await lab.perform({ op: 'run', in: 'box', command: ['sh', '-c', 'echo oh >&2; exit 3'] });
    assert.equal([failed.exit, failed.asExpected], [3, false]);
    assert.equal(failed.output.at(-1), { stream: 'stderr', text: 'oh' });
    const expected = await lab.perform({
      op: 'run',
      in: 'box',
      command: ['sh', '-c', 'kill -TERM $$'],
      exits: [143],
    });
    assert.equal([expected.exit, expected.asExpected], [143, true]);
    const hostile = await lab.perform({
      op: 'run',
      in: 'box',
      command: ['printf', '\\033]52;c;AA\\007\\tx\\n\\xff\\n'],
    });
    assert.equal(stdout(hostile).length, 2);
    assert.not.match(stdout(hostile).join(''), /[\u0000-\u001f\u007f-\u009f]/);
  });
});

live('a command that would act on the host is refused, and so are unknown names', async () => {
  await withLab(async (lab) => {
    await lab.perform({ op: 'actor', name: 'box', namespaces: ['ipc'], command: ['sleep', 'infinity'] });
    const host = readFileSync('/proc/sys/kernel/hostname', 'utf8');
    assert.match(
      (await refusal(lab.perform({ op: 'run', in: 'box', command: ['hostname', 'x'] }))).message,
      /would act on the host/,
    );
    assert.is(readFileSync('/proc/sys/kernel/hostname', 'utf8'), host);
    assert.match((await refusal(lab.perform({ op: 'run', in: 'fox', command: ['ls'] }))).hint ?? '', /box/);
    assert.match(
      (await refusal(lab.perform({ op: 'look', command: ['rm', '-rf', '/tmp/x'] }))).message,
      /only look/,
    );
    assert.match(
      (await refusal(lab.perform({ op: 'rootfs', name: '../x' }))).message,
      /no name for something of the lab/,
    );
  });
});

live('an actor that cannot start says why, and leaves nothing', async () => {
  await withLab(async (lab, stateDir) => {
    const error = await refusal(
      lab.perform({ op: 'actor', name: 'box', namespaces: ['pid', 'uts'], command: ['no-such-program'] }),
    );
    assert.match(error.message, /did not start: .*no-such-program/);
    assert.is(error.exitCode, 3);
    assert.is(lab.actor('box'), undefined);
    assert.equal(
      tracesOf(lab.id, stateDir).filter((trace) => trace.startsWith('process')),
      [],
    );
    const bad = await refusal(lab.perform({ op: 'cgroup', name: 'odd', limits: { 'pids.limit': 'many' } }));
    assert.match(bad.message, /refused many in .*pids\.max/);
    assert.equal(cgroupsNamed(`nscope-${lab.id}`), [], 'the groups of the failed operation are removed');
    await lab.perform({ op: 'actor', name: 'box', namespaces: ['uts'], command: ['sleep', 'infinity'] });
  });
});

live('unshare: the classic error, and a new /proc', async () => {
  await withLab(async (lab) => {
    const fork = await lab.perform({
      op: 'unshare',
      namespaces: ['pid'],
      fork: false,
      command: ['sh', '-c', 'true & wait; ls / & wait'],
      exits: [0, 1, 2],
    });
    assert.match(fork.output.map(({ text }) => text).join('\n'), /Cannot (fork|allocate)/i);
    const own = await lab.perform({
      op: 'unshare',
      namespaces: ['pid'],
      fork: true,
      mountProc: true,
      command: ['sh', '-c', 'echo $$; ls -d /proc/[0-9]*'],
    });
    assert.is(own.output[0]?.text, "unshare --pid --fork --mount-proc sh -c 'echo $$; ls -d /proc/[0-9]*'");
    assert.is(stdout(own)[0], '1');
    assert.ok(stdout(own).length <= 3, stdout(own).join(' '));
  });
});

live('signal: from inside PID 1 ignores KILL, from the host it does not', async () => {
  await withLab(async (lab) => {
    await lab.perform({
      op: 'actor',
      name: 'box',
      namespaces: ['pid'],
      mountProc: true,
      command: ['sleep', 'infinity'],
    });
    const pid = actorPid(lab, 'box');
    await lab.perform({ op: 'signal', actor: 'box', signal: 'KILL', from: 'inside' });
    assert.ok(existsSync(`/proc/${pid}/ns/mnt`), 'it still runs');
    assert.not.equal(lab.shellIn('box', null), null);
    await lab.perform({ op: 'signal', actor: 'box', signal: 'KILL', from: 'host' });
    assert.not.ok(existsSync(`/proc/${pid}/ns/mnt`));
    assert.is(lab.shellIn('box', null), null);
    assert.match(
      (await refusal(lab.perform({ op: 'signal', actor: 'box', signal: 'KILL', from: 'host' }))).message,
      /has ended/,
    );
  });
});

live('rootfs: hard copies, no link leads out, a user can be root in it', async () => {
  await withLab(async (lab, stateDir) => {
    await lab.perform({ op: 'rootfs', name: 'base' });
    const root = join(stateDir, 'labs', lab.id, 'rootfs-base');
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      const path = join(root, name);
      const stat = lstatSync(path);
      if (stat.isFile()) assert.is(stat.nlink, 1, name);
      if (stat.isSymbolicLink()) assert.not.match(readlinkSync(path), /^\/|\.\./, name);
    }
    const listed = await lab.perform({
      op: 'unshare',
      namespaces: ['user', 'mnt', 'pid'],
      fork: true,
      mountProc: true,
      rootfs: 'base',
      command: ['sh', '-c', 'id -u; ls /'],
    });
    assert.equal(stdout(listed)[0], '0');
    assert.match(stdout(listed).join(' '), /bin dev etc proc root sys tmp/);
  });
});

live('an aborted command ends at once with all that it started; the lab goes on', async () => {
  await withLab(async (lab, stateDir) => {
    await lab.perform({ op: 'actor', name: 'box', namespaces: ['uts'], command: ['sleep', 'infinity'] });
    const abort = new AbortController();
    const seen: OutputLine[] = [];
    const begin = Date.now();
    const result = await lab.perform(
      { op: 'run', in: 'box', command: ['sh', '-c', 'sleep 300 & echo started; wait'] },
      {
        signal: abort.signal,
        onOutput: (line) => {
          seen.push(line);
          if (line.text === 'started') abort.abort();
        },
      },
    );
    assert.ok(Date.now() - begin < 5000);
    assert.is(result.asExpected, false);
    assert.ok(seen.some(({ text }) => text === 'started'));
    const marks = tracesOf(lab.id, stateDir).filter((trace) => trace.startsWith('process'));
    assert.is(marks.length, 1, 'the actor alone');
  });
});

live('close ends what runs and what has detached itself, frozen groups too', async () => {
  await withLab(async (lab) => {
    await lab.perform({ op: 'cgroup', name: 'cold', limits: { 'pids.limit': '20', 'freezer.freeze': '0' } });
    await lab.perform({
      op: 'actor',
      name: 'hog',
      namespaces: ['uts'],
      cgroup: 'cold',
      command: ['sh', '-c', 'setsid sleep 1000 & env -i sleep 1000 & exec sleep 1000'],
    });
    const groups = cgroupsNamed(`nscope-${lab.id}`).map((top) => join(top, 'cold'));
    assert.ok(groups.length > 0);
    const slow = lab.perform({ op: 'run', in: 'hog', command: ['sleep', '100'] });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const frozen = groups.filter((group) => freeze(group));
    assert.is(frozen.length, 1, 'one hierarchy freezes');
    assert.equal(await lab.close(), []);
    assert.is((await slow).asExpected, false);
    assert.match((await refusal(lab.perform({ op: 'look', command: ['ls'] }))).message, /closed/);
  });
});

test.run();
