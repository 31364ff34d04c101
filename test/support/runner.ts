// Runs many test files, some side by side, and prints the account: a line per file, the failures again, the skips, the closing line.
import { failureTexts } from './verdict.ts';
import { type FileResult, runFile } from './run-file.ts';

export interface RunnerOptions {
  readonly root: string;
  /** How many files of the pure wings run at once. */
  readonly jobs: number;
  readonly print: (line: string) => void;
  /** Names of checks that failed before the tests; each counts as one failure. */
  readonly failedBefore?: readonly string[];
  readonly stop?: AbortSignal;
}

/** Whether a file needs the machine for itself: the real kernel, a real terminal, a comparison with another program's scan. */
export function isAlone(file: string): boolean {
  return /(?:^|\/)(?:live|tui|oracle)\//.test(file);
}

/** Runs the files and prints the account, whose last line is `N passed, N failed[, N skipped]`. True if all is well: something passed, nothing failed. */
export async function runAll(files: readonly string[], options: RunnerOptions): Promise<boolean> {
  const { print, root } = options;
  const stop = options.stop ?? new AbortController().signal;
  const results: FileResult[] = [];
  const run = async (file: string): Promise<void> => {
    // A machine where all must run is CI's own; a developer's may have a lab open at this moment.
    const alone = isAlone(file) && process.env['NSCOPE_REQUIRE'] === 'all';
    const result = await runFile(root, file, stop, alone);
    results.push(result);
    print(summary(result));
    if (result.failed > 0) print(indent(result.output.trim()));
  };
  await inParallel(
    files.filter((file) => !isAlone(file)),
    options.jobs,
    run,
    stop,
  );
  await inParallel(files.filter(isAlone), 1, run, stop);

  const failedBefore = options.failedBefore ?? [];
  results.sort((a, b) => (a.file < b.file ? -1 : 1));
  const bad = results.filter((result) => result.failed > 0);
  if (bad.length + failedBefore.length > 0) print('\nFailures:');
  for (const name of failedBefore) print(`  ${name} (before the tests)`);
  for (const result of bad) {
    print(`  ${result.file}`);
    for (const fault of result.faults) print(`    ${fault}`);
    for (const text of failureTexts(result.output)) print(indent(text));
  }
  const skips = results.flatMap((result) => result.skips);
  if (skips.length > 0) print('\nSkipped:');
  for (const skip of skips) print(`  ${skip}`);
  const passed = sum(results.map((result) => result.passed));
  const failed = sum(results.map((result) => result.failed)) + failedBefore.length;
  if (files.length === 0) print('\nno test file matches');
  print('');
  print(`${passed} passed, ${failed} failed${skips.length > 0 ? `, ${skips.length} skipped` : ''}`);
  return failed === 0 && passed > 0;
}

function summary(result: FileResult): string {
  const seconds = (result.ms / 1000).toFixed(1);
  const skipped = result.skips.length > 0 ? `, ${result.skips.length} skipped` : '';
  if (result.failed === 0) return `ok    ${result.file}  ${result.passed} passed${skipped}  ${seconds} s`;
  const faults = result.faults.map((fault) => `: ${fault}`).join('');
  return `FAIL  ${result.file}  ${result.passed} passed, ${result.failed} failed${skipped}  ${seconds} s${faults}`;
}

async function inParallel(
  files: readonly string[],
  jobs: number,
  run: (file: string) => Promise<void>,
  stop: AbortSignal,
): Promise<void> {
  const queue = [...files];
  const worker = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined && !stop.aborted; file = queue.shift()) await run(file);
  };
  await Promise.all(Array.from({ length: jobs }, worker));
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
