// What engines answered, as a recording keeps it: one JSON text. Both directions are here.
import { ParseError } from '../text/errors.ts';
import { type EngineAnswers, NO_ANSWERS } from './engine-api.ts';
import type { HostFs } from './fs.ts';

/** Where a recording keeps it; no such file exists on a live host. */
export const ENGINES_PATH = '/nscope/engines.json';

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
