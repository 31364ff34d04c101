// Variants of a lesson: what a host makes of `only` and `requires`, and a session in which some steps are live, some recorded, some skipped.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runHeadless, type HeadlessEvent } from '../../src/lesson/headless.ts';
import { startVariant } from '../../src/lesson/mixed.ts';
import { recordSession } from '../../src/lesson/recording.ts';
import { replaySession, variantOfRecording } from '../../src/lesson/replay.ts';
import { printRecording, readJson, recordingSchema } from '../../src/lesson/recording-schema.ts';
import type { Lesson, Session, Step } from '../../src/lesson/types.ts';
import { fits, resolveLesson, variantOf } from '../../src/lesson/variant.ts';
import { FakeHost, FakeLab, fakeLesson, fakePlan, QUICK, STEPS, until } from './fake.ts';

const test = suite('lesson/variant');

const V2 = variantOf('root', [{ version: 2, controllers: ['memory', 'pids'] }]);
const HYBRID = variantOf('rootless', [
  { version: 2, controllers: ['pids'] },
  { version: 1, controllers: ['memory'] },
  { version: 1, controllers: ['name=systemd'] },
]);

test('the variant of a host', () => {
  assert.equal(V2, { mode: 'root', cgroup: 'v2', controllers: { memory: 2, pids: 2 } });
  assert.equal(HYBRID, { mode: 'rootless', cgroup: 'hybrid', controllers: { pids: 2, memory: 1 } });
  assert.is(variantOf('root', [{ version: 1, controllers: ['memory'] }]).cgroup, 'v1');
  // systemd's unified tree without a controller beside v1 trees.
  assert.is(
    variantOf('root', [
      { version: 2, controllers: [] },
      { version: 1, controllers: ['cpu'] },
    ]).cgroup,
    'hybrid',
  );
  assert.is(variantOf('root', []).cgroup, 'none');
});

test('what `only` asks for', () => {
  for (const [only, v2, hybrid] of [
    [undefined, true, true],
    [{ mode: 'root' }, true, false],
    [{ mode: 'rootless' }, false, true],
    [{ cgroup: 'v1' }, false, true],
    [{ cgroup: 'v2' }, true, false],
    [{ cgroup: 'v2', controller: 'pids' }, true, true],
    [{ cgroup: 'v2', controller: 'io' }, false, false],
    [{ controller: 'pids' }, true, true],
    [{ controller: 'io' }, false, false],
    [{ mode: 'rootless', cgroup: 'v2' }, false, false],
  ] as const) {
    assert.is(fits(only, V2), v2, JSON.stringify(only));
    assert.is(fits(only, HYBRID), hybrid, JSON.stringify(only));
  }
});

function stepNamed(id: string): Step {
  const found = STEPS.find((step) => step.id === id);
  if (!found) throw new Error(id);
  return found;
}

/** The fake lesson with two forms of one step, an operation for version 1 alone, and a step that needs more than the lesson. */
function lesson(): Lesson {
  return fakeLesson([
    { ...stepNamed('intro'), only: { mode: 'rootless' } },
    {
      ...stepNamed('make'),
      operations: [
        ...stepNamed('make').operations,
        { op: 'look', command: ['v1-only'], only: { cgroup: 'v1' } } as Step['operations'][number],
      ],
    },
    { ...stepNamed('rename'), requires: ['docker'] },
    stepNamed('task'),
    stepNamed('quiz'),
  ]);
}

test('a lesson keeps the steps and operations of its variant', () => {
  const root = resolveLesson(lesson(), V2);
  assert.equal(
    root.steps.map(({ id, operations }) => [id, operations.length]),
    [
      ['make', 2],
      ['rename', 1],
      ['task', 0],
      ['quiz', 0],
    ],
  );
  assert.equal(
    resolveLesson(lesson(), HYBRID).steps.map(({ id, operations }) => [id, operations.length]),
    [
      ['intro', 0],
      ['make', 3],
      ['rename', 1],
      ['task', 0],
      ['quiz', 0],
    ],
  );
});

async function recording() {
  const host = new FakeHost();
  return recordSession({
    lesson: resolveLesson(lesson(), HYBRID),
    lab: async () => new FakeLab(host),
    observe: async () => host.snapshot(),
    variant: HYBRID,
    title: { en: 'Debian 13, cgroup v2', 'zh-CN': 'Debian 13，cgroup v2' },
    version: '0.1.0',
    recordedOn: '2025-01-01',
    timing: QUICK,
  });
}

test('a recording says which variant it is, and is played as that', async () => {
  const kept = recordingSchema.parse(readJson(printRecording(await recording())));
  assert.equal(kept.variant, HYBRID);
  const replay = replaySession({ lesson: lesson(), lang: 'en', recording: kept, lineDelay: 0 });
  assert.equal(
    replay.state().lesson.steps.map(({ id }) => id),
    ['intro', 'make', 'rename', 'task', 'quiz'],
  );
  assert.equal(replay.state().variant, HYBRID);
  await replay.close();
  // One from before variants were written down.
  const { variant: _, ...old } = kept;
  assert.equal(variantOfRecording(old), { mode: 'root', cgroup: 'none', controllers: {} });
});

async function mixed(
  kept: Awaited<ReturnType<typeof recording>> | null,
  met = false,
): Promise<{ session: Session; lab: FakeLab; host: FakeHost; asked: () => number }> {
  const host = new FakeHost();
  const lab = new FakeLab(host);
  let asked = 0;
  const session = await startVariant({
    lesson: lesson(),
    lang: 'en',
    lab: async () => lab,
    observe: async () => host.snapshot(),
    plan: fakePlan,
    variant: V2,
    lack: (need) => (need === 'docker' && !met ? 'no docker daemon answers' : null),
    recording: async () => {
      asked++;
      return kept;
    },
    timing: QUICK,
  });
  return { session, lab, host, asked: () => asked };
}

test('a step that this host cannot do is played from the recording, between live ones', async () => {
  const { session, lab, host } = await mixed(await recording());
  assert.equal(
    session.state().lesson.steps.map(({ id }) => id),
    ['make', 'rename', 'task', 'quiz'],
  );
  assert.equal(session.state().base, { kind: 'live' });
  await session.run();
  assert.is(session.state().steps[0]?.phase, 'done', session.state().problem?.message);
  const pid = session.state().actors[0]?.pid;
  session.next();
  assert.equal(session.state().source, { kind: 'recording', title: 'Debian 13, cgroup v2' });
  assert.is(session.shellIn('box', null), null, 'no shell into a recording');
  await until(() => session.state().shown !== null);
  const before = lab.log.length;
  session.choose('both');
  await session.run();
  assert.is(session.state().steps[1]?.phase, 'done', session.state().problem?.message);
  assert.is(session.state().steps[1]?.truth, 'box');
  assert.is(lab.log.length, before, 'nothing ran here');
  assert.is(host.names.get(lab.process('box')?.ns.uts ?? 0), 'thinker');
  session.next();
  assert.equal(session.state().source, { kind: 'live' });
  assert.is(session.state().shown, null);
  assert.is(session.state().actors[0]?.pid, pid);
  assert.ok(session.shellIn('box', null));
  await session.solve();
  assert.is(session.state().steps[2]?.phase, 'done', session.state().problem?.message);
  assert.is(host.names.get(lab.process('box')?.ns.uts ?? 0), 'workshop');
  session.back();
  assert.is(session.state().source.kind, 'recording', 'looked at again it is what it was');
  await session.close();
  assert.is(lab.closed, 1);
});

test('without a recording it is skipped, and said; the rest is live', async () => {
  const { session, lab } = await mixed(null);
  const lines: string[] = [];
  const code = await runHeadless({
    session,
    solve: true,
    yes: true,
    json: true,
    write: (line) => lines.push(line),
  });
  const events = lines.map((line) => JSON.parse(line) as HeadlessEvent);
  assert.is(code, 0, lines.join('\n'));
  assert.equal(
    events.flatMap((event) => (event.event === 'step' ? [[event.id, event.source, event.from]] : [])),
    [
      ['make', 'live', null],
      ['rename', 'skipped', 'no docker daemon answers'],
      ['task', 'live', null],
      ['quiz', 'live', null],
    ],
  );
  assert.equal(
    events.flatMap((event) => (event.event === 'prediction' ? [event.step] : [])),
    ['quiz'],
  );
  assert.equal(
    events.flatMap((event) => (event.event === 'lesson' ? [event.variant] : [])),
    [{ mode: 'root', cgroup: 'v2' }],
  );
  assert.is(session.state().steps[1]?.skipped, true);
  assert.is(lab.log.filter((line) => line.includes('shoebox')).length, 0);
});

test('where the need is met no recording is asked for', async () => {
  const { session, asked } = await mixed(null, true);
  assert.is(asked(), 0);
  assert.equal(session.state().source, { kind: 'live' });
  await session.close();
});

test('a recording of another form of the lesson is none', async () => {
  const kept = await recording();
  const { session } = await mixed({ ...kept, steps: kept.steps.slice(1) });
  await session.run();
  session.next();
  assert.is(session.state().source.kind, 'skipped');
  await session.close();
});

test.run();
