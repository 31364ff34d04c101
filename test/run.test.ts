// The strict runner: every way in which uvu 0.5.6 exits 0 without having tested is a failure here (fixtures in support/holes/).
import { readdirSync, rmdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { testCgroups } from './support/cgroups.ts';
import { maybe, need } from './support/need.ts';
import { runToEnd } from './support/process.ts';
import { type FileResult, runFile, timeoutOf } from './support/run-file.ts';
import { runAll } from './support/runner.ts';
import { failureTexts, judge, parseTotals } from './support/verdict.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HOLES = 'test/support/holes';

/** Runs a fixture as the runner would, with or without NSCOPE_REQUIRE=all. */
async function fixture(name: string, require?: 'all'): Promise<FileResult> {
  const before = process.env['NSCOPE_REQUIRE'];
  delete process.env['NSCOPE_REQUIRE'];
  if (require !== undefined) process.env['NSCOPE_REQUIRE'] = require;
  try {
    return await runFile(ROOT, `${HOLES}/${name}.ts`, new AbortController().signal);
  } finally {
    if (before === undefined) delete process.env['NSCOPE_REQUIRE'];
    else process.env['NSCOPE_REQUIRE'] = before;
  }
}

const holes = suite('holes');

/** What the one fault of each fixture must say. */
const FAULTS: Readonly<Record<string, RegExp>> = {
  'before-throws': /passed 0 of 1, and says not why/,
  'after-throws': /printed no totals/,
  'run-forgotten': /printed no totals: is \.run\(\) missing/,
  'one-run-forgotten': /1 suite\(s\) named second, but 0 second\.run\(\)/,
  'late-test': /a test after the last test\.run\(\)/,
  'no-test': /ran no test/,
  'only-left': /test\.only was left/,
  'only-alone': /test\.only was left/,
  'skip-silent': /test\.skip gives no reason/,
  'exits-early': /printed no totals/,
  'exits-badly': /exit 3/,
  'never-settles': /printed no totals/,
  'rejects-late': /exit 1/,
  hangs: /did not end within 2 s$/m,
  'hangs-after': /did not end within 2 s after its totals/,
  'leaves-process': /left behind: process \d+ \(sleep\)/,
  'leaves-dir': /left behind: .*\/left-/,
  'fakes-totals': /passed 0 of 1/,
};

for (const [name, fault] of Object.entries(FAULTS)) {
  holes(`${name} is a failure`, async () => {
    const result = await fixture(name);
    assert.match(result.faults.join('\n'), fault);
    assert.ok(result.failed >= 1, `${result.failed} failed`);
  });
}

maybe(holes, need({ root: true }))('leaves-cgroup is a failure, and the cgroup is removed', async () => {
  const result = await fixture('leaves-cgroup');
  const left = /left behind: cgroup \S*\/(nscope-test-[0-9a-f]{8})$/m.exec(result.faults.join('\n'));
  assert.ok(left, result.faults.join('\n'));
  assert.equal(testCgroups(left?.[1] ?? ''), []);
});

maybe(holes, need({ root: true }))(
  'leaves-lab is a failure where the file has the machine to itself',
  async () => {
    for (const alone of [true, false]) {
      const result = await runFile(ROOT, `${HOLES}/leaves-lab.ts`, new AbortController().signal, alone);
      const made = /^made (\S+)$/m.exec(result.output)?.[1] ?? '';
      rmdirSync(made);
      assert.is(result.faults.join('\n').includes(`left behind: cgroup ${made} (not removed)`), alone);
    }
  },
);

holes('a failed assertion is one failure, with its account', async () => {
  const result = await fixture('fails');
  assert.is(result.passed, 1);
  assert.is(result.failed, 1);
  assert.equal(result.faults, []);
  const [account = '', ...others] = failureTexts(result.output);
  assert.equal(others, []);
  assert.match(account, /fails {2}"wrong"/);
  assert.match(account, /Expected values to be strictly equal/);
  assert.not.match(account, /Total:/);
});

holes('a file with nothing wrong passes', async () => {
  const result = await fixture('passes');
  assert.equal([result.passed, result.failed, result.skips, result.faults], [2, 0, [], []]);
});

holes('a skip is counted with its reason', async () => {
  const result = await fixture('skips');
  assert.equal([result.passed, result.failed, result.faults], [2, 0, []]);
  assert.equal(result.skips, [`${HOLES}/skips.ts cannot run: not on PATH: no-such-program`]);
  const all = await fixture('skips-all');
  assert.equal([all.passed, all.failed, all.faults], [0, 0, []]);
  assert.is(all.skips.length, 1);
});

holes('NSCOPE_REQUIRE=all makes each skip a failure', async () => {
  const result = await fixture('skips', 'all');
  assert.equal([result.passed, result.failed], [2, 1]);
  const all = await fixture('skips-all', 'all');
  assert.equal([all.passed, all.failed], [0, 1]);
});

holes('every fixture is tried', () => {
  const tried = [
    ...Object.keys(FAULTS),
    'fails',
    'leaves-cgroup',
    'leaves-lab',
    'passes',
    'skips',
    'skips-all',
  ];
  const there = readdirSync(new URL('support/holes', import.meta.url)).map((name) =>
    name.replace(/\.ts$/, ''),
  );
  assert.equal(there.sort(), tried.sort());
});

holes.run();

const account = suite('account');

/** Runs files through the whole runner: what it prints, and its answer. */
async function whole(
  names: readonly string[],
  failedBefore: readonly string[] = [],
): Promise<[boolean, string[]]> {
  const lines: string[] = [];
  const files = names.map((name) => `${HOLES}/${name}.ts`);
  const well = await runAll(files, { root: ROOT, jobs: 2, print: (line) => lines.push(line), failedBefore });
  return [well, lines];
}

account('all well', async () => {
  const [well, lines] = await whole(['passes']);
  assert.is(well, true);
  assert.is(lines.at(-1), '2 passed, 0 failed');
});

account('failures are printed again at the end, before the closing line', async () => {
  const [well, lines] = await whole(['fails', 'passes', 'no-test']);
  assert.is(well, false);
  assert.is(lines.at(-1), '3 passed, 2 failed');
  const end = lines.slice(lines.indexOf('\nFailures:')).join('\n');
  assert.match(end, /holes\/fails\.ts\n[\s\S]*"wrong"/);
  assert.match(end, /holes\/no-test\.ts\n +ran no test/);
});

account('nothing ran is not well', async () => {
  const [well, lines] = await whole([]);
  assert.is(well, false);
  assert.is(lines.at(-1), '0 passed, 0 failed');
});

account('a check that failed before counts', async () => {
  const [well, lines] = await whole(['passes'], ['lint']);
  assert.is(well, false);
  assert.is(lines.at(-1), '2 passed, 1 failed');
  assert.match(lines.join('\n'), /lint \(before the tests\)/);
});

account('a file that was killed counts once', async () => {
  const stop = new AbortController();
  const lines: string[] = [];
  const running = runAll([`${HOLES}/hangs.ts`], {
    root: ROOT,
    jobs: 1,
    print: (line) => lines.push(line),
    stop: stop.signal,
  });
  stop.abort();
  assert.is(await running, false);
});

account('the command: an empty match exits 1 and closes with the line', async () => {
  const run = await runToEnd(
    [process.execPath, '--import', 'tsx', 'test/run.ts', '--no-build', '--only', 'no-such-file'],
    { cwd: ROOT },
  );
  assert.is(run.code, 1);
  assert.match(run.stdout, /no test file matches\n\n0 passed, 0 failed\n$/);
});

account.run();

const reading = suite('reading of output and source');

function block(total: number): string {
  return `\n  Total:     ${total}\n\u001B[32m  Passed:    ${total}\u001B[39m\n  Skipped:   0\n`;
}

reading('totals are the last block, colours or not', () => {
  assert.equal(parseTotals(block(1) + block(7)), { total: 7, passed: 7, skipped: 0 });
  assert.is(parseTotals('Total: 3'), undefined);
});

reading('the kill timer is asked for in the first lines only', () => {
  assert.is(timeoutOf('// what it does\n// timeout: 300\n'), 300);
  assert.is(timeoutOf(`${'\n'.repeat(20)}// timeout: 300\n`), 120);
});

reading('a signal is a fault', () => {
  const output = '\n  Total:     1\n  Passed:    1\n  Skipped:   0\n';
  const verdict = judge({ source: '', output, code: null, signal: 'SIGSEGV' }, false);
  assert.equal(verdict.faults, ['killed by SIGSEGV']);
  assert.is(verdict.failed, 1);
});

reading.run();
