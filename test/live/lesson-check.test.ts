// timeout: 300
// `nscope lesson new` and `nscope lesson check` on the real kernel: a new lesson passes at once, and each lesson that is made wrong is caught.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CheckEvent } from '../../src/commands/lesson-check.ts';
import { liveHost, takeSnapshot } from '../../src/host/host.ts';
import { adoptOrphans } from '../../src/host/orphans.ts';
import { liveBench } from '../../src/lesson/bench.ts';
import { gateLesson } from '../../src/lesson/gate.ts';
import { loadLesson } from '../../src/lesson/load.ts';
import { variantOf } from '../../src/lesson/variant.ts';
import { faultsAgainst } from '../support/json-schema.ts';
import { maybe, need } from '../support/need.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('live: lesson check');
const live = maybe(test, need({ root: true, tools: ['unshare', 'nsenter', 'setpriv', 'setsid'] }));
const published: unknown = JSON.parse(readFileSync('schema/nscope-1.schema.json', 'utf8'));

function nscope(
  state: string,
  ...args: readonly string[]
): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli.js', ...args], {
    encoding: 'utf8',
    env: { ...process.env, XDG_STATE_HOME: state, LANG: 'C' },
    timeout: 120_000,
  });
  return { code: status, out: stdout, err: stderr };
}

function check(state: string, what: string): { code: number | null; events: readonly CheckEvent[] } {
  const { code, out, err } = nscope(state, 'lesson', 'check', what, '--json', '--trust');
  assert.is(err, '');
  const events = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as CheckEvent);
  for (const event of events) assert.equal(faultsAgainst(published, 'lessonCheckEvent', event), []);
  return { code, events };
}

/** A new lesson, changed. Returns its folder. */
function newLesson(dir: string, change: (yaml: string) => string): string {
  const { code, err } = nscope(dir, 'lesson', 'new', 'fresh', '--dir', dir);
  assert.is(code, 0, err);
  const folder = join(dir, '01-fresh');
  const file = join(folder, 'lesson.yaml');
  const yaml = readFileSync(file, 'utf8');
  const made = change(yaml);
  writeFileSync(file, made);
  return folder;
}

live('a new lesson passes at once, by its folder and by the folder above', () =>
  withTempDir((dir) => {
    const folder = newLesson(dir, (yaml) => yaml);
    for (const what of [folder, dir]) {
      const { code, events } = check(dir, what);
      assert.is(code, 0, JSON.stringify(events));
      assert.equal(events, [
        {
          event: 'lesson',
          lesson: 'fresh',
          number: 1,
          steps: 4,
          variant: events[0]?.event === 'lesson' ? events[0].variant : null,
        },
        { event: 'end', passed: 1, faulty: 0, skipped: 0, skippedSteps: 0, orphansSeen: true, exit: 0 },
      ]);
    }
    assert.equal(readdirSync(folder).sort(), ['en.md', 'lesson.yaml', 'zh-CN.md']);
  }),
);

/** Name, change, step, what is said. */
const WRONG: readonly (readonly [string, (yaml: string) => string, string | null, RegExp])[] = [
  [
    'a task that is solved from the start',
    (yaml) => yaml.replace('of: box, is: workshop', 'of: box, is: shoebox'),
    'your-turn',
    /passes before the solution/,
  ],
  [
    'a guard that is not marked',
    (yaml) => yaml.replace(', guard: true', ''),
    'your-turn',
    /check `host` passes before the solution/,
  ],
  [
    'a solution that does nothing',
    (yaml) => yaml.replace('[hostname, workshop]', '[hostname]'),
    'your-turn',
    /the solution does not make check `workshop` pass: expected workshop; seen shoebox/,
  ],
  [
    'a prediction without a truth',
    (yaml) => yaml.replace('of: box, is: shoebox', 'of: box, is: hatbox'),
    'predict',
    /no choice holds/,
  ],
  [
    'a prediction with two truths',
    (yaml) => yaml.replace('of: host, is: shoebox', 'of: box, is: shoebox'),
    'predict',
    /more than one choice holds: both, box/,
  ],
  [
    'a check of a run step that fails',
    (yaml) => yaml.replace('is: differs', 'is: same'),
    'look',
    /check `own` does not pass/,
  ],
  [
    'a command with a status that was not expected',
    (yaml) => yaml.replace('command: [hostname, shoebox]', 'command: [cat, /proc/nowhere]'),
    'predict',
    /ended with status 1/,
  ],
];

for (const [name, change, step, said] of WRONG) {
  live(`caught: ${name}`, () =>
    withTempDir((dir) => {
      const { code, events } = check(dir, newLesson(dir, change));
      assert.is(code, 1, JSON.stringify(events));
      const faults = events.flatMap((event) => (event.event === 'fault' ? [event] : []));
      assert.ok(
        faults.some((fault) => fault.step === step && said.test(fault.message)),
        JSON.stringify(faults),
      );
    }),
  );
}

live('caught: a process out of the ledger’s reach: no mark, no parent, no session of ours', () =>
  withTempDir(async (dir) => {
    assert.ok(adoptOrphans(), 'the kernel gives us orphans');
    const lesson = await loadLesson(newLesson(dir, (yaml) => yaml));
    // Lessons from elsewhere are refused such a command when they are read; the program's own are not.
    const command = ['sh', '-c', 'hostname shoebox; env -i setsid sleep 300 >/dev/null 2>&1 </dev/null &'];
    const steps = lesson.steps.map((step) =>
      step.id === 'predict' ? { ...step, operations: [{ op: 'run', in: 'box', command } as const] } : step,
    );
    const host = liveHost();
    const faults = await gateLesson({
      lang: 'en',
      bench: () =>
        liveBench({
          lesson: { ...lesson, steps },
          lang: 'en',
          variant: variantOf('root', []),
          lack: () => null,
          stateDir: join(dir, 'nscope'),
          fs: host.fs,
          observe: (watch) => takeSnapshot(host, { watch }),
        }),
    });
    const [message = ''] = faults.map((fault) => fault.message);
    assert.match(message, /^left behind: process \d+ sleep \(ps -p \d+ /);
    const pid = /process (\d+) /.exec(message)?.[1];
    assert.throws(
      () => readFileSync(`/proc/${pid}/cmdline`),
      /ENOENT|ESRCH/,
      'what was left is told and not left',
    );
  }),
);

test('a lesson from elsewhere is not played before somebody said yes: the list, exit 2, and then as long as it is the same', () =>
  withTempDir((dir) => {
    const folder = newLesson(dir, (yaml) => yaml);
    for (const args of [
      ['check', folder],
      ['run', 'fresh', '--dir', dir, '--yes', '--solve'],
    ]) {
      const { code, out, err } = nscope(dir, 'lesson', ...args);
      assert.is(code, 2, err);
      assert.is(out, '');
      assert.match(err, /Lesson fresh in .*01-fresh does not come with nscope/);
      assert.match(err, '  your-turn  $ nsenter --target $BOX --uts');
      assert.match(err, /not trusted, so not run: fresh/);
    }
    assert.not(existsSync(join(dir, 'nscope', 'labs')), 'nothing was opened');
    // Only looking at it asks nothing.
    assert.is(nscope(dir, 'lesson', 'show', 'fresh', '--dir', dir).code, 0);
    assert.is(nscope(dir, 'lesson', 'list', '--dir', dir).code, 0);
    const yes = nscope(dir, 'lesson', 'run', 'fresh', '--dir', dir, '--yes', '--solve', '--trust');
    assert.not.match(yes.err, /not trusted/);
    const again = nscope(dir, 'lesson', 'run', 'fresh', '--dir', dir, '--yes', '--solve');
    assert.is(again.code, yes.code);
    writeFileSync(join(folder, 'en.md'), `${readFileSync(join(folder, 'en.md'), 'utf8')}\n`);
    assert.is(nscope(dir, 'lesson', 'run', 'fresh', '--dir', dir, '--yes', '--solve').code, 2);
  }));

test('files that are wrong are each told, and the lesson beside them is still checked: exit 1', () =>
  withTempDir((dir) => {
    newLesson(dir, (yaml) => yaml.replace('minutes: 10', 'minutes: soon'));
    mkdirSync(join(dir, '02-other'));
    writeFileSync(join(dir, '02-other', 'lesson.yaml'), 'format: 1\nid: ather\n');
    const { code, events } = check(dir, dir);
    assert.is(code, 1);
    assert.equal(
      events.map((event) => (event.event === 'broken' ? event.message.slice(dir.length) : event.event)),
      [
        '/01-fresh/lesson.yaml:5:1: found `minutes: "soon"`; expected a number',
        '/02-other/lesson.yaml:1:1: found no `part`; expected one of idea, filesystem, namespaces, cgroups, privilege, runtimes, troubleshooting (and 3 more)',
        'end',
      ],
    );
  }));

test('a lesson whose needs are not met is skipped with the need, and that is seen: exit 3', () =>
  withTempDir((dir) => {
    // No host has a need that no preflight knows; the validator refuses it where it can tell.
    const folder = newLesson(dir, (yaml) =>
      yaml.replace('requires: [namespaces]', 'requires: [docker, root]'),
    );
    const { status, stdout } = spawnSync(
      process.execPath,
      ['dist/cli.js', 'lesson', 'check', folder, '--json', '--trust'],
      { encoding: 'utf8', env: { PATH: '/nonexistent', XDG_STATE_HOME: dir, LANG: 'C' } },
    );
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as CheckEvent);
    assert.is(status, 3, stdout);
    assert.is(events[0]?.event, 'skipped');
    assert.equal(events.at(-1), {
      event: 'end',
      passed: 0,
      faulty: 0,
      skipped: 1,
      skippedSteps: 0,
      orphansSeen: true,
      exit: 3,
    });
  }));

test('a name that is taken, a name that is none, a folder that is not there: one line, exit 2', () =>
  withTempDir((dir) => {
    newLesson(dir, (yaml) => yaml);
    for (const [args, said] of [
      [['new', 'fresh', '--dir', dir], /the name fresh is taken by .*01-fresh/],
      [['new', 'uts-namespace', '--dir', dir], /the name uts-namespace is taken by/],
      [['new', '../up', '--dir', dir], /"\.\.\/up" cannot be the id of a lesson/],
      [['new', 'x', '--dir', join(dir, 'nowhere')], /nowhere is no folder/],
      [['check', 'uts-namespce'], /no lesson "uts-namespce"; did you mean "uts-namespace"\?/],
      [['check', join(dir, '01-fresh', 'en.md')], /en\.md is no folder/],
      [['show', 'fresh'], /no lesson "fresh"/],
    ] as const) {
      const { code, out, err } = nscope(dir, 'lesson', ...args);
      assert.is(code, 2, args.join(' '));
      assert.is(out, '');
      assert.match(err, said);
      assert.is(err.trimEnd().split('\n').length, 1);
    }
    assert.equal(
      readdirSync(dir).filter((name) => /^\d/.test(name)),
      ['01-fresh'],
    );
  }));

test('a lesson as text: prose and commands, answers only when asked for, nothing run', () =>
  withTempDir((dir) => {
    const { code, out } = nscope(dir, 'lesson', 'show', 'uts-namespace');
    assert.is(code, 0);
    assert.match(out, 'Lesson 6: A host name of its own');
    assert.match(out, 'nsenter --target $BOX --uts hostname shoebox');
    assert.not.match(out, '--uts hostname workshop');
    assert.match(nscope(dir, 'lesson', 'show', 'uts-namespace', '--answers').out, '--uts hostname workshop');
    assert.match(
      nscope(dir, 'lesson', 'show', 'uts-namespace', '--lang', 'zh-CN').out,
      '第 6 课：自己的主机名',
    );
    assert.equal(readdirSync(dir), []);
  }));

test.run();
