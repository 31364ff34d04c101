// The rows of the lessons list: which stands where, and where the cursor is. How a row looks is the view's.
import type { Lesson } from '../lesson/types.ts';
import type { AppState } from './state.ts';

export type LessonRow =
  | { readonly kind: 'part'; readonly part: string }
  | { readonly kind: 'lesson'; readonly lesson: Lesson };

/** The lessons by number, each part's name before its first. */
export function lessonRows(state: AppState): readonly LessonRow[] {
  const rows: LessonRow[] = [];
  let part: string | null = null;
  for (const lesson of [...state.lessons].sort((a, b) => a.number - b.number)) {
    if (lesson.part !== part) rows.push({ kind: 'part', part: lesson.part });
    part = lesson.part;
    rows.push({ kind: 'lesson', lesson });
  }
  return rows;
}

/** The place of the cursor's lesson among the rows; -1 where there is none. */
export function cursorRow(rows: readonly LessonRow[], state: AppState): number {
  return rows.findIndex((row) => row.kind === 'lesson' && row.lesson.id === state.cursor);
}
