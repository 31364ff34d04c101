// The findings pane: what is wrong with the host, what concerns the selection first; the one under the cursor with its sentence and next step.
import { findingCursor, type FindingRow, findingRows } from '../app/finding-rows.ts';
import type { AppState } from '../app/state.ts';
import { subjectName } from '../model/findings/finding.ts';
import { clean } from '../text/sanitize.ts';
import type { Paint } from '../text/sgr.ts';
import { cut, pad } from '../text/width.ts';
import { wrap } from '../text/wrap.ts';
import { lazily, type PaneText, type Room, tell, windowed } from './pane-text.ts';

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
  const row = rows[cursor];
  const chosen = row ? chosenLines(state, row, room, paint) : [];
  const more = Math.max(0, chosen.length - 1);
  const lines = lazily(rows.length + more, (at) => {
    const line = at < cursor ? undefined : chosen[at - cursor];
    const other = rows[at < cursor ? at : at - more];
    return line ?? (other ? headOf(state, other, false, room, paint) : '');
  });
  // The one under the cursor is in sight as a whole, or from its first line.
  const offset = Math.min(cursor, Math.max(0, cursor + chosen.length - room.height));
  return { title, ...windowed(state, 'findings', room, lines, { from: offset }) };
}

function titleOf(state: AppState, rows: readonly FindingRow[]): string {
  const count = rows.filter(({ finding }) => finding.severity !== 'note').length;
  return `${tell(state, 'findingsTitle')} · ${count}`;
}

function headOf(
  state: AppState,
  { finding, here }: FindingRow,
  chosen: boolean,
  room: Room,
  paint: Paint,
): string {
  const { id, severity, subject } = finding;
  const head = `${here ? '›' : ' '}${MARKS[severity]} ${id}  ${subjectName(subject)}`;
  return chosen && state.focus === 'findings'
    ? paint('selected', pad(cut(head, room.width), room.width))
    : cut(paint(here || severity === 'error' ? ROLES[severity] : 'dim', head), room.width);
}

/** The finding under the cursor, with its sentence and its next step. */
function chosenLines(state: AppState, row: FindingRow, room: Room, paint: Paint): readonly string[] {
  const { sentence, next } = row.finding;
  const said = wrap(clean(sentence[state.lang]), room.width - 3).map((line) => `   ${line}`);
  const todo = wrap(clean(next[state.lang]), room.width - 5).map(
    (line, at) => `   ${at === 0 ? '→' : ' '} ${line}`,
  );
  return [headOf(state, row, true, room, paint), ...said, ...todo.map((line) => paint('dim', line))];
}
