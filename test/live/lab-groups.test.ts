// timeout: 300
// The lab's cgroups on the real kernel, as root: limits written and refused, groups in groups, the whole of a group killed, what is asked of it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveFs } from '../../src/host/live-fs.ts';
import { cleanup } from '../../src/lab/cleanup.ts';
import { readJournal } from '../../src/lab/ledger.ts';
import { limit as limitKind } from '../../src/lab/operations/limit.ts';
import { openLab } from '../../src/lab/open.ts';
import type { GroupAnswer } from '../../src/lab/questions.ts';
import type { Lab, OperationResult } from '../../src/lab/types.ts';
import { UserError } from '../../src/text/errors.ts';
import { childArgv, runChild } from '../lab/child.ts';
import { cgroupsNamed, tracesOf } from '../lab/traces.ts';
import { removeGroup } from '../support/cgroups.ts';
import { maybe, need } from '../support/need.ts';
import { until } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('lab: groups');
const live = maybe(test, need({ root: true, tools: ['unshare', 'nsenter', 'setpriv'] }));
const fs = liveFs();

async function withLab(fn: (lab: Lab, stateDir: string) => Promise<void>): Promise<void> {
  await withTempDir(async (stateDir) => {
    const lab = await openLab({ stateDir, fs, mode: 'root' });
    try {
      await fn(lab, stateDir);
    } finally {
      assert.equal(await lab.close(), []);
    }
    assert.equal(tracesOf(lab.id, stateDir), []);
  });
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

const notes = ({ output }: OperationResult) =>
  output.filter(({ stream }) => stream === 'note').map(({ text }) => text);
const stdout = ({ output }: OperationResult) =>
  output.filter(({ stream }) => stream === 'stdout').map(({ text }) => text);

/** The file of this name in any of the lab's groups so named. */
function fileOf(lab: Lab, group: string, ...names: readonly string[]): string {
  const found = cgroupsNamed(`nscope-${lab.id}`)
    .flatMap((top) => names.map((name) => join(top, group, name)))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`no ${names.join(', ')} in ${group}`);
  return found;
}
const limitFile = (lab: Lab, group: string) => fileOf(lab, group, 'memory.limit_in_bytes', 'memory.max');
const text = (path: string) => readFileSync(path, 'utf8').trim();

async function ask(lab: Lab, of: string, controller = 'memory'): Promise<GroupAnswer> {
  const answer = await lab.ask<'group'>({ ask: 'group', of, controller }, new AbortController().signal);
  if (!answer.ok) throw new Error(`${answer.why} ${answer.path}`);
  return answer.value;
}

live(
  'limit: written by its neutral name, said as the kernel has rounded it, and shown by the placeholder',
  async () => {
    await withLab(async (lab) => {
      await lab.perform({ op: 'cgroup', name: 'box', limits: { 'memory.limit': '48M', 'pids.limit': '9' } });
      const file = limitFile(lab, 'box');
      const operation = { op: 'limit', cgroup: 'box', limits: { 'memory.limit': '33558000' } } as const;
      assert.is(lab.plan(operation).shell, `echo 33558000 > ${file}`);
      const done = await lab.perform(operation);
      assert.is(text(file), '33554432', 'whole pages');
      assert.equal(notes(done), [`${file} says 33554432`]);
      const shown = await lab.perform({ op: 'look', command: ['cat', '{cgroup:memory.limit:box}'] });
      assert.equal([shown.output[0]?.text, stdout(shown)], [`cat ${file}`, ['33554432']]);
      const listed = await lab.perform({ op: 'look', command: ['ls', '-d', '{cgroup:memory:box}'] });
      assert.equal(stdout(listed), [dirname(file)]);
      assert.match(
        (await refusal(lab.perform({ op: 'look', command: ['cat', '{cgroup:memory.nothing:box}'] }))).message,
        /no "memory\.nothing"/,
      );
      assert.match(
        (await refusal(lab.perform({ op: 'look', command: ['cat', '{cgroup:hugetlb:box}'] }))).message,
        /has no hugetlb on this host/,
      );
    });
  },
);

live('limit: the line typed by hand gives the same', async () => {
  await withLab(async (lab) => {
    await lab.perform({ op: 'cgroup', name: 'a', limits: { 'memory.limit': '48M', 'freezer.freeze': '0' } });
    await lab.perform({ op: 'cgroup', name: 'b', limits: { 'memory.limit': '48M', 'freezer.freeze': '0' } });
    const limits = { 'memory.limit': '16M', 'freezer.freeze': '1' };
    await lab.perform({ op: 'limit', cgroup: 'a', limits });
    const typed = lab.plan({ op: 'limit', cgroup: 'b', limits }).shell;
    assert.is(spawnSync('sh', ['-c', typed]).status, 0);
    for (const controller of ['memory', 'freezer']) {
      const pick = ({ values }: GroupAnswer) => [values['limit'], values['freeze'], values['frozen']];
      assert.equal(pick(await ask(lab, 'b', controller)), pick(await ask(lab, 'a', controller)));
    }
    assert.equal((await ask(lab, 'b')).values['limit'], { ok: true, value: '16777216' });
  });
});

live(
  'limit: what the kernel refuses is told with file, value and reason, and what went before is taken back',
  async () => {
    await withLab(async (lab) => {
      await lab.perform({ op: 'cgroup', name: 'box', limits: { 'memory.limit': '48M', 'pids.limit': '9' } });
      const pids = fileOf(lab, 'box', 'pids.max');
      const error = await refusal(
        lab.perform({
          op: 'limit',
          cgroup: 'box',
          limits: { 'memory.limit': '32M', 'pids.limit': 'many' },
        }),
      );
      assert.is(error.message, `the kernel refused many in ${pids}: EINVAL`);
      assert.is(text(limitFile(lab, 'box')), String(48 << 20), 'nothing is half done');
      assert.match(
        (await refusal(lab.perform({ op: 'limit', cgroup: 'box', limits: { 'memory.max': '1' } }))).message,
        /unknown limit "memory\.max"/,
      );
      assert.match(
        (await refusal(lab.perform({ op: 'limit', cgroup: 'fox', limits: { 'pids.limit': '1' } }))).hint ??
          '',
        /box/,
      );
    });
  },
);

live('limit: what this version has no file for is left out, and said', async () => {
  await withLab(async (lab) => {
    await lab.perform({ op: 'cgroup', name: 'box', limits: { 'memory.limit': '48M' } });
    const { version } = await ask(lab, 'box');
    const done = await lab.perform({
      op: 'limit',
      cgroup: 'box',
      limits: { 'memory.high': '16M', 'memory.softLimit': '16M' },
    });
    const absent = version === 1 ? 'memory.high' : 'memory.softLimit';
    assert.ok(
      notes(done).includes(
        `${absent} is left out: cgroup v${version} has nothing that it could be written to`,
      ),
      notes(done).join('\n'),
    );
    const { values } = await ask(lab, 'box');
    assert.equal(values[version === 1 ? 'softLimit' : 'high'], { ok: true, value: '16777216' });
    assert.is(values[version === 1 ? 'high' : 'softLimit']?.ok ?? false, false);
  });
});

live(
  'limit: undone from the ledger by identity, twice, and never in a group that took the place',
  async () => {
    await withLab(async (lab, stateDir) => {
      await lab.perform({ op: 'cgroup', name: 'box', limits: { 'memory.limit': '48M' } });
      await lab.perform({ op: 'limit', cgroup: 'box', limits: { 'memory.limit': '32M' } });
      const file = limitFile(lab, 'box');
      const directory = join(stateDir, 'labs', lab.id);
      const { entries } = readJournal(readFileSync(join(directory, 'journal.jsonl'), 'utf8'));
      const entry = entries.find(({ made }) => made.op === 'limit');
      if (entry?.made.op !== 'limit') throw new Error('no entry');
      const { made, identity } = entry;
      assert.equal(made, { op: 'limit', file, before: String(48 << 20) });
      const undoing = { lab: lab.id, directory, fs, lang: 'en', since: 0, sameBoot: true } as const;
      const stat = statSync(dirname(file));
      assert.equal(identity, { dev: stat.dev, ino: stat.ino });
      await limitKind.undo(made, { dev: stat.dev, ino: stat.ino + 1 }, undoing);
      assert.is(text(file), String(32 << 20), 'another inode: left alone');
      await limitKind.undo(made, identity, { ...undoing, lab: '0badcafe' });
      assert.is(text(file), String(32 << 20), 'another lab: left alone');
      for (let i = 0; i < 2; i++) await limitKind.undo(made, identity, undoing);
      assert.is(text(file), String(48 << 20));
    });
  },
);

live(
  'a group in a group: the ancestor’s limit is in force, and only the inner one takes processes',
  async () => {
    await withLab(async (lab) => {
      await lab.perform({ op: 'cgroup', name: 'pod', limits: { 'memory.limit': '32M' } });
      const inner = { op: 'cgroup', name: 'web', in: 'pod', limits: { 'memory.limit': '48M' } } as const;
      await lab.perform(inner);
      assert.is(text(limitFile(lab, 'pod/web')), String(48 << 20));
      const { effective, directory } = await ask(lab, 'web');
      assert.is(effective['limit']?.value, String(32 << 20));
      assert.match(effective['limit']?.setBy ?? '', new RegExp(`/nscope-${lab.id}/pod$`));
      await lab.perform({
        op: 'actor',
        name: 'web',
        namespaces: [],
        cgroup: 'web',
        command: ['sleep', '99'],
      });
      const pid = lab.actor('web')?.pid ?? 0;
      assert.match(
        readFileSync(`/proc/${pid}/cgroup`, 'utf8'),
        new RegExp(`/nscope-${lab.id}/pod/web$`, 'm'),
      );
      assert.equal((await ask(lab, 'web')).procs, [pid]);
      assert.equal((await ask(lab, 'pod')).procs, []);
      assert.is(directory, dirname(limitFile(lab, 'pod/web')));
      const lost = await refusal(lab.perform({ op: 'cgroup', name: 'x', in: 'nopod', limits: {} }));
      assert.match(lost.message, /no cgroup named "nopod"/);
    });
  },
);

live('an OOM kill in a group: exit 137, counted, and asked for after the end', async () => {
  await withLab(async (lab) => {
    await lab.perform({
      op: 'cgroup',
      name: 'box',
      limits: { 'memory.limit': '24M', 'memory.memorySwapLimit': '25M', 'memory.swapLimit': '0' },
    });
    await lab.perform({ op: 'actor', name: 'box', namespaces: [], cgroup: 'box', command: ['sleep', '99'] });
    const big = {
      op: 'run',
      in: 'box',
      command: ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=48M', 'count=1'],
    } as const;
    assert.equal((await ask(lab, 'box')).values['oomKill'], { ok: true, value: '0' });
    const done = await lab.perform({ ...big, exits: [137] });
    assert.equal([done.exit, done.asExpected], [137, true]);
    assert.equal((await ask(lab, 'box')).values['oomKill'], { ok: true, value: '1' });
    await lab.perform({ op: 'kill-group', cgroup: 'box' });
    const after = await ask(lab, 'box');
    assert.equal([after.procs, after.values['oomKill']], [[], { ok: true, value: '1' }]);
    const gone = await lab.ask<'group'>(
      { ask: 'group', of: 'fox', controller: 'memory' },
      new AbortController().signal,
    );
    assert.equal([gone.ok, !gone.ok && gone.why], [false, 'gone']);
  });
});

live(
  'kill-group: all of them, frozen ones too, and what has detached itself; typed by hand it is the same',
  async () => {
    await withLab(async (lab) => {
      const crowd = ['sh', '-c', 'sleep 98 & setsid sleep 97 & env -i sleep 96 & exec sleep 95'];
      for (const name of ['a', 'b']) {
        await lab.perform({ op: 'cgroup', name, limits: { 'pids.limit': '20', 'freezer.freeze': '0' } });
        await lab.perform({ op: 'actor', name, namespaces: [], cgroup: name, command: crowd });
      }
      const count = async (of: string) => (await ask(lab, of, 'pids')).procs.length;
      for (const of of ['a', 'b']) await until(`${of} to have four`, async () => (await count(of)) === 4);
      const typed = lab.plan({ op: 'kill-group', cgroup: 'b' }).shell;
      assert.match(typed, /^echo 1 > \S+\/b\/cgroup\.kill$|^kill -KILL \$\(cat \S+\/b\/cgroup\.procs\)$/);
      assert.is(spawnSync('sh', ['-c', typed]).status, 0);
      await until('b to be empty', async () => (await count('b')) === 0);
      await lab.perform({ op: 'limit', cgroup: 'a', limits: { 'freezer.freeze': '1' } });
      const done = await lab.perform({ op: 'kill-group', cgroup: 'a' });
      assert.match(notes(done).join(), /^killed in a: \d+(, \d+){3}$/);
      assert.is(await count('a'), 0);
      assert.equal(notes(await lab.perform({ op: 'kill-group', cgroup: 'a' })), ['no process was in a']);
    });
  },
);

live('kill-group: somebody else in the group lives, and so do the others', async () => {
  await withLab(async (lab) => {
    await lab.perform({ op: 'cgroup', name: 'box', limits: { 'pids.limit': '20' } });
    await lab.perform({ op: 'actor', name: 'box', namespaces: [], cgroup: 'box', command: ['sleep', '99'] });
    const guest = spawn('sh', ['-c', 'sleep 98 & echo $!'], { stdio: ['ignore', 'pipe', 'inherit'] });
    // An orphan: neither marked nor a descendant of this program.
    const pid = await new Promise<number>((resolve) => {
      guest.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())));
    });
    try {
      await new Promise((resolve) => guest.once('exit', resolve));
      writeFileSync(fileOf(lab, 'box', 'cgroup.procs'), String(pid));
      const error = await refusal(lab.perform({ op: 'kill-group', cgroup: 'box' }));
      assert.is(
        error.message,
        `process ${pid} in the cgroup box was not started by the lab: nobody was killed`,
      );
      assert.ok(existsSync(`/proc/${pid}`));
      assert.not.equal(lab.shellIn('box', null), null);
    } finally {
      process.kill(pid, 'SIGKILL');
    }
    await until('the guest to be gone', async () => (await ask(lab, 'box', 'pids')).procs.length === 1);
  });
});

live('SIGKILL right after the intent of a limit; a foreign group with a lab’s name lives on', async () => {
  await withTempDir(async (stateDir) => {
    const journalOf = async (line: number) => {
      const { stdout } = await runChild(childArgv('crash-child.ts', stateDir, String(line)));
      const id = stdout.trim();
      return { id, journal: readFileSync(join(stateDir, 'labs', id, 'journal.jsonl'), 'utf8') };
    };
    const whole = await runChild(childArgv('crash-child.ts', stateDir, '0'));
    // Killed when nearly all is undone, it has a journal that tells at which lines the limits stand.
    const { journal } = await journalOf(Number(/lines (\d+)/.exec(whole.stdout)?.[1]) - 2);
    await cleanup({ stateDir, fs });
    const at = journal.split('\n').flatMap((line, i) => (/"intent".*"limit"/.test(line) ? [i + 1] : []));
    assert.is(at.length, 3);
    for (const line of at) {
      const { id, journal } = await journalOf(line);
      const last = journal.trim().split('\n').at(-1) ?? '';
      assert.match(last, /"intent".*"limit"/);
      const { file } = (JSON.parse(last) as { made: { file: string } }).made;
      assert.ok(existsSync(file), 'the group is there');
      const [top = ''] = cgroupsNamed(`nscope-${id}`);
      const foreign = join(dirname(top), 'nscope-deadbee7');
      mkdirSync(foreign);
      try {
        const { refused, left } = await cleanup({ stateDir, fs });
        assert.equal(
          [...refused, ...left].filter(({ lab }) => lab === id),
          [],
        );
        assert.equal(tracesOf(id, stateDir), []);
        assert.ok(existsSync(foreign));
      } finally {
        await removeGroup(foreign);
      }
    }
  });
});

test.run();
