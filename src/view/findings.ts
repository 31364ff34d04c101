// The findings pane: what is wrong with the host, what concerns the selection first; the one under the cursor with its sentence and next step.
import { findingCursor, type FindingRow, findingRows } from '../app/finding-rows.ts';
import type { AppState } from '../app/state.ts';
import { subjectName } from '../model/findings/finding.ts';
import { clean } from '../text/sanitize.ts';
import type { Paint } from '../text/sgr.ts';
import { cut, pad } from '../text/width.ts';
import { wrap } from '../text/wrap.ts';
import { type PaneText, type Room, tell, windowed } from './pane-text.ts';

const MARKS = { error: '✗', warning: '!', note: '·' } as const;
const ROLES = { error: 'bad', warning: 'warn', note: 'dim' } as const;

export function findingsPane(state: AppState, room: Room, paint: Paint): PaneText {
  const rows = findingRows(state);
  const title = rows === null ? tell(state, 'findingsTitle') : titleOf(state, rows);
  if (rows === null) {
    return { title, ...windowed(state, 'findings', room, [paint('dim', tell(state, 'findingsReading'))]) };
  }
  if (rows.length === 0) {
    return { title, ...windowed(state, 'findings', room, [paint('good', tell(state, 'findingsNone'))]) };
  }
  const cursor = findingCursor(rows, state);
  const lines: string[] = [];
  let from = 0;
  let to = 0;
  for (const [at, row] of rows.entries()) {
    if (at === cursor) from = lines.length;
    lines.push(...rowLines(state, row, at === cursor, room, paint));
    if (at === cursor) to = lines.length;
  }
  // The one under the cursor is in sight as a whole, or from its first line.
  const offset = Math.min(from, Math.max(0, to - room.height));
  return { title, ...windowed(state, 'findings', room, lines, { from: offset }) };
}

function titleOf(state: AppState, rows: readonly FindingRow[]): string {
  const count = rows.filter(({ finding }) => finding.severity !== 'note').length;
  return `${tell(state, 'findingsTitle')} · ${count}`;
}

function rowLines(
  state: AppState,
  { finding, here }: FindingRow,
  chosen: boolean,
  room: Room,
  paint: Paint,
): readonly string[] {
  const { id, severity, subject, sentence, next } = finding;
  const head = `${here ? '›' : ' '}${MARKS[severity]} ${id}  ${subjectName(subject)}`;
  const focused = chosen && state.focus === 'findings';
  const first = focused
    ? paint('selected', pad(cut(head, room.width), room.width))
    : cut(paint(here || severity === 'error' ? ROLES[severity] : 'dim', head), room.width);
  if (!chosen) return [first];
  const said = wrap(clean(sentence[state.lang]), room.width - 3).map((line) => `   ${line}`);
  const todo = wrap(clean(next[state.lang]), room.width - 5).map(
    (line, at) => `   ${at === 0 ? '→' : ' '} ${line}`,
  );
  return [first, ...said, ...todo.map((line) => paint('dim', line))];
}
