// What a mistake in a lesson's files is to those who find one and those who tell it. Finds nothing.
import { type Lang, type Message, say } from '../text/lang.ts';

export type Path = readonly (string | number)[];

/** One mistake: where, what was found, what was expected, what to do; the texts are in the asked language. */
export interface Fault {
  /** Path in lesson.yaml, or a line of a prose file. */
  readonly at: Path | { readonly file: string; readonly line: number };
  readonly found: string;
  readonly expected: string;
  readonly todo: string;
}

type Values = Readonly<Record<string, string | number>>;

/** Says messages in a language. */
export function speaker(lang: Lang) {
  return (message: Message, values: Values = {}): string => say(lang, message, values);
}
