// Hands the terminal over to a shell and takes it back. The program itself draws nothing meanwhile.
// blessed's own screen.exec is of no use here: it silences stdout before what leaves the alternate screen has been written.
import { spawn } from 'node:child_process';
import type { RunningShell } from './front.ts';
import type { Screen } from './screen.ts';

/** A shell that does not end at a hang-up is killed after this. */
const HANG_UP_MS = 1_000;

/** Runs argv on the terminal as it was before the program, after a line that says how to come back. */
export function runShell(screen: Screen, argv: readonly string[], line: string): RunningShell {
  screen.leave();
  setRaw(false);
  process.stdout.write(`\n${line}\n`);
  const [file = 'sh', ...words] = argv;
  const child = spawn(file, words, { stdio: 'inherit' });
  const ended = new Promise<Error | null>((resolve) => {
    child.on('error', resolve);
    child.on('exit', () => resolve(null));
  });
  return {
    ended,
    async end() {
      child.kill('SIGHUP');
      const timer = setTimeout(() => child.kill('SIGKILL'), HANG_UP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Takes the terminal back after a shell; what is on the screen has to be drawn anew. */
export function comeBack(screen: Screen): void {
  setRaw(true);
  screen.enter();
  // leave() has switched the mouse off, and enter() does not switch it on.
  screen.program.enableMouse();
  screen.alloc();
}

function setRaw(raw: boolean): void {
  process.stdin.setRawMode(raw);
  if (raw) process.stdin.resume();
  else process.stdin.pause();
}
