// Lesson files that are wrong: each mistake is told with its place, what was found, what was expected and what to do.
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NEEDS } from '../../src/lab/preflight.ts';
import { lessonsDir, loadLesson, loadLessons } from '../../src/lesson/load.ts';
import { UserError } from '../../src/text/errors.ts';
import type { Lang } from '../../src/text/lang.ts';

const YAML = `format: 1
id: small
part: namespaces
minutes: 3
requires: [namespaces]
prerequisites: []
steps:
  - id: make
    kind: run
    focus: links
    pointAt: [uts]
    operations:
      - op: actor
        name: box
        namespaces: [uts]
        command: [sleep, infinity]
    checks:
      - check: namespace
        id: own
        of: box
        type: uts
        than: host
        is: differs
  - id: quiz
    kind: quiz
    focus: tree
    choices:
      - id: a
        right: true
      - id: b
`;

const PROSE = `# Small

A summary.

<!-- step: make -->
## Make
Text.

<!-- check: make.own -->
- own

<!-- step: quiz -->
## Quiz
Text.

<!-- choice: quiz.a -->
- a

<!-- choice: quiz.b -->
- b

<!-- explain: quiz -->
Because.
`;

interface Files {
  readonly yaml?: string;
  readonly en?: string;
  readonly zh?: string | null;
}

async function withLesson<T>(files: Files, use: (folder: string, root: string) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'nscope-lessons-'));
  try {
    const folder = join(root, '06-small');
    await mkdir(folder);
    await writeFile(join(folder, 'lesson.yaml'), files.yaml ?? YAML);
    await writeFile(join(folder, 'en.md'), files.en ?? PROSE);
    if (files.zh !== null) await writeFile(join(folder, 'zh-CN.md'), files.zh ?? PROSE);
    return await use(folder, root);
  } finally {
    await rm(root, { recursive: true });
  }
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

const test = suite('lesson/load');

test('reads a lesson that is right', async () => {
  await withLesson({}, async (folder) => {
    const lesson = await loadLesson(folder);
    assert.is(lesson.number, 6);
    assert.is(lesson.title['zh-CN'], 'Small');
    assert.is(lesson.prose.en['make']?.checks['own'], 'own');
    assert.equal(lesson.prose.en['quiz']?.choices, { a: 'a', b: 'b' });
    assert.is(lesson.prose.en['quiz']?.explain, 'Because.');
    assert.equal(lesson.steps[1]?.pointAt, []);
  });
});

const PART = 'part: namespaces';
const ACTOR = '      - op: actor\n';

/** Name, change of lesson.yaml, the error behind the file's name, the hint. */
const BAD_YAML: (readonly [string, (yaml: string) => string, string, string])[] = [
  [
    'cut short in a list',
    (yaml) => yaml.slice(0, yaml.indexOf(', infinity]')),
    ':16:24: found text that is no YAML (Flow sequence in block collection must be sufficiently indented and end with a ]); expected well-formed YAML',
    'Mend the line; if the file ends there, it was cut short: get it again.',
  ],
  [
    'cut short between keys',
    (yaml) => yaml.slice(0, yaml.indexOf('    focus: links')),
    ':8:5: found no `focus`; expected one of tree, links, cgroup (and 1 more)',
    'Add `focus`.',
  ],
  [
    'empty',
    () => '',
    ':1:1: found no `format`; expected format 1, the one that nscope 0.x reads',
    'Begin lesson.yaml with `format: 1`.',
  ],
  [
    'an unknown format',
    (yaml) => yaml.replace('format: 1', 'format: 2'),
    ':1:1: found format 2; expected format 1, the one that nscope 0.x reads',
    'nscope 2.x or later may read this lesson: update nscope.',
  ],
  [
    'an unknown key of a lesson',
    (yaml) => yaml.replace('minutes: 3', 'minuts: 3\nminutes: 3'),
    ':4:1: found unknown key `minuts`; expected one of format, id, part, minutes, requires, prerequisites, steps',
    'Did you mean `minutes`?',
  ],
  [
    'an unknown key of an operation',
    (yaml) => yaml.replace('        command: [sleep', '        comand: x\n        command: [sleep'),
    ':16:9: found unknown key `comand`; expected one of op, name, namespaces, rootfs, mountProc, inside, propagation, cgroup, map, command, only',
    'Did you mean `command`?',
  ],
  [
    'a key of another kind of step',
    (yaml) => yaml.replace('    kind: quiz\n', '    kind: quiz\n    solution: []\n'),
    ':26:5: found unknown key `solution`; expected one of id, requires, only, focus, pointAt, kind, choices',
    'Remove `solution`, or correct its spelling.',
  ],
  [
    'a wrong type',
    (yaml) => yaml.replace('minutes: 3', 'minutes: soon'),
    ':4:1: found `minutes: "soon"`; expected a number',
    'Correct the value of `minutes`.',
  ],
  [
    'a number where a text belongs',
    (yaml) => yaml.replace('[sleep, infinity]', '[sleep, 10]'),
    ':16:26: found `command[1]: 10`; expected a text',
    'Put the value of `command[1]` in quotes.',
  ],
  [
    'an unknown operation',
    (yaml) => yaml.replace(ACTOR, '      - op: actr\n'),
    ':13:9: found `op: "actr"`; expected one of rootfs, directory, cgroup, limit, kill-group, actor, run, mount, unmount, pivot-root, unshare, look, signal, bundle, bundle-edit, dockerd, image, container, docker, runc, veth, bridge, pin, unpin, id-map',
    'Did you mean `actor`?',
  ],
  [
    'an unknown check',
    (yaml) => yaml.replace('- check: namespace', '- check: shell'),
    ':18:9: found `check: "shell"`; expected one of namespace, owner, hostname, released, process, credentials, capability, cgroup, event, output, exit, mount, file, link, container',
    'Correct the value of `check`.',
  ],
  [
    'an unknown namespace type',
    (yaml) => yaml.replace('namespaces: [uts]', 'namespaces: [utc]'),
    ':15:22: found `namespaces[0]: "utc"`; expected one of mnt, cgroup, uts, ipc, user, pid, net, time',
    'Did you mean `uts`?',
  ],
  [
    'a missing key',
    (yaml) => yaml.replace('        than: host\n', ''),
    ':18:9: found no `than`; expected a text',
    'Add `than`.',
  ],
  [
    'an unknown part',
    (yaml) => yaml.replace(PART, 'part: Z'),
    ':3:1: found `part: "Z"`; expected one of idea, filesystem, namespaces, cgroups, privilege, runtimes, troubleshooting',
    'Correct the value of `part`.',
  ],
  [
    'an actor that nothing has made',
    (yaml) => yaml.replace('        of: box', '        of: bux'),
    ':20:9: found `bux`, which nothing has made yet; expected an actor made by an earlier operation: box',
    'Make it with `op: actor` before, or correct the name.',
  ],
  [
    'a cgroup that nothing has made',
    (yaml) => yaml.replace('        name: box\n', '        name: box\n        cgroup: small\n'),
    ':15:9: found `small`, which nothing has made yet; expected a cgroup made by an earlier operation: nothing',
    'Make it with `op: cgroup` before, or correct the name.',
  ],
  [
    'a pid of nobody',
    (yaml) =>
      yaml.replace(
        ACTOR,
        "      - op: look\n        command: [readlink, '/proc/{pid:box}/ns/uts']\n      - op: actor\n",
      ),
    ':14:29: found `{pid:box}` of an actor that is not known; expected an actor made by an earlier operation: nothing',
    'Make it with `op: actor` before, or correct the name.',
  ],
  [
    'a directory that nothing has made, in a path',
    (yaml) =>
      yaml.replace(
        ACTOR,
        "      - op: mount\n        in: box\n        type: tmpfs\n        target: '{dir:desk}/a'\n      - op: actor\n",
      ),
    ':14:9: found `box`, which nothing has made yet; expected an actor made by an earlier operation: nothing (and 1 more)',
    'Make it with `op: actor` before, or correct the name.',
  ],
  [
    'a path that a check looks at',
    (yaml) =>
      yaml.replace(
        '      - check: ',
        "      - check: file\n        id: note\n        of: box\n        path: '{dir:desk}/note'\n        exists: true\n      - check: ",
      ),
    ':21:9: found `{dir:desk}` of a directory that is not known; expected a directory made by an earlier operation: nothing',
    'Make it with `op: directory` before, or correct the name.',
  ],
  [
    'a path that is not absolute',
    (yaml) =>
      yaml.replace(
        '      - check: ',
        '      - check: mount\n        id: m\n        of: box\n        target: desk\n        present: true\n      - check: ',
      ),
    ':21:9: found `target: "desk"`; expected a text that matches /^(\\/|\\{(dir|rootfs):)/',
    'Correct the value of `target`.',
  ],
  [
    '/proc mounted on the host',
    (yaml) =>
      yaml.replace('        namespaces: [uts]\n', '        namespaces: [pid]\n        mountProc: true\n'),
    ':16:9: found `mountProc` without a mount namespace; expected `mnt` and `pid` among `namespaces` (a /proc mount in the host’s would be seen by all)',
    'Correct the value of `namespaces`.',
  ],
  [
    'two steps with one id',
    (yaml) => yaml.replace('- id: quiz', '- id: make'),
    ':24:5: found `make` a second time; expected each id once',
    'Give one of them another id.',
  ],
  [
    'a quiz with two right answers',
    (yaml) => yaml.replace('      - id: b\n', '      - id: b\n        right: true\n'),
    ':27:5: found 2 choices with `right: true`; expected exactly one',
    'Mark the one right answer.',
  ],
  [
    'a quiz with one choice',
    (yaml) => yaml.replace('      - id: b\n', ''),
    ':27:5: found `choices: [{"id":"a","right":true}]`; expected at least 2 entries',
    'Correct the value of `choices`.',
  ],
  [
    'a prediction that the kernel cannot answer',
    (yaml) =>
      yaml
        .replace('kind: run', 'kind: predict')
        .replace('    checks:', '    choices: [{ id: x }, { id: y }]\n    checks:'),
    ':17:15: found no `when`; expected a list (and 1 more)',
    'Add `when`.',
  ],
  [
    'a check of nothing',
    (yaml) =>
      yaml.replace(
        / {6}- check: namespace[^-]*/,
        '      - check: hostname\n        id: own\n        of: box\n  ',
      ),
    ':18:9: found a check of nothing; expected at least one of is, sameAs, differsFrom, unchanged',
    'Say what the check expects.',
  ],
  [
    'a pattern that is none',
    (yaml) =>
      yaml.replace(
        / {6}- check: namespace[^-]*/,
        "      - check: output\n        id: own\n        matches: '('\n  ",
      ),
    ':20:9: found "(", which is no regular expression; expected a JavaScript regular expression',
    'Correct the value of `matches`.',
  ],
  [
    'an id that is not the folder’s',
    (yaml) => yaml.replace('id: small', 'id: large'),
    ":2:1: found id `large`; expected `small`, the folder's name without its number",
    'Rename the folder or change the id.',
  ],
];

BAD_YAML.push(
  [
    'a need that nothing tries',
    (yaml) => yaml.replace('requires: [namespaces]', 'requires: [namespace]'),
    ':5:12: found `requires[0]: "namespace"`; expected one of NEEDS',
    'Did you mean `namespaces`?',
  ],
  [
    'a name that one variant alone makes',
    (yaml) => yaml.replace(ACTOR, `${ACTOR}        only: { mode: root }\n`),
    ':21:9: found `box`, which nothing has made yet; expected an actor made by an earlier operation: nothing (and 2 more)',
    'Make it with `op: actor` before, or correct the name.',
  ],
  [
    'a name that only a step with needs of its own makes',
    (yaml) =>
      yaml
        .replace('    kind: run\n', '    kind: run\n    requires: [docker]\n')
        .replace(
          '  - id: quiz\n',
          '  - id: later\n    kind: run\n    focus: links\n    operations: [{ op: run, in: box, command: [hostname] }]\n  - id: quiz\n',
        ),
    ':28:29: found `box`, which only a step with `requires: [docker]` makes; expected something that is there too where that step is played from a recording',
    'Give this step the same `requires`, or make it in a step without.',
  ],
  [
    'an unknown key of `only`',
    (yaml) => yaml.replace(ACTOR, `${ACTOR}        only: { cgroups: v1 }\n`),
    ':14:17: found unknown key `cgroups`; expected one of mode, cgroup, controller',
    'Did you mean `cgroup`?',
  ],
);

for (const [name, change, message, hint] of BAD_YAML) {
  test(`lesson.yaml: ${name}`, async () => {
    const yaml = change(YAML);
    assert.is.not(yaml, YAML);
    await withLesson({ yaml }, async (folder) => {
      const error = await errorOf(() => loadLesson(folder));
      assert.is(
        error.message.replace(join(folder, 'lesson.yaml'), ''),
        message.replace('NEEDS', NEEDS.join(', ')),
      );
      assert.is(error.hint, hint);
      assert.is(error.exitCode, 2);
    });
  });
}

const BAD_PROSE: readonly (readonly [string, Files, string, string])[] = [
  [
    'a language without its file',
    { zh: null },
    'zh-CN.md: found no such file; expected a zh-CN.md that can be read',
    'A lesson is lesson.yaml, en.md, zh-CN.md: add the file.',
  ],
  [
    'a language without a part',
    { zh: PROSE.replace('<!-- check: make.own -->\n- own\n', '') },
    'zh-CN.md:1:1: found no `<!-- check: make.own -->`; expected the same parts as en.md',
    'Translate this part.',
  ],
  [
    'a language with a part too many',
    { zh: `${PROSE}\n<!-- explain: make -->\nMore.\n` },
    'zh-CN.md:25:1: found `explain: make`, which en.md does not have; expected the same parts as en.md',
    'Add it to en.md, or remove it here.',
  ],
  [
    'a choice without text',
    { en: PROSE.replace('<!-- choice: quiz.b -->\n- b\n', '') },
    'en.md:1:1: found no `<!-- choice: quiz.b -->`; expected one, as lesson.yaml has it (and 1 more)',
    'Write this part.',
  ],
  [
    'a part of no step',
    { en: PROSE.replace('explain: quiz', 'explain: quizz') },
    'en.md:22:1: found `explain: quizz`, which lesson.yaml does not have; expected ids of lesson.yaml: explain: quiz, explain: make (and 3 more)',
    'Correct the id, or remove the part.',
  ],
  [
    'an unknown marker',
    { en: PROSE.replace('explain: quiz', 'explane: quiz') },
    'en.md:22:1: found unknown marker `explane`; expected one of step, explain, hint, choice, check (and 2 more)',
    'Did you mean `explain`?',
  ],
  [
    'steps in another order',
    { en: PROSE.replace(/(<!-- step: make[^]*?)(<!-- step: quiz[^]*)/, '$2\n$1') },
    'en.md:5:1: found step `quiz` here; expected the steps in the order of lesson.yaml: make, quiz',
    'Move the part.',
  ],
  [
    'no title',
    { en: PROSE.replace('# Small\n', 'Small\n') },
    'en.md:1:1: found no title (Small); expected `# Title` as the first line',
    'Begin the file with its title.',
  ],
];

for (const [name, files, message, hint] of BAD_PROSE) {
  test(`prose: ${name}`, async () => {
    await withLesson(files, async (folder) => {
      const error = await errorOf(() => loadLesson(folder));
      assert.is(error.message.replace(`${folder}/`, ''), message);
      assert.is(error.hint, hint);
    });
  });
}

test('speaks the reader’s language', async () => {
  await withLesson({ yaml: YAML.replace('minutes: 3', 'minutes: soon') }, async (folder) => {
    const error = await errorOf(() => loadLesson(folder, 'zh-CN' satisfies Lang));
    assert.is(
      error.message.replace(join(folder, 'lesson.yaml'), ''),
      ':4:1：发现`minutes: "soon"`；应为数字',
    );
  });
});

async function course(prerequisites: Readonly<Record<string, string>>): Promise<UserError> {
  return withLesson({}, async (folder, root) => {
    let number = 10;
    for (const [id, needs] of Object.entries(prerequisites)) {
      const copy = join(root, `${number++}-${id}`);
      await cp(folder, copy, { recursive: true });
      await writeFile(
        join(copy, 'lesson.yaml'),
        YAML.replace('id: small', `id: ${id}`).replace('prerequisites: []', `prerequisites: [${needs}]`),
      );
    }
    const error = await errorOf(() => loadLessons(root));
    return new UserError(error.message.replace(`${root}/`, ''), { hint: error.hint ?? '' });
  });
}

test('a prerequisite that does not exist', async () => {
  const error = await course({ b: 'smal' });
  assert.is(
    error.message,
    '10-b/lesson.yaml:6:17: found prerequisite `smal`; expected the id of a lesson: small, b',
  );
  assert.is(error.hint, 'Did you mean `small`?');
});

test('prerequisites in a circle', async () => {
  const error = await course({ b: 'c', c: 'd', d: 'b' });
  assert.is(
    error.message,
    '10-b/lesson.yaml:6:1: found a circle of prerequisites: b → c → d → b; expected an order in which the lessons can be taken',
  );
});

test('two lessons with one id', async () => {
  await withLesson({}, async (folder, root) => {
    await cp(folder, join(root, '07-small'), { recursive: true });
    const error = await errorOf(() => loadLessons(root));
    assert.is(
      error.message.replace(`${root}/`, ''),
      '07-small/lesson.yaml:2:1: found `small` a second time; expected each id once',
    );
  });
});

test('a folder without lessons', async () => {
  await withLesson({}, async (folder) => {
    const error = await errorOf(() => loadLessons(folder));
    assert.is(error.message, `${folder}: found no lesson; expected folders NN-slug with a lesson.yaml`);
  });
});

test('the lessons of the program are right, and their prose names no command’s answer', async () => {
  const lessons = await loadLessons(lessonsDir());
  assert.equal(
    lessons.map(({ number, id }) => `${String(number).padStart(2, '0')}-${id}`),
    (await readdir(lessonsDir())).sort(),
  );
  for (const lesson of lessons) {
    assert.ok(lesson.steps.length >= 6 && lesson.steps.length <= 11, lesson.id);
    for (const lang of ['en', 'zh-CN'] as const) {
      assert.not.match(await readFile(join(lesson.folder, `${lang}.md`), 'utf8'), '{pid:');
      for (const step of lesson.steps) {
        assert.equal(
          Object.keys(lesson.prose[lang][step.id]?.choices ?? {}).sort(),
          step.choices.map(({ id }) => id).sort(),
        );
      }
    }
  }
});

test.run();
