// What is left of a crash: the log file with the stack, and the one line that says where it is.
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { cleanLines } from '../text/lines.ts';
import { clean } from '../text/sanitize.ts';

/** Writes the error to the log; the line for stderr, which carries the error itself where the log cannot be written. */
export function logCrash(logFile: string | null, error: unknown): string {
  // What an error quotes can be a stranger's.
  const text = cleanLines(error instanceof Error ? (error.stack ?? error.message) : String(error)).join('\n');
  const message = clean(error instanceof Error ? error.message : String(error));
  if (logFile === null) return `nscope: crashed: ${text}`;
  try {
    mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
    appendFileSync(logFile, `${new Date().toISOString()} ${text}\n`, { mode: 0o600 });
    return `nscope: crashed: ${message}; the log is ${logFile}`;
  } catch {
    return `nscope: crashed, and ${logFile} cannot be written: ${text}`;
  }
}
