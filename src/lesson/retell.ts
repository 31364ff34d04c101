// Tells the lab's English lines in another language: finds the message that a line was made from and says it anew.
// Only for recordings, which are kept in one language; a line that no message fits stays as it is.
import { TOLD } from '../lab/told.ts';
import { type Lang, type Message, say } from '../text/lang.ts';

interface Form {
  readonly message: Message;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  /** Letters that are not places: of several that fit, the form with the most is the one. */
  readonly weight: number;
}

function formOf(message: Message): Form {
  const names = [...message.en.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const pieces = message.en.split(/\{\w+\}/);
  const source = pieces.map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.+?)');
  return { message, pattern: new RegExp(`^${source}$`, 's'), names, weight: pieces.join('').length };
}

const FORMS = TOLD.map(formOf).sort((a, b) => b.weight - a.weight);

/** An English line of the lab (a note, what a plan touches, what undoes it) in `lang`. */
export function retell(line: string, lang: Lang): string {
  if (lang === 'en') return line;
  for (const { message, pattern, names } of FORMS) {
    const found = pattern.exec(line);
    if (!found) continue;
    return say(lang, message, Object.fromEntries(names.map((name, i) => [name, found[i + 1] ?? ''])));
  }
  return line;
}
