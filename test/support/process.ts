// Processes of tests: start one, wait until /proc says something, end it by its pid with all its descendants; count fds and children.
// Nothing here signals a process that the test did not start, and no wait is longer than its deadline.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process by its identity: `starttime` is field 22 of proc_pid_stat(5), in clock ticks since boot. */
export interface Identity {
  readonly pid: number;
  readonly starttime: string;
}

/** What /proc/PID/stat says that tests ask for. */
export interface Stat extends Identity {
  readonly comm: string;
  readonly state: string;
  readonly ppid: number;
  readonly pgrp: number;
}

/** How a process ended: one of both is null, as in child_process. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Started {
  readonly pid: number;
  readonly child: ChildProcess;
  /** All that it wrote so far. */
  stdout(): string;
  stderr(): string;
  /** Settles when the process itself has ended, even where a descendant still holds its pipes. */
  readonly exited: Promise<Ended>;
  /** SIGKILL to it and to all its descendants, each by its pid, and waits until they are gone. */
  end(): Promise<void>;
}

export interface StartOptions {
  readonly cwd?: string;
  /** Added to this process' environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to its standard input, which is then closed; without it the input is /dev/null. */
  readonly input?: string;
}

/** Starts a program (argv, no shell). Rejects if it cannot be executed. */
export async function start(command: readonly string[], options: StartOptions = {}): Promise<Started> {
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, ...options.env },
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  const exited = new Promise<Ended>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  // A program that ends without reading its input closes the pipe first: EPIPE is then no fault of the test.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input);
  const pid = child.pid ?? 0;
  const end = async (): Promise<void> => {
    const family = child.exitCode === null && child.signalCode === null ? descendants(pid) : [];
    child.kill('SIGKILL');
    await exited;
    await endAll(family);
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  return {
    pid,
    child,
    stdout: () => Buffer.concat(out).toString(),
    stderr: () => Buffer.concat(err).toString(),
    exited,
    end,
  };
}

/** Starts a program, hands it to `fn`, and ends it afterwards, whatever `fn` did. */
export async function withProcess<T>(
  command: readonly string[],
  fn: (started: Started) => T | Promise<T>,
  options: StartOptions = {},
): Promise<T> {
  const started = await start(command, options);
  try {
    return await fn(started);
  } finally {
    await started.end();
  }
}

/** Runs a program to its end and returns what it wrote; ends it and throws after `ms` milliseconds. */
export async function runToEnd(
  command: readonly string[],
  options: StartOptions & { readonly ms?: number } = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const started = await start(command, options);
  const closed = new Promise<void>((resolve) => started.child.once('close', () => resolve()));
  try {
    const { code } = await within(started.exited, options.ms ?? 60_000, `the end of ${command.join(' ')}`);
    // A descendant may keep the pipes open for ever: what has been written until now is what counts.
    await Promise.race([closed, sleep(1000, undefined, { ref: false })]);
    return { code, stdout: started.stdout(), stderr: started.stderr() };
  } finally {
    await started.end();
  }
}

/** Asks `probe` again and again until it answers something other than undefined, null or false. Throws after `ms` milliseconds, naming `what`. */
export async function until<T>(
  what: string,
  probe: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  ms = 10_000,
): Promise<T> {
  const deadline = performance.now() + ms;
  for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
    const answer = await probe();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await sleep(pause);
  }
}

/** Rejects, naming `what`, if a promise has not settled after `ms` milliseconds. */
export async function within<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  const stop = new AbortController();
  const late = sleep(ms, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`waited ${ms} ms in vain for ${what}`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    stop.abort();
    late.catch(() => undefined);
  }
}

/** proc_pid_stat(5): comm stands between the first `(` and the last `)`. Undefined if the process is gone. */
export function statOf(pid: number): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  const close = text.lastIndexOf(')');
  const rest = text.slice(close + 2).split(' ');
  return {
    pid,
    comm: text.slice(text.indexOf('(') + 1, close),
    state: rest[0] ?? '',
    ppid: Number(rest[1]),
    pgrp: Number(rest[2]),
    starttime: rest[19] ?? '',
  };
}

/** Every process that /proc lists, by pid. */
export function allProcesses(): Stat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat !== undefined);
}

/** The children of a process, zombies included. */
export function children(pid = process.pid): Stat[] {
  return allProcesses().filter((stat) => stat.ppid === pid);
}

/** Children, their children and so on; a process comes after its parent. */
export function descendants(pid: number): Stat[] {
  const all = allProcesses();
  const found: Stat[] = [];
  for (let level = [pid]; level.length > 0; ) {
    const next = all.filter((stat) => level.includes(stat.ppid));
    found.push(...next);
    level = next.map((stat) => stat.pid);
  }
  return found;
}

/** Open file descriptors of a process (proc_pid_fd(5)); its own count leaves out the one that reads the directory. */
export function countFds(pid: number | 'self' = 'self'): number {
  const fds = readdirSync(`/proc/${pid}/fd`).length;
  return pid === 'self' || pid === process.pid ? fds - 1 : fds;
}

/** True while exactly this process lives; a zombie does not. */
export function isAlive(who: Identity): boolean {
  const now = statOf(who.pid);
  return now !== undefined && now.starttime === who.starttime && now.state !== 'Z' && now.state !== 'X';
}

/** SIGKILL to each of these processes that still is the one it was, and waits until none lives. */
export async function endAll(who: readonly Identity[], ms = 5000): Promise<void> {
  for (const one of who) {
    if (!isAlive(one)) continue;
    try {
      process.kill(one.pid, 'SIGKILL');
    } catch {
      // It ended by itself between the look and the signal.
    }
  }
  await until(`the end of ${who.map((one) => one.pid).join(', ')}`, () => !who.some(isAlive), ms);
}
