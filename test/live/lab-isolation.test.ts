// timeout: 300
// What is not the lab's stays: foreign cgroups, another live lab, objects that took a lab's name. And a state directory that cannot be written.
import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveFs } from '../../src/host/live-fs.ts';
import { audit } from '../../src/lab/audit.ts';
import { cleanup } from '../../src/lab/cleanup.ts';
import { openLab } from '../../src/lab/open.ts';
import { stateDir as findStateDir } from '../../src/lab/state-dir.ts';
import type { Lab, Leftover } from '../../src/lab/types.ts';
import { UserError } from '../../src/text/errors.ts';
import { childArgv, runChild } from '../lab/child.ts';
import { ALL_OPERATIONS } from '../lab/plan.ts';
import { cgroupsNamed, markedPids, tracesOf } from '../lab/traces.ts';
import { removeGroup } from '../support/cgroups.ts';
import { maybe, need } from '../support/need.ts';
import { withTempDir } from '../support/temp.ts';

const fs = liveFs();

const test = suite('lab: isolation');
const live = maybe(test, need({ root: true, tools: ['unshare', 'nsenter', 'setpriv'] }));

/** A dead lab: its id, left behind by a child that killed itself after `line` lines of its journal. */
async function deadLab(stateDir: string, line: number): Promise<string> {
  const { stdout, stderr, signal } = await runChild(childArgv('crash-child.ts', stateDir, `${line}`));
  assert.is(signal, 'SIGKILL', stderr);
  return stdout.split('\n')[0] ?? '';
}

/** A directory where a lab makes its cgroups; one hierarchy is enough. */
function cgroupRoot(): string {
  const line = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .find((text) => / - cgroup \S+ .*\bpids\b/.test(text) || / - cgroup2 /.test(text));
  return line?.split(' ')[4] ?? '';
}

function ofLab(leftovers: readonly Leftover[], lab: string): readonly Leftover[] {
  return leftovers.filter((leftover) => leftover.lab === lab);
}

async function withForeignCgroup(name: string, fn: (path: string) => Promise<void>): Promise<void> {
  const path = join(cgroupRoot(), name);
  mkdirSync(path);
  try {
    await fn(path);
  } finally {
    if (existsSync(path)) rmdirSync(path);
  }
}

live('a cgroup with a name like a lab’s is never removed; one that could be a lab’s is named', async () => {
  await withTempDir(async (stateDir) => {
    const unknown = 'deadbee5';
    await withForeignCgroup('nscope-mine', async (mine) => {
      await withForeignCgroup(`nscope-${unknown}`, async (foreign) => {
        const lab = await deadLab(stateDir, 12);
        const before = await audit({ stateDir, fs });
        assert.equal(
          ofLab(before, unknown).map(({ kind, what, live: isLive }) => [kind, what, isLive]),
          [['cgroup', foreign, false]],
        );
        assert.not.ok(before.some(({ what }) => what === mine));
        const { refused } = await cleanup({ stateDir, fs });
        assert.match(ofLab(refused, unknown)[0]?.reason ?? '', /owner is unknown/);
        assert.ok(existsSync(mine));
        assert.ok(existsSync(foreign));
        assert.equal(tracesOf(lab, stateDir), []);
      });
    });
  });
});

live('an object that took the place of the lab’s is refused, with the reason in both languages', async () => {
  await withTempDir(async (stateDir) => {
    const lab = await deadLab(stateDir, 17);
    const tops = cgroupsNamed(`nscope-${lab}`);
    const [top = ''] = tops;
    // The same name, another inode. The killed lab's processes may still be leaving the group.
    await removeGroup(top);
    mkdirSync(top);
    const rootfs = join(stateDir, 'labs', lab, 'rootfs-base');
    renameSync(rootfs, join(stateDir, 'elsewhere'));
    mkdirSync(rootfs);
    writeFileSync(join(rootfs, 'precious'), 'x');
    try {
      const english = ofLab((await cleanup({ stateDir, fs })).refused, lab);
      assert.equal(
        english
          .filter(({ reason }) => /but is another/.test(reason ?? ''))
          .map(({ what }) => what)
          .sort(),
        [rootfs, top].sort(),
      );
      const chinese = ofLab((await cleanup({ stateDir, fs, lang: 'zh-CN' })).refused, lab);
      assert.ok(chinese.some(({ reason }) => /并非同一个/.test(reason ?? '')));
      assert.ok(existsSync(top));
      assert.ok(existsSync(join(rootfs, 'precious')));
      assert.equal(cgroupsNamed(`nscope-${lab}`), [top], 'the others are gone');
    } finally {
      rmdirSync(top);
      rmSync(rootfs, { recursive: true });
    }
    const { done } = await cleanup({ stateDir, fs });
    assert.ok(done.length > 0);
    assert.equal(tracesOf(lab, stateDir), []);
  });
});

live('two labs at once do not meet, and a live one is left alone by cleanup', async () => {
  await withTempDir(async (stateDir) => {
    const labs: Lab[] = [];
    try {
      for (const _ of [1, 2]) labs.push(await openLab({ stateDir, fs, mode: 'root' }));
      const [one, two] = labs;
      if (one === undefined || two === undefined) throw new Error('unreachable');
      assert.is.not(one.id, two.id);
      await Promise.all(
        labs.map(async (lab) => {
          for (const operation of ALL_OPERATIONS) await lab.perform(operation);
        }),
      );
      const dead = await deadLab(stateDir, 17);
      const { left, done } = await cleanup({ stateDir, fs });
      assert.ok(done.some((line) => line.includes(dead)));
      assert.equal(tracesOf(dead, stateDir), []);
      for (const lab of labs) {
        assert.ok(ofLab(left, lab.id).every((leftover) => leftover.live));
        assert.match(
          ofLab(left, lab.id)
            .map(({ reason }) => reason)
            .join(),
          /in use by process/,
        );
        assert.ok(lab.shellIn('box', null) !== null);
      }
      assert.equal(await one.close(), []);
      assert.equal(tracesOf(one.id, stateDir), []);
      assert.ok(markedPids(two.id).length >= 2, 'the other lab still runs');
      assert.equal(await two.close(), []);
      assert.equal(tracesOf(two.id, stateDir), []);
    } finally {
      for (const lab of labs) await lab.close();
    }
  });
});

live('a process that somebody else moved into the lab’s cgroup is not killed', async () => {
  await withTempDir(async (stateDir) => {
    const visitor = spawn('sleep', ['1000'], { stdio: 'ignore' });
    // It must be older than the lab by the kernel's clock ticks.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const lab = await deadLab(stateDir, 17);
    try {
      const [top = ''] = cgroupsNamed(`nscope-${lab}`);
      const group = join(top, 'box');
      writeFileSync(join(group, 'cgroup.procs'), `${visitor.pid}`);
      const { refused } = await cleanup({ stateDir, fs });
      assert.match(ofLab(refused, lab)[0]?.reason ?? '', /older than the lab/);
      assert.is(visitor.exitCode, null);
      assert.is(visitor.signalCode, null);
      writeFileSync(join(top, '..', 'cgroup.procs'), `${visitor.pid}`);
    } finally {
      visitor.kill('SIGKILL');
    }
    await cleanup({ stateDir, fs });
    assert.equal(tracesOf(lab, stateDir), []);
  });
});

live(
  'a newer process that somebody else moved into the lab’s cgroup is not killed; the lab’s own are',
  async () => {
    await withTempDir(async (stateDir) => {
      const lab = await deadLab(stateDir, 17);
      const visitor = spawn('sleep', ['1000'], { stdio: 'ignore' });
      const own = spawn('sleep', ['1000'], { stdio: 'ignore', env: { ...process.env, NSCOPE_LAB: lab } });
      const ended = new Promise((resolve) => own.once('exit', resolve));
      try {
        const tops = cgroupsNamed(`nscope-${lab}`);
        const [top = ''] = tops;
        for (const { pid } of [visitor, own]) writeFileSync(join(top, 'box', 'cgroup.procs'), `${pid}`);
        const english = ofLab((await cleanup({ stateDir, fs })).refused, lab);
        assert.ok(
          english.some(
            ({ what, reason }) =>
              what === join(top, 'box') &&
              reason?.includes(`process ${visitor.pid} in it has no mark of the lab`),
          ),
          JSON.stringify(english),
        );
        const chinese = ofLab((await cleanup({ stateDir, fs, lang: 'zh-CN' })).refused, lab);
        assert.ok(chinese.some(({ reason }) => /没有实验环境的标记/.test(reason ?? '')));
        assert.is(visitor.exitCode, null);
        assert.is(visitor.signalCode, null);
        await ended;
        assert.is(own.signalCode, 'SIGKILL', 'a background job of the learner’s carries the mark');
        writeFileSync(join(top, '..', 'cgroup.procs'), `${visitor.pid}`);
      } finally {
        for (const child of [visitor, own]) child.kill('SIGKILL');
      }
      await cleanup({ stateDir, fs });
      assert.equal(tracesOf(lab, stateDir), []);
    });
  },
);

live('a descendant of an actor is the lab’s own, even without the mark in its environment', async () => {
  await withTempDir(async (stateDir) => {
    const lab = await openLab({ stateDir, fs, mode: 'root' });
    try {
      await lab.perform({ op: 'cgroup', name: 'box', limits: { 'pids.limit': '64' } });
      const script = 'env -i sleep 1000 & exec sleep infinity';
      await lab.perform({
        op: 'actor',
        name: 'box',
        namespaces: ['uts'],
        cgroup: 'box',
        command: ['sh', '-c', script],
      });
      const [top = ''] = cgroupsNamed(`nscope-${lab.id}`);
      const inside = () =>
        readFileSync(join(top, 'box', 'cgroup.procs'), 'utf8')
          .trim()
          .split('\n');
      /** env(1) has become the sleep without an environment. */
      const isBare = (pid: string) => {
        try {
          const comm = readFileSync(`/proc/${pid}/comm`, 'utf8');
          return comm === 'sleep\n' && readFileSync(`/proc/${pid}/environ`, 'utf8') === '';
        } catch {
          return false;
        }
      };
      for (let tries = 0; !inside().some(isBare) && tries < 100; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const [bare = ''] = inside().filter(isBare);
      assert.match(bare, /^\d+$/);
      const started = starttimeOf(Number(bare));
      const lives = (pid: string) => {
        try {
          return (
            starttimeOf(Number(pid)) === started &&
            !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
          );
        } catch {
          return false;
        }
      };
      assert.ok(lives(bare));
      assert.equal(await lab.close(), []);
      assert.not.ok(lives(bare));
      assert.equal(tracesOf(lab.id, stateDir), []);
    } finally {
      await lab.close();
    }
  });
});

/** starttime of a process, field 22 of proc_pid_stat(5). */
function starttimeOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[19]);
}

/** Writes a journal of a dead run of this boot that names a process with its right identity. */
function forgeLab(stateDir: string, lab: string, pid: number, since: number): string {
  const directory = join(stateDir, 'labs', lab);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const pidNamespace = readlinkSync('/proc/self/ns/pid');
  const runner = { pid: 2 ** 22 + 1, starttime: since, boot, pidNamespace };
  const journal = [
    { line: 'open', format: 1, lab, mode: 'root', runner },
    { line: 'intent', n: 1, made: { op: 'actor', name: 'box' } },
    { line: 'done', n: 1, identity: { processes: [{ pid, starttime: starttimeOf(pid) }] } },
  ];
  writeFileSync(
    join(directory, 'journal.jsonl'),
    journal.map((line) => `${JSON.stringify(line)}\n`).join(''),
    {
      mode: 0o600,
    },
  );
  return directory;
}

live('a journal that is not ours alone is not believed: nothing that it names is killed', async () => {
  await withTempDir(async (stateDir) => {
    const lab = '0badcafe';
    // The lab's mark, so that nothing but the journal's owner tells that it is forged.
    const foreign = spawn('sleep', ['1000'], { stdio: 'ignore', env: { ...process.env, NSCOPE_LAB: lab } });
    const { pid = 0 } = foreign;
    const lives = () => foreign.exitCode === null && foreign.signalCode === null;
    try {
      const directory = forgeLab(stateDir, lab, pid, 1);
      const journal = join(directory, 'journal.jsonl');
      const before = readFileSync(journal, 'utf8');
      const refusedBecause = async (english: RegExp, chinese: RegExp) => {
        for (const [lang, pattern] of [
          ['en', english],
          ['zh-CN', chinese],
        ] as const) {
          const { refused } = await cleanup({ stateDir, fs, lang });
          assert.match(ofLab(refused, lab).find(({ kind }) => kind === 'file')?.reason ?? '', pattern);
          const audited = ofLab(await audit({ stateDir, fs, lang }), lab);
          assert.match(audited.find(({ kind }) => kind === 'file')?.reason ?? '', pattern);
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
        assert.ok(lives());
        assert.is(readFileSync(journal, 'utf8'), before);
      };
      chownSync(journal, 65534, 65534);
      await refusedBecause(
        /journal\.jsonl is not believed: it belongs to uid 65534/,
        /不可信：它属于 uid 65534/,
      );
      chownSync(journal, 0, 0);
      chownSync(directory, 65534, 65534);
      await refusedBecause(/0badcafe is not believed: it belongs to uid 65534/, /不可信：它属于 uid 65534/);
      chownSync(directory, 0, 0);
      chmodSync(directory, 0o777);
      await refusedBecause(/others may write to it/, /其他用户可以写入/);
      chmodSync(directory, 0o700);
      renameSync(journal, join(stateDir, 'elsewhere'));
      symlinkSync(join(stateDir, 'elsewhere'), journal);
      await refusedBecause(/it is a symbolic link/, /符号链接/);
      rmSync(journal);
      renameSync(join(stateDir, 'elsewhere'), journal);

      chownSync(join(stateDir, 'labs'), 65534, 65534);
      assert.match((await refusalOf(() => cleanup({ stateDir, fs }))).message, /belongs to uid 65534/);
      chownSync(join(stateDir, 'labs'), 0, 0);
      chmodSync(stateDir, 0o777);
      const open = await refusalOf(() => cleanup({ stateDir, fs }));
      assert.match(open.message, /others may write to it/);
      assert.is(open.exitCode, 3);
      await refusalOf(() => audit({ stateDir, fs }));
      await refusalOf(() => openLab({ stateDir, fs, mode: 'root' }));
      chmodSync(stateDir, 0o700);
      assert.ok(lives());

      // The same journal, ours alone: now it is believed.
      const ended = new Promise((resolve) => foreign.once('exit', resolve));
      await cleanup({ stateDir, fs });
      await ended;
      assert.is(foreign.signalCode, 'SIGKILL');
      assert.equal(tracesOf(lab, stateDir), []);
    } finally {
      foreign.kill('SIGKILL');
    }
  });
});

live(
  'a process that the journal names, and that the lab cannot have started, is left alone and said',
  async () => {
    await withTempDir(async (stateDir) => {
      const lab = '0badcafe';
      const marked = { ...process.env, NSCOPE_LAB: lab };
      // This program's own children pass as the lab's, so these are orphans.
      for (const [env, later] of [
        [process.env, 0],
        [marked, 1],
      ] as const) {
        const { stdout } = spawnSync('sh', ['-c', 'setsid sleep 1000 >/dev/null 2>&1 & echo $!'], { env });
        const pid = Number(stdout);
        try {
          const directory = forgeLab(stateDir, lab, pid, starttimeOf(pid) + later);
          const { refused } = await cleanup({ stateDir, fs });
          const said = refused.find(({ kind, what }) => kind === 'process' && what === `${pid}`);
          assert.match(said?.reason ?? '', /has no mark of the lab or is older/);
          assert.not.match(readFileSync(`/proc/${pid}/stat`, 'utf8'), /\) Z /);
          rmSync(directory, { recursive: true });
        } finally {
          process.kill(pid, 'SIGKILL');
        }
      }
    });
  },
);

live('a mount in the lab’s directory stops its removal, and is named', async () => {
  await withTempDir(async (stateDir) => {
    const lab = await deadLab(stateDir, 3);
    const directory = join(stateDir, 'labs', lab, 'rootfs-base');
    const point = join(directory, 'mnt');
    // In a mount namespace of its own, so that nothing reaches the host: cleanup runs there too.
    const script = `mkdir -p ${point} && mount -t tmpfs none ${point} && touch ${point}/precious && exec "$@"`;
    const { stdout, stderr } = await runChild(childArgv('clean-child.ts', stateDir), {
      before: ['unshare', '--mount', 'sh', '-c', script, 'sh'],
    });
    const { left, audit: audited } = JSON.parse(stdout);
    assert.is(stderr, '');
    assert.equal(
      left.map(({ kind, what }: Leftover) => [kind, what]).filter(([kind]: string[]) => kind === 'mount'),
      [['mount', point]],
    );
    assert.ok(audited.some(({ kind, what }: Leftover) => kind === 'mount' && what === point));
    await cleanup({ stateDir, fs });
    assert.equal(tracesOf(lab, stateDir), []);
  });
});

live('a torn last line and a damaged one in the middle: the rest is still undone', async () => {
  await withTempDir(async (stateDir) => {
    const torn = await deadLab(stateDir, 17);
    appendFileSync(join(stateDir, 'labs', torn, 'journal.jsonl'), '{"line":"intent","n":99,"ma');
    const { done } = await cleanup({ stateDir, fs });
    assert.not.ok(done.some((line) => /damaged/.test(line)));
    assert.equal(tracesOf(torn, stateDir), []);

    const damaged = await deadLab(stateDir, 17);
    const journal = join(stateDir, 'labs', damaged, 'journal.jsonl');
    const lines = readFileSync(journal, 'utf8').split('\n');
    // Line 4 is the intent of the first cgroup.
    writeFileSync(journal, lines.map((line, at) => (at === 3 ? '\0\0garbage' : line)).join('\n'));
    const after = await cleanup({ stateDir, fs });
    assert.ok(after.done.some((line) => /line 4 of its journal is damaged/.test(line)));
    assert.equal(tracesOf(damaged, stateDir), []);

    const headless = await deadLab(stateDir, 3);
    const lost = join(stateDir, 'labs', headless, 'journal.jsonl');
    writeFileSync(lost, readFileSync(lost, 'utf8').split('\n').slice(1).join('\n'));
    const { refused } = await cleanup({ stateDir, fs });
    assert.match(ofLab(refused, headless)[0]?.reason ?? '', /journal is missing or has no first line/);
  });
});

async function refusalOf(fn: () => unknown): Promise<UserError> {
  try {
    await fn();
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    if (error instanceof UserError) return error;
  }
  throw new Error('it was not refused');
}

live('a state directory that is a file, or read-only, or full: one clear line and a hint', async () => {
  await withTempDir(async (dir) => {
    writeFileSync(join(dir, 'nscope'), '');
    const file = await refusalOf(() => findStateDir({ XDG_STATE_HOME: dir }));
    assert.match(file.message, /state directory .*nscope cannot be used: there is a file/);
    assert.match(file.hint ?? '', /XDG_STATE_HOME/);
    assert.is(file.exitCode, 3);

    rmSync(join(dir, 'nscope'));
    const made = findStateDir({ XDG_STATE_HOME: dir });
    writeFileSync(join(made, 'labs'), '');
    const labs = await refusalOf(() => openLab({ stateDir: made, fs, mode: 'root' }));
    assert.match(labs.message, /cannot be used/);
    assert.is(labs.exitCode, 3);

    for (const [options, pattern] of [
      ['ro', /is read-only/],
      ['size=4k,nr_inodes=4', /is full/],
    ] as const) {
      const point = join(dir, 'small');
      mkdirSync(point, { recursive: true });
      chmodSync(point, 0o755);
      const script = `mount -t tmpfs -o ${options} none ${point} && exec "$@"`;
      const { stdout, status } = await runChild(childArgv('state-child.ts', point), {
        before: ['unshare', '--mount', 'sh', '-c', script, 'sh'],
      });
      assert.match(stdout, pattern, options);
      assert.is(status, 3, options);
    }
  });
});

test.run();
