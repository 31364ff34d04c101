// progress.json: written whole or not at all, never lost.
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  loadProgress,
  progressFile,
  recordLesson,
  recordStep,
  resetLesson,
} from '../../src/lesson/progress.ts';
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

test('nothing yet', async () => {
  await inDir(async (dir) => {
    assert.equal(await loadProgress(dir), { progress: { format: 1, lessons: {} }, note: null });
  });
});

test('steps and lessons are kept, with their first dates', async () => {
  await inDir(async (dir) => {
    await recordStep(dir, 'uts-namespace', 'rename', { doneAt: AT, right: false, hints: 0 });
    await recordStep(dir, 'uts-namespace', 'rename', { doneAt: LATER, right: true, hints: 1 });
    await recordLesson(dir, 'uts-namespace', AT);
    await recordLesson(dir, 'uts-namespace', LATER);
    const { progress } = await loadProgress(dir);
    assert.equal(progress.lessons, {
      'uts-namespace': { steps: { rename: { doneAt: AT, right: true, hints: 1 } }, finishedAt: AT },
    });
    assert.equal(await readdir(dir), ['progress.json']);
  });
});

test('writes at the same time lose nothing', async () => {
  await inDir(async (dir) => {
    const ids = Array.from({ length: 20 }, (_, i) => `step-${i}`);
    await Promise.all(ids.map((id) => recordStep(dir, 'a', id, { doneAt: AT, right: null, hints: 0 })));
    const { progress } = await loadProgress(dir);
    assert.equal(Object.keys(progress.lessons['a']?.steps ?? {}).sort(), ids.sort());
  });
});

test('a lesson is forgotten alone', async () => {
  await inDir(async (dir) => {
    await recordLesson(dir, 'a', AT);
    await recordLesson(dir, 'b', AT);
    await resetLesson(dir, 'a');
    await resetLesson(dir, 'never-done');
    assert.equal(Object.keys((await loadProgress(dir)).progress.lessons), ['b']);
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
    await writeFile(file, '{"format": 2}');
    for (const act of [() => loadProgress(dir), () => recordLesson(dir, 'b', AT)]) {
      try {
        await act();
        assert.unreachable();
      } catch (error) {
        assert.instance(error, UserError);
        assert.is(
          (error as UserError).message,
          `${file}: found progress of format 2, this version of nscope reads format 1`,
        );
      }
    }
    assert.is(await readFile(file, 'utf8'), '{"format": 2}');
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
