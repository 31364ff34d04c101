// Answers questions about the host, the lab's actors and what else it has made. The one table: adding one is a file and a row.
// Changes nothing.
import type { Reading } from '../../kernel/reading.ts';
import type { Acting } from '../operations/operation.ts';
import type { Answers, Ask, Question, QuestionOf } from '../questions.ts';
import { container } from './container.ts';
import { maps, status } from './confinement.ts';
import { file } from './file.ts';
import { group } from './group.ts';
import { hostname } from './hostname.ts';
import { link } from './link.ts';
import { mounts } from './mounts.ts';

/** Answers one kind of question. What the kernel refuses is the answer's `why`; what has ended is `gone`. */
export type Answerer<K extends Ask> = (
  question: QuestionOf<K>,
  lab: Acting,
  signal: AbortSignal,
) => Promise<Reading<Answers[K]>>;

const ANSWERERS: { readonly [K in Ask]: Answerer<K> } = {
  hostname,
  group,
  mounts,
  file,
  link,
  status,
  maps,
  container,
};

/** The answer to one question. Throws what an aborted signal throws. */
export function answer<K extends Ask>(
  question: QuestionOf<K>,
  lab: Acting,
  signal: AbortSignal,
): Promise<Reading<Answers[K]>> {
  const { ask } = question as Question;
  return (ANSWERERS[ask] as unknown as Answerer<K>)(question, lab, signal);
}
