// From a session to its progress, to rows and CSV, to the table of a class: what is kept, who is stuck, and what two files cannot both claim.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { triesOf } from '../../src/lesson/attempt.ts';
import { classTable } from '../../src/lesson/class.ts';
import { progressCsv, progressRows, readExported } from '../../src/lesson/progress-export.ts';
import {
  progressSchema,
  type Progress,
  type StepRecord,
  type Tried,
} from '../../src/lesson/progress-schema.ts';
import { startSession, playSession } from '../../src/lesson/session.ts';
import { liveWorld } from '../../src/lesson/world.ts';
import type { Session } from '../../src/lesson/types.ts';
import { FakeHost, FakeLab, fakeLesson, QUICK } from './fake.ts';

const test = suite('lesson/class');

const AT = '2025-01-01T10:00:00.000Z';
const LATER = '2025-01-02T10:00:00.000Z';

function begin(done?: ReadonlySet<string>): { session: Session; lab: FakeLab } {
  const host = new FakeHost();
  const lab = new FakeLab(host);
  const options = { lab: async () => lab, observe: async () => host.snapshot() };
  const session = done
    ? playSession({ lesson: fakeLesson(), lang: 'en', world: liveWorld(options), done, timing: QUICK })
    : startSession({ lesson: fakeLesson(), lang: 'en', ...options, timing: QUICK });
  return { session, lab };
}

test('a try of each step that was met: answers, hints, evidence, inodes, one nonce', async () => {
  const { session } = begin();
  session.next();
  await session.run();
  session.next();
  session.choose('both');
  await session.run();
  session.next();
  session.hint();
  await session.check();
  const tries = triesOf(session.state(), 'boot-id');
  assert.equal(Object.keys(tries), ['intro', 'make', 'rename', 'task']);
  const { make, rename, task } = tries;
  assert.is(new Set(Object.values(tries).map(({ nonce }) => nonce)).size, 1);
  assert.match(make?.nonce ?? '', /^[0-9a-f]{16}$/);
  assert.is(make?.evidence[0]?.verdict, 'pass');
  assert.match(make?.evidence[0]?.seen ?? '', 'uts:[');
  assert.is(make?.witnesses[0]?.actor, 'box');
  assert.equal(Object.keys(make?.witnesses[0]?.namespaces ?? {}), ['uts']);
  assert.match(make?.boot ?? '', /^[0-9a-f]{16}$/);
  assert.not.match(make?.boot ?? '', 'boot-id');
  assert.is(rename?.right, false);
  assert.ok(rename?.doneAt);
  assert.is(task?.doneAt, null);
  assert.is(task?.seconds, null);
  assert.is(task?.hints, 1);
  assert.is(task?.solved, false);
  await session.solve();
  const solved = triesOf(session.state(), 'boot-id')['task'];
  assert.is(solved?.solved, true);
  assert.ok(solved?.doneAt);
  progressSchema.parse({
    format: 2,
    lessons: {
      fake: {
        finishedAt: null,
        steps: Object.fromEntries(
          Object.entries(tries).map(([id, one]) => [
            id,
            { doneAt: one.doneAt, right: one.right, hints: one.hints, attempts: 1, tries: [one] },
          ]),
        ),
      },
    },
  });
  await session.close();
  assert.is.not(begin().session.state().attempt, session.state().attempt);
});

test('a lesson goes on at the first step that must run again; what was read and answered is passed by', async () => {
  const { session } = begin(new Set(['intro', 'make', 'quiz']));
  assert.is(session.state().index, 1, 'the lab is a new one: make must run');
  assert.equal(
    session.state().steps.map(({ phase, doneBefore }) => [phase, doneBefore ?? false]),
    [
      ['done', true],
      ['ready', true],
      ['reading', false],
      ['reading', false],
      ['reading', false],
      ['reading', false],
    ],
  );
  await session.run();
  session.next();
  session.choose('box');
  await session.run();
  session.next();
  await session.solve();
  session.next();
  session.choose('gone');
  await session.run();
  session.next();
  assert.is(session.state().steps[5]?.phase, 'done', 'the quiz was answered in an earlier run');
  session.next();
  assert.ok(session.state().ended);
  const tries = triesOf(session.state(), null);
  assert.equal(Object.keys(tries), ['make', 'rename', 'task', 'end'], 'what was passed by is no new try');
  assert.is(tries['make']?.boot, null);
  await session.close();
});

function tried(change: Partial<Tried> = {}): Tried {
  return {
    nonce: 'n1',
    startedAt: AT,
    doneAt: AT,
    right: null,
    hints: 0,
    seconds: 1.5,
    how: 'live',
    solved: false,
    evidence: [],
    witnesses: [],
    boot: 'b1',
    ...change,
  };
}

function step(...tries: readonly Tried[]): StepRecord {
  const last = tries.at(-1);
  return {
    doneAt: tries.find(({ doneAt }) => doneAt !== null)?.doneAt ?? null,
    right: last?.right ?? null,
    hints: last?.hints ?? 0,
    attempts: tries.length,
    tries: [...tries],
  };
}

function progress(steps: Readonly<Record<string, StepRecord>>, finishedAt: string | null = null): Progress {
  return { format: 2, lessons: { uts: { steps, finishedAt } } };
}

const BOX = { actor: 'box', pid: 12, starttime: 99, namespaces: { uts: 4026532201 } };

test('a row for each check, and CSV that a spreadsheet takes for text', () => {
  const own = progress({
    link: step(
      tried({
        evidence: [
          { check: 'a', verdict: 'pass', seen: '=cmd|"x"!A1' },
          { check: 'b', verdict: 'fail', seen: 'two\nlines, one comma' },
        ],
        witnesses: [BOX],
      }),
    ),
    task: step(tried({ doneAt: null, seconds: null, hints: 2 })),
  });
  const rows = progressRows({ learner: 'ann', progress: own });
  assert.equal(
    rows.map(({ step: id, check, verdict, done, hints, inodes }) => [
      id,
      check,
      verdict,
      done,
      hints,
      inodes,
    ]),
    [
      ['link', 'a', 'pass', true, 0, 'box uts:4026532201'],
      ['link', 'b', 'fail', true, 0, 'box uts:4026532201'],
      ['task', null, null, false, 2, null],
    ],
  );
  const csv = progressCsv({ learner: '=ann', progress: own });
  const lines = csv.split('\r\n');
  assert.is(
    lines[0],
    'learner,lesson,step,check,done,attempts,hints,right,startedAt,doneAt,seconds,how,solved,verdict,seen,inodes,nonce',
  );
  assert.is(
    lines[1],
    `'=ann,uts,link,a,true,1,0,,${AT},${AT},1.5,live,false,pass,"'=cmd|""x""!A1",box uts:4026532201,n1`,
  );
  assert.match(lines[2] ?? '', '"two\nlines, one comma"');
  assert.is(lines[3], `'=ann,uts,task,,false,1,2,,${AT},,,live,false,,,,n1`);
  assert.is(lines[4], '');
});

test('what a file holds: an export, a progress.json of either format, or nothing', () => {
  const own = progress({ link: step(tried()) });
  const exported = {
    nscope: { format: 1, version: '0.1.0' },
    learner: 'ann',
    exportedAt: AT,
    progress: own,
    rows: [],
  };
  assert.equal(readExported(JSON.stringify(exported)), { learner: 'ann', exportedAt: AT, progress: own });
  assert.equal(readExported(JSON.stringify(own)), { learner: null, exportedAt: null, progress: own });
  const old = {
    format: 1,
    lessons: { uts: { steps: { link: { doneAt: AT, right: null, hints: 1 } }, finishedAt: null } },
  };
  assert.is(readExported(JSON.stringify(old))?.progress.lessons['uts']?.steps['link']?.hints, 1);
  const text = JSON.stringify(exported);
  for (let cut = 0; cut < text.length; cut += 7) assert.is(readExported(text.slice(0, cut)), null);
  for (const other of [
    '[]',
    'null',
    '{"format": 3, "lessons": {}}',
    '{"learner": "ann", "exportedAt": "", "progress": 5}',
  ])
    assert.is(readExported(other), null, other);
});

test('the table: who is done, who is stuck where', () => {
  const { rows, inconsistencies } = classTable([
    {
      file: 'ann.json',
      exported: { learner: 'ann', exportedAt: AT, progress: progress({ link: step(tried()) }, AT) },
    },
    {
      file: 'bob.json',
      exported: {
        learner: null,
        exportedAt: null,
        progress: progress({
          link: step(tried({ nonce: 'b1' })),
          task: step(
            tried({ nonce: 'b1', startedAt: AT, doneAt: null, hints: 1 }),
            tried({ nonce: 'b2', startedAt: LATER, doneAt: null, hints: 3 }),
          ),
        }),
      },
    },
  ]);
  assert.equal(inconsistencies, []);
  assert.equal(rows, [
    {
      learner: 'ann',
      files: ['ann.json'],
      lessons: [
        { lesson: 'uts', stepsDone: 1, finishedAt: AT, stuckAt: null, attempts: 0, hints: 0, since: null },
      ],
    },
    {
      learner: 'bob',
      files: ['bob.json'],
      lessons: [
        { lesson: 'uts', stepsDone: 1, finishedAt: null, stuckAt: 'task', attempts: 2, hints: 3, since: AT },
      ],
    },
  ]);
});

test('two files of one learner are one row, and the later word holds', () => {
  const early = progress({ task: step(tried({ doneAt: null })) });
  const late = progress({ task: step(tried({ doneAt: LATER, hints: 2 })) }, LATER);
  for (const order of [
    [early, late],
    [late, early],
  ] as const) {
    const { rows, inconsistencies } = classTable(
      order.map((one, i) => ({
        file: `${i}.json`,
        exported: { learner: 'ann', exportedAt: one === late ? LATER : AT, progress: one },
      })),
    );
    assert.equal(inconsistencies, [], 'one learner may have one run in two files');
    assert.is(rows.length, 1);
    assert.equal(rows[0]?.files, ['0.json', '1.json']);
    assert.is(rows[0]?.lessons[0]?.finishedAt, LATER);
    assert.is(rows[0]?.lessons[0]?.stuckAt, null);
  }
});

test('the same run, and the same process, in two learners’ files are told', () => {
  const of = (learner: string, one: Tried) => ({
    file: `${learner}.json`,
    exported: { learner, exportedAt: AT, progress: progress({ link: step(one) }) },
  });
  const same = classTable([of('bob', tried()), of('ann', tried())]).inconsistencies;
  assert.equal(same, [{ kind: 'nonce', learners: ['ann', 'bob'], lesson: 'uts', step: 'link', what: 'n1' }]);
  const process = classTable([
    of('ann', tried({ witnesses: [BOX] })),
    of('bob', tried({ nonce: 'n2', witnesses: [BOX] })),
  ]).inconsistencies;
  assert.equal(process, [
    {
      kind: 'process',
      learners: ['ann', 'bob'],
      lesson: 'uts',
      step: 'link',
      what: 'box pid 12 starttime 99 uts:4026532201',
    },
  ]);
  // Two machines, or one that was booted anew, give out the same numbers.
  const elsewhere = classTable([
    of('ann', tried({ witnesses: [BOX] })),
    of('bob', tried({ nonce: 'n2', witnesses: [BOX], boot: 'b2' })),
  ]).inconsistencies;
  assert.equal(elsewhere, []);
});

test.run();
