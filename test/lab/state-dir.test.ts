// Where state is kept, and the error where it cannot be. What needs a mount is in live/lab-isolation.test.ts.
import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { stateDir, trustedLabsDir } from '../../src/lab/state-dir.ts';
import { UserError } from '../../src/text/errors.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('lab: state directory');

test('XDG_STATE_HOME, or the home directory; mode 0700; twice is once', async () => {
  await withTempDir((dir) => {
    const path = stateDir({ XDG_STATE_HOME: join(dir, 'a', 'b') });
    assert.is(path, join(dir, 'a', 'b', 'nscope'));
    assert.is(statSync(path).mode & 0o777, 0o700);
    assert.is(stateDir({ XDG_STATE_HOME: join(dir, 'a', 'b') }), path);
    assert.is(stateDir({ HOME: dir }), join(dir, '.local/state/nscope'));
    assert.is(stateDir({ HOME: dir, XDG_STATE_HOME: 'relative' }), join(dir, '.local/state/nscope'));
  });
});

test('a file in its place: one line, a hint, exit 3, in the language of the locale', async () => {
  await withTempDir((dir) => {
    writeFileSync(join(dir, 'nscope'), '');
    for (const [LANG, pattern] of [
      ['C.UTF-8', /^the state directory .* cannot be used: there is a file/],
      ['zh_CN.UTF-8', /^无法使用状态目录/],
    ] as const) {
      assert.throws(
        () => stateDir({ XDG_STATE_HOME: dir, LANG }),
        (error: unknown) =>
          error instanceof UserError &&
          error.exitCode === 3 &&
          pattern.test(error.message) &&
          !error.message.includes('\n') &&
          /XDG_STATE_HOME/.test(error.hint ?? ''),
      );
    }
  });
});

/** Exit 3, one line that matches, in both languages. */
function refuses(fn: (lang: 'en' | 'zh-CN') => unknown, english: RegExp, chinese: RegExp): void {
  for (const [lang, pattern] of [
    ['en', english],
    ['zh-CN', chinese],
  ] as const) {
    assert.throws(
      () => fn(lang),
      (error: unknown) =>
        error instanceof UserError &&
        error.exitCode === 3 &&
        pattern.test(error.message) &&
        !error.message.includes('\n'),
    );
  }
}

test('one that others may write to, or a link, is refused', async () => {
  await withTempDir((dir) => {
    const env = { XDG_STATE_HOME: dir };
    const path = stateDir(env);
    for (const mode of [0o777, 0o770, 0o702]) {
      chmodSync(path, mode);
      refuses((lang) => stateDir(env, lang), /others may write to it \(mode 7/, /其他用户可以写入/);
    }
    chmodSync(path, 0o755);
    assert.is(stateDir(env), path, 'reading is no danger');

    symlinkSync(path, join(dir, 'link'));
    mkdirSync(join(dir, 'other'));
    symlinkSync(path, join(dir, 'other', 'nscope'));
    refuses((lang) => stateDir({ XDG_STATE_HOME: join(dir, 'other') }, lang), /symbolic link/, /符号链接/);
    refuses((lang) => trustedLabsDir(join(dir, 'link'), lang), /symbolic link/, /符号链接/);

    assert.is(trustedLabsDir(path, 'en'), join(path, 'labs'), 'what is not there yet');
    mkdirSync(join(path, 'labs'));
    chmodSync(join(path, 'labs'), 0o777);
    refuses(
      (lang) => trustedLabsDir(path, lang),
      /labs cannot be used: others may write/,
      /其他用户可以写入/,
    );
  });
});

test.run();
