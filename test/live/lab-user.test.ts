// User namespaces of the lab on the real kernel: an actor without a map, the map written from outside, what root inside is outside.
import { readFileSync, readlinkSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveFs } from '../../src/host/live-fs.ts';
import { cleanup } from '../../src/lab/cleanup.ts';
import { OTHER_ID } from '../../src/lab/ids.ts';
import { openLab } from '../../src/lab/open.ts';
import type { Lab, Operation, OperationResult } from '../../src/lab/types.ts';
import { UserError } from '../../src/text/errors.ts';
import { childArgv, runChild } from '../lab/child.ts';
import { tracesOf } from '../lab/traces.ts';
import { maybe, need } from '../support/need.ts';
import { until } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('lab: user namespaces');
const live = maybe(test, need({ root: true, userns: true, tools: ['unshare', 'nsenter', 'setpriv'] }));

async function withLab(fn: (lab: Lab, stateDir: string) => Promise<void>): Promise<void> {
  await withTempDir(async (stateDir) => {
    const lab = await openLab({ stateDir, fs: liveFs(), mode: 'root' });
    try {
      await fn(lab, stateDir);
    } finally {
      assert.equal(await lab.close(), []);
    }
    assert.equal(tracesOf(lab.id, stateDir), []);
  });
}

const NOBODY: Operation = {
  op: 'actor',
  name: 'box',
  namespaces: ['user', 'mnt'],
  map: 'none',
  command: ['sleep', 'infinity'],
};
const MAP: Operation = { op: 'id-map', of: 'box', ids: 'range' };

const stdout = ({ output }: OperationResult) =>
  output.filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
const pidOf = (lab: Lab, name: string): number => lab.actor(name)?.pid ?? 0;
const read = (lab: Lab, file: string) => readFileSync(`/proc/${pidOf(lab, 'box')}/${file}`, 'utf8');
const words = (text: string) => text.trim().split(/\s+/);

async function refusal(promise: Promise<unknown>): Promise<UserError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

live('an actor without a map is nobody inside, and an ordinary user outside', async () => {
  await withLab(async (lab) => {
    assert.is(
      lab.plan(NOBODY).shell,
      'setpriv --reuid 2000000000 --regid 2000000000 --clear-groups unshare --user --mount sleep infinity &\nBOX=$!',
    );
    await lab.perform(NOBODY);
    assert.is(read(lab, 'uid_map'), '');
    assert.match(read(lab, 'status'), new RegExp(`^Uid:\t${OTHER_ID}\t${OTHER_ID}\t`, 'm'));
    assert.is.not(readlinkSync(`/proc/${pidOf(lab, 'box')}/ns/user`), readlinkSync('/proc/self/ns/user'));
    assert.equal(stdout(await lab.perform({ op: 'run', in: 'box', command: ['id', '-u'] })), ['65534']);
    const { signal } = new AbortController();
    const maps = await lab.ask<'maps'>({ ask: 'maps', of: 'box' }, signal);
    assert.equal(maps.ok && maps.value, { uid: [], gid: [], setgroups: 'allow' });
    const status = await lab.ask<'status'>({ ask: 'status', of: 'box' }, signal);
    assert.is(status.ok && status.value.uids.effective, OTHER_ID);
    assert.is(status.ok && status.value.capabilities.effective, '0000000000000000');
  });
});

live('the map makes it root inside and nothing outside', async () => {
  await withLab(async (lab) => {
    await lab.perform(NOBODY);
    const pid = pidOf(lab, 'box');
    assert.is(
      lab.plan(MAP).shell,
      `echo '0 2000000000 65536' > /proc/${pid}/uid_map\necho '0 2000000000 65536' > /proc/${pid}/gid_map`,
    );
    await lab.perform(MAP);
    assert.equal(words(read(lab, 'uid_map')), ['0', String(OTHER_ID), '65536']);
    assert.equal(words(read(lab, 'gid_map')), ['0', String(OTHER_ID), '65536']);
    const run = async (...command: string[]) =>
      await lab.perform({ op: 'run', in: 'box', command, exits: [0, 1, 2] });
    assert.equal(stdout(await run('id', '-u')), ['0']);
    assert.equal(stdout(await run('id', '-g')), ['0']);
    assert.match(stdout(await run('grep', 'CapEff', '/proc/self/status')).join(), /ffffffff$/);
    assert.is((await run('mount', '-t', 'tmpfs', 'none', '/mnt')).exit, 0);
    assert.is((await run('touch', '/mnt/file')).exit, 0);
    const listed = await lab.perform({ op: 'look', command: ['ls', '-ln', `/proc/${pid}/root/mnt`] });
    assert.match(stdout(listed).join('\n'), new RegExp(` ${OTHER_ID} ${OTHER_ID} .*file$`));
    const shadow = await run('sh', '-c', 'head -c 1 /etc/shadow >/dev/null');
    assert.is.not(shadow.exit, 0);
    // With its own name: were it allowed, nothing would change.
    assert.is.not((await run('sh', '-c', 'hostname "$(hostname)"')).exit, 0);
  });
});

live('`map: root` is one id, written by unshare', async () => {
  await withLab(async (lab) => {
    await lab.perform({ ...NOBODY, map: 'root' });
    assert.equal(words(read(lab, 'uid_map')), ['0', String(OTHER_ID), '1']);
    assert.is(read(lab, 'setgroups'), 'deny\n');
    assert.match(read(lab, 'status'), /^CapEff:\t0*1?f{8,}$/m);
    assert.equal(stdout(await lab.perform({ op: 'run', in: 'box', command: ['id', '-u'] })), ['0']);
    const [file = '', ...args] = lab.shellIn('box', null)?.argv ?? [];
    assert.ok([file, ...args].includes(String(OTHER_ID)), 'the shell takes the same user');
  });
});

live('a map is written once, and only where there is one to write', async () => {
  await withLab(async (lab) => {
    await lab.perform(NOBODY);
    await lab.perform(MAP);
    assert.match((await refusal(lab.perform(MAP))).message, /written already/);
    assert.equal(words(read(lab, 'uid_map')), ['0', String(OTHER_ID), '65536']);
    await lab.perform({ op: 'actor', name: 'plain', namespaces: ['uts'], command: ['sleep', 'infinity'] });
    assert.match((await refusal(lab.perform({ ...MAP, of: 'plain' }))).message, /no user namespace/);
    await lab.perform({ op: 'signal', actor: 'box', signal: 'KILL', from: 'host' });
    assert.match((await refusal(lab.perform(MAP))).message, /has ended/);
  });
});

live('unshare without a map keeps its capabilities; gid_map wants setgroups denied', async () => {
  await withLab(async (lab) => {
    const lines = [
      'cat /proc/$$/setgroups',
      'echo "0 {outside:gid} 1" | tee /proc/$$/gid_map >/dev/null && echo written',
      'echo deny > /proc/$$/setgroups',
      'echo "0 {outside:gid} 1" | tee /proc/$$/gid_map >/dev/null && echo written',
    ];
    const { output } = await lab.perform({
      op: 'unshare',
      namespaces: ['user'],
      fork: false,
      map: 'none',
      command: ['sh', '-c', lines.join('; ')],
    });
    const said = output.filter(({ stream }) => stream !== 'command').map(({ text }) => text);
    assert.match(said.join('\n'), /^allow\n.*gid_map.*Operation not permitted\nwritten$/);
    assert.match(output[0]?.text ?? '', /^setpriv .* unshare --user --keep-caps sh -c .*0 2000000000 1/);
  });
});

live('close ends a command of another user', async () => {
  await withLab(async (lab, stateDir) => {
    await lab.perform(NOBODY);
    await lab.perform(MAP);
    const slow = lab.perform({ op: 'run', in: 'box', command: ['sleep', '100'] });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const marked = tracesOf(lab.id, stateDir).filter((trace) => trace.startsWith('process'));
    assert.ok(marked.length >= 2, marked.join());
    assert.equal(await lab.close(), []);
    assert.is((await slow).asExpected, false);
    assert.equal(tracesOf(lab.id, stateDir), []);
  });
});

live('actors of another user die with the program, even by SIGKILL', async () => {
  await withTempDir(async (stateDir) => {
    // The line of the journal that tells that the last actor of another user runs.
    const { stdout, signal } = await runChild(childArgv('crash-child.ts', stateDir, '10', 'user'));
    assert.is(signal, 'SIGKILL');
    const [lab = ''] = stdout.split('\n');
    await until(
      'the end of the actors',
      () => !tracesOf(lab, stateDir).some((trace) => trace.startsWith('process')),
    );
    assert.equal((await cleanup({ stateDir, fs: liveFs() })).left, []);
    assert.equal(tracesOf(lab, stateDir), []);
  });
});

test.run();
