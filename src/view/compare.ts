// Two targets side by side: the eight namespaces, then every limit that one of both has, and what differs. Lines only.
import type { AppState } from '../app/state.ts';
import { comparedOf, sameRef, shownSnapshot, type Target } from '../app/target.ts';
import { NS_TYPES, type NsType } from '../kernel/namespaces.ts';
import { type Reading, unread } from '../kernel/reading.ts';
import type { CgroupFact } from '../model/cgroup-view.ts';
import { pairLimits, pairNamespaces } from '../model/compare.ts';
import { processAt } from '../model/find.ts';
import type { ControllerState, Snapshot } from '../model/types.ts';
import { clean } from '../text/sanitize.ts';
import type { Paint } from '../text/sgr.ts';
import { quantity } from '../text/units.ts';
import { cut, pad } from '../text/width.ts';
import { type Room, tell } from './pane-text.ts';

/** Name and relation stand at the left, a column for each target at the right. */
export function compareLines(state: AppState, room: Room, paint: Paint): readonly string[] {
  const snapshot = shownSnapshot(state);
  const pair = comparedOf(state);
  if (!snapshot || !pair) return [paint('dim', tell(state, 'noTarget'))];
  const [a, b] = pair;
  const name = Math.min(24, Math.floor(room.width * 0.3));
  const column = Math.floor((room.width - name) / 2);
  const line = (head: string, left: string, right: string): string =>
    cut(pad(head, name) + pad(left, column) + cut(right, column), room.width);
  const rows = pairNamespaces(links(snapshot, a), links(snapshot, b)).map((row) => {
    const value = (reading: Reading<number>): string => (reading.ok ? String(reading.value) : '?');
    const text = line(
      `${row.type}  ${tell(state, RELATIONS[row.relation])}`,
      value(row.a),
      row.relation === 'shared' ? '=' : value(row.b),
    );
    return row.relation === 'own'
      ? paint('box', text)
      : row.relation === 'unknown'
        ? paint('warn', text)
        : text;
  });
  const limits = pairLimits(groups(snapshot, a), groups(snapshot, b)).map((limit) => {
    const [left, right] = [limitText(state, limit.a), limitText(state, limit.b)];
    const text = line(`${limit.controller}.${limit.key}`, left, left === right ? '=' : right);
    return left === right ? paint('dim', text) : paint('strong', text);
  });
  const head = paint('title', line('', headOf(a), headOf(b)));
  return [head, ...rows, '', ...(limits.length > 0 ? limits : [paint('dim', tell(state, 'groupsReading'))])];
}

const RELATIONS = { shared: 'compareShared', own: 'compareOwn', unknown: 'compareUnknown' } as const;

function headOf({ sign, name, ref }: Target): string {
  return `${sign}${sign === '' ? '' : ' '}${clean(name)} ${ref.pid}`;
}

function links(snapshot: Snapshot, { ref }: Target): Readonly<Record<NsType, Reading<number>>> {
  const process = processAt(snapshot, ref);
  if (process) return process.ns;
  return Object.fromEntries(
    NS_TYPES.map((type) => [type, unread('gone', `/proc/${ref.pid}/ns/${type}`)]),
  ) as Record<NsType, Reading<number>>;
}

function groups(snapshot: Snapshot, { ref }: Target): readonly ControllerState[] {
  return snapshot.groups.find((one) => sameRef(one.of, ref))?.controllers ?? [];
}

function limitText(state: AppState, fact: CgroupFact | null): string {
  if (fact === null) return '–';
  if (!fact.reading.ok) return '?';
  return fact.reading.value === 'max' ? tell(state, 'unlimited') : quantity(fact.reading.value, fact.unit);
}
