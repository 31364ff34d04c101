// timeout: 300
// What every command prints with --json, on the recorded hosts and on this machine, against its schema: strictly, so that a field that is not
// described fails. And the published file is what the schemas say.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { COMMAND_SCHEMAS } from '../../src/commands/schema/index.ts';
import { SCHEMA_FILE, schemaText } from '../../src/commands/schema/print.ts';
import { faultsAgainst } from '../support/json-schema.ts';
import { runToEnd, until, withProcess } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('commands/schema');
const HOSTS = ['debian13-v2-docker', 'debian12-hybrid-docker'];
const published: unknown = JSON.parse(readFileSync(SCHEMA_FILE, 'utf8'));

/** [id of the schema, arguments] */
type Call = readonly [string, string];

const EVERYWHERE: readonly Call[] = [
  ['overview', ''],
  ['ns', 'ns'],
  ['ns', 'ns --holders'],
  ['ns', 'ns --tree owner'],
  ['ns', 'ns --tree parent --type pid,user'],
  ['ps', 'ps'],
  ['tree', 'tree'],
  ['tree', 'tree --all'],
  ['cgroup', 'cgroup host'],
  ['cgroupFiles', 'cgroup host --files'],
  ['snapshot', 'snapshot'],
  ['doctor', 'doctor'],
];
const RECORDED: readonly Call[] = [
  ...EVERYWHERE,
  ['cgroup', 'cgroup web'],
  ['cgroupFiles', 'cgroup web --files'],
  ['cgroup', 'cgroup cgroup:/'],
  ['ns', 'ns web --holders'],
  ['ps', 'ps --container web'],
  ['diff', 'diff web db'],
  ['diff', 'diff host cgroup:/'],
  ['explain', 'explain web'],
  ['explain', 'explain 1'],
  ['explainNamespace', 'explain ns:net:4026531840'],
];
const LIVE: readonly Call[] = [
  ...EVERYWHERE,
  ['overview', 'inspect'],
  ['overview', 'learn'],
  ['cgroup', 'cgroup self'],
  ['cgroupFiles', 'cgroup self --files'],
  ['diff', 'diff self host'],
  ['explain', 'explain self'],
  ['explain', 'explain host'],
  ['explainCgroup', 'explain cgroup:/'],
  ['preflight', 'preflight'],
  ['verify', 'verify'],
  ['lessonList', 'lesson list'],
  ['lessonList', 'lesson'],
  ['lessonList', 'lesson list --dir lessons'],
  ['lessonShow', 'lesson show uts-namespace'],
  ['lessonShow', 'lesson show pid-namespace --answers'],
  ['lessonNew', 'lesson new fresh --dir DIR'],
  ['progressShow', 'progress'],
  ['progressShow', 'progress show'],
  ['progressExport', 'progress export'],
  ['progressImport', 'progress import STATE/progress.json'],
  ['progressReset', 'progress reset --all'],
  ['class', 'class STATE'],
  ['cleanup', 'cleanup'],
  ['audit', 'audit'],
];
/** Commands that print no JSON, and why. */
const WITHOUT: Readonly<Record<string, string>> = {
  'lesson record': 'writes a recording to a file and prints nothing',
};

/** What a learner may have done when a command is called. */
const PROGRESS = {
  format: 2,
  lessons: {
    'uts-namespace': {
      finishedAt: null,
      steps: {
        link: {
          doneAt: '2025-01-01T10:00:05.000Z',
          right: null,
          hints: 0,
          attempts: 1,
          tries: [
            {
              nonce: '0123456789abcdef',
              startedAt: '2025-01-01T10:00:00.000Z',
              doneAt: '2025-01-01T10:00:05.000Z',
              right: null,
              hints: 0,
              seconds: 5,
              how: 'live',
              solved: false,
              evidence: [{ check: 'number', verdict: 'pass', seen: 'uts:[4026531838]' }],
              witnesses: [{ actor: 'box', pid: 12, starttime: 99, namespaces: { uts: 4026532201 } }],
              boot: 'fedcba9876543210',
            },
          ],
        },
      },
    },
  },
};

function nscope(dir: string, ...args: readonly string[]): ReturnType<typeof runToEnd> {
  const env = { ...process.env, XDG_STATE_HOME: dir, TERM: 'dumb' };
  return runToEnd([process.execPath, 'dist/cli.js', ...args], { env });
}

/** What does not fit: by the strict zod schema, and by the published file. */
function faultsIn(id: string, text: string): readonly string[] {
  const row = COMMAND_SCHEMAS.find((one) => one.id === id);
  if (!row) throw new Error(`no schema ${id}`);
  const answer: unknown = JSON.parse(text);
  const parsed = row.schema.safeParse(answer);
  const issues = parsed.success ? [] : parsed.error.issues;
  return [
    ...issues.map((issue) => `${issue.path.join('/')}: ${JSON.stringify(issue).slice(0, 400)}`),
    ...faultsAgainst(published, id, answer),
  ].slice(0, 8);
}

for (const name of HOSTS) {
  for (const [id, words] of RECORDED) {
    test(`${name}: nscope ${words}`, () =>
      withTempDir(async (dir) => {
        const from = ['--json', '--from', `fixtures/hosts/${name}.host`];
        const { code, stdout, stderr } = await nscope(dir, ...words.split(' ').filter(Boolean), ...from);
        // doctor: 1 is an answer too.
        assert.ok(code === 0 || (id === 'doctor' && code === 1), `exit ${code}: ${stderr}`);
        assert.equal(faultsIn(id, stdout), []);
      }));
  }
}

for (const [id, words] of LIVE) {
  test(`this machine: nscope ${words}`, () =>
    withTempDir(async (dir) => {
      const args = words.split(' ').filter(Boolean);
      const state = join(dir, 'nscope');
      mkdirSync(state, { mode: 0o700 });
      writeFileSync(join(state, 'progress.json'), JSON.stringify(PROGRESS));
      const named = args.map((one) => one.replace('DIR', dir).replace('STATE', state));
      const { code, stdout, stderr } = await nscope(dir, ...named, '--json');
      // 1 and 3 are answers too: what is left of others' labs, what this host cannot do.
      assert.ok([0, 1, 3].includes(code ?? -1), `exit ${code}: ${stderr}`);
      assert.equal(faultsIn(id, stdout), []);
    }));
}

test('this machine: nscope cgroup --watch, each block', () =>
  withProcess([process.execPath, 'dist/cli.js', 'cgroup', 'self', '--watch', '--json'], async (watching) => {
    await until('two blocks', () => watching.stdout().split('\n}\n').length > 2, 30_000);
    watching.child.kill('SIGINT');
    await watching.exited;
    const blocks = watching
      .stdout()
      .split(/(?<=\n\}\n)/)
      .slice(0, 2);
    assert.is(blocks.length, 2);
    for (const block of blocks) assert.equal(faultsIn('cgroupWatch', block), []);
  }));

test('nscope lesson run, each line of a recording', () =>
  withTempDir(async (dir) => {
    const { code, stdout, stderr } = await nscope(
      dir,
      'lesson',
      'run',
      'uts-namespace',
      '--replay',
      '--solve',
      '--json',
    );
    assert.is(code, 0, stderr);
    const lines = stdout.trimEnd().split('\n');
    const events = new Set<unknown>();
    for (const line of lines) {
      assert.equal(faultsIn('lessonEvent', line), [], line);
      events.add((JSON.parse(line) as { event: unknown }).event);
    }
    for (const event of ['lesson', 'step', 'command', 'output', 'prediction', 'verdict', 'end'])
      assert.ok(events.has(event), `no line of ${event}`);
  }));

test('nscope lesson check, each line', () =>
  withTempDir(async (dir) => {
    await nscope(dir, 'lesson', 'new', 'fresh', '--dir', dir);
    const { code, stdout, stderr } = await nscope(dir, 'lesson', 'check', dir, '--json', '--trust');
    assert.ok(code === 0 || code === 3, stderr);
    const lines = stdout.trimEnd().split('\n');
    assert.is(lines.length, 2);
    for (const line of lines) assert.equal(faultsIn('lessonCheckEvent', line), [], line);
  }));

/** Names of the commands that `--help` lists. */
async function commandsOf(...parents: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await runToEnd([process.execPath, 'dist/cli.js', ...parents, '--help']);
  const list = stdout.split('Commands:\n')[1]?.split('\n\n')[0] ?? '';
  return list
    .split('\n')
    .flatMap((line) => /^ {2}([a-z][\w-]*)/.exec(line)?.[1] ?? [])
    .filter((name) => name !== 'help');
}

test('every command that takes --json has a schema and is called here, or says why it has none', async () => {
  const top = await commandsOf();
  assert.ok(top.includes('ns') && top.includes('lesson'), 'the help lists the commands');
  const names = [
    ...top,
    ...(await commandsOf('lesson')).map((name) => `lesson ${name}`),
    ...(await commandsOf('progress')).map((name) => `progress ${name}`),
  ];
  const called = new Set(
    [
      ...LIVE,
      ...RECORDED,
      ['lessonEvent', 'lesson run'] as const,
      ['lessonCheckEvent', 'lesson check'] as const,
    ].map(([, words]) => words),
  );
  for (const name of names) {
    if (name in WITHOUT) continue;
    assert.ok(
      [...called].some((words) => words === name || words.startsWith(`${name} `)),
      `nscope ${name} --json has no schema: describe its answer in src/commands/schema/${name.replace(' ', '-')}.ts, add its row to src/commands/schema/index.ts, run \`npm run schema\`, and call it in test/commands/schema.test.ts`,
    );
  }
  const used = new Set([...LIVE, ...RECORDED].map(([id]) => id));
  for (const id of ['cgroupWatch', 'lessonEvent', 'lessonCheckEvent']) used.add(id);
  assert.equal(
    COMMAND_SCHEMAS.map(({ id }) => id).filter((id) => !used.has(id)),
    [],
    'a schema that no answer was checked against',
  );
});

test('the published file is up to date', () => {
  assert.ok(
    readFileSync(SCHEMA_FILE, 'utf8') === schemaText(),
    `${SCHEMA_FILE} is old: run \`npm run schema\``,
  );
  const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: readonly string[] };
  assert.ok(files.includes('schema'), 'it is in the package');
});

test('the schemas are strict: a field that nobody described is a fault, at any depth', async () => {
  const { stdout } = await runToEnd([
    process.execPath,
    'dist/cli.js',
    'ns',
    '--json',
    '--from',
    `fixtures/hosts/${HOSTS[0]}.host`,
  ]);
  const answer = JSON.parse(stdout) as {
    nscope: object;
    coverage: object;
    namespaces: readonly Readonly<Record<string, unknown>>[];
  };
  const [first, ...rest] = answer.namespaces;
  for (const [changed, place] of [
    [{ ...answer, more: 1 }, /more/],
    [{ ...answer, coverage: { ...answer.coverage, more: 1 } }, /more/],
    [{ ...answer, namespaces: [{ ...first, more: 1 }, ...rest] }, /more/],
    [{ ...answer, namespaces: [{ ...first, inode: '7' }, ...rest] }, /inode/],
    [{ nscope: answer.nscope, namespaces: [] }, /coverage/],
  ] as const) {
    const faults = faultsIn('ns', JSON.stringify(changed));
    assert.ok(
      faults.filter((fault) => place.test(fault)).length >= 2,
      `zod and the published file: ${faults.join('; ')}`,
    );
  }
});

test('every field of the published file says its unit or its meaning where the name does not', () => {
  const { $defs } = published as { $defs: Readonly<Record<string, unknown>> };
  const texts = JSON.stringify($defs);
  for (const word of [
    'Microseconds',
    'Percent',
    'Clock ticks',
    'v1 memory.limit_in_bytes (bytes), v2 memory.max (bytes)',
  ])
    assert.ok(texts.includes(word), word);
});

test.run();
