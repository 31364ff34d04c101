// progress.json: written whole or not at all, never lost.
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  loadProgress,
  progressFile,
  recordTries,
  resetAll,
  resetLesson,
  takeOver,
} from '../../src/lesson/progress.ts';
import { MAX_TRIES, type Progress, type Tried } from '../../src/lesson/progress-schema.ts';
import { UserError } from '../../src/text/errors.ts';

const test = suite('lesson/progress');

async function inDir(use: (dir: string) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'nscope-progress-'));
  try {
    await use(join(root, 'nscope'));
  } finally {
    await rm(root, { recursive: true });
  }
}

const AT = '2025-01-01T10:00:00.000Z';
const LATER = '2025-01-02T10:00:00.000Z';

function recordLesson(dir: string, lesson: string, at: string): Promise<Progress> {
  return recordTries(dir, lesson, {}, at);
}

function tried(change: Partial<Tried> = {}): Tried {
  return {
    nonce: 'n1',
    startedAt: AT,
    doneAt: AT,
    right: null,
    hints: 0,
    seconds: 1,
    how: 'live',
    solved: false,
    evidence: [],
    witnesses: [],
    boot: null,
    ...change,
  };
}

test('nothing yet', async () => {
  await inDir(async (dir) => {
    assert.equal(await loadProgress(dir), { progress: { format: 2, lessons: {} }, note: null });
  });
});

test('steps and lessons are kept, with their first dates, the last answer and every attempt', async () => {
  await inDir(async (dir) => {
    const first = tried({ right: false });
    const second = tried({ nonce: 'n2', startedAt: LATER, doneAt: LATER, right: true, hints: 1 });
    await recordTries(dir, 'uts-namespace', { rename: first }, null);
    await recordTries(dir, 'uts-namespace', { rename: second }, AT);
    await recordTries(dir, 'uts-namespace', {}, LATER);
    const { progress } = await loadProgress(dir);
    assert.equal(progress.lessons, {
      'uts-namespace': {
        steps: { rename: { doneAt: AT, right: true, hints: 1, attempts: 2, tries: [first, second] } },
        finishedAt: AT,
      },
    });
    assert.equal(await readdir(dir), ['progress.json']);
  });
});

test('a later word on an attempt replaces the earlier one; a step that is only met again stays done', async () => {
  await inDir(async (dir) => {
    const met = tried({ doneAt: null, seconds: null });
    await recordTries(dir, 'a', { one: met }, null);
    assert.equal((await loadProgress(dir)).progress.lessons['a']?.steps['one'], {
      doneAt: null,
      right: null,
      hints: 0,
      attempts: 1,
      tries: [met],
    });
    const done = tried({ right: true, hints: 2 });
    await recordTries(dir, 'a', { one: done }, null);
    const again = tried({ nonce: 'n2', startedAt: LATER, doneAt: null, seconds: null });
    await recordTries(dir, 'a', { one: again }, null);
    assert.equal((await loadProgress(dir)).progress.lessons['a']?.steps['one'], {
      doneAt: AT,
      right: true,
      hints: 2,
      attempts: 2,
      tries: [done, again],
    });
  });
});

test('the latest attempts are kept, all are counted', async () => {
  await inDir(async (dir) => {
    for (let i = 0; i < MAX_TRIES + 5; i++) {
      const startedAt = `2025-01-01T10:00:${String(i).padStart(2, '0')}.000Z`;
      await recordTries(dir, 'a', { one: tried({ nonce: `n${i}`, startedAt, doneAt: null }) }, null);
    }
    const step = (await loadProgress(dir)).progress.lessons['a']?.steps['one'];
    assert.is(step?.attempts, MAX_TRIES + 5);
    assert.is(step?.tries.length, MAX_TRIES);
    assert.is(step?.tries.at(-1)?.nonce, `n${MAX_TRIES + 4}`);
  });
});

test('format 1 is read without loss, and written as format 2 with the next change', async () => {
  await inDir(async (dir) => {
    await mkdir(dir, { recursive: true });
    const steps = {
      link: { doneAt: AT, right: null, hints: 0 },
      copy: { doneAt: LATER, right: false, hints: 2 },
    };
    const text = JSON.stringify({ format: 1, lessons: { a: { steps, finishedAt: LATER } } });
    await writeFile(progressFile(dir), text);
    const known: Progress['lessons'] = {
      a: {
        finishedAt: LATER,
        steps: {
          link: { ...steps.link, attempts: 1, tries: [] },
          copy: { ...steps.copy, attempts: 1, tries: [] },
        },
      },
    };
    assert.equal((await loadProgress(dir)).progress.lessons, known);
    assert.is(await readFile(progressFile(dir), 'utf8'), text, 'a reader changes nothing');
    await recordTries(dir, 'b', {}, AT);
    assert.equal(JSON.parse(await readFile(progressFile(dir), 'utf8')), {
      format: 2,
      lessons: { ...known, b: { steps: {}, finishedAt: AT } },
    });
  });
});

test('writes at the same time lose nothing', async () => {
  await inDir(async (dir) => {
    const ids = Array.from({ length: 20 }, (_, i) => `step-${i}`);
    await Promise.all(ids.map((id) => recordTries(dir, 'a', { [id]: tried() }, null)));
    const { progress } = await loadProgress(dir);
    assert.equal(Object.keys(progress.lessons['a']?.steps ?? {}).sort(), ids.sort());
  });
});

test('a lesson is forgotten alone, or all', async () => {
  await inDir(async (dir) => {
    await recordLesson(dir, 'a', AT);
    await recordLesson(dir, 'b', AT);
    await resetLesson(dir, 'a');
    await resetLesson(dir, 'never-done');
    assert.equal(Object.keys((await loadProgress(dir)).progress.lessons), ['b']);
    await resetAll(dir);
    assert.equal((await loadProgress(dir)).progress.lessons, {});
  });
});

test('another file is taken over: the earlier date, the later answer, each attempt once; twice is as once', async () => {
  await inDir(async (dir) => {
    await recordTries(dir, 'a', { one: tried({ nonce: 'here', right: false }) }, null);
    const before = (await loadProgress(dir)).progress;
    const other: Progress = {
      format: 2,
      lessons: {
        a: {
          finishedAt: LATER,
          steps: {
            one: {
              doneAt: LATER,
              right: true,
              hints: 1,
              attempts: 3,
              tries: [tried({ nonce: 'there', startedAt: LATER, doneAt: LATER, right: true, hints: 1 })],
            },
          },
        },
        b: { steps: {}, finishedAt: null },
      },
    };
    await takeOver(dir, other);
    const { lessons } = (await loadProgress(dir)).progress;
    assert.equal(Object.keys(lessons), ['a', 'b']);
    const { one } = lessons['a']?.steps ?? {};
    assert.is(lessons['a']?.finishedAt, LATER);
    assert.is(one?.doneAt, AT);
    assert.is(one?.right, true);
    assert.is(one?.hints, 1);
    assert.is(one?.attempts, 4);
    assert.equal(
      one?.tries.map(({ nonce }) => nonce),
      ['here', 'there'],
    );
    await takeOver(dir, other);
    assert.equal((await loadProgress(dir)).progress.lessons, lessons);
    await takeOver(dir, before);
    assert.equal((await loadProgress(dir)).progress.lessons, lessons);
  });
});

for (const [name, text] of [
  ['cut short', '{"format": 1, "lessons": {"a": {"st'],
  ['empty', ''],
  ['another thing', '[1, 2]'],
  ['a field of another type', '{"format": 1, "lessons": {"a": {"steps": {}, "finishedAt": 5}}}'],
] as const) {
  test(`a damaged file is kept aside: ${name}`, async () => {
    await inDir(async (dir) => {
      await recordLesson(dir, 'a', AT);
      const file = progressFile(dir);
      for (const kept of [`${file}.damaged`, `${file}.damaged.2`]) {
        await writeFile(file, text);
        const { progress, note } = await loadProgress(dir);
        assert.equal(progress.lessons, {});
        assert.is(
          note,
          `${file} could not be read as progress; it was kept as ${kept}, and progress begins anew`,
        );
        assert.is(await readFile(kept, 'utf8'), text);
      }
      await recordLesson(dir, 'b', AT);
      assert.equal(Object.keys((await loadProgress(dir)).progress.lessons), ['b']);
    });
  });
}

test('a newer format is left as it is', async () => {
  await inDir(async (dir) => {
    await recordLesson(dir, 'a', AT);
    const file = progressFile(dir);
    await writeFile(file, '{"format": 3}');
    for (const act of [() => loadProgress(dir), () => recordLesson(dir, 'b', AT)]) {
      try {
        await act();
        assert.unreachable();
      } catch (error) {
        assert.instance(error, UserError);
        assert.is(
          (error as UserError).message,
          `${file}: found progress of format 3, this version of nscope reads formats 1 and 2`,
        );
      }
    }
    assert.is(await readFile(file, 'utf8'), '{"format": 3}');
  });
});

test('a file that cannot be read: a UserError of exit code 3 with a hint', async () => {
  await inDir(async (dir) => {
    await mkdir(progressFile(dir), { recursive: true });
    for (const act of [() => loadProgress(dir), () => recordLesson(dir, 'b', AT)]) {
      try {
        await act();
        assert.unreachable();
      } catch (error) {
        assert.instance(error, UserError);
        const { exitCode, message, hint } = error as UserError;
        assert.is(exitCode, 3);
        assert.match(message, /EISDIR/);
        assert.ok(hint);
      }
    }
  });
});

test.run();
