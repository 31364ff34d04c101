// Lesson packs that mean harm: each comes to one clear error that names its place, and nothing of it reaches a terminal, the memory or the host.
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { output } from '../../src/lesson/checks/output.ts';
import { loadLesson, loadLessons } from '../../src/lesson/load.ts';
import { matchIn } from '../../src/lesson/match.ts';
import { MAX_BYTES } from '../../src/lesson/pack-files.ts';
import { scaffold } from '../../src/lesson/scaffold.ts';
import { trust, untrusted } from '../../src/lesson/trust.ts';
import type { CheckContext } from '../../src/lesson/checks/check.ts';
import { UserError } from '../../src/text/errors.ts';
import { say } from '../../src/text/lang.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('lesson/hostile');

type Files = Readonly<Record<string, string>>;

function write(dir: string, files: Files, name = '01-fresh'): string {
  const folder = join(dir, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

async function errorOf(act: () => Promise<unknown>): Promise<UserError> {
  try {
    await act();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}

const GOOD = scaffold('fresh');
const yaml = (change: (text: string) => string): Files => ({
  ...GOOD,
  'lesson.yaml': change(GOOD['lesson.yaml'] ?? ''),
});
const english = (text: string): Files => ({ ...GOOD, 'en.md': `${GOOD['en.md']}${text}` });
const first = (command: string) => (text: string) =>
  text.replace('command: [hostname, shoebox]', `command: ${command}`);

test('the lesson that is changed below is right', () =>
  withTempDir(async (dir) => {
    const lesson = await loadLesson(write(dir, GOOD));
    assert.is(lesson.foreign, true);
    assert.match(lesson.digest, /^[0-9a-f]{64}$/);
  }));

const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
  .concat('bcdefghi'.split('').map((name, i) => `${name}: &${name} [${`*${'abcdefgh'[i]}, `.repeat(9)}]`))
  .join('\n');

/** Name, files, what the error says behind the folder. */
const PACKS: readonly (readonly [string, Files, RegExp])[] = [
  ['an escape in prose', english('\u001b]0;title\u0007'), /^\/en\.md:\d+:1: found the character U\+001B/],
  ['text that runs backwards', english('\u202egnp.exe'), /^\/en\.md:\d+:1: found the character U\+202E/],
  ['a character of no width', english('a\u200bb'), /^\/en\.md:\d+:2: found the character U\+200B/],
  [
    'an escape in lesson.yaml',
    yaml((text) => `${text}# \u009b31m`),
    /^\/lesson\.yaml:\d+:3: found the character U\+009B/,
  ],
  [
    'an escape behind an escape',
    yaml(first('["hostname", "\\e[2J"]')),
    /^\/lesson\.yaml:\d+:\d+: found the character U\+001B/,
  ],
  ['aliases that grow', yaml((text) => `${text}${bomb}\n`), /^\/lesson\.yaml:\d+:\d+: found an alias/],
  [
    'an alias to itself',
    yaml((text) => `${text}loop: &loop [*loop]\n`),
    /^\/lesson\.yaml:\d+:\d+: found an alias/,
  ],
  [
    'nesting without end',
    yaml((text) => `${text}deep: ${'['.repeat(100_000)}\n`),
    /^\/lesson\.yaml:\d+:\d+: found (nesting without end|text that is no YAML)/,
  ],
  [
    'a file of gigabytes',
    yaml((text) => text + '#'.repeat(MAX_BYTES)),
    /^\/lesson\.yaml: found something too big/,
  ],
  ['prose of gigabytes', english('x'.repeat(MAX_BYTES)), /^\/en\.md: found something too big/],
  [
    'a prototype',
    yaml((text) => `${text}__proto__: { a: 1 }\n`),
    /^\/lesson\.yaml:\d+:1: found unknown key `__proto__`/,
  ],
  [
    'a tag that makes objects',
    yaml((text) => `${text}x: !!js/function 'a'\n`),
    /^\/lesson\.yaml:\d+:\d+: found unknown key `x`/,
  ],
  [
    'a name that is a path',
    yaml((text) => text.replace('name: box', 'name: ../../etc')),
    /^\/lesson\.yaml:\d+:\d+: found `name: "\.\.\/\.\.\/etc"`/,
  ],
  [
    'an id that is a path',
    yaml((text) => text.replace('id: fresh', 'id: ../fresh')),
    /^\/lesson\.yaml:3:1: found `id: "\.\.\/fresh"`/,
  ],
  [
    'a path with dots behind a placeholder',
    yaml((text) =>
      text
        .replace("'/proc/{pid:box}/ns/uts'", "'/proc/{pid:box}/../../etc/shadow'")
        .replace('[readlink,', '[cat,'),
    ),
    /^\/lesson\.yaml:\d+:\d+: found .*\.\.\/\.\.\/etc\/shadow/,
  ],
  [
    'a look that writes',
    yaml((text) => text.replace('[readlink, /proc/self/ns/uts,', '[tee, /etc/passwd,')),
    /^\/lesson\.yaml:\d+:\d+: found .*tee/,
  ],
  [
    'a look at what is hidden',
    yaml((text) => text.replace('[readlink, /proc/self/ns/uts,', '[cat, /proc/1/environ,')),
    /^\/lesson\.yaml:\d+:\d+: found .*environ/,
  ],
  [
    'a shell on the host',
    yaml(first("[sh, -c, 'rm -rf /']")),
    /^\/lesson\.yaml:\d+:\d+: found `sh -c rm -rf \/`, which would have the host before it/,
  ],
  [
    'an actor that is a shell on the host',
    yaml((text) => text.replace('[sleep, infinity]', "[sh, -c, 'rm -rf /']")),
    /^\/lesson\.yaml:\d+:\d+: found `sh -c rm -rf \/`, which/,
  ],
  [
    'a solution that is one',
    yaml((text) => text.replace('[hostname, workshop]', '[perl, -e, x]')),
    /^\/lesson\.yaml:\d+:\d+: found `perl -e x`, which/,
  ],
  [
    'a namespace without a root file system',
    yaml((text) =>
      text
        .replace('namespaces: [uts]', 'namespaces: [uts, mnt, pid]')
        .replace('[sleep, infinity]', '[python3]'),
    ),
    /found `python3`, which/,
  ],
  [
    'a pattern without end',
    yaml((text) =>
      text.replace(
        'is: differs',
        `is: differs\n      - { check: output, id: long, matches: '${'a'.repeat(1001)}' }`,
      ),
    ),
    /found a pattern of 1001 characters; expected at most 1000/,
  ],
];

for (const [name, files, said] of PACKS) {
  test(name, () =>
    withTempDir(async (dir) => {
      const folder = write(dir, files);
      for (const load of [() => loadLesson(folder), () => loadLessons(dir)]) {
        const error = await errorOf(load);
        assert.match(error.message.replace(folder, ''), said);
        assert.is(error.exitCode, 2);
        assert.ok(error.hint);
        assert.not.match(error.message, /[\u0000-\u001f\u0080-\u009f\u202e\u200b]/);
      }
    }),
  );
}

test('the same commands are allowed where the host is out of sight', () =>
  withTempDir(async (dir) => {
    const closed = yaml((text) =>
      first("[sh, -c, 'hostname shoebox']")(text)
        .replace('      - op: actor', '      - { op: rootfs, name: root }\n      - op: actor')
        .replace(
          'namespaces: [uts]',
          'namespaces: [uts, mnt, pid]\n        rootfs: root\n        mountProc: true',
        ),
    );
    await loadLesson(write(dir, closed));
  }));

test('links in the place of the folder, of a file, and a FIFO', () =>
  withTempDir(async (dir) => {
    const folder = write(dir, GOOD);
    const aside = join(dir, 'aside');
    renameSync(folder, aside);
    symlinkSync(aside, folder);
    assert.match(
      (await errorOf(() => loadLessons(dir))).message,
      /01-fresh: found a symbolic link; expected a folder/,
    );
    const second = write(dir, GOOD, '02-other');
    renameSync(join(second, 'en.md'), join(dir, 'en.md'));
    symlinkSync(join(dir, 'en.md'), join(second, 'en.md'));
    writeFileSync(join(second, 'lesson.yaml'), (GOOD['lesson.yaml'] ?? '').replace('id: fresh', 'id: other'));
    assert.match((await errorOf(() => loadLesson(second))).message, /en\.md: found a symbolic link/);
    const third = write(dir, { 'lesson.yaml': GOOD['lesson.yaml'] ?? '' }, '03-fresh');
    execFileSync('mkfifo', [join(third, 'en.md')]);
    assert.match(
      (await errorOf(() => loadLesson(third))).message,
      /en\.md: found something too big, or no file/,
    );
  }));

test('a folder with an escape in its name', () =>
  withTempDir(async (dir) => {
    write(dir, GOOD, '01-\u001b[31mfresh');
    const error = await errorOf(() => loadLessons(dir));
    assert.match(error.message, /found a folder named/);
    assert.is(error.exitCode, 2);
  }));

test('a pattern that takes longer than the universe is given up, and leaves the check open', async () => {
  assert.is(matchIn('^(a+)+$', `${'a'.repeat(60)}!`), 'too slow');
  assert.equal(matchIn('^b$', 'a\nb\nc'), { found: 'b' });
  assert.equal(matchIn('^x', 'a'), { found: null });
  const context = {
    output: [{ stream: 'stdout', text: `${'a'.repeat(60)}!` }],
  } as unknown as CheckContext;
  const check = { check: 'output', id: 'slow', matches: '^(a+)+$' } as const;
  const [finding] = await output.look(check, context, (message, values) => say('en', message, values));
  assert.is(finding?.verdict, 'unknown');
  assert.match(finding?.seen ?? '', /too long/);
});

test('a pattern cannot reach out of its place', () => {
  assert.equal(matchIn('constructor', 'a constructor'), { found: 'constructor' });
  assert.throws(() => matchIn('(', 'a'), /Invalid regular expression/);
});

test('a yes is kept for just these files, and for lessons of the program none is needed', () =>
  withTempDir(async (dir) => {
    const lesson = await loadLesson(write(dir, GOOD));
    const state = join(dir, 'state');
    assert.equal(await untrusted([lesson], state), [lesson]);
    await trust([lesson], state, '2025-01-01T10:00:00.000Z');
    assert.equal(await untrusted([lesson], state), []);
    assert.equal(await untrusted([{ ...lesson, foreign: false, digest: 'f'.repeat(64) }], state), []);
    for (const file of ['lesson.yaml', 'en.md', 'zh-CN.md']) {
      const changed = { ...GOOD, [file]: `${GOOD[file]}\n` };
      const other = await loadLesson(write(dir, changed, `0${file.length}-fresh`));
      assert.equal(await untrusted([lesson, other], state), [other], file);
      renameSync(other.folder, join(dir, `was-${file}`));
    }
    writeFileSync(join(state, 'trusted.json'), '{"format": 1, "lessons": {"');
    assert.equal(await untrusted([lesson], state), [lesson], 'a damaged file trusts nothing');
  }));

test.run();
