// The table of `nscope ns`, with the holders below each row after a deep look. Which rows there are is ns.ts'.
import type { Reading } from '../kernel/reading.ts';
import type { NsRow } from '../model/nslist.ts';
import type { Snapshot } from '../model/types.ts';
import { say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import { table } from '../text/table.ts';
import { cut } from '../text/width.ts';
import type { Context } from './context.ts';
import { MESSAGES } from './messages.ts';
import { holderLines } from './ns-holders.ts';
import { type Line, userOf } from './ns-rows.ts';

/** `-` none, `?` could not be read. */
function inodeWord(reading: Reading<number | null>): string {
  return reading.ok ? String(reading.value ?? '-') : '?';
}

/** The lines to print, head first; `users` from passwd(5). */
export function tableOf(
  context: Context,
  snapshot: Snapshot,
  lines: readonly Line[],
  users: ReadonlyMap<number, string>,
): string[] {
  const isTree = lines.some(({ below, strokes }) => below !== '' || strokes !== '');
  const [head = '', ...rows] = table(
    [
      { head: 'NS', align: isTree ? 'left' : 'right' },
      { head: 'TYPE' },
      { head: 'NPROCS', align: 'right' },
      { head: 'PID', align: 'right' },
      { head: 'USER' },
      { head: 'OWNER', align: 'right' },
      { head: 'PARENT', align: 'right' },
      { head: 'CONTAINER' },
      { head: 'COMMAND' },
    ],
    lines.map(({ row, strokes }) => [
      strokes + context.paint(row.initial ? 'host' : 'box', String(row.inode)),
      row.type,
      String(row.nprocs),
      row.pid === null ? '-' : String(row.pid),
      row.uid === null ? '-' : row.uid.ok ? userOf(row.uid.value, users) : '?',
      inodeWord(row.owner),
      inodeWord(row.parent),
      row.container ?? placeOf(context, row),
      row.command ?? pinWord(snapshot, row),
    ]),
    { paint: context.paint, ...(context.columns === undefined ? {} : { width: context.columns }) },
  );
  if (!snapshot.coverage.deep) return [head, ...rows];
  const below = lines.map(({ row, below: indent }) =>
    holderLines(context.lang, context.paint, snapshot, row.holders).map((words) => {
      const line = `${indent}    · ${words}`;
      return context.columns === undefined ? line : cut(line, context.columns);
    }),
  );
  return [head, ...rows.flatMap((line, at) => [line, ...(below[at] ?? [])])];
}

function placeOf(context: Context, row: NsRow): string {
  if (row.kernelsOwn) return context.paint('dim', say(context.lang, MESSAGES.kernelsOwn));
  return row.initial ? context.paint('dim', 'host') : '-';
}

/** In place of a command: what pins a namespace that has no process. After a deep look the lines below tell it. */
function pinWord(snapshot: Snapshot, row: NsRow): string {
  return snapshot.coverage.deep ? '-' : row.pins.map((pin) => `mount ${clean(pin)}`).join(', ');
}
