// Judges one uvu test file from its text and its output: the totals, the tests that failed, and the ways in which uvu 0.5.6 stays
// silent (a throwing before, a forgotten run, an only that was left). Starts nothing and reads nothing.
import { SKIP } from './protocol.ts';

/** What uvu prints at the end. `total` leaves out what `.skip` and `.only` left out, which `skipped` counts. */
export interface Totals {
  readonly total: number;
  readonly passed: number;
  readonly skipped: number;
}

/** How a test file's process went. */
export interface Run {
  /** The test file's text. */
  readonly source: string;
  readonly output: string;
  readonly code: number | null;
  readonly signal: string | null;
  /** The kill timer's seconds if it had to act, else undefined. */
  readonly killedAfter?: number;
  /** What the file left behind, one line each. */
  readonly left?: readonly string[];
}

export interface Verdict {
  readonly passed: number;
  /** Failed tests, and at least 1 if there is any fault. */
  readonly failed: number;
  /** The skips that `maybe` printed: `<file> <name>: <reason>`. */
  readonly skips: readonly string[];
  /** Why the file as a whole is a failure; empty if it is none. */
  readonly faults: readonly string[];
}

/** Takes colours out (ECMA-48 SGR), so that FORCE_COLOR changes no verdict. */
function plain(output: string): string {
  return output.replace(/\u001B\[[\d;]*m/g, '');
}

/** The last block of totals in uvu's output; undefined if there is none. */
export function parseTotals(output: string): Totals | undefined {
  const blocks = [
    ...plain(output).matchAll(/^ {2}Total: +(\d+)\n {2}Passed: +(\d+)\n {2}Skipped: +(\d+)$/gm),
  ];
  const [, total, passed, skipped] = blocks.at(-1) ?? [];
  if (total === undefined) return undefined;
  return { total: Number(total), passed: Number(passed), skipped: Number(skipped) };
}

/** uvu's accounts of the tests that failed, one text each. */
export function failureTexts(output: string): string[] {
  return plain(output)
    .split(/^(?= {3}FAIL )/m)
    .slice(1)
    .map((text) => text.replace(/\n(?: {2}Total: |\S.*[•✘ ]+\(\d+ \/ \d+\))[\s\S]*$/, '').trimEnd());
}

/**
 * Faults that stand in the text of a test file: a suite that is never run, a test after the last `.run()` (uvu drops it), `.only`, and `.skip`,
 * which gives no reason. Read by pattern, one name of a suite at a time; whole-line comments do not count.
 */
export function sourceFaults(source: string): string[] {
  const code = source.replace(/^\s*(?:\/\/.*|\/\*[\s\S]*?\*\/)$/gm, '');
  const kept = [...code.matchAll(/\b(?:const|let)\s+(\w+)\s*=\s*suite\s*(?:<[^(]*>)?\(/g)].map(
    ([, name = '']) => name,
  );
  const made = [...code.matchAll(/(?<![.\w])suite\s*(?:<[^(]*>)?\(/g)].length;
  const faults: string[] = [];
  if (made > kept.length) faults.push('a suite() that is not kept in a const of its own');
  if (/import\s*\{[^}]*\btest\b[^}]*\}\s*from\s*'uvu'/.test(code)) kept.push('test');
  for (const name of new Set(kept)) {
    const suites = kept.filter((other) => other === name).length;
    const runs = [...code.matchAll(new RegExp(`(?<![.\\w])${name}\\.run\\(`, 'g'))];
    if (runs.length < suites)
      faults.push(`${suites} suite(s) named ${name}, but ${runs.length} ${name}.run()`);
    const tests = [...code.matchAll(new RegExp(`(?<![.\\w])(?:${name}\\s*\\(|maybe\\(\\s*${name}\\b)`, 'g'))];
    const last = runs.at(-1)?.index ?? Number.POSITIVE_INFINITY;
    if ((tests.at(-1)?.index ?? 0) > last)
      faults.push(`a test after the last ${name}.run(), which never runs`);
    for (const left of ['only', 'skip']) {
      if (new RegExp(`(?<![.\\w])${name}\\.${left}\\(`).test(code)) {
        faults.push(left === 'only' ? `${name}.only was left` : `${name}.skip gives no reason: use maybe()`);
      }
    }
  }
  return faults;
}

/** The verdict over one file. `requireAll` (NSCOPE_REQUIRE=all) makes each skip a failure. */
export function judge(run: Run, requireAll: boolean): Verdict {
  const totals = parseTotals(run.output);
  const skips = plain(run.output)
    .split('\n')
    .filter((line) => line.startsWith(`${SKIP} `))
    .map((line) => line.slice(SKIP.length + 1));
  const faults = sourceFaults(run.source);
  const lost = totals === undefined ? 0 : totals.total - totals.passed;
  if (run.killedAfter !== undefined) {
    const why = totals === undefined ? '' : ' after its totals: something is still open';
    faults.push(`did not end within ${run.killedAfter} s${why}`);
  } else if (run.signal !== null) {
    faults.push(`killed by ${run.signal}`);
  }
  if (totals === undefined) faults.push('printed no totals: is .run() missing, or did it end early?');
  else if (totals.total === 0 && skips.length === 0) faults.push('ran no test');
  // Every test that failed prints an account; uvu swallows what a hook throws.
  if (totals !== undefined && lost > failureTexts(run.output).length) {
    faults.push(`passed ${totals.passed} of ${totals.total}, and says not why: does a hook throw?`);
  }
  if (totals !== undefined && totals.skipped > 0) {
    faults.push(`uvu left out ${totals.skipped} test(s) that gave no reason`);
  }
  if (run.code !== null && run.code !== 0 && lost === 0) faults.push(`exit ${run.code}`);
  if (requireAll && skips.length > lost)
    faults.push(`${skips.length} skipped, and NSCOPE_REQUIRE=all allows none`);
  faults.push(...(run.left ?? []).map((what) => `left behind: ${what}`));
  return {
    passed: totals?.passed ?? 0,
    failed: Math.max(lost, faults.length > 0 ? 1 : 0),
    skips,
    faults,
  };
}
