// What can be asked of a lab's things, or of the host, and what is answered: plain JSON, so that a recording can keep it. Asks nothing.

/** As runtime.md, "State", has it, with `paused`, which runc adds; `gone`: the runtime knows no container of this id. */
export type ContainerStatus = 'created' | 'running' | 'paused' | 'stopped' | 'gone';

export interface ContainerAnswer {
  readonly status: ContainerStatus;
}

/** The answer to each kind of question. */
export interface Answers {
  /** The host name in the actor's UTS namespace. */
  readonly hostname: string;
  /** What the runtime says of a container of the lab's. */
  readonly container: ContainerAnswer;
}

export type Ask = keyof Answers;

/** `of` is an actor's name, or `host`. Narrow on purpose: an answer may end in a recording, and holds no more than what was asked for. */
export type Question =
  | { readonly ask: 'hostname'; readonly of: string }
  | { readonly ask: 'container'; readonly of: string };

export type QuestionOf<K extends Ask> = Extract<Question, { ask: K }>;

/** One text for each question: what a recording keeps its answer under. */
export function questionKey(question: Question): string {
  return Object.values(question).join(' ');
}
