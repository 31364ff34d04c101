// The lines of a program's output, safe to draw, with tabs as columns. Apart from sanitize.ts, for measuring columns is costly to load.
import { clean } from './sanitize.ts';
import { width } from './width.ts';

const TAB_STOP = 8;

/**
 * The lines of a program's output, each safe to draw. Lines end at LF, CRLF and a lone CR; a newline at the very end makes no
 * empty line; tabs become spaces up to the next multiple of 8 columns. An empty text has no lines.
 */
export function cleanLines(text: string): string[] {
  const lines = text.split(/\r*\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map(cleanTabbed);
}

function cleanTabbed(line: string): string {
  if (!line.includes('\t')) return clean(line);
  let out = '';
  let column = 0;
  for (const [i, part] of line.split('\t').entries()) {
    if (i > 0) {
      const gap = TAB_STOP - (column % TAB_STOP);
      out += ' '.repeat(gap);
      column += gap;
    }
    const cleaned = clean(part);
    out += cleaned;
    column += width(cleaned);
  }
  return out;
}
