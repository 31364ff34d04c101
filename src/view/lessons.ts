// The course on the home screen: each lesson by part, how far it is done, and what the one under the cursor is about.
import { cursorRow, lessonRows } from '../app/lesson-rows.ts';
import type { AppState } from '../app/state.ts';
import type { Lesson } from '../lesson/types.ts';
import { type Message, say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import type { Paint } from '../text/sgr.ts';
import { cut, pad, width } from '../text/width.ts';
import { wrap } from '../text/wrap.ts';
import { PART_NAMES } from './messages.ts';
import { type PaneText, type Room, tell, windowed } from './pane-text.ts';

const SUMMARY_ROWS = 6;

export function lessonsPane(state: AppState, room: Room, paint: Paint): PaneText {
  const rows = lessonRows(state);
  const title = tell(state, 'lessons');
  if (rows.length === 0) {
    return { title, ...windowed(state, 'lessons', room, [tell(state, 'noLessons')]) };
  }
  const at = cursorRow(rows, state);
  const lines = rows.map((row, index) =>
    row.kind === 'part'
      ? paint('dim', cut(partName(state, row.part), room.width))
      : lessonLine(state, row.lesson, index === at, room.width, paint),
  );
  const chosen = rows[at];
  const foot = chosen?.kind === 'lesson' ? summary(state, chosen.lesson, room, paint) : [];
  return { title, ...windowed(state, 'lessons', room, lines, { foot }) };
}

/** A part that this program does not know is shown as the lesson wrote it. */
function partName(state: AppState, part: string): string {
  const names: Readonly<Record<string, Message>> = PART_NAMES;
  const name = Object.hasOwn(names, part) ? names[part] : undefined;
  return name ? say(state.lang, name) : clean(part);
}

/** True where the host is a recorded one, or some need of the lesson was tried and is not met: it plays its recording. */
export function playsRecording(state: Pick<AppState, 'preflight' | 'snapshot'>, lesson: Lesson): boolean {
  // A recorded host has no kernel to run anything on.
  if (state.snapshot?.source.kind === 'recorded') return true;
  return (state.preflight ?? []).some((line) => !line.ok && lesson.requires.includes(line.need));
}

function lessonLine(
  state: AppState,
  lesson: Lesson,
  selected: boolean,
  columns: number,
  paint: Paint,
): string {
  const progress = state.progress[lesson.id];
  const [sign, role] = progress?.finished
    ? (['✓', 'good'] as const)
    : (progress?.stepsDone ?? 0) > 0
      ? (['◐', 'warn'] as const)
      : (['○', 'dim'] as const);
  const recorded = playsRecording(state, lesson) ? ` ${tell(state, 'recordedHere')}` : '';
  const right = `${recorded} ${tell(state, 'minutes', { n: lesson.minutes })}`;
  const number = String(lesson.number).padStart(2);
  const name = pad(`${number}  ${clean(lesson.title[state.lang])}`, Math.max(0, columns - 4 - width(right)));
  if (selected) return paint('selected', pad(`› ${sign} ${name}${right}`, columns));
  return `  ${paint(role, sign)} ${name}${paint('dim', right)}`;
}

function summary(state: AppState, lesson: Lesson, room: Room, paint: Paint): readonly string[] {
  const text = wrap(clean(lesson.summary[state.lang]), room.width - 1).slice(0, SUMMARY_ROWS - 1);
  return [paint('dim', '─'.repeat(room.width)), ...text];
}
