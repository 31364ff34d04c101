// Temporary directories of tests, removed when the test's process ends. Removes nothing across a mount.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made = new Set<string>();
process.once('exit', () => [...made].forEach(removeTemp));

/** Where this test file may write: the directory that the runner gave it and looks into afterwards, else the system's. */
function parent(): string {
  const given = process.env['NSCOPE_TEST_TMP'];
  if (given === undefined) return tmpdir();
  mkdirSync(given, { recursive: true });
  return given;
}

/** Makes an empty directory (absolute path, mode 0700) that goes when `removeTemp` is called on it or the process exits. */
export function tempDir(prefix = 'nscope-test-'): string {
  const dir = mkdtempSync(join(parent(), prefix));
  made.add(dir);
  return dir;
}

/** Removes a directory of `tempDir` with all that is in it. Throws if something is still mounted below it. */
export function removeTemp(dir: string): void {
  const mounts = mountsBelow(dir);
  if (mounts.length > 0)
    throw new Error(`${dir} is not removed: still mounted below it: ${mounts.join(', ')}`);
  rmSync(dir, { recursive: true, force: true });
  made.delete(dir);
}

/** Runs `fn` with a fresh directory, and removes it afterwards, whatever `fn` did. */
export async function withTempDir<T>(fn: (dir: string) => T | Promise<T>): Promise<T> {
  const dir = tempDir();
  try {
    return await fn(dir);
  } finally {
    removeTemp(dir);
  }
}

/** Mount points at or below a directory, in this process' mount namespace (proc_pid_mountinfo(5), field 5, octal escapes undone). */
export function mountsBelow(dir: string, mountinfo = readFileSync('/proc/self/mountinfo', 'utf8')): string[] {
  return mountinfo
    .split('\n')
    .map((line) => unescapeOctal(line.split(' ')[4] ?? ''))
    .filter((point) => point === dir || point.startsWith(`${dir}/`));
}

/** Undoes the octal escapes of mountinfo (`\040` for a space). */
export function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
