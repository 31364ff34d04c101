// The tree pane: the engines' process tree and the lab's below it, with the namespaces that each row does not share with the host.
import { selectedRow, treeRows } from '../app/rows.ts';
import type { TreeRow } from '../app/tree-row.ts';
import { shownSnapshot } from '../app/target.ts';
import type { AppState } from '../app/state.ts';
import { clean } from '../text/sanitize.ts';
import type { Paint, Role } from '../text/sgr.ts';
import { cut, pad, width } from '../text/width.ts';
import { markSigns } from './mark.ts';
import { lazily, type PaneText, type Room, tell, windowed } from './pane-text.ts';

export function treePane(state: AppState, room: Room, paint: Paint): PaneText {
  const words = {
    engines: 'tree',
    namespaces: 'treeNamespaces',
    groups: 'treeGroups',
    networks: 'treeNetworks',
  } as const;
  const filter = state.filter === '' ? '' : ` · ${tell(state, 'filtered', { text: state.filter })}`;
  const title = `${tell(state, words[state.tree])}${filter}`;
  if (!shownSnapshot(state)) {
    return { title, ...windowed(state, 'tree', room, [paint('dim', tell(state, 'reading'))]) };
  }
  const rows = treeRows(state);
  const at = selectedRow(rows, state);
  const lines = lazily(rows.length, (index) => {
    const row = rows[index];
    return row ? rowLine(state, row, index === at, room.width, paint) : '';
  });
  const engines = rows.some(
    (row) => row.kind !== 'actor' && row.kind !== 'heading' && row.kind !== 'process',
  );
  const foot =
    state.filter !== '' && rows.length === 0
      ? [paint('dim', tell(state, 'nothingHolds'))]
      : engines || state.tree !== 'engines' || state.filter !== ''
        ? []
        : [paint('dim', tell(state, 'noEngine'))];
  return { title, ...windowed(state, 'tree', room, lines, { foot }) };
}

function rowLine(state: AppState, row: TreeRow, selected: boolean, columns: number, paint: Paint): string {
  const sign = { container: '● ', actor: '◆ ', exec: '» ' }[row.kind as string] ?? '';
  const lead = `${selected ? '›' : ' '}${row.lead}`;
  const { text, facts } = fitting(state, row, sign, columns - width(lead));
  if (selected) return paint('selected', pad(cut(joined(lead, text, facts), columns), columns));
  const painted = paint(roleOf(row), text);
  const told = paint(row.mark === 'fresh' ? 'changed' : 'dim', facts);
  return cut(joined(paint('dim', lead), painted, told), columns);
}

/** The fullest form that fits: the command line gives way first, then the facts that other panes show too. */
function fitting(
  state: AppState,
  row: TreeRow,
  sign: string,
  columns: number,
): { readonly text: string; readonly facts: string } {
  const pid = row.pid === null ? '' : ` ${row.pid}`;
  const label = clean(row.label);
  const name = label.split('  ')[0] ?? label;
  const all = factsOf(state, row);
  const few = all.filter((fact) => fact.short !== '').map((fact) => fact.short);
  const long = all.map((fact) => fact.text).join('  ');
  const short = few.join('  ');
  const spare = (facts: string) => columns - width(sign) - width(pid) - (facts === '' ? 0 : width(facts) + 2);
  if (width(label) <= spare(long)) return { text: `${sign}${label}${pid}`, facts: long };
  // A piece of the command line is worth having only if it is more than a letter or two.
  const facts = width(name) <= spare(long) ? long : short;
  const kept =
    spare(facts) >= width(name) + 5 ? cut(label, spare(facts)) : cut(name, Math.max(spare(facts), 12));
  return { text: `${sign}${kept}${pid}`, facts };
}

function joined(lead: string, text: string, facts: string): string {
  return facts === '' ? `${lead}${text}` : `${lead}${text}  ${facts}`;
}

function roleOf(row: TreeRow): Role {
  if (row.age === 'ended' || row.age === 'zombie') return 'dim';
  if (row.kind === 'container' || row.kind === 'exec' || row.kind === 'actor') return 'box';
  return row.kind === 'heading' ? 'title' : 'host';
}

/** Own namespaces, the pid inside, the parent of a logical edge, and whether it is new. */
function factsOf(
  state: AppState,
  row: TreeRow,
): readonly { readonly text: string; readonly short: string }[] {
  const always = (text: string) => ({ text, short: text });
  return [
    ...(row.namespaces.length === 0 ? [] : [always(row.namespaces.join(' '))]),
    ...(row.inside === null ? [] : [{ text: tell(state, 'pidInside', { pid: row.inside }), short: '' }]),
    ...(row.ppid === null ? [] : [{ text: tell(state, 'parentIs', { pid: row.ppid }), short: '' }]),
    ...(row.age === null ? [] : [always(ageOf(state, row.age, row.mark))]),
  ];
}

const AGES = { new: 'newRow', ended: 'endedRow', zombie: 'zombieRow' } as const;

function ageOf(state: AppState, age: NonNullable<TreeRow['age']>, mark: TreeRow['mark']): string {
  const word = tell(state, AGES[age]);
  return mark === null ? word : markSigns(mark, word);
}
