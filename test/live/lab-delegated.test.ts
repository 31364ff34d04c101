// timeout: 600
// The lab of an ordinary user in a cgroup that is his own: it makes room there, works, and leaves it as it was. The group is made by the test
// (as root) and given to another uid, as cgroup-v2.rst, "Delegation", has it.
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveFs } from '../../src/host/live-fs.ts';
import { audit } from '../../src/lab/audit.ts';
import { childArgv, type ChildOptions, type Ended, runChild } from '../lab/child.ts';
import { cgroupsNamed, tracesOf } from '../lab/traces.ts';
import { CGROUP_PREFIX, removeGroup } from '../support/cgroups.ts';
import { maybe, need } from '../support/need.ts';
import { until } from '../support/process.ts';

const NOBODY = 65534;
const AS_NOBODY = ['setpriv', '--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups', '--'];

/** The v2 tree, where its root is mounted. */
function v2Root(): string | null {
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , root, point = ''] = left.split(' ');
    if (right.startsWith('cgroup2 ') && root === '/') return point;
  }
  return null;
}

function reason(): string | null {
  const lack = need({ root: true, userns: true, tools: ['unshare', 'nsenter', 'setpriv'] });
  if (lack !== null) return lack;
  if (v2Root() === null) return 'no cgroup v2 tree';
  const test = ['test', '-r', childArgv('crash-child.ts').at(-1) ?? ''];
  return spawnSync('setpriv', [...AS_NOBODY.slice(1), ...test]).status === 0
    ? null
    : 'an unprivileged user may not read this checkout';
}

interface Own {
  readonly dir: string;
  readonly group: string;
  /** Runs a program of test/lab as the user, in the group. */
  readonly run: (name: string, ...args: string[]) => Promise<Ended>;
  /** The same from outside of it. */
  readonly outside: (name: string, ...args: string[]) => Promise<Ended>;
}

/** A directory and a group of the other user's. */
async function withOwn(fn: (own: Own) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'nscope-delegated-'));
  const group = join(v2Root() ?? '', `${CGROUP_PREFIX}own-${process.pid}`);
  mkdirSync(group);
  for (const path of ['', 'cgroup.procs', 'cgroup.threads', 'cgroup.subtree_control'])
    chownSync(join(group, path), NOBODY, NOBODY);
  chownSync(dir, NOBODY, NOBODY);
  const options = (before: readonly string[]): ChildOptions => ({
    before,
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TMPDIR: dir },
  });
  const enter = ['sh', '-c', `echo 0 > ${group}/cgroup.procs; exec "$@"`, 'enter'];
  try {
    await fn({
      dir,
      group,
      run: (name, ...args) => runChild(childArgv(name, dir, ...args), options([...enter, ...AS_NOBODY])),
      outside: (name, ...args) => runChild(childArgv(name, dir, ...args), options(AS_NOBODY)),
    });
  } finally {
    await removeGroup(group);
    rmSync(dir, { recursive: true, force: true });
  }
}

const subtree = (group: string) => readFileSync(join(group, 'cgroup.subtree_control'), 'utf8').trim();
const path = (group: string) => group.slice((v2Root() ?? '').length);

const test = suite('lab: delegated');
const live = maybe(test, reason());

live('it waits in a group of the lab’s while its own hands out controllers, and goes home', async () => {
  await withOwn(async ({ dir, group, run }) => {
    const { stdout, stderr } = await run('delegated-child.ts', 'one');
    assert.is(stderr, '');
    const seen = JSON.parse(stdout);
    const home = path(group);
    assert.is(seen.before, home);
    assert.is(seen.during, `${home}/nscope-${seen.lab}/_lab`);
    assert.match(seen.actor, new RegExp(`^0::${home}/nscope-${seen.lab}/box$`, 'm'));
    assert.is(seen.after, home);
    assert.equal(seen.left, []);
    assert.is(subtree(group), '');
    assert.equal(tracesOf(seen.lab, dir), []);
    const offered = readFileSync(join(group, 'cgroup.controllers'), 'utf8').split(/\s+/);
    const told = (seen.notes as string[]).filter((line) => line.includes('pids'));
    if (offered.includes('pids')) assert.equal(told, []);
    else assert.match(told.join('\n'), /^the controller pids is not available: /);
  });
});

for (const order of ['first', 'second']) {
  live(`two labs at once, and the ${order} is closed before the other`, async () => {
    await withOwn(async ({ group, run }) => {
      const { stdout, stderr } = await run('delegated-child.ts', order);
      assert.is(stderr, '');
      const { between, after, left } = JSON.parse(stdout);
      assert.match(between, /\/_lab$/);
      assert.equal([after, left, subtree(group)], [path(group), [], '']);
    });
  });
}

live('SIGKILL, then cleanup by the same user from outside, leaves nothing', async () => {
  await withOwn(async ({ dir, group, run, outside }) => {
    const whole = await run('crash-child.ts', '0');
    assert.is(whole.stderr, '');
    const last = Number(/lines (\d+)/.exec(whole.stdout)?.[1]) - 2;
    const killed = await run('crash-child.ts', String(last));
    const journal = join(dir, 'labs', killed.stdout.trim(), 'journal.jsonl');
    const room =
      readFileSync(journal, 'utf8')
        .split('\n')
        .findIndex((line) => line.includes('"room":{')) + 1;
    assert.ok(room > 0, 'room was made');
    await outside('clean-child.ts');
    let groups = 0;
    // Before and after each word of the room, in the midst of the work, and while it is undone.
    for (const line of [room - 1, room, room + 1, room + 2, room + 4, last - 1, last]) {
      const { stdout, signal } = await run('crash-child.ts', String(line));
      assert.is(signal, 'SIGKILL');
      const [lab = ''] = stdout.split('\n');
      groups += cgroupsNamed(`nscope-${lab}`).length;
      const seen = await audit({ stateDir: join(dir, 'none'), fs: liveFs() });
      const kinds = seen.filter((one) => one.lab === lab).map(({ what }) => what);
      for (const found of cgroupsNamed(`nscope-${lab}`)) assert.ok(kinds.includes(found), found);
      const after = await outside('clean-child.ts');
      assert.equal(JSON.parse(after.stdout), { refused: [], left: [], audit: [] }, after.stderr);
      assert.equal(tracesOf(lab, dir), [], `killed after line ${line}`);
      assert.is(subtree(group), '', `killed after line ${line}`);
    }
    assert.ok(groups >= 5, `${groups} crashes left a group`);
  });
});

live('somebody else in the group is not moved: then it is no group to divide', async () => {
  await withOwn(async ({ group, run }) => {
    const other = spawn('sleep', ['99'], { stdio: 'ignore' });
    try {
      writeFileSync(join(group, 'cgroup.procs'), String(other.pid));
      const { stdout, stderr } = await run('delegated-child.ts', 'one');
      assert.is(stderr, '');
      const { during, notes } = JSON.parse(stdout);
      assert.is(during, path(group));
      assert.match(notes.join('\n'), /^cgroup "box" is left out: .*systemd-run --user --scope/);
      assert.is(readFileSync(join(group, 'cgroup.procs'), 'utf8'), `${other.pid}\n`);
      assert.ok(existsSync(`/proc/${other.pid}`));
    } finally {
      other.kill('SIGKILL');
      await until('the other to be gone', () => readFileSync(join(group, 'cgroup.procs'), 'utf8') === '');
    }
  });
});

test.run();
