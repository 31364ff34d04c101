// Starts the programs of this folder (crash-child.ts and others) and waits for their end. Not a test.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ChildOptions {
  /** Words before the command: setpriv, unshare and what they run. */
  readonly before?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds from its first output to a SIGKILL. */
  readonly killAfter?: number;
}

/** The argument list that runs a program of this folder. */
export function childArgv(name: string, ...args: readonly string[]): readonly string[] {
  const path = fileURLToPath(new URL(name, import.meta.url));
  return [process.execPath, '--import', 'tsx', path, ...args];
}

/**
 * Runs a program to its end, 90 s at most. In a guest without hardware virtualisation node itself can die by SIGSEGV
 * (an emulated processor and compiled code): it is run again then, three times at most.
 */
export async function runChild(argv: readonly string[], options: ChildOptions = {}): Promise<Ended> {
  for (let attempt = 1; ; attempt++) {
    const ended = await runOnce(argv, options);
    if (ended.signal !== 'SIGSEGV' || attempt === 3) return ended;
  }
}

async function runOnce(
  argv: readonly string[],
  { before = [], env, killAfter }: ChildOptions,
): Promise<Ended> {
  const [file = '', ...args] = [...before, ...argv];
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(env === undefined ? {} : { env }),
  });
  let stdout = '';
  let stderr = '';
  let timer = setTimeout(() => child.kill('SIGKILL'), 90_000);
  child.stdout.on('data', (chunk: Buffer) => {
    if (stdout === '' && killAfter !== undefined) {
      clearTimeout(timer);
      timer = setTimeout(() => child.kill('SIGKILL'), killAfter);
    }
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, by) => resolve([code, by]));
  });
  clearTimeout(timer);
  return { stdout, stderr, status, signal };
}
