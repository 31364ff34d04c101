// A lesson without a terminal: what is printed, word by word, and the exit code.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type HeadlessEvent, runHeadless } from '../../src/lesson/headless.ts';
import { lessonsDir, loadLessons } from '../../src/lesson/load.ts';
import { loadRecording, replaysDir } from '../../src/lesson/recording.ts';
import { replaySession } from '../../src/lesson/replay.ts';
import { startSession } from '../../src/lesson/session.ts';
import type { Step } from '../../src/lesson/types.ts';
import { UserError } from '../../src/text/errors.ts';
import type { Lang } from '../../src/text/lang.ts';
import { FakeHost, FakeLab, QUICK, STEPS, fakeLesson, fakePlan } from './fake.ts';

const test = suite('lesson/headless');

interface Ran {
  readonly code: number;
  readonly lines: readonly string[];
  readonly events: readonly HeadlessEvent[];
  readonly lab: FakeLab;
  readonly opened: number;
}

async function run(
  options: {
    solve?: boolean;
    yes?: boolean;
    dryRun?: boolean;
    json?: boolean;
    lang?: Lang;
    steps?: readonly Step[];
  },
  prepare: (lab: FakeLab) => void = () => {},
): Promise<Ran> {
  const host = new FakeHost();
  const lab = new FakeLab(host);
  prepare(lab);
  let opened = 0;
  const session = startSession({
    lesson: fakeLesson(options.steps),
    lang: options.lang ?? 'en',
    lab: async () => {
      opened++;
      return lab;
    },
    observe: async () => host.snapshot(),
    plan: (operation) => fakePlan(operation),
    timing: QUICK,
  });
  const lines: string[] = [];
  const json = options.json ?? false;
  const code = await runHeadless({
    session,
    solve: options.solve ?? false,
    yes: options.yes ?? false,
    dryRun: options.dryRun ?? false,
    json,
    write: (line) => lines.push(line),
    plan: (operation) => {
      if ('command' in operation && operation.command?.[0] === 'bad') throw new UserError('no such look');
      return fakePlan(operation);
    },
  });
  const events = json ? lines.map((line) => JSON.parse(line) as HeadlessEvent) : [];
  return { code, lines, events, lab, opened };
}

const GOLDEN = `Lesson 6: A fake lesson

1/6  intro (en)

2/6  make (en)
  $ hostname
      touches nothing: it only looks; undone by nothing to undo; needs root
  thinker
  $ unshare uts sleep infinity &
      touches nothing: it only looks; undone by nothing to undo; needs root
  box runs with pid 9000
  ✓ own link (en)
      expected two different numbers; seen box uts:[4026532002], the host uts:[4026531838]; shown by readlink /proc/9000/ns/uts /proc/self/ns/uts

3/6  rename (en)
  $ nsenter -t 9000 hostname shoebox
      touches nothing: it only looks; undone by nothing to undo; needs root
  predicted: answer both
  the kernel shows: answer box
  ✓ box's host name is shoebox
      expected shoebox; seen shoebox; shown by nsenter -t 9000 -u hostname
  ✓ the host's host name is what it was
      expected thinker; seen thinker; shown by hostname

4/6  task (en)
  $ nsenter -t 9000 hostname workshop
      touches nothing: it only looks; undone by nothing to undo; needs root
  ✓ box's host name is workshop
      expected workshop; seen workshop; shown by nsenter -t 9000 -u hostname
  ✓ the host's host name is what it was
      expected thinker; seen thinker; shown by hostname

5/6  end (en)
  $ kill -KILL 9000
      touches nothing: it only looks; undone by nothing to undo; needs root
  predicted: answer lives
  the kernel shows: answer gone
  ✓ the uts namespace of box is gone
      expected no member and no pin of uts:[4026532002]; seen none; shown by lsns -t uts

6/6  quiz (en)
  answered: answer wrong
  the right answer: answer right

All checks passed, nothing left behind.`;

test('a solved lesson as text', async () => {
  const { code, lines, lab } = await run({ solve: true, yes: true });
  assert.is(lines.join('\n'), GOLDEN);
  assert.is(code, 0);
  assert.is(lab.closed, 1);
});

test('the same in Chinese', async () => {
  const { code, lines } = await run({ solve: true, yes: true, lang: 'zh-CN' });
  assert.is(code, 0);
  assert.equal(lines.slice(0, 3), ['第 6 课：假课程', '', '1/6  intro (zh)']);
  assert.ok(lines.includes('      影响：nothing: it only looks；还原方式：nothing to undo；需要 root'));
  assert.ok(lines.includes('  预测：answer both'));
  assert.ok(lines.includes('      预期：thinker；实际：thinker；查看：hostname'));
  assert.is(lines.at(-1), '所有检查通过，没有残留。');
});

test('the same as JSON lines', async () => {
  const { code, events } = await run({ solve: true, yes: true, json: true });
  assert.is(code, 0);
  assert.equal(
    events.map((event) => event.event),
    (
      'lesson step step command output command output verdict ' +
      'step command prediction verdict verdict step command verdict verdict ' +
      'step command prediction verdict step prediction end'
    ).split(' '),
  );
  assert.equal(events[0], {
    event: 'lesson',
    id: 'fake',
    title: 'A fake lesson',
    source: 'live',
    variant: null,
    steps: 6,
  });
  assert.equal(events[3], {
    event: 'command',
    step: 'make',
    shell: 'hostname',
    touches: 'nothing: it only looks',
    undo: 'nothing to undo',
    privileged: true,
  });
  assert.equal(events[4], { event: 'output', step: 'make', stream: 'stdout', text: 'thinker' });
  assert.equal(
    events.find((event) => event.event === 'prediction'),
    { event: 'prediction', step: 'rename', chosen: 'both', truth: 'box', right: false },
  );
  assert.equal(events.at(-1), { event: 'end', passed: true, exit: 0 });
});

test('without --yes nothing is opened, and what would run is told', async () => {
  const { code, lines, opened } = await run({ solve: true });
  assert.is(code, 2);
  assert.is(opened, 0);
  assert.match(lines[0] ?? '', /^Lesson A fake lesson would run this on the host \(LAB /);
  assert.equal(
    lines.filter((line) => line.startsWith('  $ ')),
    [
      '  $ hostname',
      '  $ unshare uts sleep infinity &',
      '  $ nsenter -t $BOX hostname shoebox',
      '  $ nsenter -t $BOX hostname workshop',
      '  $ kill -KILL $BOX',
    ],
  );
  assert.is(lines.at(-1), 'Nothing has run. To run it, add --yes.');
  const { lines: unsolved } = await run({});
  assert.not.match(unsolved.join('\n'), 'workshop');
});

test('--dry-run tells each step with what it touches and undoes, opens nothing, and ends with 0', async () => {
  const { code, lines, opened, lab } = await run({ dryRun: true, solve: true, yes: true });
  assert.is(code, 0);
  assert.equal([opened, lab.closed, lab.log], [0, 0, []]);
  assert.equal(lines.slice(2, 8), [
    '1/6  intro (en)',
    '',
    '2/6  make (en)',
    '  $ hostname',
    '      touches nothing: it only looks; undone by nothing to undo; needs root',
    '  $ unshare uts sleep infinity &',
  ]);
  assert.is(lines.at(-1), 'Nothing has run.');
  const { events, code: json } = await run({ dryRun: true, json: true });
  assert.is(json, 0);
  assert.equal(
    events.map((event) => event.event).join(' '),
    'step step command command step command step step command step',
  );
});

test('--dry-run says where a step cannot be planned, and ends with 1', async () => {
  const bad = STEPS.map((step) => ({
    ...step,
    operations: step.operations.map((one) => (one.op === 'look' ? { ...one, command: ['bad'] } : one)),
  }));
  const { code, lines } = await run({ dryRun: true, steps: bad });
  assert.is(code, 1);
  assert.ok(lines.includes('no such look'));
  assert.ok(lines.includes('  $ kill -KILL $BOX'), 'the others are told');
});

test('without --solve a task is looked at, and the lesson ends there', async () => {
  const { code, lines, lab } = await run({ yes: true });
  assert.is(code, 1);
  assert.is(lab.closed, 1);
  assert.ok(lines.includes("  ✗ box's host name is workshop"));
  assert.equal(lines.slice(-3), [
    'This task is the learner’s: use the terminal program, or add --solve.',
    '',
    'Not all checks passed.',
  ]);
});

test('a failed operation ends it with its problem', async () => {
  const { code, events } = await run({ yes: true, solve: true, json: true }, (lab) => {
    lab.failures = ['unshare'];
  });
  assert.is(code, 1);
  assert.equal(events.slice(-2), [
    { event: 'problem', message: 'the kernel said no', hint: 'try again' },
    { event: 'end', passed: false, exit: 1 },
  ]);
});

test('a host that cannot do it ends it with 3', async () => {
  const { code, lines } = await run({ yes: true, solve: true }, (lab) => {
    lab.perform = async () => {
      throw new UserError('no namespaces here', { hint: 'be root', exitCode: 3 });
    };
  });
  assert.is(code, 3);
  assert.equal(lines.slice(-4), ['no namespaces here', 'be root', '', 'Not all checks passed.']);
});

test('what is left behind fails the run', async () => {
  const { code, lines } = await run({ yes: true, solve: true }, (lab) => {
    lab.leftovers = [{ kind: 'cgroup', lab: lab.id, what: '/x', proof: 'ls -d /x', live: false }];
  });
  assert.is(code, 1);
  assert.ok(lines.includes('left behind: cgroup /x (ls -d /x)'));
});

test('every line of a flood is told', async () => {
  const steps = STEPS.slice(0, 2).map((step) =>
    step.id === 'make'
      ? {
          ...step,
          operations: [...step.operations, { op: 'run', in: 'box', command: ['shout', '2600'] } as const],
        }
      : step,
  );
  const { code, lines } = await run({ yes: true, steps });
  assert.is(code, 0);
  assert.is(lines.filter((line) => line.startsWith('  line ')).length, 2600);
});

test('of every recording each plan is told once and whole, also where two begin alike', async () => {
  for (const lesson of await loadLessons(lessonsDir())) {
    const recording = await loadRecording(lesson.id, replaysDir());
    assert.ok(recording, lesson.id);
    if (!recording) continue;
    const told = new Map<string, string[]>();
    const loose: string[] = [];
    await runHeadless({
      session: replaySession({ lesson, lang: 'en', recording, lineDelay: 0 }),
      solve: true,
      yes: true,
      json: true,
      write: (line) => {
        const event = JSON.parse(line) as HeadlessEvent;
        if (event.event === 'command') told.set(event.step, [...(told.get(event.step) ?? []), event.shell]);
        if (event.event === 'output' && event.stream === 'command') loose.push(event.text);
      },
    });
    assert.equal(loose, [], lesson.id);
    for (const { id, operations } of recording.steps) {
      assert.equal(
        told.get(id) ?? [],
        operations.flatMap(({ plan }) => (plan ? [plan.shell] : [])),
        `${lesson.id} ${id}`,
      );
    }
  }
});

test.run();
