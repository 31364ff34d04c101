// Starts crash-child.ts and looks at what a killed lab has left once cleanup has run. Not a test.
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { liveFs } from '../../src/host/live-fs.ts';
import { audit } from '../../src/lab/audit.ts';
import { cleanup } from '../../src/lab/cleanup.ts';
import { bundled } from '../support/bundled.ts';
import { childArgv, runChild } from './child.ts';
import { tracesOf } from './traces.ts';

export interface Crashed {
  readonly lab: string;
  readonly signal: string | null;
  /** Lines of the whole journal, where the child lived to the end. */
  readonly lines: number;
  /** The numbers of those that are not about cgroups. */
  readonly others: readonly number[];
  readonly complaints: string;
}

/**
 * Runs crash-child.ts to its end: a SIGKILL after its `line`th line (0: none), or `ms` milliseconds after it has opened its lab.
 *
 * @param options `lesson`: the absolute folder of a lesson whose operations it runs, or a word that crash-child.ts knows; one of each kind if not given. `before`:
 * words before the command.
 */
export async function crash(
  stateDir: string,
  line: number,
  {
    ms,
    lesson,
    before = [],
  }: { readonly ms?: number; readonly lesson?: string; readonly before?: readonly string[] } = {},
): Promise<Crashed> {
  const args = [stateDir, String(line), ...(lesson === undefined ? [] : [lesson])];
  // Another user may not read the bundle.
  const argv =
    before.length > 0
      ? childArgv('crash-child.ts', ...args)
      : [process.execPath, await bundled(fileURLToPath(new URL('crash-child.ts', import.meta.url))), ...args];
  const { stdout, stderr, signal } = await runChild(
    argv,
    ms === undefined ? { before } : { before, killAfter: ms },
  );
  const [lab = '', last = ''] = stdout.trim().split('\n');
  const [, lines = '0', others = ''] = last.split(' ');
  return {
    lab,
    signal,
    lines: Number(lines),
    others: others.split(',').filter(Boolean).map(Number),
    complaints: stderr,
  };
}

const clean = (stateDir: string) => cleanup({ stateDir, fs: liveFs() });

/** Runs cleanup and asserts that neither audit nor the independent witness finds anything of this lab. */
export async function assertClean(stateDir: string, lab: string, when: string): Promise<void> {
  const { refused, left } = await clean(stateDir);
  assert.equal(
    [...refused, ...left].filter((leftover) => leftover.lab === lab),
    [],
    when,
  );
  assert.equal(
    (await audit({ stateDir, fs: liveFs() })).filter((leftover) => leftover.lab === lab),
    [],
    when,
  );
  assert.equal(tracesOf(lab, stateDir), [], when);
}
