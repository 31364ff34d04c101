// `nscope progress` and `nscope class` as a shell sees them: a file goes out, comes in on another machine, is forgotten; a class is one table.
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runToEnd } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('commands/progress');

const OLD = {
  format: 1,
  lessons: {
    'uts-namespace': {
      finishedAt: null,
      steps: { link: { doneAt: '2025-01-01T10:00:00.000Z', right: null, hints: 0 } },
    },
  },
};

function nscope(dir: string, ...args: readonly string[]): ReturnType<typeof runToEnd> {
  return runToEnd([process.execPath, 'dist/cli.js', ...args], { env: { XDG_STATE_HOME: dir, LANG: 'C' } });
}

/** A state directory with this progress; its parent is what XDG_STATE_HOME names. */
function home(dir: string, name: string, progress: unknown): string {
  const state = join(dir, name, 'nscope');
  mkdirSync(state, { recursive: true, mode: 0o700 });
  if (progress !== null) writeFileSync(join(state, 'progress.json'), JSON.stringify(progress));
  return join(dir, name);
}

test('exported here, taken over there, shown, forgotten', () =>
  withTempDir(async (dir) => {
    const here = home(dir, 'here', OLD);
    const there = home(dir, 'there', null);
    assert.match((await nscope(there, 'progress')).stdout, 'no lesson was begun');
    const exported = await nscope(here, 'progress', 'export', '--json', '--learner', 'ann');
    assert.is(exported.code, 0, exported.stderr);
    const file = join(dir, 'ann.json');
    writeFileSync(file, exported.stdout);
    const taken = await nscope(there, 'progress', 'import', file);
    assert.is(taken.code, 0, taken.stderr);
    assert.is(taken.stdout, 'taken over: uts-namespace\n');
    const shown = await nscope(there, 'progress', 'show');
    assert.match(shown.stdout, /uts-namespace\s+1\/9\s+0\s+1\s+copy/);
    assert.match((await nscope(there, 'lesson', 'list')).stdout, /uts-namespace +10 min +1 of 9/);
    const csv = await nscope(there, 'progress', 'export', '--csv');
    assert.match(csv.stdout, ',uts-namespace,link,,true,1,0,,,2025-01-01T10:00:00.000Z,,,false,,,,\r\n');
    // Also the file as it lies in the state directory.
    const bare = await nscope(
      home(dir, 'third', null),
      'progress',
      'import',
      join(here, 'nscope', 'progress.json'),
    );
    assert.is(bare.code, 0, bare.stderr);
    const near = await nscope(there, 'progress', 'reset', 'uts-namespce');
    assert.is(near.code, 2);
    assert.match(near.stderr, 'did you mean "uts-namespace"?');
    assert.is((await nscope(there, 'progress', 'reset', 'uts-namespace')).code, 0);
    assert.match((await nscope(there, 'progress')).stdout, 'no lesson was begun');
    assert.is((await nscope(here, 'progress', 'reset', '--all')).code, 0);
    assert.equal(JSON.parse(readFileSync(join(here, 'nscope', 'progress.json'), 'utf8')), {
      format: 2,
      lessons: {},
    });
  }));

test('what is no progress is refused with one line, and the own file stays', () =>
  withTempDir(async (dir) => {
    const here = home(dir, 'here', OLD);
    const own = readFileSync(join(here, 'nscope', 'progress.json'), 'utf8');
    writeFileSync(join(dir, 'cut.json'), own.slice(0, 40));
    for (const [args, said] of [
      [['import', join(dir, 'cut.json')], /cut\.json holds no progress/],
      [['import', join(dir, 'nowhere.json')], /cannot read .*nowhere\.json: ENOENT/],
      [['import', dir], /holds no progress/],
      [['reset'], /nothing to reset was named/],
      [['reset', 'uts-namespace', '--all'], /nothing to reset was named/],
      [['export', '--csv', '--json'], /--csv and --json together/],
      [['exprt'], /no command "exprt" in nscope progress; did you mean "export"\?/],
    ] as const) {
      const { code, stdout, stderr } = await nscope(here, 'progress', ...args);
      assert.is(code, 2, args.join(' '));
      assert.is(stdout, '');
      assert.match(stderr, said);
      assert.is(stderr.trimEnd().split('\n').length, 1);
    }
    assert.is(readFileSync(join(here, 'nscope', 'progress.json'), 'utf8'), own);
  }));

test('a class: one table, who is stuck, what was skipped and why; exit 1 where two claim one run', () =>
  withTempDir(async (dir) => {
    const room = join(dir, 'room');
    mkdirSync(room);
    const tried = (nonce: string, doneAt: string | null) => ({
      nonce,
      startedAt: '2025-01-01T10:00:00.000Z',
      doneAt,
      right: null,
      hints: 2,
      seconds: null,
      how: 'live',
      solved: false,
      evidence: [],
      witnesses: [],
      boot: null,
    });
    const file = (learner: string, nonce: string, done: boolean): string => {
      const doneAt = done ? '2025-01-01T10:05:00.000Z' : null;
      const steps = { copy: { doneAt, right: null, hints: 2, attempts: 1, tries: [tried(nonce, doneAt)] } };
      const lessons = { 'uts-namespace': { steps, finishedAt: doneAt } };
      return JSON.stringify({
        learner,
        exportedAt: '2025-01-02T00:00:00.000Z',
        progress: { format: 2, lessons },
      });
    };
    writeFileSync(join(room, 'ann.json'), file('ann', 'n1', true));
    writeFileSync(join(room, 'bob.json'), file('\u001b[31mbob', 'n2', false));
    writeFileSync(join(room, 'notes.txt'), 'be kind');
    writeFileSync(join(room, 'cut.json'), file('cut', 'n3', true).slice(0, 90));
    symlinkSync('/dev/zero', join(room, 'zero.json'));
    const { code, stdout, stderr } = await nscope(dir, 'class', room);
    assert.is(code, 0, stderr);
    assert.match(stdout, /LEARNER +uts-namespace/);
    assert.match(stdout, /ann +✓/);
    assert.match(stdout, /\\x1b\[31mbob +0\/9/);
    assert.match(
      stdout,
      '\\x1b[31mbob: uts-namespace at copy, runs 1, hints 2, since 2025-01-01T10:00:00.000Z',
    );
    assert.not(stdout.includes('\u001b'));
    for (const name of ['notes.txt', 'cut.json', 'zero.json']) assert.match(stderr, `skipped ${name}: `);
    writeFileSync(join(room, 'eve.json'), file('eve', 'n1', true));
    const caught = await nscope(dir, 'class', room);
    assert.is(caught.code, 1);
    assert.match(caught.stdout, 'ann, eve: the same run of uts-namespace (n1)');
    assert.is((await nscope(dir, 'class', join(dir, 'nowhere'))).code, 2);
    assert.not(existsSync(join(dir, 'nscope', 'progress.json')), 'a teacher’s own progress is not touched');
  }));

test.run();
