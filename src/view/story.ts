// The story pane: of the selected process who it is, its parents, ids, capabilities, seccomp and the mounts that tell, as `nscope explain` has them.
import { shownStory } from '../app/story.ts';
import { shownSnapshot, targetOf } from '../app/target.ts';
import type { AppState } from '../app/state.ts';
import type { StoryFacts } from '../model/explain/facts.ts';
import { processAt } from '../model/find.ts';
import type { Snapshot } from '../model/types.ts';
import { say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import type { Paint } from '../text/sgr.ts';
import { pad, width } from '../text/width.ts';
import { wrap } from '../text/wrap.ts';
import { EXPLAIN } from './explain-messages.ts';
import type { MessageKey } from './messages.ts';
import { type PaneText, type Room, tell, windowed } from './pane-text.ts';
import { idRows, mountRows, type Row, unreadWord, whoRows } from './story-rows.ts';

/** Names wider than this stand on a line of their own. */
const NAME_COLUMNS = 14;

export function storyPane(state: AppState, room: Room, paint: Paint): PaneText {
  const target = targetOf(state);
  const snapshot = shownSnapshot(state);
  const name = target ? ` · ${target.sign}${target.sign === '' ? '' : ' '}${clean(target.name)}` : '';
  const title = `${tell(state, 'story')}${name}`;
  const facts = shownStory(state);
  const empty = (key: MessageKey): PaneText => ({
    title,
    ...windowed(state, 'story', room, [paint('dim', tell(state, key))]),
  });
  if (!target || !snapshot) return empty('noTarget');
  if (!facts) return empty(processAt(snapshot, target.ref) ? 'storyReading' : 'groupGone');
  return { title, ...windowed(state, 'story', room, storyLines(state, snapshot, facts, room.width, paint)) };
}

function storyLines(
  state: AppState,
  snapshot: Snapshot,
  facts: StoryFacts,
  columns: number,
  paint: Paint,
): readonly string[] {
  const voice = { lang: state.lang, paint };
  const { confinement } = facts;
  const section = (title: keyof typeof EXPLAIN, rows: readonly Row[]): readonly string[] => [
    paint('title', say(state.lang, EXPLAIN[title])),
    ...rows.flatMap(([head, value]) => rowLines(head, value, columns, paint)),
  ];
  const mounts = confinement?.mounts;
  const told = mounts?.ok ? mountRows(voice, mounts.value) : null;
  return [
    ...section('who', whoRows(voice, snapshot, facts)),
    ...(confinement ? ['', ...section('ids', idRows(voice, snapshot, facts, confinement))] : []),
    ...(told
      ? [
          '',
          ...section(
            'mounts',
            told.rows.map(([kind, point, what]) => [kind, `${point}  ${what}`, '']),
          ),
          paint('dim', told.total),
        ]
      : []),
    ...(mounts && !mounts.ok ? ['', unreadWord(voice, snapshot, mounts)] : []),
  ];
}

/** The value behind its name, further lines below it. */
function rowLines(head: string, value: string, columns: number, paint: Paint): readonly string[] {
  const beside = width(head) <= NAME_COLUMNS;
  const indent = beside ? NAME_COLUMNS + 1 : 2;
  const lines = wrap(value, Math.max(8, columns - indent)).map((line) => ' '.repeat(indent) + line);
  if (!beside) return [paint('dim', head), ...lines];
  const [first = '', ...rest] = lines;
  return [paint('dim', pad(head, indent)) + first.slice(indent), ...rest];
}
