// `npm test`: builds, finds the test files and runs them strictly. The rules are in support/verdict.ts, the account in support/runner.ts.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import glob from 'fast-glob';
import { runAll } from './support/runner.ts';

const USAGE = `npm test -- [--only GLOB]… [--jobs N] [--no-build] [--failed NAME]…
  --only GLOB    run only the files that match: a path, a path below test/, or a file name; * and ** as usual
  --jobs N       run N files of the pure wings at once (2); live, tui and oracle files run one after another
  --no-build     take dist/ as it is
  --failed NAME  count a check that failed before the tests
  NSCOPE_REQUIRE=all makes every skip a failure`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    jobs: { type: 'string', default: '2' },
    'no-build': { type: 'boolean', default: false },
    failed: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});
const jobs = Number(values.jobs);
if (values.help || !Number.isInteger(jobs) || jobs < 1) {
  console.error(USAGE);
  process.exit(values.help ? 0 : 2);
}

const root = fileURLToPath(new URL('..', import.meta.url));
const stop = new AbortController();
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    // The files have process groups of their own, so the terminal's signal does not reach them.
    process.exitCode = code;
    stop.abort();
  });
}

const failedBefore = [...values.failed];
if (!values['no-build']) {
  const build = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (build.status !== 0) failedBefore.push('build');
}
const files = await chosen(values.only);
const well = await runAll(files, {
  root,
  jobs,
  print: (line) => console.log(line),
  failedBefore,
  stop: stop.signal,
});
process.exitCode ??= well ? 0 : 1;

/** Every test file, or those that `--only` asks for; paths from the root, sorted. */
async function chosen(only: readonly string[] | undefined): Promise<string[]> {
  const all = (await glob('test/**/*.test.ts', { cwd: root })).sort();
  if (only === undefined) return all;
  const asked = await glob(
    only.flatMap((pattern) => [
      pattern,
      `test/${pattern}`,
      `test/**/${pattern}`,
      `test/**/${pattern}.test.ts`,
      `test/${pattern}/**`,
    ]),
    { cwd: root, ignore: ['node_modules/**'] },
  );
  return all.filter((file) => asked.includes(file));
}
