// What engines answered, as a recording keeps it: one JSON text, and one for each container that was inspected. Both directions are here.
import { type Reading, unread, value } from '../kernel/reading.ts';
import { type EngineInspect, parseInspect } from '../oci/inspect.ts';
import { ParseError } from '../text/errors.ts';
import { type EngineAnswers, isEnded, NO_ANSWERS } from './engine-api.ts';
import type { HostFs } from './fs.ts';

/** Where a recording keeps it; no such file exists on a live host. */
export const ENGINES_PATH = '/nscope/engines.json';

/** Below it a directory for each engine, by its place among the answers, with ID.json for each container that it was asked about. */
const INSPECT_PATH = '/nscope/inspect';

export function inspectPath(engine: number, id: string): string {
  return `${INSPECT_PATH}/${engine}/${id}.json`;
}

/** The texts of a recording: engine, container and answer. */
export function recordedInspects(
  fs: HostFs,
): readonly { readonly engine: number; readonly id: string; readonly text: string }[] {
  return namesIn(fs, INSPECT_PATH).flatMap((engine) =>
    namesIn(fs, `${INSPECT_PATH}/${engine}`).flatMap((name) => {
      const text = fs.readText(`${INSPECT_PATH}/${engine}/${name}`);
      return text.ok ? [{ engine: Number(engine), id: name.replace(/\.json$/, ''), text: text.value }] : [];
    }),
  );
}

function namesIn(fs: HostFs, directory: string): readonly string[] {
  const names = fs.list(directory);
  return names.ok ? names.value.toSorted() : [];
}

/** What a recorded engine said of one container. */
export function recordedInspect(fs: HostFs, id: string): Reading<EngineInspect> {
  const found = recordedInspects(fs).find((one) => one.id === id);
  const source = `GET /containers/${id}/json`;
  return found
    ? value(parseInspect(found.text, source))
    : unread('unsupported', `${source} (a recorded host)`);
}

/** What it said of containers that have ended, each with the socket that told it. */
export function recordedEnded(fs: HostFs): readonly (EngineInspect & { readonly socket: string })[] {
  const { engines } = recordedEngines(fs);
  return recordedInspects(fs).flatMap(({ engine, id, text }) => {
    const found = parseInspect(text, `GET /containers/${id}/json`);
    const socket = engines[engine]?.socket;
    return socket !== undefined && isEnded(found.state.status) ? [{ ...found, socket }] : [];
  });
}

export function enginesText(answers: EngineAnswers): string {
  return `${JSON.stringify(answers, null, 1)}\n`;
}

/** The answers that a recording holds, none where it holds none. @throws ParseError where they are not what `enginesText` writes. */
export function recordedEngines(fs: HostFs): EngineAnswers {
  const text = fs.readText(ENGINES_PATH);
  if (!text.ok) return NO_ANSWERS;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.value);
  } catch {
    throw new ParseError(ENGINES_PATH, 'JSON', text.value);
  }
  if (!isAnswers(parsed))
    throw new ParseError(ENGINES_PATH, '{"engines": […], "containers": […]}', text.value);
  return parsed;
}

function isEngine(row: unknown): boolean {
  if (typeof row !== 'object' || row === null || !('socket' in row) || !('version' in row)) return false;
  const { socket, version } = row;
  return typeof socket === 'string' && typeof version === 'object' && version !== null && 'ok' in version;
}

function isAnswers(parsed: unknown): parsed is EngineAnswers {
  return (
    typeof parsed === 'object' &&
    parsed !== null &&
    'engines' in parsed &&
    Array.isArray(parsed.engines) &&
    parsed.engines.every(isEngine) &&
    'containers' in parsed &&
    Array.isArray(parsed.containers) &&
    parsed.containers.every(
      (row: unknown) => typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'string',
    )
  );
}
