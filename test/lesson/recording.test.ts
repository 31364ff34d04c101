// Recordings: taken from a session, reduced to the lab, played back as the same lesson, refused where they are broken.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseRecording, recordSession } from '../../src/lesson/recording.ts';
import { replaySession } from '../../src/lesson/replay.ts';
import { type Recording, printRecording, readJson } from '../../src/lesson/recording-schema.ts';
import { hide, reduceSnapshot } from '../../src/lesson/redact.ts';
import { retell } from '../../src/lesson/retell.ts';
import { startSession } from '../../src/lesson/session.ts';
import type { Session, StepState } from '../../src/lesson/types.ts';
import { UserError } from '../../src/text/errors.ts';
import { FakeHost, FakeLab, QUICK, fakeLesson, until } from './fake.ts';

const test = suite('lesson/recording');

async function record(): Promise<{ recording: Recording; lab: FakeLab }> {
  const host = new FakeHost();
  const lab = new FakeLab(host);
  const recording = await recordSession({
    lesson: fakeLesson(),
    lab: async () => lab,
    observe: async () => host.snapshot(),
    title: { en: 'recorded on Debian 13, cgroup v2', 'zh-CN': '录制于 Debian 13，cgroup v2' },
    version: '0.1.0',
    recordedOn: '2025-01-01',
    hidden: [{ text: '/home/someone/state', by: '~/.local/state/nscope' }],
    timing: QUICK,
  });
  return { recording, lab };
}

/** Plays a session to its end with the first choices; returns each step's last state. */
async function play(session: Session): Promise<readonly StepState[]> {
  for (const step of session.state().lesson.steps) {
    const choice = step.choices[0]?.id;
    if (choice) session.choose(choice);
    await (step.kind === 'task' ? session.solve() : session.run());
    session.next();
  }
  assert.ok(session.state().ended, session.state().problem?.message);
  await session.close();
  return session.state().steps;
}

/** A step without what a recording cannot keep the same: names of the host, and processes that were there. */
function plain(steps: readonly StepState[]): unknown {
  const kept = steps.map((step) => ({ ...step, witnesses: undefined }));
  return JSON.parse(JSON.stringify(kept).replaceAll('thinker', 'host'));
}

test('a replay shows what the live lesson showed', async () => {
  const { recording, lab } = await record();
  assert.is(lab.closed, 1);
  const host = new FakeHost();
  const live = startSession({
    lesson: fakeLesson(),
    lang: 'en',
    lab: async () => new FakeLab(host),
    observe: async () => host.snapshot(),
    timing: QUICK,
  });
  const liveSteps = await play(live);
  const replay = replaySession({ lesson: fakeLesson(), lang: 'en', recording, lineDelay: 0 });
  const replaySteps = await play(replay);
  assert.equal(plain(replaySteps), plain(liveSteps));
  assert.equal(
    replay.state().output.map((line) => line.text.replaceAll('thinker', 'host')),
    live.state().output.map((line) => line.text.replaceAll('thinker', 'host')),
  );
});

test('the verdicts that were recorded are those that a replay finds', async () => {
  const { recording } = await record();
  const steps = await play(replaySession({ lesson: fakeLesson(), lang: 'zh-CN', recording, lineDelay: 0 }));
  assert.equal(
    recording.steps.map(({ verdicts, truth }) => [verdicts, truth]),
    steps.map(({ results, truth }) => [results.map(({ id, verdict }) => ({ id, verdict })), truth]),
  );
  assert.is(steps[1]?.results[0]?.label, 'own link (zh)');
  assert.is(steps[2]?.results[0]?.label, 'box 的主机名为 shoebox');
});

test('a replay says that it is one, shows the recorded moments and gives no shell', async () => {
  const { recording } = await record();
  const session = replaySession({ lesson: fakeLesson(), lang: 'zh-CN', recording, lineDelay: 0 });
  assert.equal(session.state().source, { kind: 'recording', title: '录制于 Debian 13，cgroup v2' });
  session.next();
  await until(() => session.state().shown !== null);
  assert.equal(
    session.state().shown?.processes.map((process) => process.pid),
    [50],
  );
  await session.run();
  assert.equal(
    session.state().shown?.processes.map((process) => process.pid),
    [50, 9000],
  );
  assert.is(session.state().before?.processes.length, 1);
  assert.is(session.state().labId, '7f3a0000');
  assert.is(session.shellIn('box', null), null);
  assert.is(session.state().output.at(-1)?.text, 'box 已运行，pid 为 9000');
  assert.is(session.state().steps[1]?.plans[0]?.touches, '无：只读取，不改动');
  session.back();
  await until(() => session.state().shown?.processes.length === 1);
  await session.close();
});

test('a task of a replay waits for run or solve, and is not done before', async () => {
  const { recording } = await record();
  const session = replaySession({ lesson: fakeLesson(), lang: 'en', recording, lineDelay: 0 });
  for (const choice of [null, null, 'box']) {
    if (choice) session.choose(choice);
    await session.run();
    session.next();
  }
  const task = () => session.state().steps[3];
  await session.check();
  assert.is(task()?.phase, 'working');
  assert.is(task()?.results[0]?.verdict, 'fail');
  await session.run();
  assert.is(task()?.phase, 'done');
  await session.close();
});

test('closing stops the lines that are still to come', async () => {
  const { recording } = await record();
  const session = replaySession({ lesson: fakeLesson(), lang: 'en', recording, lineDelay: 10_000 });
  session.next();
  const running = session.run();
  await until(() => session.state().steps[1]?.phase === 'running');
  await session.close();
  await running;
  assert.equal(session.state().output, []);
});

test('nothing of the host is kept but what the lab made', async () => {
  const { recording } = await record();
  const text = printRecording(recording);
  assert.not.match(text, 'thinker');
  assert.not.match(text, 'secretd');
  assert.not.match(text, '/secret');
  assert.not.match(text, '/elsewhere');
  assert.not.match(text, '/proc/1/ns/uts');
  for (const snapshot of recording.snapshots) {
    assert.ok(snapshot.processes.every((process) => process.pid === 50 || process.pid >= 9000));
    assert.ok(
      snapshot.processes.every(
        (process) => process.pid !== 50 || (process.comm === 'nscope' && process.cmdline === null),
      ),
    );
    assert.ok(
      snapshot.namespaces.every((namespace) => namespace.members.every((pid) => pid === 50 || pid >= 9000)),
    );
    assert.equal(snapshot.mounts, []);
  }
});

test('a recording comes back from its text, big numbers too', async () => {
  const { recording } = await record();
  const [first] = recording.snapshots;
  if (!first) throw new Error('no snapshot');
  const limit = { ok: true as const, value: 2n ** 60n };
  const group = {
    of: { pid: 9000, starttime: 90000 },
    controllers: [
      {
        name: 'pids',
        version: 1 as const,
        path: '/nscope-7f3a0000/box',
        directory: { ok: true as const, value: '/sys/fs/cgroup/pids' },
        limits: { 'pids.limit': limit },
        usage: {},
        events: {},
        effective: { 'pids.limit': { value: 'max' as const, setBy: '/' } },
      },
    ],
  };
  const big: Recording = {
    ...recording,
    snapshots: [{ ...first, groups: [group] }, ...recording.snapshots.slice(1)],
  };
  assert.equal(parseRecording(printRecording(big), 'fake.json'), big);
  assert.equal(readJson('{"bigint":"12"}'), 12n);
  assert.equal(readJson('{"bigint":"12x"}'), { bigint: '12x' });
});

test('what is no recording is refused, with the place', async () => {
  const { recording } = await record();
  const text = printRecording(recording);
  const error = (json: string): UserError => {
    try {
      parseRecording(json, 'replays/fake.json');
    } catch (thrown) {
      if (thrown instanceof UserError) return thrown;
      throw thrown;
    }
    throw new Error('nothing was thrown');
  };
  assert.match(error(text.slice(0, 500)).message, /^replays\/fake\.json: JSON: /);
  assert.is(
    error(text.replace('"format": 1', '"format": 2')).message,
    'replays/fake.json: found format 2, this version of nscope reads recordings of format 1',
  );
  assert.match(
    error(text.replace('"pid":50', '"pid":"fifty"')).message,
    /^replays\/fake\.json: snapshots\.0\.processes\.0\.pid: /,
  );
  assert.match(error(text.replace('"labId"', '"lab"')).message, /^replays\/fake\.json: labId: /);
  assert.is(error('[]').hint, 'Update nscope, or make the recording anew.');
  assert.is(error('{').hint, 'A recording is made by `nscope lesson record fake`; make it anew.');
});

test('a recording of other steps is refused', async () => {
  const { recording } = await record();
  const [, ...steps] = fakeLesson().steps;
  assert.throws(
    () => replaySession({ lesson: fakeLesson(steps), lang: 'en', recording }),
    (error: unknown) =>
      error instanceof UserError &&
      error.message.startsWith('the recording does not fit lesson fake: its steps are'),
  );
});

test('a step that does not pass makes no recording, and the lab is closed', async () => {
  const host = new FakeHost();
  const lab = new FakeLab(host);
  lab.failures = ['unshare'];
  try {
    await recordSession({
      lesson: fakeLesson(),
      lab: async () => lab,
      observe: async () => host.snapshot(),
      title: { en: 't', 'zh-CN': 't' },
      version: '0',
      recordedOn: '2025-01-01',
      timing: QUICK,
    });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, UserError);
    assert.is(
      (error as UserError).message,
      'lesson fake did not come to its end at step make: the kernel said no',
    );
  }
  assert.is(lab.closed, 1);
});

test('hides whole words and paths only', () => {
  const hidden = [
    { text: 'vm', by: 'host' },
    { text: '/home/a/state', by: '~' },
  ];
  assert.is(
    hide('vm vmstat my-vm vm.local "vm" /home/a/state/labs /home/a/states', hidden),
    'host vmstat my-vm host.local "host" ~/labs /home/a/states',
  );
  assert.is(
    hide('/proc/504/root/home/a/state/labs /root/home/a/state', hidden),
    '/proc/504/root~/labs /root/home/a/state',
  );
});

test('processes that share a namespace with an actor stay, those of the host do not', async () => {
  const host = new FakeHost();
  const lab = new FakeLab(host);
  await lab.perform({ op: 'actor', name: 'box', namespaces: ['pid'], command: ['sleep'] });
  await lab.perform({ op: 'run', in: 'box', command: ['spawn'] });
  const reduced = reduceSnapshot(host.snapshot(), lab.actors(), lab.id, []);
  assert.equal(
    reduced.processes.map((process) => process.pid),
    [50, 9000, 9001],
  );
});

test('tells the lab’s English lines in Chinese', () => {
  assert.is(retell('box runs with pid 12', 'zh-CN'), 'box 已运行，pid 为 12');
  assert.is(retell('made /x/rootfs from /usr/bin/busybox', 'zh-CN'), '已用 /usr/bin/busybox 构建 /x/rootfs');
  assert.is(retell('box runs with pid 12', 'en'), 'box runs with pid 12');
  assert.is(retell('no line of the lab', 'zh-CN'), 'no line of the lab');
});

test.run();
