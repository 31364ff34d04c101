// `{pid:box}` in the words of a lesson's commands: the pid of an actor. Only finds them; the lab puts the pids in their place.

export interface Placeholder {
  readonly text: string;
  readonly actor: string;
}

/** The placeholders in one word of a command. */
export function placeholders(word: string): readonly Placeholder[] {
  return [...word.matchAll(/\{pid:([a-z][a-z0-9-]*)\}/g)].map(([text, actor = '']) => ({ text, actor }));
}
