// Runs the same operations twice: by a lab, and as the printed shell lines typed into a plain sh; then each is looked at by the kernel's own files.
// What the two must have in common is the rows' matter (typed-rows.ts).
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { liveFs } from '../../src/host/live-fs.ts';
import { openLab } from '../../src/lab/open.ts';
import { planner } from '../../src/lab/plan.ts';
import type { Operation } from '../../src/lab/types.ts';
import { until } from '../support/process.ts';
import { cgroupsNamed, markedPids } from './traces.ts';

/** What has become of the operations, however they were done. */
export interface World {
  readonly lab: string;
  /** The lab's own directory. */
  readonly directory: string;
  pid(actor: string): number;
  /** Of the row's operation: what it printed, by stream, and its status where it ran a command. */
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  readonly exit: number | null;
}

export interface Row {
  readonly name: string;
  /** What must be there first. */
  readonly before?: readonly Operation[];
  readonly operation: Operation;
  /** Looks by the kernel's own files; plain JSON, in which nothing may be of the one world alone (`plain` helps). */
  readonly see: (world: World) => unknown;
}

/** A text without what differs from world to world: the lab's directory, its id, pids of actors. */
export function plain(text: string, { lab, directory }: World): string {
  return text.replaceAll(directory, '<lab>').replaceAll(lab, '<id>');
}

/** The row done by a lab, seen, and undone. */
export async function performed(row: Row, stateDir: string): Promise<unknown> {
  const lab = await openLab({ stateDir, fs: liveFs() });
  try {
    for (const operation of row.before ?? []) await lab.perform(operation);
    const { output, exit } = await lab.perform(row.operation);
    const of = (stream: string) => output.filter((line) => line.stream === stream).map(({ text }) => text);
    return row.see({
      lab: lab.id,
      directory: join(stateDir, 'labs', lab.id),
      pid: (actor) => lab.actor(actor)?.pid ?? 0,
      stdout: of('stdout'),
      stderr: of('stderr'),
      exit,
    });
  } finally {
    // What is left of a lab is the matter of its own tests, and of the runner.
    await lab.close();
  }
}

/** A plain sh that reads lines as from a keyboard, in a directory of its own. */
class Typist {
  readonly #sh: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #texts = { stdout: '', stderr: '' };
  #marks = 0;

  constructor(cwd: string, lab: string) {
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      LANG: 'C.UTF-8',
      TERM: 'dumb',
      NSCOPE_LAB: lab,
    };
    this.#sh = spawn('sh', [], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
    for (const stream of ['stdout', 'stderr'] as const) {
      this.#sh[stream].on('data', (chunk: Buffer) => {
        this.#texts[stream] += chunk.toString();
      });
    }
  }

  /** Types lines, waits until they are done, and gives what was printed and the status of the last. */
  async type(lines: string): Promise<{ stdout: string[]; stderr: string[]; exit: number }> {
    const mark = `typed-${++this.#marks}`;
    const from = { stdout: this.#texts.stdout.length, stderr: this.#texts.stderr.length };
    this.#sh.stdin.write(`${lines}\necho "${mark} $?"; echo "${mark}" >&2\n`);
    const end = new RegExp(`^${mark} (\\d+)$`, 'm');
    await until(`the end of ${lines}`, () => end.test(this.#texts.stdout), 30_000);
    await until('its errors', () => this.#texts.stderr.includes(`${mark}\n`));
    const cut = (stream: 'stdout' | 'stderr'): string[] => {
      const text = this.#texts[stream].slice(from[stream]).split(mark, 1)[0] ?? '';
      return text === '' ? [] : text.replace(/\n$/, '').split('\n');
    };
    const exit = Number(end.exec(this.#texts.stdout)?.[1] ?? -1);
    return { stdout: cut('stdout'), stderr: cut('stderr'), exit };
  }

  end(): void {
    this.#sh.kill('SIGKILL');
  }
}

const nameOf = (actor: string): string => actor.toUpperCase().replaceAll('-', '_');

/** An actor is ready when it has become its command, as a person sees in ps. */
async function begun(pid: number, [first = '']: readonly string[]): Promise<void> {
  const argv = () => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0];
    } catch {
      return undefined;
    }
  };
  await until(`${first} with pid ${pid}`, () => argv() === first);
}

/** The same row typed line by line: the plan as `lesson run --dry-run` prints it, with an id in the place of LAB. */
export async function typed(row: Row, home: string): Promise<unknown> {
  const lab = randomBytes(4).toString('hex');
  const cwd = join(home, `typed-${lab}`);
  mkdirSync(cwd);
  const plan = planner('en', { labs: cwd });
  const sh = new Typist(cwd, lab);
  const pids = new Map<string, number>();
  const type = async (operation: Operation) => {
    const { shell } = plan(operation);
    const done = await sh.type(shell.replaceAll('LAB', lab));
    if (operation.op === 'actor') {
      const { stdout } = await sh.type(`echo "$${nameOf(operation.name)}"`);
      pids.set(operation.name, Number(stdout[0]));
      await begun(Number(stdout[0]), operation.command);
    }
    return done;
  };
  try {
    for (const operation of row.before ?? []) {
      const { exit, stderr } = await type(operation);
      if (exit !== 0) throw new Error(`${operation.op}: ${exit} ${stderr.join('\n')}`);
    }
    const done = await type(row.operation);
    // A signal takes effect when its process next runs.
    if (row.operation.op === 'signal' || row.operation.op === 'kill-group') await sleep(300);
    const runs = 'command' in row.operation && row.operation.op !== 'actor';
    return await row.see({
      lab,
      directory: join(cwd, lab),
      pid: (actor) => pids.get(actor) ?? 0,
      ...done,
      exit: runs ? done.exit : null,
    });
  } finally {
    sh.end();
    await clear(lab);
  }
}

/** Ends what was typed: by its mark, which everything has from its shell. */
async function clear(lab: string): Promise<void> {
  await until('the end of what was typed', () => {
    const left = markedPids(lab);
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
    return left.length === 0;
  });
  for (const top of cgroupsNamed(`nscope-${lab}`)) {
    await until(`the removal of ${top}`, () => removed(top));
  }
}

/** A lab's group has one level below it. */
function removed(top: string): boolean {
  try {
    for (const name of ['a', 'b', 'box']) {
      try {
        rmdirSync(join(top, name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    rmdirSync(top);
    return true;
  } catch {
    return false;
  }
}
