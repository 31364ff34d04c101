// timeout: 600
// The lab without privilege: the same operations in user namespaces, run by a child with another uid where the tests run as root.
import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { childArgv, type Ended, runChild } from '../lab/child.ts';
import { tracesOf } from '../lab/traces.ts';
import { maybe, need } from '../support/need.ts';

const NOBODY = 65534;
const AS_NOBODY = ['setpriv', '--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups', '--'];
const isRoot = process.getuid?.() === 0;

/** Runs a program of test/lab as an unprivileged user, whose directory the first argument is. */
function asUser(name: string, dir: string, ...args: string[]): Promise<Ended> {
  return runChild(childArgv(name, dir, ...args), {
    before: isRoot ? AS_NOBODY : [],
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TMPDIR: dir },
  });
}

/** A directory of the unprivileged user's, outside of the tests' own (which is root's and closed to others). */
async function withUserDir(fn: (dir: string) => void | Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'nscope-rootless-'));
  if (isRoot) chownSync(dir, NOBODY, NOBODY);
  try {
    await fn(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Why the child cannot run: no user namespaces, or a checkout that another user may not read. */
function reason(): string | null {
  const lack = need({ userns: true, tools: ['unshare', 'nsenter', 'setpriv'] });
  if (lack !== null || !isRoot) return lack;
  const test = ['test', '-r', childArgv('crash-child.ts').at(-1) ?? ''];
  return spawnSync('setpriv', [...AS_NOBODY.slice(1), ...test]).status === 0
    ? null
    : 'an unprivileged user may not read this checkout';
}

const test = suite('lab: rootless');
const live = maybe(test, reason());

live('all operations run in user namespaces and leave nothing', async () => {
  await withUserDir(async (dir) => {
    const { stdout, stderr, status } = await asUser('crash-child.ts', dir, '0');
    assert.is(stderr, '');
    assert.is(status, 0);
    const [lab = ''] = stdout.split('\n');
    assert.match(lab, /^[0-9a-f]{8}$/);
    assert.equal(tracesOf(lab, dir), []);
  });
});

live('SIGKILL, then cleanup by the same user, leaves nothing', async () => {
  await withUserDir(async (dir) => {
    for (const line of [2, 3, 5, 8, 11, 14, 17, 30, 44, 58]) {
      const { stdout, signal } = await asUser('crash-child.ts', dir, String(line));
      assert.is(signal, 'SIGKILL');
      const [lab = ''] = stdout.split('\n');
      assert.ok(tracesOf(lab, dir).length > 0);
      const after = await asUser('clean-child.ts', dir);
      assert.equal(JSON.parse(after.stdout), { refused: [], left: [], audit: [] }, after.stderr);
      assert.equal(tracesOf(lab, dir), [], `killed after line ${line}`);
    }
  });
});

live(
  'what is seen: uid 0 inside, a user namespace of its own, no cgroup and a note that says so',
  async () => {
    await withUserDir(async (dir) => {
      const { stdout, stderr } = await asUser('rootless-child.ts', dir);
      assert.is(stderr, '');
      const { refused, mode, planned, whoami, uts, host, note, namespaces, left } = JSON.parse(stdout);
      assert.is(mode, 'rootless');
      assert.match(refused.join('\n'), /^no cgroup in \S+: permission denied$/);
      assert.is(planned, 'unshare --user --map-root-user --uts sleep infinity &\nBOX=$!');
      assert.equal(whoami, ['0']);
      assert.equal(uts, ['inside']);
      assert.not.equal(host, ['inside']);
      assert.match(note, /left out: making one needs root/);
      assert.equal(namespaces, ['uts', 'user']);
      assert.equal(left, []);
    });
  },
);

test.run();
