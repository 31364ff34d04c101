// A host to look at, live or recorded, and one whole look at it, with engines asked. The refreshing look is in watch.ts.
import { readFileSync } from 'node:fs';
import type { ProcessRef, Snapshot } from '../model/types.ts';
import { UserError } from '../text/errors.ts';
import { askEngines, type EngineAnswers, engineSockets, NO_ANSWERS } from './engine-api.ts';
import type { DeepOptions } from './deep-findings.ts';
import type { HostFs } from './fs.ts';
import { liveFs } from './live-fs.ts';
import { parseRecording, recordedFs } from './recorded-fs.ts';
import { type Relations, liveRelations } from './relations.ts';
import { recordedEngines } from './engine-text.ts';
import { recordedRelations } from './relations-text.ts';
import { scan } from './scan.ts';

export interface Host {
  readonly fs: HostFs;
  readonly relations: Relations;
  readonly self: number;
  readonly uid: number;
}

/** Where a recording keeps the uid of whom it was made by, if that was not root; no such file exists on a live host. */
export const READER_PATH = '/nscope/uid';

function readerOf(fs: HostFs): number {
  const text = fs.readText(READER_PATH);
  return text.ok && /^\d+\n?$/.test(text.value) ? Number(text.value) : 0;
}

/** This machine. */
export function liveHost(): Host {
  return { fs: liveFs(), relations: liveRelations(), self: process.pid, uid: process.getuid?.() ?? -1 };
}

/**
 * The host recorded in `file`.
 * @throws UserError (2) where the file cannot be read or is no recording.
 */
export function recordedHost(file: string): Host {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new UserError(`cannot read the recording ${file}: ${code}`, {
      hint: 'give the path of a file that holds a recorded host (.host)',
    });
  }
  const fs = recordedFs(parseRecording(text, file));
  return { fs, relations: recordedRelations(fs), self: 0, uid: readerOf(fs) };
}

/** `--from FILE` in place of the live host. */
export function openHost(from: string | undefined): Host {
  return from === undefined ? liveHost() : recordedHost(from);
}

/** Asks the engines of a host as `seen` found them; a recording answers from itself. */
export async function enginesOf(
  host: Host,
  seen: Pick<Snapshot, 'processes' | 'self'>,
): Promise<EngineAnswers> {
  if (host.fs.kind === 'recorded') return recordedEngines(host.fs);
  return askEngines(engineSockets(host.fs, seen.processes, seen.self));
}

/**
 * One whole look, for a command that prints and ends: owners, names and every command line that a row may need. With `deep` threads, fds and
 * other mount namespaces too (much slower): what else holds each namespace.
 * Rejects with the reason of `deep.signal` once it is aborted.
 */
export async function takeSnapshot(
  host: Host,
  options: {
    readonly watch?: readonly ProcessRef[];
    readonly cmdlines?: 'all' | 'needed';
    readonly engines?: EngineAnswers;
    readonly deep?: DeepOptions;
  } = {},
): Promise<Snapshot> {
  const { deep: wanted, ...plain } = options;
  await host.relations.prepare();
  const first = scan(host.fs, host.relations, {
    ...plain,
    engines: options.engines ?? NO_ANSWERS,
    self: host.self,
    uid: host.uid,
  });
  const engines = options.engines ?? (await enginesOf(host, first));
  const deep = wanted ? await (await import('./deep.ts')).readDeep(host.fs, first, wanted) : null;
  if (!deep && (options.engines || engines.engines.length === 0)) return first;
  if (deep) await host.relations.prepare();
  return scan(host.fs, host.relations, {
    ...plain,
    engines,
    ...(deep ? { deep } : {}),
    self: host.self,
    uid: host.uid,
  });
}
