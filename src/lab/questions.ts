// What can be asked of a lab's things, or of the host, and what is answered: plain JSON, so that a recording can keep it. Asks nothing.

/** The answer to each kind of question. */
export interface Answers {
  /** The host name in the actor's UTS namespace. */
  readonly hostname: string;
}

export type Ask = keyof Answers;

/** `of` is an actor's name, or `host`. Narrow on purpose: an answer may end in a recording, and holds no more than what was asked for. */
export type Question = { readonly ask: 'hostname'; readonly of: string };

export type QuestionOf<K extends Ask> = Extract<Question, { ask: K }>;

/** One text for each question: what a recording keeps its answer under. */
export function questionKey(question: Question): string {
  return Object.values(question).join(' ');
}
