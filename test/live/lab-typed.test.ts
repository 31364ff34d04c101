// timeout: 900
// The shell lines that a plan shows, typed by hand into a plain sh, give the same observed state as the operation: for every kind of operation,
// as root and as an unprivileged user.
import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NAMES } from '../../src/lab/operations/names.ts';
import { userlandShell } from '../../src/lab/userland-shell.ts';
import { populate } from '../../src/lab/userland.ts';
import { childArgv } from '../lab/child.ts';
import { tree } from '../lab/typed-see.ts';
import { performed, typed } from '../lab/typed.ts';
import { ELSEWHERE, ROWS } from '../lab/typed-rows.ts';
import { maybe, need } from '../support/need.ts';
import { withTempDir } from '../support/temp.ts';

const NOBODY = 65534;
const AS_NOBODY = ['setpriv', '--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups', '--'];
const isRoot = process.getuid?.() === 0;
const TOOLS = ['unshare', 'nsenter', 'setpriv', 'pgrep', 'find'];

const test = suite('lab: typed by hand');
const root = maybe(test, need({ root: true, userns: true, tools: TOOLS }));
const rootless = maybe(test, lack());

function lack(): string | null {
  const missing = need({ userns: true, tools: TOOLS });
  if (missing !== null || !isRoot) return missing;
  const file = childArgv('typed-child.ts').at(-1) ?? '';
  return spawnSync('setpriv', [...AS_NOBODY.slice(1), 'test', '-r', file]).status === 0
    ? null
    : 'an unprivileged user may not read this checkout';
}

test('every kind of operation has a row', () => {
  assert.equal([...Object.keys(ROWS), ...Object.keys(ELSEWHERE)].sort(), Object.keys(NAMES).sort());
  for (const [op, rows] of Object.entries(ROWS)) assert.ok(rows.length > 0, op);
});

for (const [op, rows] of Object.entries(ROWS)) {
  for (const row of rows) {
    root(`${op}: ${row.name}`, async () => {
      await withTempDir(async (dir) => {
        const seen = await performed(row, dir);
        assert.ok(JSON.stringify(seen).length > 3, 'something was seen');
        assert.equal(await typed(row, dir), seen);
      });
    });
  }
}

root('the user land of the host’s own tools, where there is no busybox', async () => {
  await withTempDir(async (dir) => {
    const [made, hand] = [join(dir, 'made'), join(dir, 'hand')];
    spawnSync('mkdir', [made]);
    assert.ok(await populate(made, true, null));
    const { stderr } = spawnSync('sh', [], { input: userlandShell(hand, true, null), encoding: 'utf8' });
    assert.is(stderr, '');
    assert.equal(tree(hand), tree(made));
  });
});

rootless('all of them as an unprivileged user', () => {
  const dir = mkdtempSync(join(tmpdir(), 'nscope-typed-'));
  try {
    if (isRoot) chownSync(dir, NOBODY, NOBODY);
    const [file = '', ...args] = [...(isRoot ? AS_NOBODY : []), ...childArgv('typed-child.ts', dir)];
    const { stdout, stderr, status } = spawnSync(file, args, {
      encoding: 'utf8',
      timeout: 600_000,
      env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TMPDIR: dir },
    });
    assert.equal([stderr, status], ['', 0]);
    const rows = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { row: string; lab: string; hand: string });
    assert.is(rows.length, Object.values(ROWS).flat().length);
    for (const { row, lab, hand } of rows) assert.is(hand, lab, row);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test.run();
