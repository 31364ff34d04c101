// Parses /proc/PID/status (proc_pid_status(5)), the lines about identity and confinement. Reads no file.
import { ParseError } from '../../text/errors.ts';

export interface Status {
  /** Effective uid, in the reader's user namespace. */
  readonly uid: number;
  /** Pids from the reader's pid namespace inwards; empty where the kernel is older than 4.1. */
  readonly nspid: readonly number[];
  readonly threads: number;
  /** Effective capabilities as a bit set (capabilities(7)); null where the kernel prints none. */
  readonly capEff: bigint | null;
  /** 0 off, 1 strict, 2 filter; null where the kernel has no seccomp. */
  readonly seccomp: number | null;
  /** null before Linux 4.10. */
  readonly noNewPrivs: boolean | null;
}

/**
 * One process' status. Lines of any order and unknown lines are taken; of a repeated key the first counts. The kernel escapes
 * newlines in `Name:`, so no name can pose as a line. Throws ParseError where Uid or Threads is missing or a value is no number.
 */
export function parseStatus(text: string, path: string): Status {
  const lines = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const key = line.slice(0, colon);
    if (colon > 0 && !lines.has(key)) lines.set(key, line.slice(colon + 1).trim());
  }
  const uids = numbers(lines.get('Uid'), 'Uid', path);
  const uid = uids[1];
  if (uid === undefined)
    throw new ParseError(
      path,
      'Uid: with real, effective, saved and file system uid',
      lines.get('Uid') ?? text,
    );
  const threads = numbers(lines.get('Threads'), 'Threads', path)[0];
  if (threads === undefined) throw new ParseError(path, 'a line Threads:', text);
  const noNewPrivs = numbers(lines.get('NoNewPrivs'), 'NoNewPrivs', path)[0];
  return {
    uid,
    nspid: numbers(lines.get('NSpid'), 'NSpid', path),
    threads,
    capEff: hex(lines.get('CapEff'), path),
    seccomp: numbers(lines.get('Seccomp'), 'Seccomp', path)[0] ?? null,
    noNewPrivs: noNewPrivs === undefined ? null : noNewPrivs !== 0,
  };
}

function numbers(line: string | undefined, key: string, path: string): number[] {
  if (line === undefined || line === '') return [];
  return line.split(/\s+/).map((word) => {
    const found = Number(word);
    if (!/^\d+$/.test(word) || !Number.isSafeInteger(found))
      throw new ParseError(path, `numbers after ${key}:`, line);
    return found;
  });
}

function hex(line: string | undefined, path: string): bigint | null {
  if (line === undefined) return null;
  if (!/^[0-9a-fA-F]{1,16}$/.test(line)) throw new ParseError(path, 'hexadecimal digits after CapEff:', line);
  return BigInt(`0x${line}`);
}
