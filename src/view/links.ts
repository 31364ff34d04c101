// The links pane: the eight namespace links of the host beside those of the lab's actors and of the selection.
import {
  actorTarget,
  beforeSnapshot,
  currentStep,
  labActors,
  pinTarget,
  sameRef,
  selectionKey,
  shownSnapshot,
  type Target,
  targetOf,
} from '../app/target.ts';
import { changeMark, linkKey, type Mark } from '../app/marks.ts';
import type { AppState } from '../app/state.ts';
import { NS_TYPES, type NsType } from '../kernel/namespaces.ts';
import { changedLinks } from '../model/diff.ts';
import { compareLinks, type LinkRow } from '../model/links.ts';
import { containerLabel } from '../model/tree.ts';
import type { ProcessRef, Snapshot } from '../model/types.ts';
import { clean } from '../text/sanitize.ts';
import type { Paint } from '../text/sgr.ts';
import { cut, pad, width } from '../text/width.ts';
import { wrap } from '../text/wrap.ts';
import { linkType } from '../app/link-rows.ts';
import { marked } from './mark.ts';
import { type PaneText, type Room, tell, whyText, windowed } from './pane-text.ts';

interface Column {
  readonly target: Target;
  readonly rows: readonly LinkRow[];
  readonly marks: Readonly<Partial<Record<NsType, Mark>>>;
}

const TYPE_COLUMNS = 7;
const HOST_COLUMNS = 11;
/** A mark, ten digits, a mark, a space. */
const LINK_COLUMNS = 13;
/** Where there is room a column grows up to this, for the name in its heading. */
const WIDEST_COLUMNS = 26;

export function linksPane(state: AppState, room: Room, paint: Paint): PaneText {
  const title = tell(state, 'links');
  const snapshot = shownSnapshot(state);
  if (!snapshot) return { title, ...windowed(state, 'links', room, [paint('dim', tell(state, 'reading'))]) };
  const all = columnsOf(state, snapshot);
  const fit = Math.max(1, Math.floor((room.width - TYPE_COLUMNS - HOST_COLUMNS) / LINK_COLUMNS));
  const columns = all.slice(0, fit);
  const share = Math.floor((room.width - TYPE_COLUMNS - HOST_COLUMNS) / Math.max(1, columns.length));
  const each = Math.max(LINK_COLUMNS, Math.min(WIDEST_COLUMNS, share));
  const target = targetOf(state);
  // Without a target the host's own column is still worth a look: pid 1 stands for nothing but the row order.
  const host = compareLinks(snapshot, target?.ref ?? { pid: 0, starttime: 0 });
  const pointAt = state.screen === 'lesson' ? (currentStep(state)?.step.pointAt ?? []) : [];
  const order = host;
  const lines = [
    headLine(state, columns, each, room, paint),
    ...order.map((row) => {
      const line = linkLine(row, columns, each, pointAt.includes(row.type), paint);
      const here = state.focus === 'links' && row.type === linkType(state);
      return here ? paint('selected', pad(line, room.width)) : line;
    }),
  ];
  const foot = footLines(state, columns, all.length - columns.length, order, pointAt, target, room, paint);
  return {
    title,
    ...windowed(state, 'links', room, lines, { foot: foot.slice(-Math.max(1, room.height - lines.length)) }),
  };
}

/** The selection first after the actor that it may be, so that it is never cut off. */
function columnsOf(state: AppState, snapshot: Snapshot): readonly Column[] {
  const before = beforeSnapshot(state);
  const actors = labActors(state).map((actor) => actorTarget(actor, snapshot));
  const target = targetOf(state);
  const chosen = target && !actors.some((actor) => sameRef(actor.ref, target.ref)) ? [target] : [];
  const selected = actors.filter((actor) => target && sameRef(actor.ref, target.ref));
  const first = [...selected, ...chosen];
  const pins = state.pins.flatMap((ref) =>
    first.some((each) => sameRef(each.ref, ref)) ? [] : [pinTarget(ref, state)],
  );
  const others = actors.filter(
    (actor) => !selected.includes(actor) && !pins.some((pin) => sameRef(pin.ref, actor.ref)),
  );
  const shown = [...first, ...pins, ...others];
  // In a lesson a container of the host beside the box shows what the box has not got yet.
  const containers =
    state.screen !== 'lesson'
      ? []
      : snapshot.containers.flatMap((container): Target[] =>
          container.init && !shown.some((each) => each.container?.id === container.id)
            ? [{ ref: container.init, sign: '●', name: containerLabel(container), container }]
            : [],
        );
  return [...shown, ...containers].map((each) => ({
    target: each,
    rows: compareLinks(snapshot, each.ref),
    marks: marksOf(state, before, snapshot, each.ref),
  }));
}

function marksOf(
  state: AppState,
  before: Snapshot | null,
  snapshot: Snapshot,
  ref: ProcessRef,
): Column['marks'] {
  const changed = before ? changedLinks(before, snapshot, ref) : [];
  // In a lesson all links of a process are as new as itself.
  const process = before ? [selectionKey({ kind: 'process', ref })] : [];
  return Object.fromEntries(
    NS_TYPES.flatMap((type) => {
      const mark = changeMark(state, changed.includes(type), linkKey(ref, type), ...process);
      return mark === null ? [] : [[type, mark]];
    }),
  );
}

function headLine(
  state: AppState,
  columns: readonly Column[],
  each: number,
  room: Room,
  paint: Paint,
): string {
  const heads = columns.map(({ target }) => {
    const pid = String(target.ref.pid);
    const name = cut(
      `${target.sign}${target.sign === '' ? '' : ' '}${clean(target.name)}`,
      each - 2 - width(pid),
    );
    return paint('box', pad(` ${name} ${pid}`, each));
  });
  const host = paint('host', pad(tell(state, 'hostColumn'), HOST_COLUMNS));
  return cut(`${' '.repeat(TYPE_COLUMNS)}${host}${heads.join('')}`, room.width);
}

function linkLine(
  row: LinkRow,
  columns: readonly Column[],
  each: number,
  pointed: boolean,
  paint: Paint,
): string {
  const type = pad(row.type, TYPE_COLUMNS);
  const host = pad(row.host.ok ? String(row.host.value) : '?', HOST_COLUMNS);
  const cells = columns.map((column) => cell(column, row, each, paint));
  return `${pointed ? paint('strong', type) : type}${paint('host', host)}${cells.join('')}`;
}

function cell(column: Column, { type }: LinkRow, each: number, paint: Paint): string {
  const row = column.rows.find((one) => one.type === type);
  const own = row?.own;
  // A process that has ended has no links; one that refuses has some that we may not see.
  if (own?.ok === false && own.why === 'gone') return paint('dim', pad(' –', each));
  if (!row || !own?.ok) return paint('warn', pad(' ?', each));
  const mark = column.marks[type];
  if (mark)
    return pad(marked(mark, String(own.value), paint, row.relation === 'shared' ? 'host' : 'box'), each);
  if (row.relation === 'shared') return paint('dim', pad(' =', each));
  return paint('box', pad(` ${own.value}`, each));
}

/** What could not be read and why, what did not fit, and the command that shows the same. */
function footLines(
  state: AppState,
  columns: readonly Column[],
  hidden: number,
  order: readonly LinkRow[],
  pointAt: readonly string[],
  target: Target | null,
  room: Room,
  paint: Paint,
): readonly string[] {
  const unread = [
    ...columns.flatMap((column) => column.rows.map((row) => row.own)),
    ...order.map((row) => row.host),
  ].flatMap((own) => (own.ok ? [] : [own]));
  const first = target || columns.length > 0 ? unread[0] : undefined;
  const reason = first ? `${whyText(state, first)}${unread.length > 1 ? `  +${unread.length - 1}` : ''}` : '';
  const marks = columns.flatMap((column) => Object.values(column.marks));
  const inLesson = state.screen === 'lesson';
  const legend = [
    ...(columns.length > 0 ? [tell(state, 'sharedLegend')] : []),
    ...(marks.includes('fresh') ? [tell(state, 'freshLegend')] : []),
    ...(marks.includes('quiet') ? [tell(state, inLesson ? 'quietLegend' : 'fadingLegend')] : []),
    ...(hidden > 0 ? [tell(state, 'more', { n: hidden })] : []),
  ].join('  ');
  if (!target) return [paint('dim', tell(state, 'noTarget'))];
  const type = linkType(state);
  return [
    ...(reason === '' ? [] : [paint('warn', reason)]),
    ...(legend === '' ? [] : [paint('dim', legend)]),
    ...wrap(
      paint('dim', tell(state, 'sameValue', { command: `readlink /proc/${target.ref.pid}/ns/${type}` })),
      room.width,
    ),
  ];
}
