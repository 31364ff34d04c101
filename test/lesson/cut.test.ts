// timeout: 300
// Real lessons cut short at many places: each cut is one error with file, line, what was expected and what to do, never a stack trace, and never a
// lesson that is something else than its author wrote.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lessonsDir, loadLesson } from '../../src/lesson/load.ts';
import { scaffold } from '../../src/lesson/scaffold.ts';
import type { Lesson } from '../../src/lesson/types.ts';
import { UserError } from '../../src/text/errors.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('lesson/cut');
const FILES = ['lesson.yaml', 'en.md', 'zh-CN.md'] as const;

type Files = Readonly<Record<string, Buffer>>;

function real(name: string): Files {
  const dir = join(lessonsDir(), name);
  return Object.fromEntries(FILES.map((file) => [file, readFileSync(join(dir, file))]));
}

const FRESH: Files = Object.fromEntries(
  Object.entries(scaffold('fresh')).map(([file, text]) => [file, Buffer.from(text)]),
);

/** The lesson, or the error that it came to; anything else that is thrown fails the test. */
async function outcome(folder: string): Promise<Lesson | UserError> {
  try {
    return await loadLesson(folder);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** A lesson, or one of the program's own that would be one there: those from elsewhere may not do all that it does, which is asked last. */
function isWhole(found: Lesson | UserError): boolean {
  return !(found instanceof UserError) || found.message.includes('would have the host before it');
}

/** Name, folder, files, bytes between two cuts of each file. */
const LESSONS: readonly (readonly [string, string, Files, number])[] = [
  ['a new lesson, at every byte', '01-fresh', FRESH, 1],
  ['uts-namespace', '06-uts-namespace', real('06-uts-namespace'), 41],
  ['pid-namespace', '08-pid-namespace', real('08-pid-namespace'), 67],
];

for (const [name, folderName, files, stride] of LESSONS) {
  for (const file of FILES) {
    test(`${name}: ${file}`, () =>
      withTempDir(async (dir) => {
        const folder = join(dir, folderName);
        mkdirSync(folder);
        for (const [one, bytes] of Object.entries(files)) writeFileSync(join(folder, one), bytes);
        const whole = await outcome(folder);
        assert.ok(isWhole(whole));
        const bytes = files[file] ?? Buffer.alloc(0);
        const last = bytes.toString('utf8').lastIndexOf('<!-- ');
        let cuts = 0;
        for (let at = 0; at < bytes.length; at += stride) {
          writeFileSync(join(folder, file), bytes.subarray(0, at));
          const found = await outcome(folder);
          cuts++;
          if (isWhole(found)) {
            // Whole lines of the last part's text are all that can be missing: no file says how long a text should be.
            const text = bytes.subarray(0, at).toString('utf8');
            assert.ok(
              file !== 'lesson.yaml' && text.endsWith('\n') && text.length > last,
              `accepted, cut at ${at}`,
            );
            if (!(found instanceof UserError) && !(whole instanceof UserError)) {
              assert.equal(found.steps, whole.steps);
            }
            continue;
          }
          assert.instance(found, UserError);
          const { exitCode, message, hint } = found as UserError;
          assert.is(exitCode, 2);
          assert.match(
            message,
            /\/(lesson\.yaml|en\.md|zh-CN\.md):\d+:\d+: found .+; expected ./,
            `at ${at}`,
          );
          assert.ok(hint, `at ${at}`);
          assert.not.match(message, /\n|TypeError|RangeError|undefined|\[object/, `at ${at}`);
        }
        assert.ok(cuts > 50, `${cuts} cuts`);
      }));
  }
}

test('an operation that nobody knows is told with the nearest name', () =>
  withTempDir(async (dir) => {
    const folder = join(dir, '01-fresh');
    mkdirSync(folder);
    for (const [one, bytes] of Object.entries(FRESH)) writeFileSync(join(folder, one), bytes);
    const yaml = (FRESH['lesson.yaml'] ?? '').toString().replace('op: actor', 'op: acter');
    writeFileSync(join(folder, 'lesson.yaml'), yaml);
    const found = await outcome(folder);
    assert.instance(found, UserError);
    assert.match(
      (found as UserError).message,
      /lesson\.yaml:\d+:9: found `op: "acter"`; expected one of rootfs, /,
    );
    assert.is((found as UserError).hint, 'Did you mean `actor`?');
  }));

test.run();
