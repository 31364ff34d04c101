// The mistakes between the lessons of a course: ids twice, prerequisites that are not there or lead in a circle. Pure.
import { closest } from '../text/closest.ts';
import type { Lang } from '../text/lang.ts';
import { type Fault, speaker } from './fault.ts';
import { FAULTS } from './messages.ts';

/** What the lessons of a course are to each other. */
export interface CourseEntry {
  readonly id: string;
  readonly prerequisites: readonly string[];
}

/** Mistakes between lessons, each with the index of the lesson in whose lesson.yaml it stands. */
export function courseFaults(
  lessons: readonly CourseEntry[],
  lang: Lang,
): readonly { readonly index: number; readonly fault: Fault }[] {
  const t = speaker(lang);
  const ids = lessons.map((lesson) => lesson.id);
  const faults: { index: number; fault: Fault }[] = [];
  for (const [index, lesson] of lessons.entries()) {
    if (ids.indexOf(lesson.id) !== index) {
      faults.push({
        index,
        fault: {
          at: ['id'],
          found: t(FAULTS.twice, { id: lesson.id }),
          expected: t(FAULTS.once),
          todo: t(FAULTS.onceTodo),
        },
      });
    }
    for (const [i, id] of lesson.prerequisites.entries()) {
      if (ids.includes(id)) continue;
      const meant = closest(id, ids);
      faults.push({
        index,
        fault: {
          at: ['prerequisites', i],
          found: t(FAULTS.prerequisite, { id }),
          expected: t(FAULTS.prerequisiteGood, { ids: ids.join(', ') }),
          todo: meant === null ? t(FAULTS.proseForeignTodo) : t(FAULTS.keyMeant, { meant }),
        },
      });
    }
  }
  const circle = firstCircle(lessons);
  if (circle) {
    faults.push({
      index: ids.indexOf(circle[0] ?? ''),
      fault: {
        at: ['prerequisites'],
        found: t(FAULTS.cycle, { ids: circle.join(' → ') }),
        expected: t(FAULTS.cycleGood),
        todo: t(FAULTS.cycleTodo),
      },
    });
  }
  return faults;
}

function firstCircle(lessons: readonly CourseEntry[]): readonly string[] | null {
  const needs = new Map(lessons.map((lesson) => [lesson.id, lesson.prerequisites]));
  const safe = new Set<string>();
  const walk = (id: string, trail: readonly string[]): readonly string[] | null => {
    if (safe.has(id)) return null;
    if (trail.includes(id)) return [...trail.slice(trail.indexOf(id)), id];
    for (const next of needs.get(id) ?? []) {
      const circle = walk(next, [...trail, id]);
      if (circle) return circle;
    }
    safe.add(id);
    return null;
  };
  for (const lesson of lessons) {
    const circle = walk(lesson.id, []);
    if (circle) return circle;
  }
  return null;
}
