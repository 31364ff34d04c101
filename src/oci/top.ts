// Parses an engine's answer to "top" of a container (Docker Engine API, GET /containers/ID/top). It asks nothing.
import { ParseError } from '../text/errors.ts';
import { asArray, asObject, asString, parseJson } from './json.ts';

/** The pids of the column PID, as the engine's pid namespace has them. Throws ParseError where there is no such column, or a cell is no number. */
export function parseTop(json: string, source: string): number[] {
  const top = asObject(parseJson(json, source), 'the answer', source);
  const titles = asArray(top['Titles'], 'Titles', source).map((title) => asString(title, 'Titles', source));
  const at = titles.indexOf('PID');
  if (at < 0) throw new ParseError(source, 'a column PID', json);
  return asArray(top['Processes'], 'Processes', source).map((row) => {
    const cell = asString(asArray(row, 'Processes', source)[at], 'PID', source);
    const pid = Number(cell);
    if (!/^\d+$/.test(cell) || !Number.isSafeInteger(pid)) throw new ParseError(source, 'a pid', cell);
    return pid;
  });
}
