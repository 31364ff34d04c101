// Parses /proc/PID/status (proc_pid_status(5)), the lines about identity and confinement. Reads no file.
import { ParseError } from '../../text/errors.ts';
import { CAPABILITY_SETS, type CapabilitySet, STATUS_LINE } from '../capabilities.ts';

/** The four ids of credentials(7), in the reader's user namespace: 65534 stands for one that has no number there. */
export interface Ids {
  readonly real: number;
  readonly effective: number;
  readonly saved: number;
  readonly filesystem: number;
}

export interface Status {
  /** Effective uid, in the reader's user namespace; `uids.effective`. */
  readonly uid: number;
  readonly uids: Ids;
  /** null where the text has no line Gid. */
  readonly gids: Ids | null;
  /** Supplementary groups, in the kernel's order. */
  readonly groups: readonly number[];
  /** Pids from the reader's pid namespace inwards; empty where the kernel is older than 4.1. */
  readonly nspid: readonly number[];
  readonly threads: number;
  /** Each set as bits (capabilities(7)); null where the kernel prints none, as for the ambient one before Linux 4.3. */
  readonly capabilities: Readonly<Record<CapabilitySet, bigint | null>>;
  /** 0 off, 1 strict, 2 filter (seccomp(2)); null where the kernel has no seccomp. */
  readonly seccomp: number | null;
  /** Filters that are stacked; null before Linux 5.9. */
  readonly seccompFilters: number | null;
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
  const uids = idsOf(lines.get('Uid'), 'Uid', path);
  if (uids === null) throw new ParseError(path, `a line Uid: with ${FOUR}`, text);
  const capabilities = {} as Record<CapabilitySet, bigint | null>;
  for (const set of CAPABILITY_SETS) {
    const line = STATUS_LINE[set];
    capabilities[set] = hex(lines.get(line), line, path);
  }
  const threads = numbers(lines.get('Threads'), 'Threads', path)[0];
  if (threads === undefined) throw new ParseError(path, 'a line Threads:', text);
  const noNewPrivs = numbers(lines.get('NoNewPrivs'), 'NoNewPrivs', path)[0];
  return {
    uid: uids.effective,
    uids,
    gids: idsOf(lines.get('Gid'), 'Gid', path),
    groups: numbers(lines.get('Groups'), 'Groups', path),
    nspid: numbers(lines.get('NSpid'), 'NSpid', path),
    threads,
    capabilities,
    seccomp: numbers(lines.get('Seccomp'), 'Seccomp', path)[0] ?? null,
    seccompFilters: numbers(lines.get('Seccomp_filters'), 'Seccomp_filters', path)[0] ?? null,
    noNewPrivs: noNewPrivs === undefined ? null : noNewPrivs !== 0,
  };
}

const FOUR = 'the real, effective, saved and file system id';

/** null where there is no such line. */
function idsOf(line: string | undefined, key: string, path: string): Ids | null {
  if (line === undefined) return null;
  const [real, effective, saved, filesystem] = numbers(line, key, path);
  if (real === undefined || effective === undefined || saved === undefined || filesystem === undefined)
    throw new ParseError(path, `${FOUR} after ${key}:`, line);
  return { real, effective, saved, filesystem };
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

function hex(line: string | undefined, key: string, path: string): bigint | null {
  if (line === undefined) return null;
  if (!/^[0-9a-fA-F]{1,16}$/.test(line)) throw new ParseError(path, `hexadecimal digits after ${key}:`, line);
  return BigInt(`0x${line}`);
}

/**
 * NSpid alone, which the look at every process asks for. Empty where the kernel is older than 4.1. The kernel escapes newlines in `Name:`, so no name
 * can pose as a line. Throws ParseError where a value is no number.
 */
export function parseNspid(text: string, path: string): readonly number[] {
  return numbers(/^NSpid:(.*)$/m.exec(text)?.[1]?.trim(), 'NSpid', path);
}
