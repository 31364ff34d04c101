// Splits one prose file of a lesson at its markers. Which ids there should be is not known here (see validate.ts).

export const MARKERS = ['step', 'explain', 'hint', 'choice', 'check'] as const;
export type Marker = (typeof MARKERS)[number];

/** One marked part: its text without the marker, and the line (from 1) on which the marker stands. */
export interface ProsePart {
  readonly marker: Marker;
  /** Step id; `STEP.NAME` for a choice or a check. */
  readonly id: string;
  readonly text: string;
  readonly line: number;
}

/** What is wrong with a prose file as such. */
export interface ProseFault {
  readonly fault: 'no-title' | 'no-summary' | 'no-heading' | 'empty' | 'unknown-marker' | 'twice' | 'bad-id';
  readonly found: string;
  readonly line: number;
}

export interface ProseFile {
  readonly title: string;
  readonly summary: string;
  readonly parts: readonly ProsePart[];
  readonly faults: readonly ProseFault[];
}

const COMMENT = /^ {0,3}<!--\s*([A-Za-z]+)\s*:\s*(.*?)\s*-->\s*$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}\s+(.+?)\s*#*\s*$/;

/**
 * The front part (`# Title`, then the summary paragraph) and the marked parts of a Markdown text, in order.
 * A marker is a comment alone on its line; inside a fenced code block it is plain text. A comment that is no `word: …` stays where it is.
 * Nothing throws: what is wrong is in `faults`.
 */
export function parseProse(text: string): ProseFile {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const front: string[] = [];
  const parts: { marker: Marker; id: string; line: number; lines: string[] }[] = [];
  const faults: ProseFault[] = [];
  let into = front;
  let fence: string | null = null;
  for (const [index, line] of lines.entries()) {
    const edge = FENCE.exec(line)?.[1];
    if (edge && fence === null) fence = edge;
    else if (edge && fence !== null && edge.startsWith(fence) && line.trim() === edge) fence = null;
    const comment = fence === null ? COMMENT.exec(line) : null;
    if (!comment) {
      into.push(line);
      continue;
    }
    const [, word = '', id = ''] = comment;
    const at = index + 1;
    if (!isMarker(word)) {
      faults.push({ fault: 'unknown-marker', found: word, line: at });
      continue;
    }
    if (!idFits(word, id)) faults.push({ fault: 'bad-id', found: `${word}: ${id}`, line: at });
    const once = word !== 'hint';
    if (once && parts.some((part) => part.marker === word && part.id === id)) {
      faults.push({ fault: 'twice', found: `${word}: ${id}`, line: at });
    }
    into = [];
    parts.push({ marker: word, id, line: at, lines: into });
  }
  const made = parts.map((part): ProsePart => {
    const body = bodyOf(part.marker, part.lines);
    if (body === '') faults.push({ fault: 'empty', found: `${part.marker}: ${part.id}`, line: part.line });
    else if (part.marker === 'step' && stepTitle(body) === null) {
      faults.push({ fault: 'no-heading', found: part.id, line: part.line });
    }
    return { marker: part.marker, id: part.id, line: part.line, text: body };
  });
  const { title, summary } = frontOf(front);
  if (title === '')
    faults.push({ fault: 'no-title', found: front.find((line) => line.trim()) ?? '', line: 1 });
  else if (summary === '') faults.push({ fault: 'no-summary', found: title, line: 1 });
  return { title, summary, parts: made, faults: faults.sort((a, b) => a.line - b.line) };
}

/** The heading of a step's text; null where the text does not begin with one. */
export function stepTitle(text: string): string | null {
  return HEADING.exec(text.split('\n', 1)[0] ?? '')?.[1] ?? null;
}

/** A step's text without its heading. */
export function stepBody(text: string): string {
  return text.split('\n').slice(1).join('\n').trim();
}

function isMarker(word: string): word is Marker {
  return (MARKERS as readonly string[]).includes(word);
}

function idFits(marker: Marker, id: string): boolean {
  const pattern =
    marker === 'choice' || marker === 'check' ? /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/ : /^[a-z][a-z0-9-]*$/;
  return pattern.test(id);
}

// Choices, checks and hints are written as list items, so that a code host draws them as lists; the bullet is not part of the text.
function bodyOf(marker: Marker, lines: readonly string[]): string {
  const text = lines.join('\n').trim();
  if (marker === 'step' || marker === 'explain') return text;
  return text
    .replace(/^(?:[-*+]|\d+[.)])\s+/, '')
    .replace(/\n {2,4}/g, '\n')
    .trim();
}

function frontOf(lines: readonly string[]): { title: string; summary: string } {
  const text = lines.join('\n').trim();
  const first = text.split('\n', 1)[0] ?? '';
  const title = /^# +(.+?)\s*$/.exec(first)?.[1] ?? '';
  const summary =
    text
      .slice(first.length)
      .trim()
      .split(/\n\s*\n/, 1)[0] ?? '';
  return { title, summary: summary.replace(/\s*\n\s*/g, ' ') };
}
