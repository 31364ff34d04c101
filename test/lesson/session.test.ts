// A session from its first step to its end, against a lab in memory: phases, predictions, failures, close at a bad moment.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Lab } from '../../src/lab/types.ts';
import { MAX_OUTPUT, startSession } from '../../src/lesson/session.ts';
import type { Session, SessionState, Step, StepState } from '../../src/lesson/types.ts';
import { UserError } from '../../src/text/errors.ts';
import { FakeHost, FakeLab, QUICK, STEPS, fakeLesson, fakePlan, until } from './fake.ts';

const test = suite('lesson/session');

interface Stage {
  readonly host: FakeHost;
  readonly lab: FakeLab;
  readonly session: Session;
  readonly opened: () => number;
  readonly at: () => StepState;
}

function stage(options: { steps?: readonly Step[]; open?: () => Promise<Lab> } = {}): Stage {
  const host = new FakeHost();
  const lab = new FakeLab(host);
  let opened = 0;
  const session = startSession({
    lesson: fakeLesson(options.steps),
    lang: 'en',
    lab: async () => {
      opened++;
      return options.open ? options.open() : lab;
    },
    observe: async () => host.snapshot(),
    plan: fakePlan,
    timing: QUICK,
  });
  return {
    host,
    lab,
    session,
    opened: () => opened,
    at() {
      const state = session.state();
      const step = state.steps[state.index];
      if (!step) throw new Error('no step');
      return step;
    },
  };
}

/** To the step with this id, by the right way through the ones before it. */
async function goTo({ session }: Stage, id: string): Promise<void> {
  for (;;) {
    const { index, lesson } = session.state();
    const step = lesson.steps[index];
    if (step?.id === id) return;
    const choice = step?.choices.at(-1)?.id;
    if (choice) session.choose(choice);
    await (step?.kind === 'task' ? session.solve() : session.run());
    session.next();
    if (session.state().index === index)
      throw new Error(`stuck at ${step?.id}: ${session.state().problem?.message}`);
  }
}

test('nothing is opened or made before the first operation', async () => {
  const s = stage();
  assert.is(s.at().phase, 'reading');
  assert.is(s.session.state().labId, null);
  s.session.next();
  assert.is(s.at().phase, 'ready');
  assert.equal(
    s.at().plans.map((plan) => plan.shell),
    ['hostname', 'unshare uts sleep infinity &'],
  );
  assert.is(s.opened(), 0);
  await s.session.run();
  assert.is(s.opened(), 1);
  assert.is(s.session.state().labId, '7f3a0000');
  await s.session.close();
});

test('a run step: before, output, actors, checks', async () => {
  const s = stage();
  s.session.next();
  const phases: string[] = [];
  s.session.subscribe(() => phases.push(s.at().phase));
  await s.session.run();
  const state = s.session.state();
  assert.is(s.at().phase, 'done');
  assert.ok(phases.includes('running'));
  assert.is(state.before?.processes.length, 3);
  assert.equal(
    state.output.map((line) => `${line.stream} ${line.text}`),
    [
      'command hostname',
      'stdout thinker',
      'command unshare uts sleep infinity &',
      'note box runs with pid 9000',
    ],
  );
  assert.equal(
    state.actors.map((actor) => [actor.name, actor.pid]),
    [['box', 9000]],
  );
  assert.is(s.at().results[0]?.label, 'own link (en)');
  assert.is(s.at().results[0]?.verdict, 'pass');
  s.session.next();
  assert.is(s.session.state().before, null);
  assert.equal(s.session.shellIn('box', null)?.argv, ['nsenter', '-t', '9000', 'sh']);
  await s.session.close();
});

test('a prediction may be changed until it is run, and wrong goes on like right', async () => {
  const s = stage();
  await goTo(s, 'rename');
  assert.is(s.at().phase, 'choosing');
  await s.session.run();
  assert.is(s.at().phase, 'choosing');
  s.session.next();
  assert.is(s.at().id, 'rename');
  s.session.choose('box');
  assert.is(s.at().phase, 'ready');
  s.session.choose('both');
  await s.session.run();
  assert.is(s.at().phase, 'done');
  assert.is(s.at().chosen, 'both');
  assert.is(s.at().truth, 'box');
  s.session.choose('box');
  assert.is(s.at().chosen, 'both');
  s.session.next();
  assert.is(s.at().id, 'task');
  await s.session.close();
});

test('the truth is what the kernel shows, also when it is not what the lesson expects', async () => {
  const s = stage();
  await goTo(s, 'rename');
  s.session.choose('box');
  s.host.names.set(s.lab.process('box')?.ns.uts ?? 0, 'x');
  const perform = s.lab.perform.bind(s.lab);
  s.lab.perform = async (...call) => {
    const result = await perform(...call);
    const [operation] = call;
    if (operation.op === 'run' && operation.command[1] === 'shoebox') s.host.hostname = 'shoebox';
    return result;
  };
  await s.session.run();
  assert.is(s.at().truth, 'both');
  assert.is(s.at().phase, 'done');
  await s.session.close();
});

test('a result that comes late is waited for', async () => {
  const s = stage();
  await goTo(s, 'end');
  s.session.choose('gone');
  s.lab.perform = async () => {
    setTimeout(() => {
      s.host.processes = s.host.processes.filter((one) => one.pid !== 9000);
    }, 1);
    return { output: [], exit: null, asExpected: true };
  };
  await s.session.run();
  assert.is(s.at().truth, 'gone');
  await s.session.close();
});

test('what fits no answer is said, and may be looked at again', async () => {
  const steps = STEPS.map((step) =>
    step.id === 'rename'
      ? {
          ...step,
          checks: [],
          choices: [{ id: 'a', when: [{ check: 'hostname', id: 'h', of: 'host', is: 'late' } as const] }],
        }
      : step,
  );
  const s = stage({ steps });
  await goTo(s, 'rename');
  s.session.choose('a');
  await s.session.run();
  assert.is(s.at().phase, 'failed');
  assert.is(s.session.state().problem?.message, 'what the kernel shows fits none of the answers');
  const performed = s.lab.log.length;
  s.host.hostname = 'late';
  await s.session.run();
  assert.is(s.at().phase, 'done');
  assert.is(s.at().truth, 'a');
  assert.is(s.session.state().problem, null);
  assert.is(s.lab.log.length, performed);
  await s.session.close();
});

test('a task: checks are polled, hints come one by one, the learner’s own act counts', async () => {
  const s = stage();
  await goTo(s, 'task');
  assert.is(s.at().phase, 'working');
  await until(() => s.at().results.length === 2);
  assert.equal(
    s.at().results.map((result) => result.verdict),
    ['fail', 'pass'],
  );
  assert.is(s.session.state().before?.host.hostname.ok, true);
  s.session.hint();
  assert.is(s.at().hintsShown, 1);
  s.session.hint();
  s.session.hint();
  assert.is(s.at().hintsShown, 2);
  s.host.names.set(s.lab.process('box')?.ns.uts ?? 0, 'workshop');
  await until(() => s.at().phase === 'done');
  const looks = s.host.observed;
  await new Promise((resolve) => setTimeout(resolve, 4 * QUICK.poll));
  assert.is(s.host.observed, looks);
  await s.session.close();
});

test('a level check flips back, an edge check stays', async () => {
  const edge = STEPS.map((step) =>
    step.id === 'task'
      ? {
          ...step,
          checks: step.checks.map((check) => (check.id === 'box' ? { ...check, edge: true } : check)),
        }
      : step,
  );
  for (const [steps, kept] of [
    [STEPS, 'fail'],
    [edge, 'pass'],
  ] as const) {
    const s = stage({ steps });
    await goTo(s, 'task');
    await until(() => s.at().results.length === 2);
    s.host.hostname = 'changed';
    const uts = s.lab.process('box')?.ns.uts ?? 0;
    s.host.names.set(uts, 'workshop');
    await until(() => s.at().results[0]?.verdict === 'pass' && s.at().results[1]?.verdict === 'fail');
    s.host.names.set(uts, 'other');
    const looks = s.host.observed;
    await until(() => s.host.observed > looks + 2);
    assert.is(s.at().results[0]?.verdict, kept);
    assert.is(s.at().phase, 'working');
    await s.session.close();
  }
});

test('polling stops on an earlier step and goes on when the learner comes back', async () => {
  const s = stage();
  await goTo(s, 'task');
  await until(() => s.at().results.length === 2);
  s.session.back();
  assert.is(s.at().id, 'rename');
  assert.is(s.at().phase, 'done');
  await new Promise((resolve) => setTimeout(resolve, 2 * QUICK.poll));
  const looks = s.host.observed;
  await new Promise((resolve) => setTimeout(resolve, 4 * QUICK.poll));
  assert.is(s.host.observed, looks);
  s.session.next();
  assert.is(s.at().id, 'task');
  await until(() => s.host.observed > looks);
  await s.session.close();
});

test('a solution that fails leaves the task open', async () => {
  const s = stage();
  await goTo(s, 'task');
  s.lab.failures = ['workshop'];
  await s.session.solve();
  assert.is(s.at().phase, 'working');
  assert.equal(s.session.state().problem, { message: 'the kernel said no', hint: 'try again' });
  await s.session.solve();
  assert.is(s.at().phase, 'done');
  assert.equal(
    s.at().plans.map((plan) => plan.shell),
    ['nsenter -t 9000 hostname workshop'],
  );
  await s.session.close();
});

test('an operation that fails is said, and the next try goes on from there', async () => {
  const s = stage();
  s.session.next();
  s.lab.failures = ['unshare'];
  await s.session.run();
  assert.is(s.at().phase, 'failed');
  assert.equal(s.session.state().problem, { message: 'the kernel said no', hint: 'try again' });
  s.session.next();
  assert.is(s.at().id, 'make');
  await s.session.run();
  assert.is(s.at().phase, 'done');
  assert.is(s.session.state().problem, null);
  assert.equal(s.lab.log, ['hostname', 'unshare uts sleep infinity &', 'unshare uts sleep infinity &']);
  await s.session.close();
});

test('an exit status that was not expected is a problem', async () => {
  const s = stage();
  await goTo(s, 'rename');
  s.lab.exits.set('hostname', 13);
  s.session.choose('box');
  await s.session.run();
  assert.is(s.at().phase, 'failed');
  assert.is(s.session.state().problem?.message, '`hostname shoebox` ended with status 13; expected 0');
  await s.session.close();
});

test('a check that fails says what was seen and what shows it', async () => {
  const s = stage();
  s.session.next();
  const perform = s.lab.perform.bind(s.lab);
  s.lab.perform = async (...call) => {
    const result = await perform(...call);
    const box = s.lab.process('box');
    if (box) box.ns.uts = 4026531838;
    return result;
  };
  await s.session.run();
  assert.is(s.at().phase, 'failed');
  assert.equal(s.session.state().problem, {
    message: 'not as expected: own link (en) — seen: box uts:[4026531838], the host uts:[4026531838]',
    hint: '`readlink /proc/9000/ns/uts /proc/self/ns/uts` shows it. Run the step again to look once more.',
  });
  await s.session.close();
});

test('a lab that cannot be opened is a problem, and is tried again', async () => {
  let tries = 0;
  const host = new FakeHost();
  const lab = new FakeLab(host);
  const session = startSession({
    lesson: fakeLesson(),
    lang: 'en',
    lab: async () => {
      if (tries++ === 0) throw new UserError('no user namespaces here', { hint: 'be root', exitCode: 3 });
      return lab;
    },
    observe: async () => host.snapshot(),
    timing: QUICK,
  });
  session.next();
  await session.run();
  assert.equal(session.state().problem, { message: 'no user namespaces here', hint: 'be root', exitCode: 3 });
  await session.run();
  assert.is(session.state().steps[1]?.phase, 'done');
  await session.close();
  assert.is(lab.closed, 1);
});

test('a quiz is scored at once', async () => {
  const s = stage();
  await goTo(s, 'quiz');
  s.session.choose('nonsense');
  assert.is(s.session.state().problem?.message, 'step quiz has no answer nonsense');
  assert.is(s.at().phase, 'choosing');
  s.session.choose('wrong');
  assert.is(s.at().phase, 'done');
  assert.is(s.at().truth, 'right');
  assert.not(s.session.state().ended);
  s.session.next();
  assert.ok(s.session.state().ended);
  await s.session.close();
});

test('close in the middle of an operation stops it and closes the lab once', async () => {
  const s = stage();
  await goTo(s, 'rename');
  s.session.choose('box');
  s.lab.gate = new Promise(() => {});
  s.lab.leftovers = [{ kind: 'process', lab: '7f3a0000', what: '9000', proof: 'ps 9000', live: false }];
  const running = s.session.run();
  await until(() => s.lab.log.at(-1)?.includes('shoebox') === true);
  const [first, second] = await Promise.all([s.session.close(), s.session.close()]);
  await running;
  assert.is(s.lab.closed, 1);
  assert.is(first, second);
  assert.is(first.length, 1);
  assert.is(s.session.state().problem, null);
  assert.is(s.session.state().labId, null);
  const before = s.session.state();
  await s.session.run();
  s.session.next();
  assert.is(s.session.state(), before);
});

test('close while the lab is being opened waits for it and closes it', async () => {
  let open: (lab: Lab) => void = () => {};
  const s = stage({
    open: () =>
      new Promise((resolve) => {
        open = resolve;
      }),
  });
  s.session.next();
  const running = s.session.run();
  await until(() => s.opened() === 1);
  const closing = s.session.close();
  open(s.lab);
  await closing;
  await running;
  assert.is(s.lab.closed, 1);
  assert.equal(s.lab.log, []);
});

test('close without a lab closes none', async () => {
  const s = stage();
  assert.equal(await s.session.close(), []);
  assert.is(s.opened(), 0);
});

test('two runs at once are one', async () => {
  const s = stage();
  s.session.next();
  await Promise.all([s.session.run(), s.session.run()]);
  assert.is(s.lab.log.length, 2);
  assert.is(s.lab.started.size, 1);
  await s.session.close();
});

test('each state is new and never changed afterwards', async () => {
  const s = stage();
  const seen: { state: SessionState; text: string }[] = [];
  const stop = s.session.subscribe((state) => {
    assert.is(state, s.session.state());
    seen.push({ state, text: JSON.stringify(state) });
  });
  await goTo(s, 'quiz');
  await s.session.close();
  assert.is(new Set(seen.map(({ state }) => state)).size, seen.length);
  for (const { state, text } of seen) {
    assert.is(JSON.stringify(state), text);
    assert.ok(Object.isFrozen(state));
  }
  const count = seen.length;
  stop();
  s.session.next();
  assert.is(seen.length, count);
});

test('output keeps to a sane number of lines', async () => {
  const steps = STEPS.map((step) =>
    step.id === 'rename'
      ? {
          ...step,
          kind: 'run' as const,
          choices: [],
          checks: [],
          operations: [{ op: 'run', in: 'box', command: ['shout', '2500'] } as const],
        }
      : step,
  );
  const s = stage({ steps });
  await goTo(s, 'rename');
  await s.session.run();
  const { output } = s.session.state();
  assert.is(output.length, MAX_OUTPUT);
  assert.is(output.at(-1)?.text, 'line 2499');
  assert.match(output[0]?.text ?? '', /^… \d+ earlier lines left out$/);
  await s.session.close();
});

test.run();
