// The author's gate on made-up lessons: each fault that it must catch, made one at a time, and a lesson without any.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type GateFault, gateLesson } from '../../src/lesson/gate.ts';
import { startSession } from '../../src/lesson/session.ts';
import type { Lesson, Step } from '../../src/lesson/types.ts';
import { FakeHost, FakeLab, fakeLesson, QUICK, STEPS } from './fake.ts';

const test = suite('lesson/gate');

/** The fake lesson with the task's second check as what it is: a guard. */
const SOUND: readonly Step[] = STEPS.map((step) =>
  step.id === 'task'
    ? {
        ...step,
        checks: step.checks.map((check) => (check.id === 'host' ? { ...check, guard: true } : check)),
      }
    : step,
);

function changed(id: string, change: Partial<Step>): readonly Step[] {
  return SOUND.map((step) => (step.id === id ? { ...step, ...change } : step));
}

async function gate(
  steps: readonly Step[],
  prepare: (lab: FakeLab, run: number) => void = () => {},
  lesson: Lesson = fakeLesson(steps),
): Promise<{ faults: readonly GateFault[]; labs: readonly FakeLab[] }> {
  const labs: FakeLab[] = [];
  const faults = await gateLesson({
    lang: 'en',
    patience: 20,
    async bench() {
      const host = new FakeHost();
      const lab = new FakeLab(host);
      labs.push(lab);
      prepare(lab, labs.length);
      const session = startSession({
        lesson,
        lang: 'en',
        lab: async () => lab,
        observe: async () => host.snapshot(),
        timing: QUICK,
      });
      return { session, residue: async () => [] };
    },
  });
  return { faults, labs };
}

test('a lesson without a fault is played twice, each time in a lab that is closed', async () => {
  const { faults, labs } = await gate(SOUND);
  assert.equal(faults, []);
  assert.equal(
    labs.map((lab) => lab.closed),
    [1, 1],
  );
});

/** Name, steps, the step that is told, what is said of it. */
const FAULTS: readonly (readonly [string, readonly Step[], string, RegExp])[] = [
  ['a check that passes unsolved', STEPS, 'task', /^check `host` passes before the solution \(thinker\)/],
  [
    'a task that is solved from the start',
    changed('task', { checks: [{ check: 'hostname', id: 'box', of: 'box', is: 'shoebox' }] }),
    'task',
    /^check `box` passes before the solution \(shoebox\)/,
  ],
  [
    'a solution that does nothing',
    changed('task', { solution: [{ op: 'look', command: ['hostname'] }] }),
    'task',
    /^the solution does not make check `box` pass: expected workshop; seen shoebox/,
  ],
  [
    'a guard that does not hold',
    changed('task', {
      checks: [
        { check: 'hostname', id: 'box', of: 'box', is: 'workshop' },
        { check: 'hostname', id: 'host', of: 'host', is: 'elsewhere', guard: true },
      ],
    }),
    'task',
    /^check `host` has `guard: true` and does not pass from the start/,
  ],
  [
    'a task of guards alone',
    changed('task', {
      checks: [{ check: 'hostname', id: 'host', of: 'host', unchanged: true, guard: true }],
    }),
    'task',
    /^every check of this task has `guard: true`/,
  ],
  [
    'a prediction without a truth',
    changed('rename', {
      choices: [
        { id: 'both', when: [{ check: 'hostname', id: 'a', of: 'host', is: 'shoebox' }] },
        { id: 'box', when: [{ check: 'hostname', id: 'b', of: 'box', is: 'hatbox' }] },
      ],
    }),
    'rename',
    /^no choice holds/,
  ],
  [
    'a prediction with two truths',
    changed('rename', {
      choices: [
        { id: 'box', when: [{ check: 'hostname', id: 'a', of: 'box', is: 'shoebox' }] },
        { id: 'host', when: [{ check: 'hostname', id: 'b', of: 'host', unchanged: true }] },
      ],
    }),
    'rename',
    /^more than one choice holds: box, host/,
  ],
  [
    'a check of a run step that fails',
    changed('make', {
      checks: [{ check: 'namespace', id: 'own', of: 'box', type: 'pid', than: 'host', is: 'differs' }],
    }),
    'make',
    /^check `own` does not pass/,
  ],
  [
    'a check that nobody can see pass',
    changed('make', {
      checks: [
        { check: 'released', id: 'gone', of: 'box', type: 'uts' },
        { check: 'exit', id: 'none', is: [0] },
      ],
      operations: [{ op: 'actor', name: 'box', namespaces: ['uts'], command: ['sleep'] }],
    }),
    'make',
    /^check `none` does not pass/,
  ],
];

for (const [name, steps, at, line] of FAULTS) {
  test(name, async () => {
    const { faults, labs } = await gate(steps);
    assert.ok(
      faults.some(({ step, run, message }) => step === at && run === 1 && line.test(message)),
      JSON.stringify(faults),
    );
    assert.is(labs.length, 1, 'a faulty lesson is not played again');
    assert.is(labs[0]?.closed, 1);
  });
}

test('an operation that fails', async () => {
  const { faults } = await gate(SOUND, (lab) => {
    lab.failures = ['unshare'];
  });
  assert.equal(faults, [{ step: 'make', run: 1, message: 'the kernel said no; try again' }]);
});

test('what comes to pass by itself is no task', async () => {
  const lesson = fakeLesson(SOUND);
  const host = new FakeHost();
  let looks = 0;
  const faults = await gateLesson({
    lang: 'en',
    patience: 20,
    async bench() {
      const session = startSession({
        lesson,
        lang: 'en',
        lab: async () => new FakeLab(host),
        async observe() {
          // On entering the task it is looked at twice, by the gate once: then the name changes, as if by a process in the background.
          if (session.state().steps[session.state().index]?.phase === 'working' && ++looks > 3) {
            for (const uts of host.names.keys()) host.names.set(uts, 'workshop');
          }
          return host.snapshot();
        },
        timing: { ...QUICK, poll: 10_000 },
      });
      return { session, residue: async () => [] };
    },
  });
  assert.match(faults[0]?.message ?? '', /^check `box` passes before the solution \(workshop\)/);
});

test('what is left behind, by the lab’s own word and by the witness, each once', async () => {
  const left = { kind: 'cgroup', lab: '7f3a0000', what: '/x', proof: 'ls -d /x', live: false } as const;
  const host = new FakeHost();
  const lab = new FakeLab(host);
  lab.leftovers = [left];
  const asked: (string | null)[] = [];
  const faults = await gateLesson({
    lang: 'en',
    patience: 0,
    bench: async () => ({
      session: startSession({
        lesson: fakeLesson(SOUND),
        lang: 'en',
        lab: async () => lab,
        observe: async () => host.snapshot(),
        timing: QUICK,
      }),
      residue: async (labId) => {
        asked.push(labId);
        return [left, { kind: 'process', what: '77 sleep', proof: 'ps -p 77' }];
      },
    }),
  });
  assert.equal(asked, [lab.id]);
  assert.equal(
    faults.map(({ step, message }) => [step, message]),
    [
      [null, 'left behind: cgroup /x (ls -d /x)'],
      [null, 'left behind: process 77 sleep (ps -p 77)'],
    ],
  );
});

test('another answer of the kernel the second time', async () => {
  const steps = changed('rename', {
    operations: [{ op: 'run', in: 'box', command: ['flaky'], exits: [0, 1] }],
    checks: [],
    choices: [
      { id: 'zero', when: [{ check: 'exit', id: 'zero', is: [0] }] },
      { id: 'one', when: [{ check: 'exit', id: 'one', is: [1] }] },
    ],
  });
  const { faults } = await gate(steps, (lab, run) => lab.exits.set('flaky', run - 1));
  assert.equal(faults, [
    { step: 'rename', run: 2, message: 'the kernel answered `zero` the first time and `one` the second' },
  ]);
});

test.run();
