// The parts of the course (lessons.md §3), in its order. Which lesson is in which part stands in its lesson.yaml; their names are the view's.

export const PARTS = [
  'idea',
  'filesystem',
  'namespaces',
  'cgroups',
  'privilege',
  'runtimes',
  'troubleshooting',
] as const;

export type PartId = (typeof PARTS)[number];
