// Runs one test file in a process group of its own, with a kill timer, and finds and removes what it left: processes, cgroups, files.
// Judges nothing itself (verdict.ts) and prints nothing.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CGROUP_PREFIX, labCgroups, removeTestCgroups, testCgroups } from './cgroups.ts';
import { allProcesses, endAll, isAlive, type Stat, statOf, until } from './process.ts';
import { mountsBelow } from './temp.ts';
import { judge, type Verdict } from './verdict.ts';

export interface FileResult extends Verdict {
  readonly file: string;
  readonly output: string;
  /** Milliseconds from start to end. */
  readonly ms: number;
}

/** Seconds that a file may take if its first lines hold no `// timeout: SECONDS`. */
const TIMEOUT_S = 120;

/** The name, below a test's temporary directory, that is no residue: what the program itself keeps in its state directory. */
const STATE = 'state';

/**
 * Runs `node --import tsx FILE` from `root`, and judges it. `stop` kills it. `alone`: nothing else on this machine makes labs meanwhile,
 * so that a new cgroup of a lab is this file's residue; it is named and not removed, since its owner is not proved.
 */
export async function runFile(
  root: string,
  file: string,
  stop: AbortSignal,
  alone = false,
): Promise<FileResult> {
  const begin = performance.now();
  const labs = alone ? labCgroups() : [];
  const source = readFileSync(join(root, file), 'utf8');
  const seconds = timeoutOf(source);
  const mark = randomBytes(4).toString('hex');
  const temp = join(process.env['NSCOPE_TEST_TMP'] ?? tmpdir(), `nt-${mark}`);
  mkdirSync(temp, { mode: 0o700 });
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    cwd: root,
    env: environment(mark, temp),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const since = child.pid === undefined ? undefined : statOf(child.pid);

  let killedAfter: number | undefined;
  const timer = setTimeout(() => {
    killedAfter = seconds;
    killGroup(child.pid);
  }, seconds * 1000);
  const halt = (): void => killGroup(child.pid);
  stop.addEventListener('abort', halt);
  const { code, signal } = await new Promise<{ code: number | null; signal: string | null }>(
    (resolve, reject) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
      child.once('error', reject);
    },
  );
  clearTimeout(timer);
  stop.removeEventListener('abort', halt);

  const left = await sweep(mark, temp, child.pid ?? 0, since, killedAfter !== undefined || stop.aborted);
  if (alone) {
    const fresh = labCgroups().filter((dir) => !labs.includes(dir));
    left.push(...fresh.map((dir) => `cgroup ${dir} (not removed)`));
  }
  await Promise.race([closed, sleep(1000, undefined, { ref: false })]);
  const output = Buffer.concat(chunks).toString();
  const verdict = judge(
    { source, output, code, signal, left, ...(killedAfter === undefined ? {} : { killedAfter }) },
    process.env['NSCOPE_REQUIRE'] === 'all',
  );
  return { file, output, ms: performance.now() - begin, ...verdict };
}

/** `// timeout: SECONDS` in the first ten lines. */
export function timeoutOf(source: string): number {
  const head = source.split('\n', 10).join('\n');
  const asked = /^\/\/ timeout: (\d+)$/m.exec(head)?.[1];
  return asked === undefined ? TIMEOUT_S : Number(asked);
}

/** One language, no colour settings of the developer's, a state directory and a temporary directory of the file's own. */
function environment(mark: string, temp: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    LC_ALL: 'C.UTF-8',
    XDG_STATE_HOME: join(temp, STATE),
    NSCOPE_TEST_MARK: mark,
    NSCOPE_TEST_TMP: temp,
  };
  delete env['FORCE_COLOR'];
  delete env['NO_COLOR'];
  return env;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}

/** Removes what a file left; says what that was, but not if the file was killed and so could not tidy up. */
async function sweep(
  mark: string,
  temp: string,
  group: number,
  since: Stat | undefined,
  killed: boolean,
): Promise<string[]> {
  const left: string[] = [];
  const own = (): Stat[] => ownProcesses(mark, group, since);
  // Helpers such as the compiler's end when they see their pipe closed: that takes a moment and is no residue.
  await until('the last processes', () => own().length === 0, killed ? 0 : 2000).catch(() => undefined);
  const alive = own();
  left.push(...alive.map((one) => `process ${one.pid} (${one.comm})`));
  await endAll(alive);
  const cgroups = testCgroups(CGROUP_PREFIX + mark);
  left.push(...cgroups.map((dir) => `cgroup ${dir}`));
  await removeTestCgroups(CGROUP_PREFIX + mark).catch((error: unknown) => left.push(String(error)));
  left.push(
    ...readdirSync(temp)
      .filter((name) => name !== STATE)
      .map((name) => join(temp, name)),
  );
  const mounts = mountsBelow(temp);
  if (mounts.length === 0) rmSync(temp, { recursive: true, force: true });
  if (mounts.length > 0) return left.concat(mounts.map((point) => `mount ${point} (not removed)`));
  return killed ? [] : left;
}

/** Living processes of the file's process group, or that carry its mark in their environment (they may have left the group). */
function ownProcesses(mark: string, group: number, since: Stat | undefined): Stat[] {
  return allProcesses().filter(
    (one) =>
      Number(one.starttime) >= Number(since?.starttime ?? 0) &&
      isAlive(one) &&
      (one.pgrp === group || carries(one.pid, mark)),
  );
}

function carries(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`NSCOPE_TEST_MARK=${mark}\0`);
  } catch {
    return false;
  }
}
